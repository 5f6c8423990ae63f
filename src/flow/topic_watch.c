/* How topics fare: what is counted, what is forgotten. */
#include "flow/topic_watch.h"

#include "base/log.h"
#include "flow/topic_inside.h"

static const char *const carried[] = {"email", "sms", "webhook"};

static const struct histogram_shape durations = {
    .kind = HISTOGRAM_SECONDS,
    .name = "flow_delivery_duration_seconds",
    .help = "Tries of deliveries: mails, short messages and calls of webhooks.",
    .label = "channel",
    .values = carried,
    .count = TOPIC_CARRIED,
};

void topic_counters_register(struct topic_counters *counters, struct counter_registry *registry)
{
    const struct {
        struct counter *counter;
        enum counter_kind kind;
        const char *name, *help;
    } rows[] = {
        {&counters->sent[TOPIC_EMAIL], COUNTER_TOTAL, "flow_emails_sent_total",
         "Notices that went out by mail."},
        {&counters->sent[TOPIC_SMS], COUNTER_TOTAL, "flow_sms_sent_total",
         "Notices that went out by short message."},
        {&counters->sent[TOPIC_WEBHOOK], COUNTER_TOTAL, "flow_webhooks_sent_total",
         "Notices that a webhook took."},
        {&counters->failed[TOPIC_EMAIL], COUNTER_TOTAL, "flow_emails_failed_total",
         "Notices that could not go out by mail, for good."},
        {&counters->failed[TOPIC_SMS], COUNTER_TOTAL, "flow_sms_failed_total",
         "Notices that could not go out by short message, for good."},
        {&counters->failed[TOPIC_WEBHOOK], COUNTER_TOTAL, "flow_webhooks_failed_total",
         "Notices that a webhook did not take, for good."},
        {&counters->retries, COUNTER_TOTAL, "flow_delivery_retries_total",
         "Tries that failed and are made again."},
        {&counters->failing, COUNTER_LEVEL, "flow_webhooks_failing",
         "Webhooks that did not take the last notice."},
        {&counters->shut, COUNTER_LEVEL, "flow_webhooks_shut",
         "Webhooks that failed too often in a row, and are left alone for a while."},
        {&counters->waiting_s, COUNTER_LEVEL, "flow_delivery_oldest_seconds",
         "How long the oldest notice that did not arrive has been on its way."},
    };
    for (size_t i = 0; registry && i < sizeof rows / sizeof *rows; i++)
        counter_register(registry, rows[i].counter, rows[i].kind, rows[i].name, rows[i].help);
    if (registry)
        histogram_register(registry, &counters->durations, &durations, counters->cells);
}

void topic_counters_note(struct topic_counters *counters, enum topic_channel channel,
                         const char *state, int64_t took_us)
{
    struct str is = str_from(state);
    histogram_observe(&counters->durations, (size_t)channel, took_us);
    if (str_equal(is, STR("sent")))
        counter_add(&counters->sent[channel], 1);
    else if (str_equal(is, STR("failed")))
        counter_add(&counters->failed[channel], 1);
    else
        counter_add(&counters->retries, 1);
}

enum err topic_look(struct tx *tx, struct topic_state *state)
{
    struct topic_delivery_oldest_rows oldest;
    struct topic_listener_failing_row webhooks;
    TRY(topic_delivery_oldest(tx, 1, &oldest));
    TRY(topic_listener_failing(tx, clock_now_us(tx->ctx->clock), &webhooks));
    *state = (struct topic_state){.waiting_us = oldest.count ? oldest.rows[0].made_us : 0,
                                  .failing = webhooks.failing,
                                  .shut = webhooks.shut};
    return ERR_OK;
}

/* The first id of a moment. */
static struct str floor_of(int64_t at_us, const char *prefix, char text[ID_TEXT_MAX])
{
    id_format((struct id){.high = (uint64_t)(at_us / 1000) << 16}, prefix, text);
    return str_from(text);
}

/* A notice stays for a day longer than what became of it, so that none is without its words. */
enum err topic_sweep(struct tx *tx, int64_t *removed)
{
    char delivery[ID_TEXT_MAX], notice[ID_TEXT_MAX];
    int64_t until_us = clock_now_us(tx->ctx->clock) - TOPIC_KEPT_DAYS * DAY_US, notices;
    TRY(topic_delivery_forget(tx, floor_of(until_us, "dlv", delivery), TOPIC_SWEEP_MAX, removed));
    TRY(topic_notice_forget(tx, floor_of(until_us - DAY_US, "ntc", notice), TOPIC_SWEEP_MAX,
                            &notices));
    *removed += notices;
    return ERR_OK;
}

static void set(struct counter *counter, int64_t value)
{
    counter_add(counter, value - counter_value(counter));
}

static enum err look(struct tx *tx, void *arg)
{
    return topic_look(tx, arg);
}

static enum err sweep(struct tx *tx, void *arg)
{
    return topic_sweep(tx, arg);
}

/* One that fails is told in the log as long as it does; the log keeps that within bounds. */
static void tell(struct ctx *ctx, const struct topic_state *state)
{
    if (state->failing)
        log_warn(ctx, "webhooks fail", field_int("failing", state->failing),
                 field_int("left_alone", state->shut));
}

void topic_counters_look(struct topic_counters *counters, struct db *db, struct ctx *ctx)
{
    struct topic_state state = {0};
    int64_t removed = 1;
    if (db_read(db, ctx, look, &state)) {
        log_failure_rarely(ctx, "topics cannot be looked at");
        return;
    }
    if (state.failing > counter_value(&counters->failing))
        tell(ctx, &state);
    int64_t now_us = clock_now_us(ctx->clock);
    set(&counters->failing, state.failing);
    set(&counters->shut, state.shut);
    set(&counters->waiting_s, state.waiting_us ? (now_us - state.waiting_us) / SECOND_US : 0);
    for (int i = 0; i < TOPIC_SWEEPS && removed; i++)
        if (db_write(db, ctx, sweep, &removed)) {
            log_failure_rarely(ctx, "old notices cannot be forgotten");
            return;
        }
}
