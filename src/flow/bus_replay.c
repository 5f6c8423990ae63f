/* Replays of the archive, and what is forgotten of it. */
#include "flow/bus_inside.h"
#include "flow/flow_sql.h"

enum { MS_US = 1000 };

void bus_event_floor(int64_t time_us, char text[ID_TEXT_MAX])
{
    int64_t ms = time_us > 0 ? (time_us + MS_US - 1) / MS_US : 0;
    id_format((struct id){.high = (uint64_t)ms << 16}, "evt", text);
}

enum err bus_replay(struct tx *tx, struct bus_replay *replay)
{
    char from[ID_TEXT_MAX], until[ID_TEXT_MAX];
    struct bus_rule rule;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    if (replay->from_us < 0 || replay->from_us >= replay->until_us)
        return err_input(&tx->ctx->err, "until", "must be later than the beginning");
    if (replay->rule.len)
        TRY(bus_rule_get(tx, replay->rule, &rule));
    bus_event_floor(replay->from_us, from);
    bus_event_floor(replay->until_us < now_us ? replay->until_us : now_us, until);
    id_format(id_new(tx->ctx->ids), "rpl", replay->id);
    tx_note(tx, FLOW_NOTE);
    return event_replay_add(tx, str_from(replay->id), replay->rule, str_from(from), str_from(until),
                            now_us);
}

/* In one transaction: those that follow are pending, and the replay is behind them. */
static enum err step(struct tx *tx, void *arg)
{
    struct event_replay_open_rows open;
    struct event_row_between_rows events;
    int64_t changed = 0, now_us = clock_now_us(tx->ctx->clock);
    size_t *moved = arg;
    *moved = 0;
    TRY(event_replay_open(tx, 1, &open));
    if (!open.count)
        return ERR_OK;
    const struct event_replay_open_row *replay = &open.rows[0];
    TRY(event_row_between(tx, replay->at, replay->last, BUS_REPLAY_STEP, &events));
    for (size_t i = 0; i < events.count; i++)
        TRY(event_pending_add(tx, replay->id, events.rows[i].id, replay->rule, NULL));
    struct str at = events.count ? events.rows[events.count - 1].id : replay->at;
    TRY(event_replay_move(tx, replay->id, replay->at, at, (int64_t)events.count,
                          events.count ? NULL : &now_us, &changed));
    *moved = events.count + 1;
    return ERR_OK;
}

enum err bus_replay_step(struct bus *bus, struct ctx *ctx, size_t *moved)
{
    return db_write(bus->options.db, ctx, step, moved);
}

struct sweep {
    char until[ID_TEXT_MAX];
    int64_t forgotten;
};

static enum err forget(struct tx *tx, void *arg)
{
    struct sweep *sweep = arg;
    return event_row_forget(tx, str_from(sweep->until), BUS_SWEEP_MAX, &sweep->forgotten);
}

enum err bus_sweep(struct bus *bus, struct ctx *ctx, int64_t *forgotten)
{
    struct sweep sweep = {0};
    int64_t days = bus->options.kept_days ? bus->options.kept_days : BUS_KEPT_DAYS;
    bus_event_floor(clock_now_us(ctx->clock) - days * DAY_US, sweep.until);
    TRY(db_write(bus->options.db, ctx, forget, &sweep));
    *forgotten = sweep.forgotten;
    return ERR_OK;
}
