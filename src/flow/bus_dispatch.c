/* Takes what is pending to its targets. */
#include <string.h>

#include "base/log.h"
#include "flow/bus_input.h"
#include "flow/bus_inside.h"
#include "flow/flow_sql.h"
#include "flow/queue.h"

/* Events that were emitted by a transaction that took longer are found by a whole look. */
#define SLACK_US (10 * MINUTE_US)
#define WHOLE_US MINUTE_US

enum { DEDUP_MAX = 2 * ID_TEXT_MAX + 2 };

/* What one event is to be put into; those of one event stand together, in the order of rows. */
struct parcel {
    struct bus_delivery delivery;
    uint32_t row, rule, target; /* places; of targets from 1 on */
    enum fate { UNFIT, HELD, TAKEN, FAILED } fate;
    struct parcel *next;
};

/* A rule that an event matched. */
struct match {
    uint32_t row, rule;
    struct match *next;
};

struct known_queue {
    struct str name;
    struct queue queue;
    struct known_queue *next;
};

struct batch {
    struct bus *bus;
    char after[ID_TEXT_MAX];
    int64_t version;
    struct event_pending_page_rows rows;
    struct event_replay_open_rows replays; /* where there are no rows */
    size_t taken;                          /* of the rows, the first ones */
    size_t bytes;
    struct parcel *first, **tail;
    struct match *matches;
    /* of the run of the transaction that stood */
    struct known_queue *queues;
    bool ours[BUS_TAKE_MAX];
    const struct parcel *lost_first;
    struct err_record lost_why;
};

static enum err look(struct tx *tx, void *arg)
{
    struct batch *batch = arg;
    struct event_rule_version_row version;
    TRY(event_rule_version(tx, &version));
    batch->version = version.version;
    TRY(event_pending_page(tx, str_from(batch->after), (int64_t)batch->bus->take_max,
                           &batch->rows));
    return batch->rows.count ? ERR_OK : event_replay_open(tx, 1, &batch->replays);
}

/* Most looks begin where nothing old can be, so as not to walk over what is gone and not yet
 * cleaned up. */
static void begin_behind(struct batch *batch, struct ctx *ctx)
{
    int64_t now_us = clock_tick_us(ctx->clock);
    if (batch->bus->whole_us && now_us - batch->bus->whole_us < WHOLE_US) {
        bus_event_floor(clock_now_us(ctx->clock) - SLACK_US, batch->after);
        return;
    }
    batch->after[0] = '\0';
    batch->bus->whole_us = now_us;
}

/* The reason may be written again, where the transaction runs again. */
static void lose(struct batch *batch, const struct ctx *ctx, struct parcel *parcel, enum fate fate)
{
    struct bus_sum *sum = bus_sum_of(batch->bus, parcel->rule, parcel->target);
    const char *why = ctx->err.operator[0] ? ctx->err.operator: ctx->err.user;
    parcel->fate = fate;
    bus_keep_reason(sum, str_from(why));
    if (batch->lost_first)
        return;
    batch->lost_first = parcel;
    batch->lost_why = ctx->err;
}

/* What the target will not take, however often it is tried. */
static bool is_final(enum err err)
{
    return err == ERR_MISSING || err == ERR_INPUT || err == ERR_LIMIT;
}

static enum err add_parcel(struct batch *batch, struct ctx *ctx, const struct parcel *like,
                           const struct json *event, struct str text)
{
    struct parcel *parcel = ARENA_NEW(ctx->arena, struct parcel);
    if (!parcel)
        return err_memory(&ctx->err);
    const struct bus_rule *rule = &batch->bus->now.rules.list[like->rule];
    const struct bus_target *target = &rule->targets[like->target - 1];
    const struct event_pending_page_row *row = &batch->rows.rows[like->row];
    *parcel = *like;
    parcel->delivery = (struct bus_delivery){.target = target,
                                             .rule = rule->name,
                                             .event = row->event,
                                             .type = row->type,
                                             .trace = row->trace};
    enum err err = bus_input_make(ctx, target->input, event, text, &parcel->delivery.body);
    if (is_final(err))
        lose(batch, ctx, parcel, UNFIT);
    else if (err)
        return err;
    batch->bytes += target->input.len ? parcel->delivery.body.len : 0;
    *batch->tail = parcel;
    batch->tail = &parcel->next;
    return ERR_OK;
}

static enum err add_match(struct batch *batch, struct ctx *ctx, uint32_t row, uint32_t rule)
{
    struct match *match = ARENA_NEW(ctx->arena, struct match);
    if (!match)
        return err_memory(&ctx->err);
    *match = (struct match){row, rule, batch->matches};
    batch->matches = match;
    return ERR_OK;
}

static enum err add_parcels(struct batch *batch, struct ctx *ctx, uint32_t row,
                            const struct json *event, struct str text)
{
    const struct bus_compiled *now = &batch->bus->now;
    struct str only = batch->rows.rows[row].rule;
    size_t matched = pattern_set_match(now->set, now->scratch, event);
    for (size_t i = 0; i < matched; i++) {
        uint32_t place = now->scratch->matched[i];
        const struct bus_rule *rule = &now->rules.list[place];
        if (only.len && !str_equal(only, rule->name))
            continue;
        TRY(add_match(batch, ctx, row, place));
        for (uint32_t k = 1; k <= rule->target_count; k++)
            TRY(add_parcel(batch, ctx,
                           &(struct parcel){.row = row, .rule = place, .target = k, .fate = HELD},
                           event, text));
    }
    return ERR_OK;
}

/* The event's tree lives in memory of its own, for as long as it is matched. */
static enum err match(struct batch *batch, struct ctx *ctx, uint32_t row)
{
    const struct event_pending_page_row *is = &batch->rows.rows[row];
    const struct flow_event_told told = {is->event,  is->source, is->type,
                                         is->detail, is->trace,  is->made_us};
    struct ctx own = *ctx;
    struct json *event = NULL;
    struct buf text;
    if (is->detail_null)
        return ERR_OK; /* it was replayed, and is forgotten meanwhile */
    buf_init(&text, ctx->arena, is->detail.len + FLOW_ENVELOPE_MAX);
    flow_event_write(&text, &told, is->replay);
    if (buf_err(&text))
        return err_memory(&ctx->err);
    batch->bytes += text.len;
    arena_clear(&batch->bus->trees);
    own.arena = &batch->bus->trees;
    enum err err = json_read(&own, buf_str(&text), &event);
    ctx->err = own.err;
    return err ? err : add_parcels(batch, ctx, row, event, buf_str(&text));
}

static enum err match_all(struct batch *batch, struct ctx *ctx)
{
    batch->tail = &batch->first;
    while (batch->taken < batch->rows.count && batch->bytes < BUS_BYTES_MAX) {
        TRY(match(batch, ctx, (uint32_t)batch->taken));
        batch->taken++;
    }
    return ERR_OK;
}

static enum err find_queue(struct tx *tx, struct batch *batch, struct str name,
                           const struct queue **queue)
{
    struct known_queue *known = batch->queues;
    while (known && !str_equal(known->name, name))
        known = known->next;
    if (!known) {
        known = ARENA_NEW(tx->ctx->arena, struct known_queue);
        if (!known)
            return err_memory(&tx->ctx->err);
        TRY(queue_find(tx, name, &known->queue));
        known->name = name;
        known->next = batch->queues;
        batch->queues = known;
    }
    *queue = &known->queue;
    return ERR_OK;
}

/* In a fifo queue a rule's events are a group, and each is itself: also where it goes out again. */
static enum err send_to_queue(struct tx *tx, struct batch *batch, const struct parcel *parcel)
{
    const struct bus_delivery *delivery = &parcel->delivery;
    struct queue_sending sending = QUEUE_SENDING(delivery->body);
    const struct queue *queue;
    char dedup[DEDUP_MAX];
    struct buf id;
    TRY(find_queue(tx, batch, delivery->target->name, &queue));
    sending.trace = delivery->trace;
    sending.sender = STR("bus");
    if (queue->is.fifo) {
        buf_init_fixed(&id, dedup, sizeof dedup);
        buf_add(&id, delivery->event);
        buf_add(&id, batch->rows.rows[parcel->row].replay);
        sending.group_id = delivery->rule;
        sending.dedup_id = buf_str(&id);
    }
    return queue_send(tx, queue, &sending);
}

static enum err no_such_kind(struct ctx *ctx, struct str kind)
{
    return err_fail(&ctx->err, ERR_MISSING, "There are no targets of this kind.", "kind " STR_FMT,
                    STR_ARG(kind));
}

static enum err send(struct tx *tx, struct batch *batch, const struct parcel *parcel)
{
    struct str name = parcel->delivery.target->kind;
    const struct bus_kind *kind = batch->bus->options.kinds;
    if (str_equal(name, STR("queue")))
        return send_to_queue(tx, batch, parcel);
    while (kind && kind->name && !str_equal(name, str_from(kind->name)))
        kind++;
    return kind && kind->name ? kind->send(tx, &parcel->delivery) : no_such_kind(tx->ctx, name);
}

/* The parcels of a row; `*at` is behind them afterwards. */
static enum err send_row(struct tx *tx, struct batch *batch, size_t row, struct parcel **at)
{
    for (; *at && (*at)->row == row; *at = (*at)->next) {
        if (!batch->ours[row] || (*at)->fate == UNFIT)
            continue;
        enum err err = send(tx, batch, *at);
        if (is_final(err))
            lose(batch, tx->ctx, *at, FAILED);
        else if (err)
            return err;
        else
            (*at)->fate = TAKEN;
    }
    return ERR_OK;
}

static enum err deliver(struct tx *tx, void *arg)
{
    struct batch *batch = arg;
    struct parcel *at = batch->first;
    batch->queues = NULL;
    for (size_t i = 0; i < batch->taken; i++) {
        const struct event_pending_page_row *row = &batch->rows.rows[i];
        int64_t changed = 0;
        TRY(event_pending_take(tx, row->replay, row->event, &changed));
        batch->ours[i] = changed > 0;
        TRY(send_row(tx, batch, i, &at));
    }
    return ERR_OK;
}

/* What was taken by this process, and not by another in between. */
static void sum_up(struct bus *bus, const struct batch *batch, int64_t now_us)
{
    for (const struct match *match = batch->matches; match; match = match->next) {
        struct bus_sum *sum = bus_sum_of(bus, match->rule, 0);
        sum->taken += batch->ours[match->row];
        sum->last_us = batch->ours[match->row] ? now_us : sum->last_us;
        counter_add(&bus->matches, batch->ours[match->row]);
    }
    for (const struct parcel *parcel = batch->first; parcel; parcel = parcel->next) {
        struct bus_sum *sum = bus_sum_of(bus, parcel->rule, parcel->target);
        if (!batch->ours[parcel->row])
            continue;
        bool taken = parcel->fate == TAKEN;
        sum->taken += taken;
        sum->failed += !taken;
        *(taken ? &sum->last_us : &sum->fell_us) = now_us;
        counter_add(taken ? &bus->deliveries : &bus->lost, 1);
    }
}

static void tell(struct bus *bus, struct ctx *ctx, const struct batch *batch)
{
    counter_add(&bus->events, (int64_t)batch->taken);
    sum_up(bus, batch, clock_now_us(ctx->clock));
    if (!batch->lost_first || !batch->ours[batch->lost_first->row])
        return;
    const struct bus_delivery *delivery = &batch->lost_first->delivery;
    ctx->err = batch->lost_why;
    log_failure_rarely(ctx, "an event could not go to a target");
    log_info(ctx, "an event stays in the archive", field_str("rule", delivery->rule),
             field_str("target", delivery->target->name), field_str("id", delivery->event));
    err_clear(&ctx->err);
}

static void tally(struct bus *bus, struct ctx *ctx)
{
    if (bus_tally_write(bus, ctx, false))
        log_failure_rarely(ctx, "what became of events was not written");
    err_clear(&ctx->err);
}

static enum err dispatch(struct bus *bus, struct ctx *ctx, size_t *taken)
{
    struct batch batch = {.bus = bus};
    begin_behind(&batch, ctx);
    tally(bus, ctx);
    TRY(db_read(bus->options.db, ctx, look, &batch));
    if (!batch.rows.count)
        return batch.replays.count ? bus_replay_step(bus, ctx, taken) : ERR_OK;
    TRY(bus_rules_refresh(bus, ctx, batch.version));
    TRY(match_all(&batch, ctx));
    TRY(db_write(bus->options.db, ctx, deliver, &batch));
    tell(bus, ctx, &batch);
    *taken = batch.taken;
    return ERR_OK;
}

static enum err take_first(struct tx *tx, void *arg)
{
    struct batch *batch = arg;
    const struct event_pending_page_row *row = &batch->rows.rows[0];
    return event_pending_take(tx, row->replay, row->event, NULL);
}

/* The first event fails by itself, time and again: the others no longer wait for it. */
static enum err set_aside(struct bus *bus, struct ctx *ctx)
{
    struct batch batch = {.bus = bus};
    log_failure(ctx, "an event cannot be matched");
    TRY(db_read(bus->options.db, ctx, look, &batch));
    if (!batch.rows.count)
        return ERR_OK;
    TRY(db_write(bus->options.db, ctx, take_first, &batch));
    counter_add(&bus->lost, 1);
    log_error(ctx, "an event was set aside", field_str("id", batch.rows.rows[0].event));
    return ERR_OK;
}

/* Whether the fault is with what was taken, and not with the database. */
static bool is_of_event(enum err err)
{
    return err != ERR_IO && err != ERR_PEER && err != ERR_BUSY && err != ERR_TIMEOUT;
}

/* After a failure it takes fewer at a time, until it is at the one that fails. */
static void learn(struct bus *bus, struct ctx *ctx, enum err err)
{
    bool alone = bus->take_max == 1;
    bus->take_max = err ? bus->take_max / 2 : bus->take_max * 2;
    if (bus->take_max < 1 || bus->take_max > BUS_TAKE_MAX)
        bus->take_max = err ? 1 : BUS_TAKE_MAX;
    bus->failures = err && alone && is_of_event(err) ? bus->failures + 1 : 0;
    if (bus->failures < BUS_TRIES_MAX)
        return;
    bus->failures = 0;
    if (set_aside(bus, ctx))
        log_failure(ctx, "an event could not be set aside");
}

enum err bus_dispatch(struct bus *bus, struct ctx *ctx, size_t *taken)
{
    struct arena_mark mark = arena_mark(ctx->arena);
    *taken = 0;
    pthread_mutex_lock(&bus->working);
    enum err err = dispatch(bus, ctx, taken);
    arena_rewind(ctx->arena, mark);
    learn(bus, ctx, err);
    pthread_mutex_unlock(&bus->working);
    return err;
}
