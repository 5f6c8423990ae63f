/* Reads the files of pages folders: what each page declares, and where its markup begins. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "text/language.h"

int page_line(const struct page *page, const char *at)
{
    int line = 1;
    for (const char *c = page->text.ptr; c < at; c++)
        line += *c == '\n';
    return line;
}

/* In letters, not bytes, as editors count them. */
static int page_column(const struct page *page, const char *at)
{
    int column = 1;
    for (const char *c = at; c > page->text.ptr && c[-1] != '\n'; c--)
        column += ((unsigned char)c[-1] & 0xc0) != 0x80;
    return column;
}

void page_fail(const struct page *page, const char *at, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:%d:%d: ", page->path, page_line(page, at), page_column(page, at));
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

const struct page_member *page_find_member(const struct page *page, struct str name)
{
    for (size_t i = 0; i < page->member_count; i++)
        if (str_equal(page->members[i].name, name))
            return &page->members[i];
    return NULL;
}

const struct page *pages_find(const struct pages *pages, struct str name)
{
    for (size_t i = 0; i < pages->count; i++)
        if (str_equal(pages->list[i].name, name))
            return &pages->list[i];
    return NULL;
}

/* Names that the generated code itself has. */
static bool is_taken(struct str name)
{
    static const char *const taken[] = {
        "auto",     "bool",   "break",    "case",   "char",   "const",    "continue",
        "default",  "do",     "double",   "else",   "enum",   "extern",   "false",
        "float",    "for",    "goto",     "if",     "inline", "int",      "long",
        "out",      "page",   "register", "return", "short",  "signed",   "sizeof",
        "static",   "struct", "switch",   "true",   "union",  "unsigned", "void",
        "volatile", "while",  "text",     "end",    "slot",   "language", "direction",
    };
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (str_equal(name, str_from(taken[i])))
            return true;
    return false;
}

/* use_3, ui_page_1 */
static bool is_numbered(struct str name)
{
    size_t end = name.len;
    while (end && name.ptr[end - 1] >= '0' && name.ptr[end - 1] <= '9')
        end--;
    return end && end < name.len && name.ptr[end - 1] == '_';
}

void page_check_name(const struct page *page, const char *at, struct str name)
{
    if (!source_is_name(name) || is_taken(name) || is_numbered(name))
        page_fail(page, at,
                  "\"" STR_FMT "\" cannot be a name here; find another, in small letters, "
                  "with none of C's words and no number behind a _",
                  STR_ARG(name));
}

/* const struct message *rows */
static void read_member(struct page *page, struct cursor *cursor)
{
    const char *begin = (cursor_is_done(cursor), cursor->at), *end = cursor->end;
    while (end > begin && end[-1] == ' ')
        end--;
    const char *name = end;
    while (name > begin && (source_is_name(str_make(name - 1, 1)) || name[-1] == '_' ||
                            (name[-1] >= '0' && name[-1] <= '9')))
        name--;
    const char *type_end = name;
    while (type_end > begin && type_end[-1] == ' ')
        type_end--;
    struct page_member member = {.type = str_make(begin, (size_t)(type_end - begin)),
                                 .name = str_make(name, (size_t)(end - name))};
    for (const char *c = begin; c < type_end; c++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_ *", *c))
            page_fail(page, c,
                      "this is no type; write {{in const struct item *rows}}: words and "
                      "stars, and the name");
    if (!member.type.len)
        page_fail(page, begin, "write the type and the name: {{in const struct item *rows}}");
    page_check_name(page, name, member.name);
    if (page_find_member(page, member.name))
        page_fail(page, name, "there are two \"" STR_FMT "\"; rename one", STR_ARG(member.name));
    if (page->member_count == PAGE_MEMBERS_MAX)
        page_fail(page, name, "there are more than %d; put some into a struct", PAGE_MEMBERS_MAX);
    member.is_pointer = str_ends(member.type, STR("*"));
    page->members[page->member_count++] = member;
    cursor->at = cursor->end;
}

static void read_header(struct page *page, struct cursor *cursor)
{
    const char *at = cursor->at;
    struct str header = cursor_take_literal(cursor);
    if (!header.len)
        page_fail(page, at, "write the header in quotes: {{header \"front_sql.h\"}}");
    if (page->header_count == PAGE_HEADERS_MAX)
        page_fail(page, at, "there are more than %d headers; make one that includes them",
                  PAGE_HEADERS_MAX);
    page->headers[page->header_count++] = header;
}

static void read_words(struct page *page, struct cursor *cursor)
{
    const char *at = cursor->at;
    struct str code = cursor_take_name(cursor);
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        page->has_words |= str_equal(code, str_from(languages[i].code));
    if (!page->has_words)
        page_fail(page, at, "name the language that the page is written in: {{words en}}");
}

static bool read_declaration(struct page *page, struct cursor *cursor)
{
    if (cursor_take_word(cursor, "in"))
        read_member(page, cursor);
    else if (cursor_take_word(cursor, "header"))
        read_header(page, cursor);
    else if (cursor_take_word(cursor, "words"))
        read_words(page, cursor);
    else
        return false;
    cursor_end(cursor);
    return true;
}

static void skip_space(const struct page *page, const char **at)
{
    const char *end = page->text.ptr + page->text.len;
    while (*at < end && (**at == ' ' || **at == '\n'))
        (*at)++;
}

static bool is_directive(const struct page *page, const char *at)
{
    return str_starts(str_slice(page->text, (size_t)(at - page->text.ptr), page->text.len),
                      STR("{{"));
}

/* {{page contact_page}} */
static void read_name(struct page *page, const char **at, struct str stem)
{
    if (!is_directive(page, *at))
        page_fail(page, *at, "begin with {{page " STR_FMT "}} or {{part " STR_FMT "}}",
                  STR_ARG(stem), STR_ARG(stem));
    struct cursor cursor = cursor_open(page, *at, at);
    page->is_part = cursor_take_word(&cursor, "part");
    if (!page->is_part && !cursor_take_word(&cursor, "page"))
        page_fail(page, cursor.at, "begin with {{page " STR_FMT "}} or {{part " STR_FMT "}}",
                  STR_ARG(stem), STR_ARG(stem));
    cursor_is_done(&cursor);
    const char *name = cursor.at;
    page->name = cursor_take_name(&cursor);
    page_check_name(page, name, page->name);
    if (!str_equal(page->name, stem))
        page_fail(page, name, "the file is called " STR_FMT ".html; give both one name",
                  STR_ARG(stem));
    cursor_end(&cursor);
}

static void add_slot(struct page *page, struct cursor *cursor)
{
    const char *at = cursor->at;
    struct str name = cursor_take_name(cursor);
    cursor_end(cursor);
    if (!page->is_part)
        page_fail(page, at, "a slot stands in a part; begin with {{part " STR_FMT "}}",
                  STR_ARG(page->name));
    if (page->slot_count == PAGE_SLOTS_MAX)
        page_fail(page, at, "there are more than %d slots; make two parts of it", PAGE_SLOTS_MAX);
    for (size_t i = 0; i < page->slot_count; i++)
        if (str_equal(page->slots[i], name) || !name.len || !page->slots[i].len)
            page_fail(page, at, "each of several slots has a name of its own: {{slot side}}");
    page->slots[page->slot_count++] = name;
}

/* The slots: they are known before any page is written. */
static void find_slots(struct page *page)
{
    const char *at = page->text.ptr + page->begin, *end = page->text.ptr + page->text.len;
    while (at < end) {
        if (!is_directive(page, at)) {
            at++;
            continue;
        }
        struct cursor cursor = cursor_open(page, at, &at);
        if (cursor_take_word(&cursor, "slot"))
            add_slot(page, &cursor);
    }
}

static void read_page(struct pages *pages, struct page *page, struct str stem)
{
    struct source source;
    struct str line;
    source_open(&source, pages->arena, page->path);
    page->text = source.rest;
    while (source_next_line(&source, &line))
        for (size_t i = 0; i < line.len; i++)
            if ((unsigned char)line.ptr[i] < ' ')
                page_fail(page, line.ptr + i, "there is a control character; remove it");
    const char *at = page->text.ptr;
    read_name(page, &at, stem);
    for (;;) {
        const char *behind;
        skip_space(page, &at);
        if (!is_directive(page, at))
            break;
        struct cursor cursor = cursor_open(page, at, &behind);
        if (!read_declaration(page, &cursor))
            break;
        at = behind;
    }
    page->begin = (size_t)(at - page->text.ptr);
    find_slots(page);
}

static void read_folder(struct pages *pages, struct str room, const char *folder, bool is_foreign)
{
    if (pages->folder_count == PAGE_ROOMS_MAX) {
        fprintf(stderr, "gen_html: there are more than %d rooms\n", PAGE_ROOMS_MAX);
        exit(1);
    }
    struct tool_files *files = &pages->files[pages->folder_count++];
    tool_list(pages->arena, tool_text(pages->arena, "%s/pages", folder), ".html", files);
    for (size_t i = 0; i < files->count; i++) {
        struct str stem = str_slice(files->names[i], 0, files->names[i].len - 5);
        if (pages->count == PAGES_MAX) {
            fprintf(stderr, "gen_html: there are more than %d pages\n", PAGES_MAX);
            exit(1);
        }
        struct page *page = &pages->list[pages->count];
        *page = (struct page){.path = files->paths[i], .room = room, .is_foreign = is_foreign};
        read_page(pages, page, stem);
        const struct page *other = pages_find(pages, page->name);
        if (other)
            page_fail(page, page->text.ptr, "there is a " STR_FMT " in %s too; rename one",
                      STR_ARG(page->name), other->path);
        pages->count++;
    }
}

struct pages *pages_read(struct arena *arena, const char *room, const char *folder)
{
    struct pages *pages = tool_alloc(arena, 1, sizeof *pages);
    pages->arena = arena;
    pages->room = str_from(room);
    read_folder(pages, pages->room, folder, false);
    return pages;
}

void pages_read_parts(struct pages *pages, const char *folder)
{
    struct str path = str_from(folder), room = path;
    while (str_ends(path, STR("/")))
        path = str_slice(path, 0, path.len - 1);
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] == '/')
            room = str_slice(path, i + 1, path.len);
    read_folder(pages, room, tool_text(pages->arena, STR_FMT, STR_ARG(path)), true);
}
