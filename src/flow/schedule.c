/* Schedules as things: put, paused, resumed, deleted, listed. */
#include "flow/schedule.h"

#include <string.h>

#include "base/hash.h"
#include "flow/flow_sql.h"
#include "flow/schedule_inside.h"

const char *const schedule_missed_names[] = {"once", "all", "skip", NULL};

static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_' || c == '.'))
            return false;
    }
    return name.len > 0 && name.len <= SCHEDULE_NAME_MAX;
}

static bool is_text(struct str text)
{
    return str_is_utf8(text) && str_find_char(text, '\0') == STR_NONE;
}

static enum err check(struct ctx *ctx, const struct schedule_options *options)
{
    if (!is_name(options->name))
        return err_input(&ctx->err, "name", "must be of 1 to %d letters, digits, - _ and .",
                         SCHEDULE_NAME_MAX);
    if (!options->address.len || options->address.len > SCHEDULE_ADDRESS_MAX ||
        !is_text(options->address))
        return err_input(
            &ctx->err, "address",
            "must be the name of a queue, or the type of an event, of at most %d bytes",
            SCHEDULE_ADDRESS_MAX);
    if (options->body.len > SCHEDULE_BODY_MAX || !is_text(options->body))
        return err_input(&ctx->err, "body", "must be text of at most %d bytes", SCHEDULE_BODY_MAX);
    if (options->jitter_s < 0 || options->jitter_s > SCHEDULE_JITTER_MAX_S)
        return err_input(&ctx->err, "jitter", "must be from 0 to %d seconds",
                         SCHEDULE_JITTER_MAX_S);
    return ERR_OK;
}

enum err schedule_plan_open(struct ctx *ctx, const struct schedule *schedule,
                            struct schedule_plan *plan)
{
    struct str zone = schedule->is.zone;
    TRY(cron_parse(ctx, "expression", schedule->is.expression, &plan->cron));
    TRY(zone_open(ctx, "zone", zone.len ? zone : STR("UTC"), &plan->zone));
    plan->cron.anchor_us = schedule->anchor_us;
    return ERR_OK;
}

/* By lot, and the same for whoever asks. */
static int64_t jitter_us(const struct schedule *schedule)
{
    static const struct hash_key key = {0, 0};
    char bytes[SCHEDULE_NAME_MAX + sizeof schedule->due_us];
    uint64_t below = (uint64_t)(schedule->is.jitter_s * SECOND_US) + 1;
    struct str name = schedule->is.name;
    memcpy(bytes, &schedule->due_us, sizeof schedule->due_us);
    memcpy(bytes + sizeof schedule->due_us, name.ptr, name.len);
    return (int64_t)(hash_str(&key, str_make(bytes, sizeof schedule->due_us + name.len)) % below);
}

void schedule_plan_move(const struct schedule_plan *plan, struct schedule *schedule,
                        int64_t after_us)
{
    schedule->due_us = 0;
    schedule->wake_us = SCHEDULE_NEVER_US;
    if (cron_next(&plan->cron, plan->zone, after_us, &schedule->due_us))
        schedule->wake_us = schedule->due_us + jitter_us(schedule);
    else
        schedule->due_us = 0;
}

static enum schedule_missed missed_of(struct str name)
{
    for (int i = 0; schedule_missed_names[i]; i++)
        if (str_equal(name, str_from(schedule_missed_names[i])))
            return (enum schedule_missed)i;
    return SCHEDULE_ONCE;
}

/* The two queries that give schedules give the same columns. */
#define SCHEDULE_OF(row)                                           \
    ((struct schedule){.is = {.name = (row)->name,                 \
                              .expression = (row)->expression,     \
                              .zone = (row)->zone,                 \
                              .address = (row)->address,           \
                              .to_event = (row)->to_event,         \
                              .body = (row)->body,                 \
                              .jitter_s = (row)->jitter,           \
                              .missed = missed_of((row)->missed)}, \
                       .paused = (row)->paused,                    \
                       .declared = (row)->declared,                \
                       .anchor_us = (row)->anchor_us,              \
                       .due_us = (row)->due_us,                    \
                       .wake_us = (row)->wake_us,                  \
                       .last_us = (row)->last_us,                  \
                       .made_us = (row)->made_us,                  \
                       .moved_us = (row)->moved_us,                \
                       .trouble = (row)->trouble})

static enum err look_for(struct tx *tx, struct str name, struct schedule *schedule, bool *found)
{
    struct schedule_row_find_rows rows;
    TRY(schedule_row_find(tx, name, &rows));
    *found = rows.count > 0;
    if (*found)
        *schedule = SCHEDULE_OF(&rows.rows[0]);
    return ERR_OK;
}

enum err schedule_find(struct tx *tx, struct str name, struct schedule *schedule)
{
    bool found = false;
    TRY(look_for(tx, name, schedule, &found));
    if (found)
        return ERR_OK;
    return err_fail(&tx->ctx->err, ERR_MISSING, "There is no such schedule.",
                    "no schedule \"" STR_FMT "\"", STR_ARG(name));
}

enum err schedule_list(struct tx *tx, struct str after, int64_t limit, struct schedule_list *found)
{
    struct schedule_row_list_rows rows;
    TRY(schedule_row_list(tx, after, limit, &rows));
    found->count = rows.count;
    found->list = ARENA_ARRAY(tx->ctx->arena, rows.count, struct schedule);
    if (!found->list)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < rows.count; i++)
        found->list[i] = SCHEDULE_OF(&rows.rows[i]);
    return ERR_OK;
}

static enum err check_end(struct ctx *ctx, const struct schedule *schedule)
{
    if (schedule->due_us || schedule->declared)
        return ERR_OK;
    return err_input(&ctx->err, "expression", "must name a time that is still to come");
}

/* What stays as it was goes on, unless a clock planned it that was wrong; a run that was put off is
 * put off by the new jitter. */
static enum err plan_anew(struct ctx *ctx, struct schedule *schedule, const struct schedule *before)
{
    struct schedule_plan plan;
    int64_t now_us = clock_now_us(ctx->clock);
    bool goes_on = before && before->moved_us <= now_us + SCHEDULE_AHEAD_S * SECOND_US &&
                   str_equal(before->is.expression, schedule->is.expression) &&
                   str_equal(before->is.zone, schedule->is.zone);
    schedule->anchor_us = goes_on ? before->anchor_us : now_us;
    TRY(schedule_plan_open(ctx, schedule, &plan));
    schedule_plan_move(&plan, schedule, goes_on && before->due_us ? before->due_us - 1 : now_us);
    return check_end(ctx, schedule);
}

/* Neither due nor woken. */
static void stop(struct schedule *schedule)
{
    schedule->paused = true;
    schedule->due_us = 0;
    schedule->wake_us = SCHEDULE_NEVER_US;
}

static enum err put(struct tx *tx, const struct schedule_options *options, bool declared)
{
    struct schedule schedule = {.is = *options, .declared = declared}, before = {.paused = false};
    bool found = false;
    TRY(check(tx->ctx, options));
    TRY(look_for(tx, options->name, &before, &found));
    schedule.declared = declared || before.declared;
    TRY(plan_anew(tx->ctx, &schedule, found ? &before : NULL));
    if (before.paused)
        stop(&schedule);
    return (found ? schedule_row_set : schedule_row_add)(
        tx, options->name, options->expression, options->zone, options->to_event, options->address,
        options->body, options->jitter_s, str_from(schedule_missed_names[options->missed]),
        schedule.declared, schedule.anchor_us, schedule.due_us, schedule.wake_us,
        clock_now_us(tx->ctx->clock));
}

enum err schedule_put(struct tx *tx, const struct schedule_options *options)
{
    return put(tx, options, false);
}

enum err schedule_declare(struct tx *tx, const struct schedule_options table[])
{
    for (size_t i = 0; table[i].name.len; i++)
        TRY(put(tx, &table[i], true));
    return ERR_OK;
}

enum err schedule_pause(struct tx *tx, struct str name)
{
    struct schedule schedule = {.paused = false};
    TRY(schedule_find(tx, name, &schedule));
    stop(&schedule);
    return schedule_row_pause(tx, name, true, schedule.due_us, schedule.wake_us,
                              clock_now_us(tx->ctx->clock));
}

enum err schedule_resume(struct tx *tx, struct str name)
{
    struct schedule schedule = {.paused = false};
    struct schedule_plan plan;
    TRY(schedule_find(tx, name, &schedule));
    if (!schedule.paused)
        return ERR_OK;
    TRY(schedule_plan_open(tx->ctx, &schedule, &plan));
    schedule_plan_move(&plan, &schedule, clock_now_us(tx->ctx->clock));
    TRY(check_end(tx->ctx, &schedule));
    return schedule_row_pause(tx, name, false, schedule.due_us, schedule.wake_us,
                              clock_now_us(tx->ctx->clock));
}

enum err schedule_delete(struct tx *tx, struct str name)
{
    struct schedule schedule = {.declared = false};
    TRY(schedule_find(tx, name, &schedule));
    if (schedule.declared)
        return err_fail(&tx->ctx->err, ERR_CONFLICT,
                        "This schedule belongs to the program. It can be paused.",
                        "schedule \"" STR_FMT "\" is declared", STR_ARG(name));
    return schedule_row_drop(tx, name);
}

enum err schedule_keep(struct tx *tx, const struct schedule *schedule)
{
    if (!schedule->due_us && !schedule->declared)
        return schedule_row_drop(tx, schedule->is.name);
    return schedule_row_move(tx, schedule->is.name, schedule->due_us, schedule->wake_us,
                             schedule->last_us, schedule->trouble, clock_now_us(tx->ctx->clock));
}

enum err schedule_runs(struct ctx *ctx, const struct schedule *schedule, int64_t after_us,
                       int64_t runs_us[], size_t max, size_t *count)
{
    struct schedule_plan plan;
    TRY(schedule_plan_open(ctx, schedule, &plan));
    *count = cron_runs(&plan.cron, plan.zone, after_us, runs_us, max);
    return ERR_OK;
}
