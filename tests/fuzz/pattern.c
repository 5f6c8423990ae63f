/* Fuzzes event patterns: the first line is an event, each further one a pattern; what a set of them
 * says of the event is what each says alone. */
#include "flow/pattern.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { INPUT_MAX = 16 << 10, ARENA_MAX = 256 << 20, LINES_MAX = 64 };

/* A refusal says why; memory never runs out here. */
static size_t parse_lines(struct ctx *ctx, struct str rest, const struct pattern **patterns)
{
    size_t count = 0;
    struct str line;
    while (count < LINES_MAX && str_cut(&rest, '\n', &line)) {
        struct pattern *made = NULL;
        enum err err = pattern_parse(ctx, line, &made);
        ASSERT(!err || err == ERR_INPUT || err == ERR_LIMIT);
        ASSERT(!err || (ctx->err.code == err && ctx->err.user[0]));
        if (!err)
            patterns[count++] = made;
    }
    return count;
}

static void check_set(struct ctx *ctx, const struct pattern *const *patterns, size_t count,
                      const struct json *event)
{
    struct pattern_set *set = NULL;
    struct pattern_scratch *scratch = NULL;
    enum err err = pattern_set_build(ctx, patterns, count, &set);
    ASSERT(!err && !pattern_set_scratch(ctx, set, &scratch));
    for (int round = 0; round < 2; round++) { /* the second meets what the first left behind */
        size_t matched = pattern_set_match(set, scratch, event), next = 0;
        for (size_t i = 0; i < count; i++) {
            bool in_set = next < matched && scratch->matched[next] == i;
            next += in_set;
            ASSERT(in_set == pattern_matches(patterns[i], event));
        }
        ASSERT(next == matched);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena};
    struct str rest = str_make((const char *)bytes, size), line;
    const struct pattern *patterns[LINES_MAX];
    struct json *event = NULL;
    if (size > INPUT_MAX || !str_cut(&rest, '\n', &line))
        return 0;
    arena_init(&arena, ARENA_MAX);
    if (json_read(&ctx, line, &event) == ERR_OK)
        check_set(&ctx, patterns, parse_lines(&ctx, rest, patterns), event);
    arena_release(&arena);
    return 0;
}
