/* Compiles a pattern: its text becomes terms, and these the ways in which all can hold. */
#include "flow/pattern.h"

#include "base/assert.h"
#include "flow/pattern_inside.h"

enum { PLACE_MAX = 200 };

/* A field, or a choice: one of several lists of terms. Terms of a list must all hold. */
struct term {
    struct pattern_field field;
    const struct term *const *branches; /* NULL for a field */
    size_t branch_count;
    struct term *next;
};

/* "detail.order.total", or what fits of it. */
static void write_place(const struct pattern_reader *r, char place[PLACE_MAX])
{
    struct buf out;
    buf_init_fixed(&out, place, PLACE_MAX - 1);
    for (size_t i = 0; i < r->depth; i++) {
        if (i)
            buf_addc(&out, '.');
        buf_add(&out, r->names[i]);
    }
    place[out.len] = '\0';
}

enum err pattern_refuse(struct pattern_reader *r, const char *right)
{
    char place[PLACE_MAX];
    write_place(r, place);
    return err_input(&r->ctx->err, "pattern", "%s%s%s", place, r->depth ? ": " : "", right);
}

static enum err new_field(struct pattern_reader *r, struct term **made)
{
    struct term *term = *made = ARENA_NEW(r->ctx->arena, struct term);
    struct str *names = ARENA_ARRAY(r->ctx->arena, r->depth, struct str);
    if (!term || !names)
        return err_memory(&r->ctx->err);
    for (size_t i = 0; i < r->depth; i++)
        names[i] = r->names[i];
    term->field.names = names;
    term->field.depth = r->depth;
    return ERR_OK;
}

static enum err new_choice(struct pattern_reader *r, size_t count, struct term **made,
                           const struct term ***branches)
{
    struct term *term = *made = ARENA_NEW(r->ctx->arena, struct term);
    *branches = ARENA_ARRAY(r->ctx->arena, count, const struct term *);
    if (!term || !*branches)
        return err_memory(&r->ctx->err);
    term->branches = *branches;
    term->branch_count = count;
    return ERR_OK;
}

static bool says_absent(const struct json *entry)
{
    const struct json *exists = entry->count == 1 ? json_get(entry, "exists") : NULL;
    return exists && exists->kind == JSON_FALSE;
}

/* The entries of a list but those that ask for absence, of which it says whether there are any. */
static enum err read_checks(struct pattern_reader *r, const struct json *list,
                            struct pattern_field *field, bool *absent)
{
    struct pattern_check *checks = ARENA_ARRAY(r->ctx->arena, list->count, struct pattern_check);
    if (!checks)
        return err_memory(&r->ctx->err);
    *absent = false;
    for (const struct json *entry = list->first; entry; entry = entry->next) {
        if (entry->kind == JSON_OBJECT && says_absent(entry))
            *absent = true;
        else
            TRY(pattern_check_read(r, entry, &checks[field->check_count++]));
    }
    field->checks = checks;
    return ERR_OK;
}

/* "Absent, or one of these values" is a choice of two fields. */
static enum err read_list(struct pattern_reader *r, const struct json *list, struct term **made)
{
    struct term *present, *missing;
    const struct term **branches;
    bool absent;
    if (list->count == 0)
        return pattern_refuse(r, "the list is empty; say which values it may be");
    TRY(new_field(r, &present));
    TRY(read_checks(r, list, &present->field, &absent));
    *made = present;
    if (!absent)
        return ERR_OK;
    TRY(new_field(r, &missing));
    missing->field.absent = true;
    *made = missing;
    if (!present->field.check_count)
        return ERR_OK;
    TRY(new_choice(r, 2, made, &branches));
    branches[0] = present;
    branches[1] = missing;
    return ERR_OK;
}

static void append(struct term ***tail, struct term *term)
{
    ASSERT(term);
    **tail = term;
    *tail = &term->next;
}

static enum err read_object(struct pattern_reader *r, const struct json *object,
                            struct term ***tail);

static enum err read_or(struct pattern_reader *r, const struct json *list, struct term **made)
{
    const struct term **branches;
    if (list->kind != JSON_ARRAY || list->count < 2)
        return pattern_refuse(r, "\"$or\" takes a list of two objects or more");
    TRY(new_choice(r, list->count, made, &branches));
    size_t i = 0;
    for (const struct json *entry = list->first; entry; entry = entry->next) {
        struct term *terms = NULL, **tail = &terms;
        if (entry->kind != JSON_OBJECT)
            return pattern_refuse(r, "\"$or\" takes a list of two objects or more");
        TRY(read_object(r, entry, &tail));
        branches[i++] = terms;
    }
    return ERR_OK;
}

static enum err read_field(struct pattern_reader *r, const struct json *member, struct term ***tail)
{
    if (r->depth == PATTERN_DEPTH_MAX)
        return pattern_refuse(r, "at most 32 objects may be nested");
    r->names[r->depth++] = member->name;
    if (member->kind == JSON_OBJECT) {
        TRY(read_object(r, member, tail));
    } else if (member->kind == JSON_ARRAY) {
        struct term *made = NULL;
        TRY(read_list(r, member, &made));
        append(tail, made);
    } else {
        return pattern_refuse(r, "values stand in a list, such as [\"paid\"]");
    }
    r->depth--;
    return ERR_OK;
}

_Static_assert(PATTERN_DEPTH_MAX == 32, "the words say 32");

/* Adds its terms behind those that end at `*tail`. */
static enum err read_object(struct pattern_reader *r, const struct json *object,
                            struct term ***tail)
{
    if (object->count == 0)
        return pattern_refuse(r, "the object is empty; name a field");
    for (const struct json *member = object->first; member; member = member->next) {
        if (!str_equal(member->name, STR("$or"))) {
            TRY(read_field(r, member, tail));
            continue;
        }
        struct term *made = NULL;
        TRY(read_or(r, member, &made));
        append(tail, made);
    }
    return ERR_OK;
}

/* What is still to hold behind the list that is being walked. */
struct rest {
    const struct term *terms;
    const struct rest *outer;
};

struct expansion {
    struct ctx *ctx;
    struct pattern *pattern;
    const struct pattern_field **chosen; /* on the way so far */
    size_t chosen_count, field_total;
};

struct size {
    size_t ways, fields; /* in the longest way */
};

/* How many ways a list of terms has, stopping to count above PATTERN_WAYS_MAX. */
static struct size measure(const struct term *terms)
{
    struct size size = {1, 0};
    for (const struct term *term = terms; term; term = term->next) {
        struct size choice = {term->branches ? 0 : 1, term->branches ? 0 : 1};
        for (size_t i = 0; term->branches && i < term->branch_count; i++) {
            struct size branch = measure(term->branches[i]);
            choice.ways += branch.ways;
            choice.fields = branch.fields > choice.fields ? branch.fields : choice.fields;
        }
        size.fields += choice.fields;
        size.ways *= choice.ways;
        if (size.ways > PATTERN_WAYS_MAX)
            size.ways = PATTERN_WAYS_MAX + 1;
    }
    return size;
}

static int compare_paths(const struct pattern_field *a, const struct pattern_field *b)
{
    for (size_t i = 0; i < a->depth && i < b->depth; i++) {
        int order = str_compare(a->names[i], b->names[i]);
        if (order)
            return order;
    }
    return a->depth - b->depth;
}

static bool goes_on(const struct pattern_field *shorter, const struct pattern_field *longer)
{
    struct pattern_field beginning = *longer;
    if (shorter->depth > longer->depth)
        return false;
    beginning.depth = shorter->depth;
    return compare_paths(shorter, &beginning) == 0;
}

/* Sorted as they are put in: most come in order, and there are few. */
static enum err add_way(struct expansion *e)
{
    struct pattern_field *fields = ARENA_ARRAY(e->ctx->arena, e->chosen_count,
                                               struct pattern_field);
    struct pattern_way *way = &e->pattern->ways[e->pattern->way_count++];
    if (!fields)
        return err_memory(&e->ctx->err);
    e->field_total += e->chosen_count;
    if (e->field_total > PATTERN_FIELDS_MAX)
        return err_input(&e->ctx->err, "pattern",
                         "with all that its $or allow it has more than "
                         "%d fields",
                         PATTERN_FIELDS_MAX);
    for (size_t i = 0; i < e->chosen_count; i++) {
        size_t at = i;
        for (; at > 0 && compare_paths(&fields[at - 1], e->chosen[i]) > 0; at--)
            fields[at] = fields[at - 1];
        fields[at] = *e->chosen[i];
    }
    for (size_t i = 1; i < e->chosen_count; i++)
        way->knotted |= goes_on(&fields[i - 1], &fields[i]);
    way->fields = fields;
    way->field_count = (uint32_t)e->chosen_count;
    return ERR_OK;
}

static const struct term *next_term(const struct term *term, const struct rest **rest)
{
    while (!term && *rest) {
        term = (*rest)->terms;
        *rest = (*rest)->outer;
    }
    return term;
}

/* Walks the terms, and with each branch of a choice all that comes behind it. */
static enum err expand(struct expansion *e, const struct term *terms, const struct rest *rest)
{
    size_t kept = e->chosen_count;
    const struct term *term = next_term(terms, &rest);
    for (; term && !term->branches; term = next_term(term->next, &rest))
        e->chosen[e->chosen_count++] = &term->field;
    enum err err = term ? ERR_OK : add_way(e);
    for (size_t i = 0; term && !err && i < term->branch_count; i++)
        err = expand(e, term->branches[i], &(struct rest){term->next, rest});
    e->chosen_count = kept;
    return err;
}

static enum err make_ways(struct ctx *ctx, const struct term *terms, struct pattern *pattern)
{
    struct size size = measure(terms);
    struct expansion e = {.ctx = ctx, .pattern = pattern};
    if (size.ways > PATTERN_WAYS_MAX)
        return err_input(&ctx->err, "pattern", "its $or allow more than %d combinations",
                         PATTERN_WAYS_MAX);
    pattern->ways = ARENA_ARRAY(ctx->arena, size.ways, struct pattern_way);
    e.chosen = ARENA_ARRAY(ctx->arena, size.fields, const struct pattern_field *);
    if (!pattern->ways || !e.chosen)
        return err_memory(&ctx->err);
    return expand(&e, terms, NULL);
}

enum err pattern_parse(struct ctx *ctx, struct str text, struct pattern **pattern)
{
    struct pattern_reader r = {.ctx = ctx};
    struct term *terms = NULL, **tail = &terms;
    struct json *tree;
    struct str copy;
    if (text.len > PATTERN_SIZE_MAX)
        return err_input(&ctx->err, "pattern", "must be at most %d bytes", PATTERN_SIZE_MAX);
    struct pattern *made = ARENA_NEW(ctx->arena, struct pattern);
    if (!made || str_copy(ctx->arena, text, &copy))
        return err_memory(&ctx->err);
    TRY(json_read(ctx, copy, &tree));
    if (tree->kind != JSON_OBJECT)
        return pattern_refuse(&r, "must be an object such as {\"source\": [\"shop\"]}");
    TRY(read_object(&r, tree, &tail));
    TRY(make_ways(ctx, terms, made));
    *pattern = made;
    return ERR_OK;
}
