/* Writes the functions of a room's pages, and their header. */
#include "page.h"

#include <string.h>

void writer_add(struct writer *w, struct str markup)
{
    buf_add(&w->literal, markup);
}

static void indent(struct writer *w)
{
    size_t depth = 1;
    for (size_t i = 0; i < w->frame_count; i++)
        depth += w->frames[i].kind != FRAME_FILL;
    for (size_t i = 0; i < depth; i++)
        buf_add(&w->body, STR("    "));
}

void writer_flush(struct writer *w)
{
    if (!w->literal.len)
        return;
    indent(w);
    buf_add(&w->body, STR("buf_add(out->buf, STR("));
    tool_add_string(&w->body, buf_str(&w->literal));
    buf_add(&w->body, STR("));\n"));
    buf_clear(&w->literal);
    w->line = 0;
}

void writer_add_line(struct writer *w, const char *at, const char *format, ...)
{
    va_list args;
    writer_flush(w);
    int line = at ? page_line(w->page, at) : 0;
    if (at && line != w->line)
        buf_addf(&w->body, "#line %d \"%s\"\n", line, w->page->path);
    w->line = at ? line + 1 : 0;
    indent(w);
    va_start(args, format);
    buf_addv(&w->body, format, args);
    va_end(args);
    buf_addc(&w->body, '\n');
}

/* void ui_page_1(struct html_out *out, const struct ui_page *page) */
static void add_signature(struct buf *out, const struct page *page, size_t piece)
{
    char number[24] = "";
    struct buf suffix;
    buf_init_fixed(&suffix, number, sizeof number);
    if (page->slot_count)
        buf_addf(&suffix, "_%zu", piece);
    buf_addf(out, "void " STR_FMT STR_FMT "(struct html_out *out, const struct " STR_FMT " *page)",
             STR_ARG(page->name), STR_ARG(buf_str(&suffix)), STR_ARG(page->name));
}

void writer_begin(struct writer *w)
{
    buf_clear(&w->body);
    buf_clear(&w->externs);
    w->line = 0;
    w->uses_page = false;
}

void writer_need_asset(struct writer *w, struct str name)
{
    struct buf word;
    buf_init(&word, w->pages->arena, TOOL_OUTPUT_MAX);
    buf_addf(&word, " " STR_FMT " ", STR_ARG(name));
    if (str_find(buf_str(&w->assets), buf_str(&word)) != STR_NONE)
        return;
    buf_add(&w->assets, buf_str(&word));
    buf_addf(&w->externs, "extern const struct asset " STR_FMT ";\n", STR_ARG(name));
}

static int count_lines(struct str text)
{
    int lines = 0;
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n';
    return lines;
}

/* Behind the lines of a page, the file's own are told again. */
void writer_end(struct writer *w)
{
    writer_flush(w);
    struct buf *out = &w->out;
    struct str body = buf_str(&w->body);
    size_t begin = out->len;
    buf_add(out, buf_str(&w->externs));
    add_signature(out, w->page, w->piece);
    buf_add(out, STR("\n{\n"));
    if (!w->uses_page)
        buf_add(out, STR("    (void)page;\n"));
    if (str_find(body, STR("(out")) == STR_NONE)
        buf_add(out, STR("    (void)out;\n"));
    buf_add(out, body);
    buf_add(out, STR("}\n\n"));
    w->out_lines += count_lines(str_slice(buf_str(out), begin, out->len));
    if (str_find(body, STR("#line ")) != STR_NONE)
        buf_addf(out, "#line %d \"%s\"\n", ++w->out_lines + 1, w->out_name);
}

/* A part ends where its last tag does: the newline is the file's. */
static void trim_end(struct writer *w)
{
    struct str literal = buf_str(&w->literal);
    if (str_ends(literal, STR("\n")))
        buf_rewind(&w->literal, literal.len - 1);
}

static void write_page(struct writer *w, struct page *page)
{
    w->page = page;
    w->at = page->text.ptr + page->begin;
    w->end = page->text.ptr + page->text.len;
    w->piece = 0;
    w->number = 0;
    w->id_count = 0;
    writer_begin(w);
    markup_read(w);
    if (page->is_part)
        trim_end(w);
    writer_end(w);
}

static void add_headers(struct pages *pages, struct buf *out)
{
    for (size_t i = 0; i < pages->count; i++) {
        struct page *page = &pages->list[i];
        for (size_t k = 0; k < page->header_count && !page->is_foreign; k++) {
            struct buf line;
            buf_init(&line, pages->arena, TOOL_OUTPUT_MAX);
            buf_addf(&line, "#include " STR_FMT "\n", STR_ARG(page->headers[k]));
            if (str_find(buf_str(out), buf_str(&line)) == STR_NONE)
                buf_add(out, buf_str(&line));
        }
    }
}

static void add_struct(struct buf *out, const struct page *page)
{
    buf_addf(out, "\nstruct " STR_FMT " {\n", STR_ARG(page->name));
    for (size_t i = 0; i < page->member_count; i++) {
        const struct page_member *member = &page->members[i];
        buf_addf(out, "    " STR_FMT "%s" STR_FMT ";\n", STR_ARG(member->type),
                 member->is_pointer ? "" : " ", STR_ARG(member->name));
    }
    buf_add(out, STR("};\n"));
    for (size_t piece = 0; piece <= page->slot_count; piece++) {
        add_signature(out, page, piece);
        buf_add(out, STR(";\n"));
    }
}

static void write_header(struct pages *pages, const char *path)
{
    struct buf out;
    buf_init(&out, pages->arena, TOOL_OUTPUT_MAX);
    buf_addf(&out,
             "/* The pages of " STR_FMT ". Made by gen_html. */\n#pragma once\n\n"
             "#include \"web/html.h\"\n",
             STR_ARG(pages->room));
    add_headers(pages, &out);
    for (size_t i = 0; i < pages->count; i++)
        if (!pages->list[i].is_foreign)
            add_struct(&out, &pages->list[i]);
    source_write(path, &out);
}

/* Other rooms' parts are declared by their own headers. */
static void add_rooms(struct pages *pages, struct buf *out)
{
    struct str last = pages->room;
    for (size_t i = 0; i < pages->count; i++) {
        struct str room = pages->list[i].room;
        if (!str_equal(room, last) && pages->list[i].is_foreign)
            buf_addf(out, "#include \"" STR_FMT "/" STR_FMT "_pages.h\"\n", STR_ARG(room),
                     STR_ARG(room));
        last = room;
    }
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void pages_write(struct pages *pages, const char *stem)
{
    struct buf code;
    struct writer *w = tool_alloc(pages->arena, 1, sizeof *w);
    const char *code_path = tool_text(pages->arena, "%s.c", stem);
    const char *header_path = tool_text(pages->arena, "%s.h", stem);
    struct buf *bufs[] = {&code, &w->out, &w->assets, &w->externs, &w->body, &w->literal};
    for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++)
        buf_init(bufs[i], pages->arena, TOOL_OUTPUT_MAX);
    buf_addf(&code, "/* The pages of " STR_FMT ". Made by gen_html. */\n#include \"%s\"\n\n",
             STR_ARG(pages->room), base_name(header_path));
    add_rooms(pages, &code);
    buf_add(&code, STR("#include \"web/asset.h\"\n#include \"web/html_page.h\"\n\n"));
    w->pages = pages;
    w->out_name = base_name(code_path);
    w->out_lines = count_lines(buf_str(&code));
    for (size_t i = 0; i < pages->count; i++)
        if (!pages->list[i].is_foreign)
            write_page(w, &pages->list[i]);
    pages_check_circles(pages);
    buf_add(&code, buf_str(&w->out));
    write_header(pages, header_path);
    source_write(code_path, &code);
}
