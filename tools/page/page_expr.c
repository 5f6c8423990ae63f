/* Reads expressions: a small part of C's, in which no name is unknown and nothing is called. */
#include "page.h"

#include <string.h>

struct expr {
    struct writer *writer;
    struct cursor *cursor;
    int depth;
};

/* What reads gives true for what is true or false already, false for what html_is has to ask. */
static bool read_or(struct expr *expr, struct buf *out);

static void add_temp(struct expr *expr, struct buf *temp)
{
    buf_init(temp, expr->writer->pages->arena, TOOL_OUTPUT_MAX);
}

static struct frame *find_each(struct writer *writer, struct str name)
{
    for (size_t i = writer->frame_count; i-- > 0;) {
        struct frame *frame = &writer->frames[i];
        if (frame->kind == FRAME_EACH &&
            (str_equal(frame->row, name) || str_equal(frame->index, name)))
            return frame;
    }
    return NULL;
}

static bool is_constant(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] >= 'a' && name.ptr[i] <= 'z')
            return str_equal(name, STR("true")) || str_equal(name, STR("false"));
    return name.len > 1;
}

/* The name that a path begins with: true where it is a pointer that a dot goes through. */
static bool add_name(struct expr *expr, const char *at, struct str name, struct buf *out)
{
    const struct page *page = expr->writer->page;
    const struct page_member *member = page_find_member(page, name);
    struct frame *each = find_each(expr->writer, name);
    if (each && str_equal(each->row, name)) {
        each->row_is_used = true;
        buf_add(out, name);
        return true;
    }
    if (each || is_constant(name)) {
        buf_add(out, name);
        return false;
    }
    if (!member)
        page_fail(page, at, "there is no \"" STR_FMT "\" here; declare it: {{in TYPE " STR_FMT "}}",
                  STR_ARG(name), STR_ARG(name));
    buf_addf(out, "page->" STR_FMT, STR_ARG(name));
    expr->writer->uses_page = true;
    return member->is_pointer;
}

static void add_inner_name(struct expr *expr, struct buf *out, const char *mark)
{
    struct str name = cursor_take_name(expr->cursor);
    if (!name.len)
        page_fail(expr->cursor->page, expr->cursor->at, "a name is missing behind %s; add it",
                  mark);
    buf_addf(out, "%s" STR_FMT, mark, STR_ARG(name));
}

/* A row is written row->name, and (*row) where it stands by itself. */
static void add_index(struct expr *expr, struct buf *out)
{
    buf_addc(out, '[');
    read_or(expr, out);
    cursor_need(expr->cursor, "]", "close the index");
    buf_addc(out, ']');
}

/* The name itself: (*row) where a row does not stand before a dot, which goes through it. */
static void add_first(struct expr *expr, struct buf *out)
{
    struct cursor *cursor = expr->cursor;
    const char *at = cursor->at;
    struct str name = cursor_take_name(cursor);
    struct cursor behind = *cursor;
    struct buf first;
    if (cursor_take(&behind, "("))
        page_fail(cursor->page, at,
                  "nothing is called in a page; do it in C, and hand the value "
                  "in by {{in}}");
    buf_init(&first, expr->writer->pages->arena, TOOL_OUTPUT_MAX);
    bool is_pointer = add_name(expr, at, name, &first);
    if (is_pointer && cursor_take(cursor, ".")) {
        buf_add(out, buf_str(&first));
        add_inner_name(expr, out, "->");
    } else {
        bool is_row = is_pointer && find_each(expr->writer, name);
        buf_addf(out, is_row ? "(*" STR_FMT ")" : STR_FMT, STR_ARG(buf_str(&first)));
    }
}

static void read_path(struct expr *expr, struct buf *out)
{
    add_first(expr, out);
    for (;;) {
        if (cursor_take(expr->cursor, "."))
            add_inner_name(expr, out, ".");
        else if (cursor_take(expr->cursor, "->"))
            add_inner_name(expr, out, "->");
        else if (cursor_take(expr->cursor, "["))
            add_index(expr, out);
        else
            return;
    }
}

static bool read_number(struct expr *expr, struct buf *out)
{
    struct cursor *cursor = expr->cursor;
    const char *begin = cursor->at;
    while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9')
        cursor->at++;
    buf_add(out, str_make(begin, (size_t)(cursor->at - begin)));
    return cursor->at > begin;
}

static bool read_primary(struct expr *expr, struct buf *out)
{
    struct cursor *cursor = expr->cursor;
    bool is_truth = false;
    if (++expr->depth > EXPR_DEPTH_MAX)
        page_fail(cursor->page, cursor->at, "this nests deeper than %d; compute it in C",
                  EXPR_DEPTH_MAX);
    cursor_is_done(cursor);
    char c = cursor->at < cursor->end ? *cursor->at : '\0';
    if (cursor_take(cursor, "(")) {
        buf_addc(out, '(');
        is_truth = read_or(expr, out);
        cursor_need(cursor, ")", "close it");
        buf_addc(out, ')');
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') {
        read_path(expr, out);
    } else if (!read_number(expr, out)) {
        page_fail(cursor->page, cursor->at,
                  "a name or a number is missing here; an expression has names, numbers, . -> [ ] "
                  "( ) ! - + & && || and comparisons");
    }
    expr->depth--;
    return is_truth;
}

static bool take_sign(struct cursor *cursor, const char *sign)
{
    struct cursor try = *cursor;
    if (!cursor_take(&try, sign) || cursor_take(&try, sign))
        return false;
    return cursor_take(cursor, sign);
}

/* -x, &row */
static bool read_signed(struct expr *expr, struct buf *out)
{
    if (take_sign(expr->cursor, "-"))
        buf_addc(out, '-');
    else if (take_sign(expr->cursor, "&"))
        buf_addc(out, '&');
    return read_primary(expr, out);
}

static bool read_sum(struct expr *expr, struct buf *out)
{
    bool is_truth = read_signed(expr, out);
    for (;; is_truth = false) {
        if (take_sign(expr->cursor, "+"))
            buf_add(out, STR(" + "));
        else if (take_sign(expr->cursor, "-"))
            buf_add(out, STR(" - "));
        else
            return is_truth;
        read_signed(expr, out);
    }
}

static bool read_comparison(struct expr *expr, struct buf *out)
{
    static const char *const marks[] = {"==", "!=", "<=", ">=", "<", ">"};
    bool is_truth = read_sum(expr, out);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (!cursor_take(expr->cursor, marks[i]))
            continue;
        buf_addf(out, " %s ", marks[i]);
        read_sum(expr, out);
        return true;
    }
    return is_truth;
}

static void add_truth(struct buf *out, const struct buf *value, bool is_truth)
{
    buf_addf(out, is_truth ? STR_FMT : "html_is(" STR_FMT ")", STR_ARG(buf_str(value)));
}

static bool read_not(struct expr *expr, struct buf *out)
{
    struct cursor try = *expr->cursor;
    if (!cursor_take(&try, "!") || cursor_take(&try, "="))
        return read_comparison(expr, out);
    struct buf value;
    add_temp(expr, &value);
    *expr->cursor = try;
    bool is_truth = read_primary(expr, &value);
    buf_addc(out, '!');
    add_truth(out, &value, is_truth);
    return true;
}

static void add_operand(struct buf *out, const struct buf *value, bool is_truth, bool is_or)
{
    bool is_row = is_or && str_find(buf_str(value), STR(" && ")) != STR_NONE;
    buf_add(out, is_row ? STR("(") : STR(""));
    add_truth(out, value, is_truth);
    buf_add(out, is_row ? STR(")") : STR(""));
}

static bool read_and(struct expr *expr, struct buf *out);

/* Operands with && or || between them. */
static bool read_row(struct expr *expr, bool is_or, struct buf *out)
{
    const char *mark = is_or ? "||" : "&&";
    struct buf value;
    add_temp(expr, &value);
    bool is_truth = is_or ? read_and(expr, &value) : read_not(expr, &value);
    if (!cursor_take(expr->cursor, mark)) {
        buf_add(out, buf_str(&value));
        return is_truth;
    }
    add_operand(out, &value, is_truth, is_or);
    do {
        buf_clear(&value);
        is_truth = is_or ? read_and(expr, &value) : read_not(expr, &value);
        buf_addf(out, " %s ", mark);
        add_operand(out, &value, is_truth, is_or);
    } while (cursor_take(expr->cursor, mark));
    return true;
}

static bool read_and(struct expr *expr, struct buf *out)
{
    return read_row(expr, false, out);
}

static bool read_or(struct expr *expr, struct buf *out)
{
    return read_row(expr, true, out);
}

void expr_read(struct writer *writer, struct cursor *cursor, bool as_condition, struct buf *out)
{
    struct expr expr = {.writer = writer, .cursor = cursor};
    struct buf value;
    add_temp(&expr, &value);
    bool is_truth = read_or(&expr, &value);
    if (as_condition)
        add_truth(out, &value, is_truth);
    else
        buf_add(out, buf_str(&value));
}

/* civil(row.made_us): a message's date or time. */
static void read_argument(struct writer *writer, struct cursor *cursor, struct buf *out)
{
    if (!cursor_take_word(cursor, "civil")) {
        buf_add(out, STR("html_arg("));
        expr_read(writer, cursor, false, out);
        buf_addc(out, ')');
        return;
    }
    cursor_need(cursor, "(", "write civil(row.made_us)");
    buf_add(out, STR("(const struct civil[]){civil_from_us("));
    expr_read(writer, cursor, false, out);
    buf_add(out, STR(")}"));
    cursor_need(cursor, ")", "close it");
}

void expr_read_message(struct writer *writer, struct cursor *cursor, struct buf *out)
{
    const char *at = (cursor_is_done(cursor), cursor->at);
    struct str name = cursor_take_name(cursor);
    if (!source_is_name(name))
        page_fail(cursor->page, at, "name a message: {{text cart_items(count)}}");
    buf_addf(out, "text_" STR_FMT, STR_ARG(name));
    if (!cursor_take(cursor, "("))
        return;
    do {
        buf_add(out, STR(", "));
        read_argument(writer, cursor, out);
    } while (cursor_take(cursor, ","));
    cursor_need(cursor, ")", "close it");
}
