/* The rules of the bus as a process knows them: compiled to one set. */
#include "base/log.h"
#include "flow/bus_inside.h"
#include "flow/flow_sql.h"

enum { COMPILED_MEMORY_MAX = 64 << 20 };

struct reading {
    int64_t version;
    struct bus_rules rules;
};

static enum err read_rules(struct tx *tx, void *arg)
{
    struct reading *reading = arg;
    struct event_rule_version_row version;
    struct bus_rules page = {0};
    struct str after = STR("");
    TRY(event_rule_version(tx, &version));
    reading->version = version.version;
    reading->rules.count = 0;
    reading->rules.list = ARENA_ARRAY(tx->ctx->arena, BUS_RULES_MAX, struct bus_rule);
    if (!reading->rules.list)
        return err_memory(&tx->ctx->err);
    do {
        TRY(bus_rule_list(tx, after, BUS_RULES_MAX, &page));
        for (size_t i = 0; i < page.count && reading->rules.count < BUS_RULES_MAX; i++)
            if (page.list[i].enabled)
                reading->rules.list[reading->rules.count++] = page.list[i];
        after = page.count ? page.list[page.count - 1].name : after;
    } while (page.count);
    return ERR_OK;
}

/* A rule that cannot be compiled, which bus_rule_set would not have taken, is left out. */
static enum err compile(struct ctx *ctx, struct bus_compiled *made)
{
    size_t count = 0;
    struct bus_rule *list = made->rules.list;
    const struct pattern **patterns = ARENA_ARRAY(ctx->arena, made->rules.count,
                                                  const struct pattern *);
    if (!patterns)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < made->rules.count; i++) {
        struct pattern *pattern = NULL;
        enum err err = pattern_parse(ctx, list[i].pattern, &pattern);
        if (err == ERR_MEMORY)
            return err;
        if (err) {
            log_failure(ctx, "a rule of the bus was left out");
            continue;
        }
        list[count] = list[i];
        patterns[count++] = pattern;
    }
    made->rules.count = count;
    made->sums = ARENA_ARRAY(ctx->arena, count * BUS_SUMS, struct bus_sum);
    if (!made->sums)
        return err_memory(&ctx->err);
    TRY(pattern_set_build(ctx, patterns, count, &made->set));
    return pattern_set_scratch(ctx, made->set, &made->scratch);
}

/* All of it lives in its own arena. */
static enum err make(struct bus *bus, struct ctx *ctx, struct bus_compiled *made)
{
    struct ctx own = *ctx;
    struct reading reading = {0};
    own.arena = &made->arena;
    enum err err = db_read(bus->options.db, &own, read_rules, &reading);
    made->version = reading.version;
    made->rules = reading.rules;
    if (!err)
        err = compile(&own, made);
    ctx->err = own.err;
    return err;
}

enum err bus_rules_refresh(struct bus *bus, struct ctx *ctx, int64_t version)
{
    struct bus_compiled made = {0};
    if (bus->now.version == version)
        return ERR_OK;
    TRY(bus_tally_write(bus, ctx, true));
    arena_init(&made.arena, COMPILED_MEMORY_MAX);
    enum err err = make(bus, ctx, &made);
    if (err) {
        arena_release(&made.arena);
        return err;
    }
    arena_release(&bus->now.arena);
    bus->now = made;
    return ERR_OK;
}
