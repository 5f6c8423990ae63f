/* Matches an event with a set of patterns: one walk looks up its values, then candidates are
 * checked. */
#include "flow/pattern_set.h"

enum err pattern_set_scratch(struct ctx *ctx, const struct pattern_set *set,
                             struct pattern_scratch **scratch)
{
    struct pattern_scratch *made = ARENA_NEW(ctx->arena, struct pattern_scratch);
    if (!made)
        return err_memory(&ctx->err);
    made->matched = ARENA_ARRAY(ctx->arena, set->pattern_count, uint32_t);
    made->values = ARENA_ARRAY(ctx->arena, set->place_count, const struct json *);
    made->touched = ARENA_ARRAY(ctx->arena, set->place_count, uint32_t);
    made->answers = ARENA_ARRAY(ctx->arena, set->question_count, uint64_t);
    made->candidates = ARENA_ARRAY(ctx->arena, set->way_count / 64 + 1, uint64_t);
    made->hits = ARENA_ARRAY(ctx->arena, set->pattern_count / 64 + 1, uint64_t);
    if (!made->matched || !made->values || !made->touched || !made->answers || !made->candidates ||
        !made->hits)
        return err_memory(&ctx->err);
    *scratch = made;
    return ERR_OK;
}

struct walk {
    const struct pattern_set *set;
    struct pattern_scratch *scratch;
    int arrays; /* within each other, around what is visited */
};

static void follow(struct walk *walk, uint64_t hash)
{
    const struct pattern_key *key = pattern_key_find(&walk->set->keys, hash);
    const uint32_t *leads = walk->set->leads + key->first;
    for (size_t i = 0; i < key->count; i++)
        walk->scratch->candidates[leads[i] / 64] |= UINT64_C(1) << leads[i] % 64;
}

static void look_up_text(struct walk *walk, uint32_t at, struct str text)
{
    const struct pattern_place *place = &walk->set->places[at];
    if (place->keys & PATTERN_KEY_TEXT)
        follow(walk, pattern_key_text(at, PATTERN_KEY_TEXT, text));
    for (uint64_t lens = place->prefix_lens; lens; lens &= lens - 1) {
        size_t len = (size_t)__builtin_ctzll(lens);
        if (len > text.len)
            return;
        follow(walk, pattern_key_text(at, PATTERN_KEY_PREFIX, str_slice(text, 0, len)));
    }
}

static void look_up(struct walk *walk, uint32_t at, const struct json *value)
{
    double number = 0;
    uint8_t keys = walk->set->places[at].keys;
    if (keys & PATTERN_KEY_PRESENT)
        follow(walk, pattern_key_hash(at, PATTERN_KEY_PRESENT, 0));
    if (value->kind == JSON_STRING)
        look_up_text(walk, at, value->text);
    else if (value->kind == JSON_NUMBER && (keys & PATTERN_KEY_NUMBER) &&
             json_real(value, &number) == ERR_OK)
        follow(walk, pattern_key_number(at, number));
    else if (value->kind < JSON_NUMBER && (keys & PATTERN_KEY_WORD))
        follow(walk, pattern_key_hash(at, PATTERN_KEY_WORD, value->kind));
}

/* Stands for the several values that a place has in the elements of an array. */
static const struct json several;

static void keep(struct walk *walk, uint32_t place, const struct json *value)
{
    struct pattern_scratch *scratch = walk->scratch;
    if (!scratch->values[place])
        scratch->touched[scratch->touched_count++] = place;
    scratch->values[place] = walk->arrays ? &several : value;
}

static void visit(struct walk *walk, uint32_t at, const struct json *value);

static void visit_object(struct walk *walk, uint32_t at, const struct json *object)
{
    if (!walk->set->places[at].has_children)
        return;
    for (const struct json *member = object->first; member; member = member->next) {
        uint32_t place = pattern_place_find(walk->set, at, member->name);
        if (place != PATTERN_NONE) {
            keep(walk, place, member);
            visit(walk, place, member);
        }
    }
}

/* Deep as the event is, which json_read has limited. */
static void visit(struct walk *walk, uint32_t at, const struct json *value)
{
    if (value->kind < JSON_ARRAY) {
        look_up(walk, at, value);
    } else if (value->kind == JSON_OBJECT) {
        visit_object(walk, at, value);
    } else {
        walk->arrays++;
        for (const struct json *member = value->first; member; member = member->next)
            visit(walk, at, member);
        walk->arrays--;
    }
}

enum { HOLDS = 1, HOLDS_NOT = 2, HAS_SEVERAL = 3, ANSWERS = 4 };

/* Each question is asked once an event: its answer stands beside the number of the event. */
static unsigned ask(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t number)
{
    uint64_t *answer = &scratch->answers[number];
    if (*answer / ANSWERS != scratch->event_number) {
        const struct pattern_question *question = &set->questions[number];
        const struct pattern_field *field = question->field;
        const struct json *value = scratch->values[question->place];
        unsigned fresh = value == &several                                    ? HAS_SEVERAL
                         : pattern_fields_hold(field, 1, field->depth, value) ? HOLDS
                                                                              : HOLDS_NOT;
        *answer = scratch->event_number * ANSWERS + fresh;
    }
    return *answer % ANSWERS;
}

/* Fields that have one value are told one by one; where all of these hold, those with several are
 * told together with them. */
static bool way_holds(const struct pattern_set *set, const struct pattern_set_way *slot,
                      struct pattern_scratch *scratch, const struct json *event)
{
    const struct pattern_way *way = slot->way;
    bool together = way->knotted;
    for (size_t i = 0; i < way->field_count && !way->knotted; i++) {
        unsigned answer = ask(set, scratch, slot->questions[i]);
        if (answer == HOLDS_NOT)
            return false;
        together |= answer == HAS_SEVERAL;
    }
    return !together || pattern_fields_hold(way->fields, way->field_count, 0, event);
}

static void check_candidates(const struct pattern_set *set, struct pattern_scratch *scratch,
                             const struct json *event)
{
    for (uint32_t word = 0; word <= set->way_count / 64; word++) {
        uint64_t bits = scratch->candidates[word] | set->always[word];
        scratch->candidates[word] = 0;
        for (; bits; bits &= bits - 1) {
            const struct pattern_set_way *slot =
                &set->ways[word * 64 + (uint32_t)__builtin_ctzll(bits)];
            uint64_t *hits = &scratch->hits[slot->pattern / 64];
            uint64_t bit = UINT64_C(1) << slot->pattern % 64;
            if (!(*hits & bit) && way_holds(set, slot, scratch, event))
                *hits |= bit;
        }
    }
}

static size_t take_hits(const struct pattern_set *set, struct pattern_scratch *scratch)
{
    size_t count = 0;
    for (uint32_t word = 0; word <= set->pattern_count / 64; word++) {
        for (uint64_t bits = scratch->hits[word]; bits; bits &= bits - 1)
            scratch->matched[count++] = word * 64 + (uint32_t)__builtin_ctzll(bits);
        scratch->hits[word] = 0;
    }
    return count;
}

size_t pattern_set_match(const struct pattern_set *set, struct pattern_scratch *scratch,
                         const struct json *event)
{
    struct walk walk = {set, scratch, 0};
    if (event->kind != JSON_OBJECT)
        return 0;
    scratch->event_number++;
    visit(&walk, PATTERN_ROOT, event);
    check_candidates(set, scratch, event);
    while (scratch->touched_count)
        scratch->values[scratch->touched[--scratch->touched_count]] = NULL;
    return take_hits(set, scratch);
}
