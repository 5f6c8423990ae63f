/* Matches an event with a set of patterns: one walk looks up its values, then candidates are
 * checked. */
#include "flow/pattern_set.h"

enum err patterns_scratch_make(struct ctx *ctx, const struct patterns *set,
                               struct patterns_scratch **scratch)
{
    struct patterns_scratch *made = ARENA_NEW(ctx->arena, struct patterns_scratch);
    if (!made)
        return err_memory(&ctx->err);
    made->matched = ARENA_ARRAY(ctx->arena, set->pattern_count, uint32_t);
    made->values = ARENA_ARRAY(ctx->arena, set->place_count, const struct json *);
    made->touched = ARENA_ARRAY(ctx->arena, set->place_count, uint32_t);
    made->candidates = ARENA_ARRAY(ctx->arena, set->way_count / 64 + 1, uint64_t);
    made->hits = ARENA_ARRAY(ctx->arena, set->pattern_count / 64 + 1, uint64_t);
    if (!made->matched || !made->values || !made->touched || !made->candidates || !made->hits)
        return err_memory(&ctx->err);
    *scratch = made;
    return ERR_OK;
}

struct walk {
    const struct patterns *set;
    struct patterns_scratch *scratch;
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

static void keep(struct patterns_scratch *scratch, uint32_t place, const struct json *value)
{
    if (!scratch->values[place])
        scratch->touched[scratch->touched_count++] = place;
    scratch->values[place] = value;
}

/* Deep as the event is, which json_read has limited. */
static void visit(struct walk *walk, uint32_t at, const struct json *value)
{
    bool has_children = walk->set->places[at].has_children;
    if (value->kind < JSON_ARRAY) {
        look_up(walk, at, value);
        return;
    }
    if (value->kind == JSON_OBJECT && !has_children)
        return;
    for (const struct json *member = value->first; member; member = member->next) {
        if (value->kind == JSON_ARRAY) {
            walk->scratch->tangled |= has_children && member->kind == JSON_OBJECT;
            visit(walk, at, member);
            continue;
        }
        uint32_t place = pattern_place_find(walk->set, at, member->name);
        if (place != PATTERN_NO_PLACE) {
            keep(walk->scratch, place, member);
            visit(walk, place, member);
        }
    }
}

/* With one value a place, its fields are told one by one. */
static bool way_holds(const struct pattern_set_way *slot, const struct patterns_scratch *scratch,
                      const struct json *event)
{
    const struct pattern_way *way = slot->way;
    if (scratch->tangled || way->knotted)
        return pattern_fields_hold(way->fields, way->field_count, 0, event);
    for (size_t i = 0; i < way->field_count; i++)
        if (!pattern_fields_hold(&way->fields[i], 1, way->fields[i].depth,
                                 scratch->values[slot->places[i]]))
            return false;
    return true;
}

static void check_candidates(const struct patterns *set, struct patterns_scratch *scratch,
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
            if (!(*hits & bit) && way_holds(slot, scratch, event))
                *hits |= bit;
        }
    }
}

static size_t take_hits(const struct patterns *set, struct patterns_scratch *scratch)
{
    size_t count = 0;
    for (uint32_t word = 0; word <= set->pattern_count / 64; word++) {
        for (uint64_t bits = scratch->hits[word]; bits; bits &= bits - 1)
            scratch->matched[count++] = word * 64 + (uint32_t)__builtin_ctzll(bits);
        scratch->hits[word] = 0;
    }
    return count;
}

size_t patterns_match(const struct patterns *set, struct patterns_scratch *scratch,
                      const struct json *event)
{
    struct walk walk = {set, scratch};
    if (event->kind != JSON_OBJECT)
        return 0;
    scratch->tangled = false;
    visit(&walk, PATTERN_ROOT, event);
    check_candidates(set, scratch, event);
    while (scratch->touched_count)
        scratch->values[scratch->touched[--scratch->touched_count]] = NULL;
    return take_hits(set, scratch);
}
