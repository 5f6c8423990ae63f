/* Rules of the bus as rows. */
#include "flow/bus.h"
#include "flow/bus_input.h"
#include "flow/bus_kind.h"
#include "flow/flow_sql.h"
#include "flow/pattern.h"

static bool is_rule_name(struct str name)
{
    bool fine = name.len > 0 && name.len <= BUS_NAME_MAX;
    for (size_t i = 0; fine && i < name.len; i++) {
        char c = name.ptr[i];
        fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    }
    return fine;
}

static bool is_text(struct str text, size_t max)
{
    return text.len <= max && str_is_utf8(text) && str_find_char(text, '\0') == STR_NONE;
}

static enum err check_targets(struct ctx *ctx, const struct bus_rule *rule)
{
    if (rule->target_count > BUS_TARGETS_MAX)
        return err_input(&ctx->err, "targets", "must be at most %d", BUS_TARGETS_MAX);
    for (size_t i = 0; i < rule->target_count; i++) {
        const struct bus_target *target = &rule->targets[i];
        if (!target->kind.len || !target->name.len || !is_text(target->kind, FLOW_NAME_MAX) ||
            !is_text(target->name, BUS_TARGET_MAX))
            return err_input(&ctx->err, "targets", "must have a kind and a name");
        TRY(bus_input_check(ctx, target->input));
    }
    return ERR_OK;
}

static enum err check_rule(struct ctx *ctx, const struct bus_rule *rule)
{
    struct pattern *pattern;
    if (!is_rule_name(rule->name))
        return err_input(&ctx->err, "name", "must be 1 to %d letters, digits, - _ and .",
                         BUS_NAME_MAX);
    if (!is_text(rule->about, BUS_ABOUT_MAX))
        return err_input(&ctx->err, "about", "must be at most %d bytes of text", BUS_ABOUT_MAX);
    struct arena_mark mark = arena_mark(ctx->arena);
    TRY(pattern_parse(ctx, rule->pattern, &pattern));
    TRY(check_targets(ctx, rule));
    arena_rewind(ctx->arena, mark);
    return ERR_OK;
}

static bool has_target(const struct bus_rule *rule, struct str kind, struct str name)
{
    bool has = false;
    for (size_t i = 0; i < rule->target_count; i++)
        has |= str_equal(rule->targets[i].kind, kind) && str_equal(rule->targets[i].name, name);
    return has;
}

/* The rule's targets go, and with them the webhooks that it does not have any more. */
static enum err drop_targets(struct tx *tx, const struct bus_rule *rule)
{
    struct event_target_of_rows before;
    const struct str webhook = STR("webhook");
    TRY(event_target_of(tx, rule->name, BUS_TARGETS_MAX, &before));
    for (size_t i = 0; i < before.count; i++)
        if (str_equal(before.rows[i].kind, webhook) &&
            !has_target(rule, webhook, before.rows[i].name))
            TRY(bus_webhook_end(tx, rule->name, before.rows[i].name));
    return event_target_drop(tx, rule->name);
}

enum err bus_rule_set(struct tx *tx, const struct bus_rule *rule)
{
    TRY(check_rule(tx->ctx, rule));
    TRY(event_tally_drop(tx, rule->name, 1));
    TRY(drop_targets(tx, rule));
    TRY(event_rule_set(tx, rule->name, rule->about, rule->pattern, rule->enabled,
                       clock_now_us(tx->ctx->clock)));
    for (size_t i = 0; i < rule->target_count; i++)
        TRY(event_target_add(tx, rule->name, (int64_t)i + 1, rule->targets[i].kind,
                             rule->targets[i].name, rule->targets[i].input));
    return event_rule_touch(tx);
}

static enum err no_such_rule(struct ctx *ctx, struct str name)
{
    return err_fail(&ctx->err, ERR_MISSING, "There is no such rule.", "rule " STR_FMT,
                    STR_ARG(name));
}

enum err bus_rule_enable(struct tx *tx, struct str name, bool enabled)
{
    int64_t changed = 0;
    TRY(event_rule_enable(tx, name, enabled, clock_now_us(tx->ctx->clock), &changed));
    return changed ? event_rule_touch(tx) : no_such_rule(tx->ctx, name);
}

enum err bus_rule_drop(struct tx *tx, struct str name)
{
    int64_t changed = 0;
    TRY(event_rule_drop(tx, name, &changed));
    if (!changed)
        return no_such_rule(tx->ctx, name);
    TRY(drop_targets(tx, &(struct bus_rule){.name = name}));
    TRY(event_tally_drop(tx, name, 0));
    return event_rule_touch(tx);
}

enum err bus_rule_get(struct tx *tx, struct str name, struct bus_rule *rule)
{
    struct event_rule_find_row row;
    struct event_target_of_rows targets;
    enum err err = event_rule_find(tx, name, &row);
    if (err)
        return err == ERR_MISSING ? no_such_rule(tx->ctx, name) : err;
    TRY(event_target_of(tx, name, BUS_TARGETS_MAX, &targets));
    struct bus_target *list = ARENA_ARRAY(tx->ctx->arena, targets.count, struct bus_target);
    if (!list)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < targets.count; i++)
        list[i] = (struct bus_target){targets.rows[i].kind, targets.rows[i].name,
                                      targets.rows[i].input};
    *rule = (struct bus_rule){.name = row.name,
                              .about = row.about,
                              .pattern = row.pattern,
                              .enabled = row.enabled,
                              .targets = list,
                              .target_count = targets.count,
                              .made_us = row.made_us,
                              .changed_us = row.changed_us};
    return ERR_OK;
}

/* Both lists are in the order of the rules' names. */
static enum err add_targets(struct tx *tx, struct str after, struct bus_rules *rules)
{
    struct event_target_page_rows targets;
    struct str last = rules->list[rules->count - 1].name;
    TRY(event_target_page(tx, after, last, (int64_t)rules->count * BUS_TARGETS_MAX, &targets));
    struct bus_target *list = ARENA_ARRAY(tx->ctx->arena, targets.count, struct bus_target);
    if (!list)
        return err_memory(&tx->ctx->err);
    size_t at = 0;
    for (size_t i = 0; i < targets.count; i++) {
        while (at < rules->count && !str_equal(rules->list[at].name, targets.rows[i].rule))
            at++;
        if (at == rules->count)
            break;
        struct bus_rule *rule = &rules->list[at];
        rule->targets = rule->target_count ? rule->targets : &list[i];
        rule->target_count++;
        list[i] = (struct bus_target){targets.rows[i].kind, targets.rows[i].name,
                                      targets.rows[i].input};
    }
    return ERR_OK;
}

enum err bus_rule_list(struct tx *tx, struct str after, int64_t limit, struct bus_rules *rules)
{
    struct event_rule_page_rows rows;
    enum { AT_ONCE = 1000 }; /* so that their targets fit into one answer */
    TRY(event_rule_page(tx, after, limit < AT_ONCE ? limit : AT_ONCE, &rows));
    *rules = (struct bus_rules){ARENA_ARRAY(tx->ctx->arena, rows.count, struct bus_rule),
                                rows.count};
    if (!rules->list)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < rows.count; i++)
        rules->list[i] = (struct bus_rule){.name = rows.rows[i].name,
                                           .about = rows.rows[i].about,
                                           .pattern = rows.rows[i].pattern,
                                           .enabled = rows.rows[i].enabled,
                                           .made_us = rows.rows[i].made_us,
                                           .changed_us = rows.rows[i].changed_us};
    return rules->count ? add_targets(tx, after, rules) : ERR_OK;
}

enum err bus_rule_keep(struct tx *tx, struct str queue, struct str pattern)
{
    const struct bus_target target = {.kind = STR("queue"), .name = queue};
    struct bus_rule rule = {.enabled = true};
    enum err err = bus_rule_get(tx, queue, &rule);
    if (err && err != ERR_MISSING)
        return err;
    if (!err && str_equal(rule.pattern, pattern))
        return ERR_OK;
    err_clear(&tx->ctx->err);
    return bus_rule_set(tx, &(struct bus_rule){.name = queue,
                                               .about = STR("What the consumer asks for."),
                                               .pattern = pattern,
                                               .enabled = rule.enabled,
                                               .targets = &target,
                                               .target_count = 1});
}
