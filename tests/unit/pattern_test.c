/* Tests of event patterns. */
#include "flow/pattern.h"

#include <stdio.h>
#include <string.h>

#include "harness/test.h"
#include "harness/torture.h"

enum { TABLE_MAX = 1 << 20, ROWS_MAX = 4096, RANDOM_SETS = 300, RANDOM_PATTERNS = 20 };

/* The table of patterns, as it was read. */
struct table {
    const struct pattern *patterns[ROWS_MAX];
    const struct json *events[ROWS_MAX];
    size_t pattern_count, event_count, wanted;
};

static struct str read_table(struct test *t)
{
    char *bytes = arena_bytes(t->arena, TABLE_MAX);
    FILE *file = fopen(PATTERNS, "r");
    REQUIRE(bytes && file);
    size_t len = fread(bytes, 1, TABLE_MAX, file);
    fclose(file);
    REQUIRE(len > 0 && len < TABLE_MAX);
    return str_make(bytes, len);
}

static const struct json *read_event(struct test *t, struct str text)
{
    struct json *event = NULL;
    REQUIRE(json_read(t->ctx, text, &event) == ERR_OK);
    return event;
}

static size_t match_set(struct test *t, const struct pattern *const *patterns, size_t count,
                        const struct json *event, uint32_t **matched)
{
    struct pattern_set *set = NULL;
    struct pattern_scratch *scratch = NULL;
    REQUIRE(pattern_set_build(t->ctx, patterns, count, &set) == ERR_OK);
    REQUIRE(pattern_set_scratch(t->ctx, set, &scratch) == ERR_OK);
    *matched = scratch->matched;
    return pattern_set_match(set, scratch, event);
}

static void check_event(struct test *t, struct table *table, struct str text, bool wanted)
{
    uint32_t *matched = NULL;
    REQUIRE(table->pattern_count && table->event_count < ROWS_MAX);
    const struct pattern *const *pattern = &table->patterns[table->pattern_count - 1];
    const struct json *event = table->events[table->event_count++] = read_event(t, text);
    CHECK(pattern_matches(*pattern, event) == wanted);
    CHECK_INT(match_set(t, pattern, 1, event, &matched), wanted);
    table->wanted += wanted;
}

static void check_wrong(struct test *t, struct str pattern, struct str words)
{
    struct pattern *made = NULL;
    CHECK_ERR(pattern_parse(t->ctx, pattern, &made), ERR_INPUT);
    if (!CHECK(str_starts(str_from(t->ctx->err.user), words)))
        test_note(t, "%s", t->ctx->err.user);
}

static bool cut_word(struct str *line, struct str word)
{
    if (!str_starts(*line, word))
        return false;
    *line = str_trim(str_slice(*line, word.len, line->len));
    return true;
}

static void take_row(struct test *t, struct table *table, struct str *pattern, struct str line)
{
    struct pattern *made = NULL;
    struct str words = str_trim(line);
    if (words.len == 0 || words.ptr[0] == '#')
        return;
    test_note(t, STR_FMT "  " STR_FMT, STR_ARG(*pattern), STR_ARG(words));
    if (line.ptr[0] != ' ') {
        *pattern = line;
        if (pattern_parse(t->ctx, line, &made) == ERR_OK && table->pattern_count < ROWS_MAX)
            table->patterns[table->pattern_count++] = made;
    } else if (cut_word(&words, STR("wrong "))) {
        check_wrong(t, *pattern, words);
    } else if (cut_word(&words, STR("yes "))) {
        check_event(t, table, words, true);
    } else {
        REQUIRE(cut_word(&words, STR("no ")));
        check_event(t, table, words, false);
    }
}

static struct table *take_table(struct test *t)
{
    struct str rest = read_table(t), line, pattern = STR("");
    struct table *table = ARENA_NEW(t->arena, struct table);
    REQUIRE(table);
    while (str_cut(&rest, '\n', &line))
        take_row(t, table, &pattern, line);
    return table;
}

/* The set says of each what it says alone. */
static void check_set(struct test *t, const struct pattern_set *set,
                      struct pattern_scratch *scratch, const struct pattern *const *patterns,
                      size_t count, const struct json *event)
{
    size_t matched = pattern_set_match(set, scratch, event), next = 0, wrong = 0;
    for (size_t i = 0; i < count; i++) {
        bool in_set = next < matched && scratch->matched[next] == i;
        next += in_set;
        wrong += in_set != pattern_matches(patterns[i], event);
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(next, matched);
}

TEST(pattern_says_what_its_table_says)
{
    struct table *table = take_table(t);
    CHECK(table->pattern_count >= 300);
    CHECK(table->wanted >= 300 && table->event_count - table->wanted >= 300);
}

TEST(pattern_set_says_of_the_table_what_each_says)
{
    struct table *table = take_table(t);
    struct pattern_set *set = NULL;
    struct pattern_scratch *scratch = NULL;
    const struct pattern *const *patterns = table->patterns;
    REQUIRE(pattern_set_build(t->ctx, patterns, table->pattern_count, &set) == ERR_OK);
    REQUIRE(pattern_set_scratch(t->ctx, set, &scratch) == ERR_OK);
    for (size_t i = 0; i < table->event_count; i++)
        check_set(t, set, scratch, patterns, table->pattern_count, table->events[i]);
}

/* Patterns and events of few names and values, so that they often meet. */
struct dice {
    struct test *t;
    struct buf out;
};

static size_t roll(struct dice *dice, size_t sides)
{
    return (size_t)rand_below(dice->t->ctx->rand, sides);
}

static void add_one_of(struct dice *dice, const char *const *words, size_t count)
{
    buf_add(&dice->out, str_from(words[roll(dice, count)]));
}
#define ADD_ONE_OF(dice, words) add_one_of(dice, words, sizeof(words) / sizeof *(words))

static void roll_list(struct dice *dice)
{
    static const char *const entries[] = {"\"x\"",
                                          "\"xy\"",
                                          "\"\"",
                                          "1",
                                          "2.0",
                                          "true",
                                          "null",
                                          "{\"prefix\":\"x\"}",
                                          "{\"prefix\":\"\"}",
                                          "{\"suffix\":\"y\"}",
                                          "{\"exists\":false}",
                                          "{\"exists\":false}",
                                          "{\"exists\":true}",
                                          "{\"numeric\":[\">\",1]}",
                                          "{\"numeric\":[\"=\",1]}",
                                          "{\"anything-but\":\"x\"}",
                                          "{\"anything-but\":[1,2]}",
                                          "{\"wildcard\":\"x*y\"}",
                                          "{\"equals-ignore-case\":\"X\"}",
                                          "{\"prefix\":{\"equals-ignore-case\":\"X\"}}"};
    buf_addc(&dice->out, '[');
    for (size_t i = 0, count = 1 + roll(dice, 3) / 2; i < count; i++) {
        if (i)
            buf_addc(&dice->out, ',');
        ADD_ONE_OF(dice, entries);
    }
    buf_addc(&dice->out, ']');
}

/* Names rise, so that none comes twice. */
static void roll_pattern(struct dice *dice, int depth)
{
    static const char *const names[] = {"a", "b", "c"};
    size_t first = roll(dice, 3), last = first + roll(dice, 3 - first);
    bool has_or = depth < 3 && roll(dice, 4) == 0;
    buf_addc(&dice->out, '{');
    for (size_t i = first; i <= last; i++) {
        buf_addf(&dice->out, "%s\"%s\":", i > first ? "," : "", names[i]);
        if (depth < 2 && roll(dice, 2))
            roll_pattern(dice, depth + 1);
        else
            roll_list(dice);
    }
    if (has_or) {
        buf_add(&dice->out, STR(",\"$or\":["));
        roll_pattern(dice, depth + 1);
        buf_addc(&dice->out, ',');
        roll_pattern(dice, depth + 1);
        buf_addc(&dice->out, ']');
    }
    buf_addc(&dice->out, '}');
}

static void roll_value(struct dice *dice, int depth);

static void roll_event(struct dice *dice, int depth)
{
    static const char names[] = "abc";
    bool comma = false;
    buf_addc(&dice->out, '{');
    for (size_t i = 0; i < 3; i++) {
        if (roll(dice, 3) == 0)
            continue;
        buf_addf(&dice->out, "%s\"%c\":", comma ? "," : "", names[i]);
        roll_value(dice, depth + 1);
        comma = true;
    }
    buf_addc(&dice->out, '}');
}

static void roll_value(struct dice *dice, int depth)
{
    static const char *const leaves[] = {"\"x\"", "\"xy\"", "\"X\"", "\"\"", "1",
                                         "2",     "true",   "null",  "1.5"};
    size_t side = roll(dice, depth < 4 ? 4 : 2);
    if (side < 2) {
        ADD_ONE_OF(dice, leaves);
    } else if (side == 2) {
        roll_event(dice, depth);
    } else {
        buf_addc(&dice->out, '[');
        for (size_t i = 0, count = roll(dice, 4); i < count; i++) {
            if (i)
                buf_addc(&dice->out, ',');
            roll_value(dice, depth + 1);
        }
        buf_addc(&dice->out, ']');
    }
}

static struct str rolled(struct test *t, void (*what)(struct dice *, int))
{
    struct dice dice = {.t = t};
    buf_init(&dice.out, t->arena, 1 << 16);
    what(&dice, 0);
    REQUIRE(!buf_err(&dice.out));
    return buf_str(&dice.out);
}

TEST(pattern_set_says_what_each_says_by_chance)
{
    struct pattern *patterns[RANDOM_PATTERNS];
    const struct pattern *const *all = (const struct pattern *const *)patterns;
    struct pattern_set *set = NULL;
    struct pattern_scratch *scratch = NULL;
    size_t matched = 0;
    for (int round = 0; round < RANDOM_SETS; round++) {
        struct arena_mark mark = arena_mark(t->arena);
        for (size_t i = 0; i < RANDOM_PATTERNS; i++)
            REQUIRE(pattern_parse(t->ctx, rolled(t, roll_pattern), &patterns[i]) == ERR_OK);
        REQUIRE(pattern_set_build(t->ctx, all, RANDOM_PATTERNS, &set) == ERR_OK);
        REQUIRE(pattern_set_scratch(t->ctx, set, &scratch) == ERR_OK);
        for (size_t i = 0; i < RANDOM_PATTERNS; i++) {
            const struct json *event = read_event(t, rolled(t, roll_event));
            check_set(t, set, scratch, all, RANDOM_PATTERNS, event);
            matched += pattern_set_match(set, scratch, event);
        }
        arena_rewind(t->arena, mark);
    }
    CHECK(matched > RANDOM_SETS && matched < RANDOM_SETS * RANDOM_PATTERNS * RANDOM_PATTERNS / 2);
}

TEST(pattern_says_what_it_says_after_its_text_is_gone)
{
    char text[] = "{\"a\": [\"x\", {\"prefix\": \"y\"}]}";
    struct pattern *pattern = NULL;
    REQUIRE(pattern_parse(t->ctx, str_from(text), &pattern) == ERR_OK);
    memset(text, '-', sizeof text);
    CHECK(pattern_matches(pattern, read_event(t, STR("{\"a\": \"x\"}"))));
    CHECK(pattern_matches(pattern, read_event(t, STR("{\"a\": \"yes\"}"))));
}

TEST(pattern_set_of_none_matches_nothing)
{
    uint32_t *matched = NULL;
    CHECK_INT(match_set(t, NULL, 0, read_event(t, STR("{\"a\": 1}")), &matched), 0);
    CHECK_INT(match_set(t, NULL, 0, read_event(t, STR("[]")), &matched), 0);
}

/* `inner` within so many objects. */
static struct str nested(struct test *t, size_t depth, const char *inner)
{
    struct buf out;
    buf_init(&out, t->arena, 1 << 16);
    for (size_t i = 0; i < depth; i++)
        buf_add(&out, STR("{\"a\":"));
    buf_add(&out, str_from(inner));
    for (size_t i = 0; i < depth; i++)
        buf_addc(&out, '}');
    return buf_str(&out);
}

TEST(pattern_is_as_deep_as_its_limit)
{
    struct pattern *pattern = NULL;
    REQUIRE(pattern_parse(t->ctx, nested(t, PATTERN_DEPTH_MAX, "[1]"), &pattern) == ERR_OK);
    CHECK(pattern_matches(pattern, read_event(t, nested(t, PATTERN_DEPTH_MAX, "1"))));
    CHECK(!pattern_matches(pattern, read_event(t, nested(t, PATTERN_DEPTH_MAX - 1, "1"))));
    CHECK_ERR(pattern_parse(t->ctx, nested(t, PATTERN_DEPTH_MAX + 1, "[1]"), &pattern), ERR_INPUT);
    CHECK(strstr(t->ctx->err.user, "at most 32 objects"));
}

TEST(pattern_is_as_long_as_its_limit)
{
    struct pattern *pattern = NULL;
    struct buf out;
    buf_init(&out, t->arena, PATTERN_SIZE_MAX + 1);
    buf_add(&out, STR("{\"a\": [1]}"));
    while (out.len < PATTERN_SIZE_MAX)
        buf_addc(&out, ' ');
    CHECK_ERR(pattern_parse(t->ctx, buf_str(&out), &pattern), ERR_OK);
    buf_addc(&out, ' ');
    CHECK_ERR(pattern_parse(t->ctx, buf_str(&out), &pattern), ERR_INPUT);
    CHECK_STR(str_from(t->ctx->err.user), "must be at most 8192 bytes");
    CHECK_STR(str_from(t->ctx->err.field), "pattern");
}

/* So many fields that each may be absent or 1, and one of so many values of $or. */
static struct str many_ways(struct test *t, int choices, int branches)
{
    struct buf out;
    buf_init(&out, t->arena, 1 << 16);
    buf_addc(&out, '{');
    for (int i = 0; i < choices; i++)
        buf_addf(&out, "\"f%d\":[{\"exists\":false},1],", i);
    buf_add(&out, STR("\"$or\":["));
    for (int i = 0; i < branches; i++)
        buf_addf(&out, "%s{\"g\":[%d]}", i ? "," : "", i);
    buf_add(&out, STR("]}"));
    return buf_str(&out);
}

TEST(pattern_has_as_many_ways_as_its_limit)
{
    struct pattern *pattern = NULL;
    REQUIRE(pattern_parse(t->ctx, many_ways(t, 3, 125), &pattern) == ERR_OK);
    CHECK(pattern_matches(pattern, read_event(t, STR("{\"f1\": 1, \"g\": 124}"))));
    CHECK(!pattern_matches(pattern, read_event(t, STR("{\"f1\": 2, \"g\": 124}"))));
    CHECK_ERR(pattern_parse(t->ctx, many_ways(t, 3, 126), &pattern), ERR_INPUT);
    CHECK(strstr(t->ctx->err.user, "more than 1000 combinations"));
    CHECK_ERR(pattern_parse(t->ctx, many_ways(t, 200, 2), &pattern), ERR_INPUT);
}

TEST(pattern_has_as_many_fields_as_its_limit)
{
    struct buf out;
    struct pattern *pattern = NULL;
    buf_init(&out, t->arena, 1 << 16);
    buf_addc(&out, '{');
    for (int i = 0; i < 100; i++)
        buf_addf(&out, "\"h%d\":[1],", i);
    size_t len = out.len;
    buf_add(&out, str_slice(many_ways(t, 7, 2), 1, STR_NONE));
    CHECK_ERR(pattern_parse(t->ctx, buf_str(&out), &pattern), ERR_INPUT);
    CHECK(strstr(t->ctx->err.user, "more than 16384 fields"));
    buf_rewind(&out, len);
    buf_add(&out, str_slice(many_ways(t, 6, 2), 1, STR_NONE));
    CHECK_ERR(pattern_parse(t->ctx, buf_str(&out), &pattern), ERR_OK);
}

static enum err build_all(struct test *t, void *arg)
{
    static const char *const texts[] = {
        "{\"a\": [\"x\", {\"prefix\": \"y\"}], \"b\": {\"c\": [{\"exists\": false}, 1]}}",
        "{\"$or\": [{\"a\": [{\"wildcard\": \"x*y\"}]}, {\"ip\": [{\"cidr\": \"10.0.0.0/8\"}]}]}",
        "{\"a\": [{\"anything-but\": {\"suffix\": [\"x\", \"y\"]}}]}"};
    struct pattern *patterns[3];
    struct pattern_set *set;
    struct pattern_scratch *scratch;
    struct json *event;
    (void)arg;
    for (size_t i = 0; i < 3; i++)
        TRY(pattern_parse(t->ctx, str_from(texts[i]), &patterns[i]));
    TRY(pattern_set_build(t->ctx, (const struct pattern *const *)patterns, 3, &set));
    TRY(pattern_set_scratch(t->ctx, set, &scratch));
    TRY(json_read(t->ctx, STR("{\"a\": \"x\"}"), &event));
    int64_t before = torture_count(TORTURE_MEMORY);
    CHECK_INT(pattern_set_match(set, scratch, event), 1);
    CHECK_INT(torture_count(TORTURE_MEMORY), before);
    return ERR_OK;
}

TEST(pattern_survives_every_failed_allocation)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, build_all, NULL);
}
