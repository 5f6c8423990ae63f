/* Builds a set of patterns: finds for each way the field by which it is looked up. */
#include "flow/pattern_set.h"

struct builder {
    struct ctx *ctx;
    struct pattern_set *set;
    struct pattern_keys crowds; /* all keys there could be, and how many ways they would lead to */
    uint32_t *chosen;           /* the question by which each way is looked up, or PATTERN_NONE */
    size_t name_total, field_total, check_total;
};

/* The least power of two that leaves every other row of a hash table free. */
static uint64_t table_size(size_t entries)
{
    uint64_t size = 2;
    while (size < 2 * (uint64_t)entries)
        size *= 2;
    return size;
}

static enum err count_up(struct builder *b, const struct pattern *const *patterns, size_t count)
{
    size_t ways = 0;
    for (size_t i = 0; i < count; i++) {
        ways += patterns[i]->way_count;
        for (size_t w = 0; w < patterns[i]->way_count; w++) {
            const struct pattern_way *way = &patterns[i]->ways[w];
            b->field_total += way->field_count;
            for (size_t f = 0; f < way->field_count; f++) {
                b->name_total += way->fields[f].depth;
                b->check_total += way->fields[f].check_count;
            }
        }
    }
    if (count > PATTERN_SET_MAX || ways > PATTERN_SET_WAYS_MAX ||
        b->field_total > PATTERN_SET_FIELDS_MAX)
        return err_fail(&b->ctx->err, ERR_LIMIT, "There are too many rules.",
                        "a set of %zu patterns, %zu ways, %zu fields", count, ways, b->field_total);
    b->set->way_count = (uint32_t)ways;
    b->set->pattern_count = (uint32_t)count;
    return ERR_OK;
}

static uint32_t *make_rows(struct ctx *ctx, size_t entries, uint64_t *mask)
{
    uint64_t size = table_size(entries);
    uint32_t *rows = ARENA_ARRAY(ctx->arena, size, uint32_t);
    *mask = size - 1;
    for (uint64_t i = 0; rows && i < size; i++)
        rows[i] = PATTERN_NONE;
    return rows;
}

static enum err make_room(struct builder *b)
{
    struct arena *arena = b->ctx->arena;
    struct pattern_set *set = b->set;
    set->ways = ARENA_ARRAY(arena, set->way_count, struct pattern_set_way);
    set->questions = ARENA_ARRAY(arena, b->field_total, struct pattern_question);
    set->question_rows = make_rows(b->ctx, b->field_total, &set->question_mask);
    set->places = ARENA_ARRAY(arena, b->name_total + 1, struct pattern_place);
    set->place_rows = make_rows(b->ctx, b->name_total + 1, &set->place_mask);
    set->always = ARENA_ARRAY(arena, set->way_count / 64 + 1, uint64_t);
    b->chosen = ARENA_ARRAY(arena, set->way_count, uint32_t);
    if (!set->ways || !set->questions || !set->question_rows || !set->places || !set->place_rows ||
        !set->always || !b->chosen)
        return err_memory(&b->ctx->err);
    set->place_count = 1; /* the root, which has no name and no row */
    return ERR_OK;
}

static uint32_t add_place(struct pattern_set *set, uint32_t parent, struct str name)
{
    uint64_t row = pattern_mix_text(parent, name) & set->place_mask;
    uint32_t place = pattern_place_find(set, parent, name);
    if (place != PATTERN_NONE)
        return place;
    while (set->place_rows[row] != PATTERN_NONE)
        row = (row + 1) & set->place_mask;
    place = set->place_rows[row] = set->place_count++;
    set->places[place] = (struct pattern_place){.name = name, .parent = parent};
    set->places[parent].has_children = true;
    return place;
}

static struct str key_prefix(struct str prefix)
{
    return str_slice(prefix, 0, PATTERN_PREFIX_MAX);
}

/* The key of the values for which a check holds; 0 where no key says that. */
static uint64_t check_key(uint32_t place, const struct pattern_check *check)
{
    bool is_prefix = check->verb == PATTERN_PREFIX && check->text.len > 0;
    if (check->verb == PATTERN_TEXT && !check->any_case)
        return pattern_key_text(place, PATTERN_KEY_TEXT, check->text);
    if (is_prefix && !check->any_case)
        return pattern_key_text(place, PATTERN_KEY_PREFIX, key_prefix(check->text));
    if (check->verb == PATTERN_NUMBER && !(check->range.low < check->range.high))
        return pattern_key_number(place, check->range.low);
    if (check->verb == PATTERN_WORD)
        return pattern_key_hash(place, PATTERN_KEY_WORD, check->word);
    return 0;
}

/* Whether every check of a field has a key. */
static bool has_keys(uint32_t place, const struct pattern_field *field)
{
    for (size_t i = 0; i < field->check_count; i++)
        if (!check_key(place, &field->checks[i]))
            return false;
    return field->check_count > 0;
}

static uint32_t add_question(struct pattern_set *set, const struct pattern_field *field)
{
    uint32_t place = PATTERN_ROOT, number;
    for (size_t i = 0; i < field->depth; i++)
        place = add_place(set, place, field->names[i]);
    uint64_t row = pattern_field_hash(place, field) & set->question_mask;
    for (; (number = set->question_rows[row]) != PATTERN_NONE; row = (row + 1) & set->question_mask)
        if (set->questions[number].place == place &&
            pattern_field_same(set->questions[number].field, field))
            return number;
    number = set->question_rows[row] = set->question_count++;
    set->questions[number] = (struct pattern_question){field, place, has_keys(place, field)};
    return number;
}

static enum err add_way(struct builder *b, struct pattern_set_way *slot)
{
    const struct pattern_way *way = slot->way;
    uint32_t *questions = ARENA_ARRAY(b->ctx->arena, way->field_count, uint32_t);
    if (!questions)
        return err_memory(&b->ctx->err);
    for (size_t f = 0; f < way->field_count; f++)
        questions[f] = add_question(b->set, &way->fields[f]);
    slot->questions = questions;
    return ERR_OK;
}

static enum err add_ways(struct builder *b, const struct pattern *const *patterns)
{
    struct pattern_set_way *slot = b->set->ways;
    for (uint32_t i = 0; i < b->set->pattern_count; i++) {
        for (size_t w = 0; w < patterns[i]->way_count; w++, slot++) {
            slot->way = &patterns[i]->ways[w];
            slot->pattern = i;
            TRY(add_way(b, slot));
        }
    }
    return ERR_OK;
}

/* How many keys lead to a question's ways: those of its checks, or one that says that there is a
 * value. */
static size_t key_count(const struct pattern_question *question)
{
    return question->keyed ? question->field->check_count : !question->field->absent;
}

static uint64_t question_key(const struct pattern_question *question, size_t i)
{
    return question->keyed ? check_key(question->place, &question->field->checks[i])
                           : pattern_key_hash(question->place, PATTERN_KEY_PRESENT, 0);
}

static void count_crowds(struct builder *b)
{
    for (size_t w = 0; w < b->set->way_count; w++) {
        const struct pattern_set_way *slot = &b->set->ways[w];
        for (size_t f = 0; f < slot->way->field_count; f++) {
            const struct pattern_question *question = &b->set->questions[slot->questions[f]];
            for (size_t i = 0; i < key_count(question); i++) {
                uint64_t hash = question_key(question, i);
                struct pattern_key *key = pattern_key_find(&b->crowds, hash);
                key->hash = hash;
                key->count++;
            }
        }
    }
}

/* How many ways share a question's most crowded key; what only has to be there comes last. */
static uint64_t find_crowd(const struct builder *b, const struct pattern_question *question)
{
    uint64_t crowd = 0;
    for (size_t i = 0; i < key_count(question); i++) {
        uint32_t count = pattern_key_find(&b->crowds, question_key(question, i))->count;
        crowd = count > crowd ? count : crowd;
    }
    return question->keyed ? crowd : crowd + UINT32_MAX;
}

static void choose_questions(struct builder *b)
{
    for (size_t w = 0; w < b->set->way_count; w++) {
        const struct pattern_set_way *slot = &b->set->ways[w];
        uint64_t least = UINT64_MAX;
        b->chosen[w] = PATTERN_NONE;
        for (uint32_t f = 0; f < slot->way->field_count; f++) {
            const struct pattern_question *question = &b->set->questions[slot->questions[f]];
            uint64_t crowd = key_count(question) ? find_crowd(b, question) : UINT64_MAX;
            if (crowd < least) {
                least = crowd;
                b->chosen[w] = slot->questions[f];
            }
        }
    }
}

/* What the place must look up from now on. */
static void note_keys(struct pattern_place *place, const struct pattern_question *question)
{
    static const uint8_t keys[] = {[PATTERN_TEXT] = PATTERN_KEY_TEXT,
                                   [PATTERN_NUMBER] = PATTERN_KEY_NUMBER,
                                   [PATTERN_WORD] = PATTERN_KEY_WORD,
                                   [PATTERN_PREFIX] = PATTERN_KEY_PREFIX};
    if (!question->keyed)
        place->keys |= PATTERN_KEY_PRESENT;
    for (size_t i = 0; question->keyed && i < question->field->check_count; i++) {
        const struct pattern_check *check = &question->field->checks[i];
        place->keys |= keys[check->verb];
        if (check->verb == PATTERN_PREFIX)
            place->prefix_lens |= UINT64_C(1) << key_prefix(check->text).len;
    }
}

/* Walks the keys of what was chosen twice: to count what each leads to, then to fill it. */
static void lead(struct builder *b, bool fill)
{
    struct pattern_set *set = b->set;
    for (uint32_t w = 0; w < set->way_count; w++) {
        if (b->chosen[w] == PATTERN_NONE) {
            set->always[w / 64] |= UINT64_C(1) << w % 64;
            continue;
        }
        const struct pattern_question *question = &set->questions[b->chosen[w]];
        note_keys(&set->places[question->place], question);
        for (size_t i = 0; i < key_count(question); i++) {
            uint64_t hash = question_key(question, i);
            struct pattern_key *key = pattern_key_find(&set->keys, hash);
            key->hash = hash;
            if (fill)
                set->leads[key->first + key->count] = w;
            key->count++;
        }
    }
}

static enum err make_keys(struct ctx *ctx, size_t count, struct pattern_keys *keys)
{
    uint64_t size = table_size(count);
    keys->rows = ARENA_ARRAY(ctx->arena, size, struct pattern_key);
    keys->mask = size - 1;
    return keys->rows ? ERR_OK : err_memory(&ctx->err);
}

/* What all could be is counted in memory that is given back. */
static enum err choose(struct builder *b)
{
    struct arena_mark mark = arena_mark(b->ctx->arena);
    TRY(make_keys(b->ctx, b->field_total + b->check_total, &b->crowds));
    count_crowds(b);
    choose_questions(b);
    arena_rewind(b->ctx->arena, mark);
    return ERR_OK;
}

static enum err make_leads(struct builder *b)
{
    struct pattern_set *set = b->set;
    size_t count = 0;
    for (size_t w = 0; w < set->way_count; w++)
        if (b->chosen[w] != PATTERN_NONE)
            count += key_count(&set->questions[b->chosen[w]]);
    TRY(make_keys(b->ctx, count, &set->keys));
    set->leads = ARENA_ARRAY(b->ctx->arena, count, uint32_t);
    if (!set->leads)
        return err_memory(&b->ctx->err);
    lead(b, false);
    uint32_t first = 0;
    for (size_t i = 0; i <= set->keys.mask; i++) {
        set->keys.rows[i].first = first;
        first += set->keys.rows[i].count;
        set->keys.rows[i].count = 0;
    }
    lead(b, true);
    return ERR_OK;
}

enum err pattern_set_build(struct ctx *ctx, const struct pattern *const *patterns, size_t count,
                           struct pattern_set **set)
{
    struct builder b = {.ctx = ctx, .set = ARENA_NEW(ctx->arena, struct pattern_set)};
    if (!b.set)
        return err_memory(&ctx->err);
    TRY(count_up(&b, patterns, count));
    TRY(make_room(&b));
    TRY(add_ways(&b, patterns));
    TRY(choose(&b));
    TRY(make_leads(&b));
    *set = b.set;
    return ERR_OK;
}
