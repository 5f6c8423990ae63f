/* Reads {{if}}, {{each}} and their ends. */
#include "page.h"

static const char *const kind_words[] = {"{{if}}", "{{each}}", "{{use}}", "{{fill}}"};

struct frame *frame_push(struct writer *w, enum frame_kind kind, const char *at)
{
    if (w->frame_count == FRAMES_MAX)
        page_fail(w->page, at, "more than %d {{…}} are open; make a part of some", FRAMES_MAX);
    struct frame *frame = &w->frames[w->frame_count++];
    *frame = (struct frame){.kind = kind,
                            .at = at,
                            .spot = w->spot,
                            .url = w->url,
                            .elements = w->element_count,
                            .attributes = w->tag.count,
                            .ids = w->id_count};
    return frame;
}

/* What is opened in a branch is closed in it. */
static void check_end(const struct writer *w, const struct frame *frame, const char *at)
{
    const char *kind = kind_words[frame->kind];
    int line = page_line(w->page, frame->at);
    if (w->spot != frame->spot)
        page_fail(w->page, at, "this stands inside of a tag, but its %s of line %d before it", kind,
                  line);
    if (w->element_count != frame->elements)
        page_fail(w->page, w->elements[w->element_count - 1].at,
                  "<%s> is not closed within the %s of line %d; close it there",
                  w->elements[w->element_count - 1].element->name, kind, line);
}

static void set_hidden(struct writer *w, const struct frame *frame, bool is_hidden)
{
    for (size_t i = frame->attributes; i < w->tag.count && frame->spot == SPOT_TAG; i++)
        w->tag.attributes[i].is_hidden = is_hidden;
    for (size_t i = frame->ids; i < w->id_count; i++)
        w->ids[i].is_hidden = is_hidden;
}

/* After branches that wrote a URL in different ways, what follows must suit each. */
static void end_branch(struct writer *w, struct frame *frame, const char *at)
{
    if (frame->spot != SPOT_VALUE)
        return;
    frame->url_branch = frame->has_branch ? url_merge(w->page, at, frame->url_branch, w->url)
                                          : w->url;
    frame->has_branch = true;
    w->url = frame->url;
}

static void read_if(struct writer *w, struct cursor *cursor, const char *at)
{
    struct buf condition;
    buf_init(&condition, w->pages->arena, TOOL_OUTPUT_MAX);
    expr_read(w, cursor, true, &condition);
    cursor_end(cursor);
    writer_add_line(w, at, "if (" STR_FMT ") {", STR_ARG(buf_str(&condition)));
    frame_push(w, FRAME_IF, at);
}

static void read_else(struct writer *w, struct cursor *cursor, const char *at)
{
    struct frame *frame = w->frame_count ? &w->frames[w->frame_count - 1] : NULL;
    if (!frame || frame->kind != FRAME_IF || frame->has_else)
        page_fail(w->page, at, "there is no {{if}} for this; write it before, or remove this");
    check_end(w, frame, at);
    end_branch(w, frame, at);
    set_hidden(w, frame, true);
    struct buf condition;
    buf_init(&condition, w->pages->arena, TOOL_OUTPUT_MAX);
    frame->has_else = !cursor_take_word(cursor, "if");
    if (!frame->has_else)
        expr_read(w, cursor, true, &condition);
    cursor_end(cursor);
    writer_flush(w);
    w->frame_count--;
    if (frame->has_else)
        writer_add_line(w, NULL, "} else {");
    else
        writer_add_line(w, at, "} else if (" STR_FMT ") {", STR_ARG(buf_str(&condition)));
    w->frame_count++;
}

static struct str read_loop_name(struct writer *w, struct cursor *cursor)
{
    const char *at = (cursor_is_done(cursor), cursor->at);
    struct str name = cursor_take_name(cursor);
    page_check_name(w->page, at, name);
    bool is_known = page_find_member(w->page, name);
    for (size_t i = 0; i < w->frame_count; i++)
        is_known |= w->frames[i].kind == FRAME_EACH &&
                    (str_equal(w->frames[i].row, name) || str_equal(w->frames[i].index, name));
    if (is_known)
        page_fail(w->page, at, "there is a \"" STR_FMT "\" already; rename one", STR_ARG(name));
    return name;
}

static bool is_pointer_member(const struct page *page, struct str expr)
{
    const struct str before = STR("page->");
    const struct page_member *member = page_find_member(page,
                                                        str_slice(expr, before.len, expr.len));
    return str_starts(expr, before) && member && member->is_pointer;
}

/* The two expressions of "in rows to count", or of "in list". */
static void read_range(struct writer *w, struct cursor *cursor, struct buf *rows, struct buf *count)
{
    expr_read(w, cursor, false, rows);
    if (cursor_take_word(cursor, "to")) {
        expr_read(w, cursor, false, count);
        return;
    }
    const char *through = is_pointer_member(w->page, buf_str(rows)) ? "->" : ".";
    buf_addf(count, STR_FMT "%scount", STR_ARG(buf_str(rows)), through);
    buf_addf(rows, "%srows", through);
}

/* {{each row, i in rows to count}} */
static void read_each(struct writer *w, struct cursor *cursor, const char *at)
{
    struct buf rows, count;
    struct str row, index = {0};
    buf_init(&rows, w->pages->arena, TOOL_OUTPUT_MAX);
    buf_init(&count, w->pages->arena, TOOL_OUTPUT_MAX);
    if (w->spot != SPOT_TEXT)
        page_fail(w->page, at, "{{each}} stands between tags, not inside of one");
    row = read_loop_name(w, cursor);
    if (cursor_take(cursor, ","))
        index = read_loop_name(w, cursor);
    if (!cursor_take_word(cursor, "in"))
        page_fail(w->page, cursor->at,
                  "write {{each row in rows to count}}, or {{each row in "
                  "list}} where list has rows and count");
    read_range(w, cursor, &rows, &count);
    cursor_end(cursor);
    int number = ++w->number;
    struct str i = index.len ? index : str_from(tool_text(w->pages->arena, "i_%d", number));
    writer_add_line(w, at,
                    "for (size_t " STR_FMT " = 0, count_%d = " STR_FMT "; " STR_FMT
                    " < count_%d; " STR_FMT "++) {",
                    STR_ARG(i), number, STR_ARG(buf_str(&count)), STR_ARG(i), number, STR_ARG(i));
    struct frame *frame = frame_push(w, FRAME_EACH, at);
    writer_add_line(w, at, "__typeof__(&" STR_FMT "[0]) " STR_FMT " = &" STR_FMT "[" STR_FMT "];",
                    STR_ARG(buf_str(&rows)), STR_ARG(row), STR_ARG(buf_str(&rows)), STR_ARG(i));
    frame->row = row;
    frame->index = index;
}

static void read_end(struct writer *w, struct cursor *cursor, const char *at)
{
    cursor_end(cursor);
    if (!w->frame_count)
        page_fail(w->page, at, "there is nothing that this {{end}} ends; remove it");
    struct frame *frame = &w->frames[w->frame_count - 1];
    check_end(w, frame, at);
    if (frame->kind == FRAME_IF) {
        end_branch(w, frame, at);
        if (!frame->has_else)
            end_branch(w, frame, at);
        w->url = frame->url_branch;
        set_hidden(w, frame, false);
    }
    if (frame->kind == FRAME_EACH && !frame->row_is_used)
        page_fail(w->page, frame->at,
                  STR_FMT " is not used in this {{each}}; write something "
                          "of it",
                  STR_ARG(frame->row));
    slots_end(w, frame);
    writer_flush(w);
    w->frame_count--;
    if (frame->kind != FRAME_FILL)
        writer_add_line(w, NULL, "}");
}

bool flow_read(struct writer *w, struct cursor *cursor)
{
    static const struct {
        const char *word;
        void (*read)(struct writer *, struct cursor *, const char *at);
    } words[] = {{"if", read_if}, {"else", read_else}, {"each", read_each}, {"end", read_end}};
    const char *at = cursor->at - 2;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!cursor_take_word(cursor, words[i].word))
            continue;
        words[i].read(w, cursor, at);
        return true;
    }
    return false;
}
