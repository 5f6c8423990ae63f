/* The bus: which of 1,000 rules want an event of 634 bytes, beside asking each rule alone and
 * beside nothing but reading the event. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "bench.h"
#include "flow/pattern.h"

enum { RULE_COUNT = 1000, EVENT_MAX = 4096, RULE_MAX = 512, MEMORY_MAX = 64 << 20 };

struct bench_bus {
    struct arena kept, arena;
    struct ctx ctx; /* with the arena that is cleared for each event */
    struct str event;
    const struct pattern *rules[RULE_COUNT];
    struct pattern_set *set;
    struct pattern_scratch *scratch;
};

static const struct json *read_event(struct bench_bus *b)
{
    struct json *event;
    arena_clear(&b->arena);
    if (json_read(&b->ctx, b->event, &event))
        abort(); /* open_bus has read it before */
    return event;
}

static void match_set(void *state)
{
    struct bench_bus *b = state;
    pattern_set_match(b->set, b->scratch, read_event(b));
}

static void match_each(void *state)
{
    struct bench_bus *b = state;
    const struct json *event = read_event(b);
    size_t matched = 0;
    for (size_t i = 0; i < RULE_COUNT; i++)
        matched += pattern_matches(b->rules[i], event);
    if (!matched)
        abort();
}

static void only_read(void *state)
{
    read_event(state);
}

static double stoa_rate(void *state, int64_t round_us)
{
    return bench_loop(match_set, state, round_us);
}

static double each_rate(void *state, int64_t round_us)
{
    return bench_loop(match_each, state, round_us);
}

static double read_rate(void *state, int64_t round_us)
{
    return bench_loop(only_read, state, round_us);
}

static const struct bench_figure figures[] = {
    {"bus_match", BENCH_US_EACH, {{"stoa", stoa_rate}, {"one by one", each_rate}}},
    {"bus_match_read", BENCH_US_EACH, {{"stoa", stoa_rate}, {"json_read alone", read_rate}}},
    {0},
};

static void close_bus(void *state)
{
    struct bench_bus *b = state;
    arena_release(&b->arena);
    arena_release(&b->kept);
    free(b);
}

/* What rules say beside source and type; a tenth of all is about the event's own. */
static const char *const details[] = {
    "\"customer\":{\"country\":[\"DE\",\"AT\"]}",
    "\"total_minor\":[{\"numeric\":[\">=\",10000]}]",
    "\"lines\":{\"sku\":[{\"prefix\":\"CAKE-\"}],\"count\":[{\"numeric\":[\">\",1]}]}",
    "\"channel\":[{\"anything-but\":[\"web\",\"till\"]}]",
    "\"customer\":{\"address\":[{\"cidr\":\"198.51.100.0/24\"}]}",
    "\"test\":[{\"exists\":false}]",
    "\"customer\":{\"email\":[{\"suffix\":\"@example.org\"}]}",
    "\"number\":[{\"wildcard\":\"2026-*11\"}]",
    "\"$or\":[{\"currency\":[\"CHF\"]},{\"voucher\":[null]}]",
    "\"customer\":{\"tags\":[\"b2b\"]}",
};

enum { DETAIL_COUNT = sizeof details / sizeof *details };

static void write_rule(int i, char rule[RULE_MAX])
{
    static const char *const sources[] = {"shop", "staff", "parcel", "papers", "insight"};
    const char *detail = details[i / 10 % DETAIL_COUNT];
    if (i % 10 == 0)
        snprintf(rule, RULE_MAX,
                 "{\"source\":[\"shop\"],\"type\":[\"order.placed\"],\"detail\":{%s}}", detail);
    else if (i % 10 == 1)
        snprintf(rule, RULE_MAX, "{\"type\":[{\"prefix\":\"order.%c\"}],\"detail\":{%s}}",
                 'a' + i / 10 % 26, detail);
    else if (i % 100 == 2)
        snprintf(rule, RULE_MAX, "{\"detail\":{%s}}", detail);
    else
        snprintf(rule, RULE_MAX,
                 "{\"source\":[\"%s\"],\"type\":[\"thing%d.done\"],\"detail\":{%s}}",
                 sources[i % 5], i % 77, detail);
}

static bool load_event(struct bench_bus *b)
{
    char *bytes = arena_bytes(&b->kept, EVENT_MAX);
    FILE *file = fopen(BENCH_DATA "/event.json", "r");
    size_t len = file && bytes ? fread(bytes, 1, EVENT_MAX, file) : 0;
    if (file)
        fclose(file);
    b->event = str_make(bytes, len);
    return len > 0;
}

static bool build(struct bench_bus *b)
{
    char rule[RULE_MAX];
    b->ctx.arena = &b->kept;
    for (int i = 0; i < RULE_COUNT; i++) {
        struct pattern *pattern = NULL;
        write_rule(i, rule);
        if (pattern_parse(&b->ctx, str_from(rule), &pattern))
            return false;
        b->rules[i] = pattern;
    }
    return pattern_set_build(&b->ctx, b->rules, RULE_COUNT, &b->set) == ERR_OK &&
           pattern_set_scratch(&b->ctx, b->set, &b->scratch) == ERR_OK;
}

static bool all_agree(struct bench_bus *b)
{
    struct json *event = NULL;
    if (json_read(&b->ctx, b->event, &event))
        return false;
    size_t matched = pattern_set_match(b->set, b->scratch, event), next = 0;
    for (size_t i = 0; i < RULE_COUNT; i++) {
        bool in_set = next < matched && b->scratch->matched[next] == i;
        next += in_set;
        if (in_set != pattern_matches(b->rules[i], event))
            return false;
    }
    fprintf(stderr, "bus: %zu of %d rules want the event of %zu bytes\n", matched, RULE_COUNT,
            b->event.len);
    b->ctx.arena = &b->arena;
    return matched > 0;
}

static void *open_bus(void)
{
    struct bench_bus *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    arena_init(&b->kept, MEMORY_MAX);
    arena_init(&b->arena, MEMORY_MAX);
    if (load_event(b) && build(b) && all_agree(b))
        return b;
    fprintf(stderr, "stoa-bench: the rules cannot be built, or do not agree: %s\n",
            b->ctx.err.user);
    close_bus(b);
    return NULL;
}

const struct bench_group bus_bench = {"bus", open_bus, close_bus, figures};
