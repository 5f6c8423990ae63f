/* The commands queue, emit, rule and schedule: a verb each is a function in one transaction. */
#include <string.h>

#include "app/commands_table.h"
#include "app/database.h"
#include "flow/bus.h"
#include "flow/queue.h"
#include "flow/schedule.h"
#include "ports/db/migrate.h"

enum { LIST_MAX = 1000 };

/* What a verb is given. One that has more to do than a transaction may says so with `again`. */
struct call {
    struct app *app;
    const struct verb *verb;
    struct str words[4]; /* behind the verb; empty where there is none */
    struct buf out;      /* what is said once it is committed; in an arena of its own */
    int64_t before, now; /* messages that were moved: by transactions before, and by this one */
    bool again;
};

struct verb {
    const char *name;
    int words_min, words_max;
    enum err (*run)(struct tx *tx, struct call *call);
};

static void add_age(struct buf *out, int64_t age_us)
{
    if (age_us < 0)
        buf_add(out, STR("-"));
    else
        buf_addf(out, "%lld s", (long long)(age_us / SECOND_US));
}

static enum err list_queue(struct tx *tx, struct buf *out, const struct queue *queue)
{
    struct queue_counts counts;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    TRY(queue_count(tx, queue, &counts));
    buf_addf(out, STR_FMT ": %lld wait, %lld in flight, %lld later; the oldest waits ",
             STR_ARG(queue->is.name), (long long)counts.visible, (long long)counts.in_flight,
             (long long)counts.delayed);
    add_age(out, counts.oldest_us ? now_us - counts.oldest_us : -1);
    buf_addc(out, '\n');
    return ERR_OK;
}

static enum err list_queues(struct tx *tx, struct call *call)
{
    struct queue_list found;
    struct buf *out = &call->out;
    TRY(queue_list(tx, STR(""), STR(""), LIST_MAX, &found));
    for (size_t i = 0; i < found.count; i++)
        TRY(list_queue(tx, out, &found.list[i]));
    if (!found.count)
        buf_add(out, STR("There is no queue yet.\n"));
    return ERR_OK;
}

static enum err make_queue(struct tx *tx, struct call *call)
{
    struct queue_options options = queue_usual;
    struct queue queue;
    options.name = call->words[0];
    options.fifo = str_ends(options.name, STR(".fifo"));
    TRY(queue_make(tx, &options, &queue));
    buf_addf(&call->out, "The queue " STR_FMT " is there, its dead letters go to " STR_FMT ".\n",
             STR_ARG(queue.is.name), STR_ARG(queue.is.dead));
    return ERR_OK;
}

/* In a fifo queue what a command sends is one group; the id makes it no duplicate of another. */
static enum err send_message(struct tx *tx, struct call *call)
{
    struct queue queue;
    struct queue_sending sending = QUEUE_SENDING(call->words[1]);
    char once[ID_TEXT_MAX];
    TRY(queue_find(tx, call->words[0], &queue));
    if (queue.is.fifo) {
        id_format(id_new(tx->ctx->ids), "cmd", once);
        sending.group_id = STR("command");
        sending.dedup_id = str_from(once);
    }
    TRY(queue_send(tx, &queue, &sending));
    buf_addf(&call->out, "%s\n", sending.id);
    return ERR_OK;
}

static enum err take_message(struct tx *tx, struct call *call)
{
    struct queue queue;
    struct queue_messages got;
    struct buf *out = &call->out;
    TRY(queue_find(tx, call->words[0], &queue));
    TRY(queue_receive(tx, &queue, &(struct queue_want){.max = 1, .visibility_s = QUEUE_DEFAULT},
                      &got));
    if (!got.count)
        return err_fail(&tx->ctx->err, ERR_MISSING, "Nothing waits in this queue.", "%s", "");
    buf_add(out, got.list[0].body);
    buf_addc(out, '\n');
    return queue_delete(tx, &queue, &got.list[0].receipt);
}

/* The queue itself, or the one that takes its dead letters. */
static enum err find_dead(struct tx *tx, struct str name, struct queue *queue)
{
    struct str dead;
    TRY(queue_find(tx, name, queue));
    dead = queue->is.dead;
    return dead.len ? queue_find(tx, dead, queue) : ERR_OK;
}

static enum err list_dead(struct tx *tx, struct call *call)
{
    struct queue queue;
    struct queue_deads found;
    struct buf *out = &call->out;
    TRY(find_dead(tx, call->words[0], &queue));
    TRY(queue_dead_list(tx, &queue, 0, LIST_MAX, &found));
    for (size_t i = 0; i < found.count; i++) {
        const struct queue_dead *dead = &found.list[i];
        char failed_at[CLOCK_TEXT_MAX];
        clock_format(dead->failed_us, failed_at);
        buf_addf(out,
                 "%lld  of " STR_FMT ", after %lld times, %.19s: " STR_FMT "\n    " STR_FMT "\n",
                 (long long)dead->number, STR_ARG(dead->source), (long long)dead->receives,
                 failed_at, STR_ARG(dead->reason), STR_ARG(dead->body));
    }
    if (!found.count)
        buf_addf(out, "No dead letter is in " STR_FMT ".\n", STR_ARG(queue.is.name));
    return ERR_OK;
}

static enum err redrive(struct tx *tx, struct call *call)
{
    struct queue queue;
    int64_t number = 0, all;
    if (call->words[1].len && str_to_int(call->words[1], 1, INT64_MAX, &number))
        return err_input(&tx->ctx->err, "NUMBER", "must be that of a dead letter");
    TRY(find_dead(tx, call->words[0], &queue));
    TRY(queue_redrive(tx, &queue, number, &call->now));
    call->again = !number && call->now == QUEUE_SWEEP_MAX;
    all = call->before + call->now;
    buf_addf(&call->out, "%lld sent back.\n", (long long)all);
    return ERR_OK;
}

static enum err purge(struct tx *tx, struct call *call)
{
    struct queue queue;
    int64_t all;
    TRY(queue_find(tx, call->words[0], &queue));
    TRY(queue_purge(tx, &queue, &call->now));
    call->again = call->now == QUEUE_SWEEP_MAX;
    all = call->before + call->now;
    buf_addf(&call->out, "%lld removed.\n", (long long)all);
    return ERR_OK;
}

static enum err emit(struct tx *tx, struct call *call)
{
    struct flow_event event = {
        .source = STR("command"), .type = call->words[0], .detail = call->words[1]};
    TRY(flow_emit(tx, &event));
    buf_addf(&call->out, "%s\n", event.id);
    return ERR_OK;
}

static enum err list_rules(struct tx *tx, struct call *call)
{
    struct bus_rules found;
    struct buf *out = &call->out;
    TRY(bus_rule_list(tx, STR(""), LIST_MAX, &found));
    for (size_t i = 0; i < found.count; i++) {
        const struct bus_rule *rule = &found.list[i];
        buf_addf(out, STR_FMT "%s: " STR_FMT "\n", STR_ARG(rule->name),
                 rule->enabled ? "" : " (off)", STR_ARG(rule->pattern));
        for (size_t k = 0; k < rule->target_count; k++)
            buf_addf(out, "    to the " STR_FMT " " STR_FMT "\n", STR_ARG(rule->targets[k].kind),
                     STR_ARG(rule->targets[k].name));
    }
    if (!found.count)
        buf_add(out, STR("There is no rule yet.\n"));
    return ERR_OK;
}

static enum err set_rule(struct tx *tx, struct call *call)
{
    const struct bus_target target = {.kind = STR("queue"), .name = call->words[2]};
    const struct bus_rule rule = {.name = call->words[0],
                                  .pattern = call->words[1],
                                  .enabled = true,
                                  .targets = &target,
                                  .target_count = 1};
    struct queue queue;
    TRY(queue_find(tx, call->words[2], &queue));
    TRY(bus_rule_set(tx, &rule));
    buf_addf(&call->out, "What matches goes to " STR_FMT " from now on.\n",
             STR_ARG(call->words[2]));
    return ERR_OK;
}

static enum err drop_rule(struct tx *tx, struct call *call)
{
    TRY(bus_rule_drop(tx, call->words[0]));
    buf_addf(&call->out, "The rule " STR_FMT " is gone.\n", STR_ARG(call->words[0]));
    return ERR_OK;
}

static void add_schedule(struct buf *out, const struct schedule *schedule)
{
    char due[CLOCK_TEXT_MAX] = "";
    if (schedule->due_us)
        clock_format(schedule->due_us, due);
    buf_addf(out, STR_FMT ": " STR_FMT " " STR_FMT ", to the %s " STR_FMT ", ",
             STR_ARG(schedule->is.name), STR_ARG(schedule->is.expression),
             STR_ARG(schedule->is.zone), schedule->is.to_event ? "event" : "queue",
             STR_ARG(schedule->is.address));
    buf_addf(out, "%s%s\n",
             schedule->paused   ? "paused"
             : schedule->due_us ? "next "
                                : "never again",
             due);
    if (schedule->trouble.len)
        buf_addf(out, "    " STR_FMT "\n", STR_ARG(schedule->trouble));
}

static enum err list_schedules(struct tx *tx, struct call *call)
{
    struct schedule_list found;
    TRY(schedule_list(tx, STR(""), LIST_MAX, &found));
    for (size_t i = 0; i < found.count; i++)
        add_schedule(&call->out, &found.list[i]);
    if (!found.count)
        buf_add(&call->out, STR("There is no schedule yet.\n"));
    return ERR_OK;
}

/* As it is now, after each change. */
static enum err tell_schedule(struct tx *tx, struct call *call)
{
    struct schedule schedule;
    TRY(schedule_find(tx, call->words[0], &schedule));
    add_schedule(&call->out, &schedule);
    return ERR_OK;
}

static enum err set_schedule(struct tx *tx, struct call *call)
{
    struct queue queue;
    const struct schedule_options options = {.name = call->words[0],
                                             .expression = call->words[1],
                                             .address = call->words[2],
                                             .zone = call->words[3]};
    TRY(queue_find(tx, options.address, &queue));
    TRY(schedule_put(tx, &options));
    return tell_schedule(tx, call);
}

static enum err pause_schedule(struct tx *tx, struct call *call)
{
    TRY(schedule_pause(tx, call->words[0]));
    return tell_schedule(tx, call);
}

static enum err resume_schedule(struct tx *tx, struct call *call)
{
    TRY(schedule_resume(tx, call->words[0]));
    return tell_schedule(tx, call);
}

static enum err run_schedule(struct tx *tx, struct call *call)
{
    TRY(schedule_run_now(tx, call->words[0]));
    return tell_schedule(tx, call);
}

static enum err drop_schedule(struct tx *tx, struct call *call)
{
    TRY(schedule_delete(tx, call->words[0]));
    buf_addf(&call->out, "The schedule " STR_FMT " is gone.\n", STR_ARG(call->words[0]));
    return ERR_OK;
}

/* A fn may run again: what it said before is taken back. */
static enum err run_in_tx(struct tx *tx, void *arg)
{
    struct call *call = arg;
    buf_clear(&call->out);
    return call->verb->run(tx, call);
}

static enum err run_verb(struct call *call, struct db *db)
{
    struct app *app = call->app;
    struct migrate_plan *steps = ARENA_NEW(&app->arena, struct migrate_plan);
    if (!steps)
        return err_memory(&app->ctx.err);
    TRY(migrate_run(db, &app->ctx, steps));
    do {
        call->again = false;
        call->before += call->now;
        TRY(db_write(db, &app->ctx, run_in_tx, call));
    } while (call->again); /* each takes some of what is there */
    buf_add(&app->out, buf_str(&call->out));
    return buf_err(&call->out);
}

/* What a fn says outlives it, and its context's arena is put back when it runs again. */
static enum err open_and_run(struct call *call)
{
    struct app *app = call->app;
    struct arena arena;
    struct db *db;
    TRY(database_open(app, NULL, &db));
    arena_init(&arena, (size_t)APP_OUTPUT_MAX * 2);
    buf_init(&call->out, &arena, APP_OUTPUT_MAX);
    enum err err = run_verb(call, db);
    arena_release(&arena);
    db_close(db);
    return err;
}

/* The row of `verbs` that the first word names; a row without a name takes any. */
static enum err run_one(struct app *app, const struct arguments *arguments,
                        const struct verb verbs[])
{
    const char *said = arguments->words[0];
    for (const struct verb *verb = verbs; verb->run; verb++) {
        struct call call = {.app = app, .verb = verb};
        int skipped = verb->name != NULL, count = arguments->word_count - skipped;
        if (verb->name && strcmp(said, verb->name) != 0)
            continue;
        if (count < verb->words_min || count > verb->words_max)
            break;
        for (int i = 0; i < count; i++)
            call.words[i] = str_from(arguments->words[i + skipped]);
        return open_and_run(&call);
    }
    return err_input(&app->ctx.err, arguments->command->name, "usage: stoa %s",
                     arguments->command->usage);
}

enum err command_queue(struct app *app, const struct arguments *arguments)
{
    static const struct verb verbs[] = {
        {"list", 0, 0, list_queues},  {"make", 1, 1, make_queue},
        {"send", 2, 2, send_message}, {"take", 1, 1, take_message},
        {"dead", 1, 1, list_dead},    {"redrive", 1, 2, redrive},
        {"purge", 1, 1, purge},       {0},
    };
    return run_one(app, arguments, verbs);
}

enum err command_emit(struct app *app, const struct arguments *arguments)
{
    static const struct verb verbs[] = {{NULL, 2, 2, emit}, {0}};
    return run_one(app, arguments, verbs);
}

enum err command_rule(struct app *app, const struct arguments *arguments)
{
    static const struct verb verbs[] = {
        {"list", 0, 0, list_rules}, {"set", 3, 3, set_rule}, {"drop", 1, 1, drop_rule}, {0}};
    return run_one(app, arguments, verbs);
}

enum err command_schedule(struct app *app, const struct arguments *arguments)
{
    static const struct verb verbs[] = {
        {"list", 0, 0, list_schedules},
        {"set", 3, 4, set_schedule},
        {"pause", 1, 1, pause_schedule},
        {"resume", 1, 1, resume_schedule},
        {"run", 1, 1, run_schedule},
        {"drop", 1, 1, drop_schedule},
        {0},
    };
    return run_one(app, arguments, verbs);
}
