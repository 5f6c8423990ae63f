/* Reads {{use}}, {{put}}, {{fill}} and {{slot}}: pages that are made of parts.
 *
 * A part is cut at its slots into functions, and what fills a slot is written between the calls of
 * them: so it sees every name that is seen around the {{use}}. */
#include "page.h"

static void fail_member(struct writer *w, const char *at, const struct page *part, struct str name)
{
    struct buf names;
    buf_init(&names, w->pages->arena, TOOL_OUTPUT_MAX);
    for (size_t i = 0; i < part->member_count; i++)
        buf_addf(&names, " " STR_FMT, STR_ARG(part->members[i].name));
    page_fail(w->page, at, STR_FMT " has no \"" STR_FMT "\"; it has:" STR_FMT, STR_ARG(part->name),
              STR_ARG(name), STR_ARG(buf_str(&names)));
}

static bool is_type(const struct page_member *member, const char *type)
{
    struct str rest = member->type;
    if (str_starts(rest, STR("const struct ")))
        rest = str_slice(rest, sizeof "const " - 1, rest.len);
    return str_equal(rest, str_from(type));
}

/* a="literal", b=text(message), c=row.name */
static bool add_value(struct writer *w, struct cursor *cursor, const struct page_member *member,
                      struct buf *out)
{
    const char *at = (cursor_is_done(cursor), cursor->at);
    struct str literal = cursor_take_literal(cursor);
    bool is_str = is_type(member, "struct str");
    if (literal.len && !is_str && !is_type(member, "const char *"))
        page_fail(w->page, at, STR_FMT " is " STR_FMT "; hand in one by its name",
                  STR_ARG(member->name), STR_ARG(member->type));
    if (literal.len) {
        buf_addf(out, is_str ? "STR(" STR_FMT ")" : STR_FMT, STR_ARG(literal));
        return false;
    }
    struct cursor try = *cursor;
    if (cursor_take_word(&try, "text") && cursor_take(&try, "(")) {
        if (!is_str)
            page_fail(w->page, at, STR_FMT " is " STR_FMT "; a message is struct str",
                      STR_ARG(member->name), STR_ARG(member->type));
        buf_add(out, STR("html_keep(out, "));
        expr_read_message(w, &try, out);
        cursor_need(&try, ")", "close it");
        buf_addc(out, ')');
        *cursor = try;
        return true;
    }
    buf_add(out, is_str ? STR("html_str(") : STR(""));
    expr_read(w, cursor, false, out);
    buf_add(out, is_str ? STR(")") : STR(""));
    return false;
}

/* The members of the part's struct; true where messages are kept for it. */
static bool add_members(struct writer *w, struct cursor args, const struct page *part,
                        struct buf *out)
{
    bool keeps_words = false, given[PAGE_MEMBERS_MAX] = {0};
    const char *between = "";
    while (!cursor_is_done(&args)) {
        const char *at = args.at;
        struct str name = cursor_take_name(&args);
        const struct page_member *member = page_find_member(part, name);
        if (!name.len)
            page_fail(w->page, at, "write name=value for what the part is given");
        if (!member)
            fail_member(w, at, part, name);
        if (given[member - part->members])
            page_fail(w->page, at, "there are two \"" STR_FMT "\"; remove one", STR_ARG(name));
        given[member - part->members] = true;
        cursor_need(&args, "=", "write name=value");
        buf_addf(out, "%s." STR_FMT " = ", between, STR_ARG(name));
        keeps_words |= add_value(w, &args, member, out);
        between = ", ";
    }
    return keeps_words;
}

static void add_use(struct writer *w, const struct page *part, const char *at)
{
    struct page *page = w->page;
    size_t index = (size_t)(part - w->pages->list), i = 0;
    while (i < page->use_count && page->uses[i] != index)
        i++;
    if (part->is_foreign || i < page->use_count)
        return;
    if (page->use_count == PAGE_USES_MAX)
        page_fail(page, at, "more than %d parts are used; make a part of some", PAGE_USES_MAX);
    page->uses_at[page->use_count] = at;
    page->uses[page->use_count++] = index;
}

static const struct page *read_part(struct writer *w, struct cursor *cursor, const char *at,
                                    bool has_slots)
{
    struct str name = (cursor_is_done(cursor), cursor_take_name(cursor));
    const struct page *part = pages_find(w->pages, name);
    markup_check_content(w, at);
    if (!part || !part->is_part)
        page_fail(w->page, at,
                  "there is no part \"" STR_FMT "\"; write it into " STR_FMT
                  ".html, or name its room's folder to gen_html",
                  STR_ARG(name), STR_ARG(name));
    if (has_slots != (part->slot_count > 0))
        page_fail(w->page, at,
                  has_slots ? STR_FMT " has no slot; write {{put " STR_FMT "}}"
                            : STR_FMT " has a slot; write {{use " STR_FMT "}} … {{end}}",
                  STR_ARG(name), STR_ARG(name));
    add_use(w, part, at);
    return part;
}

/* The struct that the part's functions are given: use_1. */
static void open_use(struct writer *w, struct frame *frame)
{
    struct buf members;
    buf_init(&members, w->pages->arena, TOOL_OUTPUT_MAX);
    frame->keeps_words = add_members(w, frame->args, frame->part, &members);
    if (frame->keeps_words)
        writer_add_line(w, NULL, "size_t words_%d = out->words.len;", frame->number);
    writer_add_line(w, frame->at, "const struct " STR_FMT " use_%d = {" STR_FMT "};",
                    STR_ARG(frame->part->name), frame->number, STR_ARG(buf_str(&members)));
}

static void close_use(struct writer *w, const struct frame *frame)
{
    if (frame->keeps_words)
        writer_add_line(w, NULL, "html_forget(out, words_%d);", frame->number);
}

static void add_pieces(struct writer *w, struct frame *frame, size_t to)
{
    for (; frame->pieces < to; frame->pieces++)
        writer_add_line(w, NULL, STR_FMT "_%zu(out, &use_%d);", STR_ARG(frame->part->name),
                        frame->pieces, frame->number);
}

static void read_use(struct writer *w, struct cursor *cursor, const char *at)
{
    const struct page *part = read_part(w, cursor, at, true);
    writer_add_line(w, NULL, "{");
    struct frame *frame = frame_push(w, FRAME_USE, at);
    frame->part = part;
    frame->args = *cursor;
    frame->number = ++w->number;
    open_use(w, frame);
    add_pieces(w, frame, 1);
}

/* The token that forms carry. In a branch it would be missing from the other one. */
static void note_token(struct writer *w, const struct page *part)
{
    if (!str_equal(part->name, STR("ui_token")))
        return;
    for (size_t i = 0; i < w->element_count; i++)
        if (w->elements[i].frames == w->frame_count)
            w->elements[i].needs_token = false;
}

static void read_put(struct writer *w, struct cursor *cursor, const char *at)
{
    const struct page *part = read_part(w, cursor, at, false);
    struct buf members;
    buf_init(&members, w->pages->arena, TOOL_OUTPUT_MAX);
    bool keeps_words = add_members(w, *cursor, part, &members);
    note_token(w, part);
    int number = ++w->number;
    if (keeps_words)
        writer_add_line(w, NULL, "size_t words_%d = out->words.len;", number);
    writer_add_line(w, at, STR_FMT "(out, &(const struct " STR_FMT "){" STR_FMT "});",
                    STR_ARG(part->name), STR_ARG(part->name), STR_ARG(buf_str(&members)));
    if (keeps_words)
        writer_add_line(w, NULL, "html_forget(out, words_%d);", number);
}

static void read_fill(struct writer *w, struct cursor *cursor, const char *at)
{
    struct frame *frame = w->frame_count ? &w->frames[w->frame_count - 1] : NULL;
    struct str name = (cursor_is_done(cursor), cursor_take_name(cursor));
    cursor_end(cursor);
    if (!frame || frame->kind != FRAME_USE || !frame->part->slots[0].len)
        page_fail(w->page, at, "{{fill}} stands in the {{use}} of a part whose slots have names");
    size_t slot = 0;
    while (slot < frame->part->slot_count && !str_equal(frame->part->slots[slot], name))
        slot++;
    if (slot == frame->part->slot_count || slot < frame->filled)
        page_fail(w->page, at,
                  STR_FMT " has no slot \"" STR_FMT "\" that is still to be filled; "
                          "slots are filled once, in their order",
                  STR_ARG(frame->part->name), STR_ARG(name));
    add_pieces(w, frame, slot + 1);
    frame->filled = slot + 1;
    frame_push(w, FRAME_FILL, at);
}

void slots_end(struct writer *w, struct frame *frame)
{
    if (frame->kind != FRAME_USE)
        return;
    add_pieces(w, frame, frame->part->slot_count + 1);
    close_use(w, frame);
}

/* Ends the function at a slot. What is open is opened again in the next. */
static void read_slot(struct writer *w, struct cursor *cursor, const char *at)
{
    (void)cursor; /* its name was read with the declarations */
    markup_check_content(w, at);
    for (size_t i = 0; i < w->frame_count; i++)
        if (w->frames[i].kind == FRAME_IF || w->frames[i].kind == FRAME_EACH)
            page_fail(w->page, at,
                      "a slot does not stand in the {{if}} or {{each}} of line %d; "
                      "let who fills it decide",
                      page_line(w->page, w->frames[i].at));
    writer_flush(w);
    size_t open = w->frame_count;
    while (w->frame_count) {
        const struct frame *frame = &w->frames[w->frame_count - 1];
        if (frame->kind == FRAME_USE)
            close_use(w, frame);
        w->frame_count--;
        if (frame->kind == FRAME_USE)
            writer_add_line(w, NULL, "}");
    }
    writer_end(w);
    w->piece++;
    writer_begin(w);
    while (w->frame_count < open) {
        struct frame *frame = &w->frames[w->frame_count];
        if (frame->kind == FRAME_USE)
            writer_add_line(w, NULL, "{");
        w->frame_count++;
        if (frame->kind == FRAME_USE)
            open_use(w, frame);
    }
}

bool slots_read(struct writer *w, struct cursor *cursor)
{
    static const struct {
        const char *word;
        void (*read)(struct writer *, struct cursor *, const char *at);
    } words[] = {{"use", read_use}, {"put", read_put}, {"fill", read_fill}, {"slot", read_slot}};
    const char *at = cursor->at - 2;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!cursor_take_word(cursor, words[i].word))
            continue;
        words[i].read(w, cursor, at);
        return true;
    }
    return false;
}

/* A part that came back to itself would never end. */
static void check_circle(struct pages *pages, struct page *page)
{
    page->circle = CIRCLE_OPEN;
    for (size_t i = 0; i < page->use_count; i++) {
        struct page *part = &pages->list[page->uses[i]];
        if (part->circle == CIRCLE_OPEN)
            page_fail(page, page->uses_at[i],
                      STR_FMT " would use itself without end; take this "
                              "out of the circle",
                      STR_ARG(part->name));
        if (part->circle == CIRCLE_UNKNOWN)
            check_circle(pages, part);
    }
    page->circle = CIRCLE_NONE;
}

void pages_check_circles(struct pages *pages)
{
    for (size_t i = 0; i < pages->count; i++)
        if (pages->list[i].circle == CIRCLE_UNKNOWN)
            check_circle(pages, &pages->list[i]);
}
