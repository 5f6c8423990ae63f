/* What a process sees of the bus by itself, whoever runs it: how long events wait, which targets
 * fail, and that there are new events, for the pages that are open. */
#include <string.h>

#include "flow/bus_inside.h"
#include "flow/flow_inside.h"
#include "flow/flow_sql.h"
#include "web/events.h"

#define TELL_EVERY_US SECOND_US

enum { REPLAYS_COUNTED_MAX = 100 };

struct state {
    int64_t oldest_us, failing, replays;
};

enum err bus_oldest(struct tx *tx, int64_t *made_us)
{
    struct event_pending_oldest_rows rows;
    struct id id;
    *made_us = 0;
    TRY(event_pending_oldest(tx, 1, &rows));
    if (rows.count && !id_parse(rows.rows[0].event, "evt", &id))
        *made_us = id_time_us(id);
    return ERR_OK;
}

static enum err read_state(struct tx *tx, void *arg)
{
    struct state *state = arg;
    struct event_tally_failing_row failing;
    struct event_replay_open_rows replays;
    TRY(bus_oldest(tx, &state->oldest_us));
    TRY(event_tally_failing(tx, &failing));
    TRY(event_replay_open(tx, REPLAYS_COUNTED_MAX, &replays));
    state->failing = failing.failing;
    state->replays = (int64_t)replays.count;
    return ERR_OK;
}

static void set(struct counter *counter, int64_t value)
{
    counter_add(counter, value - counter_value(counter));
}

void flow_look_at_bus(struct flow *flow, struct ctx *ctx)
{
    struct state state = {0};
    if (db_read(flow->db, ctx, read_state, &state)) {
        log_failure_rarely(ctx, "the bus cannot be looked at");
        return;
    }
    int64_t age_us = state.oldest_us ? clock_now_us(flow->clock) - state.oldest_us : 0;
    bool late = age_us > BUS_LATE_S * SECOND_US;
    if (late && !flow->late)
        log_warn(ctx, "events wait for long", field_int("seconds", age_us / SECOND_US));
    if (state.failing > counter_value(&flow->failing))
        log_warn(ctx, "a target of a rule fails", field_int("targets", state.failing));
    flow->late = late;
    set(&flow->event_s, age_us > 0 ? age_us / SECOND_US : 0);
    set(&flow->failing, state.failing);
    set(&flow->replays, state.replays);
}

/* What changes with each event, and with each step of a replay. */
struct news {
    char text[2 * ID_TEXT_MAX];
};

static enum err read_news(struct tx *tx, void *arg)
{
    struct news *news = arg;
    struct event_row_newest_rows newest;
    struct event_replay_open_rows replays;
    struct buf out;
    TRY(event_row_newest(tx, 1, &newest));
    TRY(event_replay_open(tx, 1, &replays));
    buf_init_fixed(&out, news->text, sizeof news->text - 1);
    buf_add(&out, newest.count ? newest.rows[0].id : STR(""));
    buf_add(&out, replays.count ? replays.rows[0].at : STR(""));
    news->text[out.len] = '\0';
    return ERR_OK;
}

/* The channel goes before the server does: it is held meanwhile. */
void flow_tell_of_events(struct flow *flow, struct ctx *ctx)
{
    struct news news = {{0}};
    int64_t tick_us = clock_tick_us(flow->clock);
    pthread_mutex_lock(&flow->lock);
    bool due = flow->channel && tick_us >= flow->tell_us;
    pthread_mutex_unlock(&flow->lock);
    if (!due)
        return;
    flow->tell_us = tick_us + TELL_EVERY_US;
    if (db_read(flow->db, ctx, read_news, &news) || !strcmp(news.text, flow->told))
        return;
    memcpy(flow->told, news.text, sizeof flow->told);
    pthread_mutex_lock(&flow->lock);
    enum err err = flow->channel ? events_publish(ctx, flow->channel, STR("event"), STR("new"))
                                 : ERR_OK;
    pthread_mutex_unlock(&flow->lock);
    if (err)
        log_failure_rarely(ctx, "who watches the bus was not told");
}

void flow_tell(struct flow *flow, struct events *events)
{
    pthread_mutex_lock(&flow->lock);
    flow->channel = events ? events_channel(events, STR(FLOW_CHANNEL)) : NULL;
    pthread_mutex_unlock(&flow->lock);
}
