/* Topics and who hears of them. */
#include "flow/topic.h"

#include "flow/pattern.h"
#include "flow/topic_inside.h"
#include "ports/mail/mail.h"
#include "ports/sms/sms.h"
#include "text/language.h"

const char *const topic_channels[TOPIC_CHANNELS] = {"email", "sms", "webhook", "queue"};

enum topic_channel topic_channel_of(struct str text)
{
    size_t channel = 0;
    while (channel < TOPIC_CHANNELS && !str_equal(text, str_from(topic_channels[channel])))
        channel++;
    return (enum topic_channel)channel;
}

const char *topic_queue_of(enum topic_channel channel)
{
    static const char *const queues[TOPIC_CHANNELS] = {TOPIC_QUEUE_EMAIL, TOPIC_QUEUE_SMS,
                                                       TOPIC_QUEUE_WEBHOOK};
    return queues[channel];
}

static enum err gone(struct ctx *ctx)
{
    return err_fail(&ctx->err, ERR_MISSING, "There is no such subscription.", "it ended before");
}

static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' &&
            c != '_')
            return false;
    }
    return name.len > 0 && name.len <= TOPIC_NAME_MAX;
}

enum err topic_make(struct tx *tx, struct str name, struct str title)
{
    if (!is_name(name))
        return err_input(&tx->ctx->err, "name", "must be at most %d letters, digits, - and _",
                         TOPIC_NAME_MAX);
    if (!title.len || title.len > TOPIC_SUBJECT_MAX || !str_is_utf8(title))
        return err_input(&tx->ctx->err, "title", "must be of 1 to %d bytes", TOPIC_SUBJECT_MAX);
    return topic_add(tx, name, title, clock_now_us(tx->ctx->clock));
}

/* A URL is looked at more closely by who calls it. */
static bool is_url(struct str text)
{
    bool https = str_starts(text, STR("https://")), http = str_starts(text, STR("http://"));
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] == 127)
            return false;
    return (http || https) && text.len > STR("https://").len;
}

static enum err check_target(struct tx *tx, enum topic_channel channel, struct str target)
{
    struct queue queue;
    struct err_record *err = &tx->ctx->err;
    if (target.len > TOPIC_TARGET_MAX)
        return err_input(err, "target", "must not be longer than %d bytes", TOPIC_TARGET_MAX);
    switch (channel) {
    case TOPIC_EMAIL:
        return mail_is_address(target)
                   ? ERR_OK
                   : err_input(err, "target", "must be an address like ada@example.com");
    case TOPIC_SMS:
        return sms_is_number(target)
                   ? ERR_OK
                   : err_input(err, "target", "must be a number like +4915112345678");
    case TOPIC_WEBHOOK:
        return is_url(target) ? ERR_OK
                              : err_input(err, "target", "must be a URL like https://example.com");
    case TOPIC_QUEUE:
        return queue_find(tx, target, &queue);
    case TOPIC_CHANNELS:
        break;
    }
    return err_input(err, "channel", "must be email, sms, webhook or queue");
}

static enum err check_filter(struct ctx *ctx, struct str filter)
{
    struct pattern *pattern;
    if (filter.len > TOPIC_FILTER_MAX)
        return err_input(&ctx->err, "filter", "must not be longer than %d bytes", TOPIC_FILTER_MAX);
    enum err err = filter.len ? pattern_parse(ctx, filter, &pattern) : ERR_OK;
    if (err != ERR_INPUT)
        return err;
    const struct err_record wrong = ctx->err;
    return err_input(&ctx->err, "filter", "%s", wrong.user);
}

enum err topic_subscribe(struct tx *tx, const struct topic_subscriber *subscriber,
                         char id[ID_TEXT_MAX])
{
    struct topic_find_row topic;
    struct topic_listener_find_row row;
    int64_t added;
    TRY(check_target(tx, subscriber->channel, subscriber->target));
    TRY(check_filter(tx->ctx, subscriber->filter));
    if (subscriber->owner.len > TOPIC_OWNER_MAX)
        return err_input(&tx->ctx->err, "owner", "must not be longer than %d bytes",
                         TOPIC_OWNER_MAX);
    if (subscriber->language.len && !language_find(subscriber->language))
        return err_input(&tx->ctx->err, "language", "must be one that Stoa speaks, like en");
    TRY(topic_find(tx, subscriber->topic, &topic));
    struct str channel = str_from(topic_channels[subscriber->channel]);
    id_format(id_new(tx->ctx->ids), "sub", id);
    TRY(topic_listener_add(tx, str_from(id), subscriber->topic, channel, subscriber->target,
                           subscriber->owner, subscriber->filter, subscriber->language,
                           clock_now_us(tx->ctx->clock), &added));
    TRY(topic_listener_find(tx, subscriber->topic, channel, subscriber->target, subscriber->owner,
                            &row));
    struct id parsed;
    TRY(id_parse(row.id, "sub", &parsed));
    id_format(parsed, "sub", id);
    return ERR_OK;
}

enum err topic_refilter(struct tx *tx, struct str id, struct str filter)
{
    int64_t changed;
    TRY(check_filter(tx->ctx, filter));
    TRY(topic_listener_refilter(tx, id, filter, &changed));
    return changed ? ERR_OK : gone(tx->ctx);
}

enum err topic_turn_off(struct tx *tx, struct str id, bool off)
{
    int64_t changed;
    TRY(topic_listener_disable(tx, id, off, &changed));
    return changed ? ERR_OK : gone(tx->ctx);
}

enum err topic_turn_secret(struct tx *tx, struct str id, int64_t *turns)
{
    struct topic_listener_look_row row;
    TRY(topic_listener_look(tx, id, &row));
    *turns = row.turns + 1;
    return topic_listener_turn(tx, id, *turns, clock_now_us(tx->ctx->clock));
}

enum err topic_unsubscribe(struct tx *tx, struct str id)
{
    int64_t dropped;
    TRY(topic_listener_drop(tx, id, &dropped));
    return dropped ? ERR_OK : gone(tx->ctx);
}

enum err topic_prefer(struct tx *tx, struct str owner, struct str topic, enum topic_channel channel,
                      bool wants)
{
    struct topic_find_row row;
    if (!owner.len || owner.len > TOPIC_OWNER_MAX)
        return err_input(&tx->ctx->err, "owner", "must be of 1 to %d bytes", TOPIC_OWNER_MAX);
    TRY(topic_find(tx, topic, &row));
    return topic_preference_set(tx, owner, topic, str_from(topic_channels[channel]), wants);
}

enum err topic_deliveries(struct tx *tx, struct str subscription, struct str before, int64_t limit,
                          struct topic_deliveries *found)
{
    struct topic_delivery_list_rows rows;
    TRY(topic_delivery_list(tx, subscription.len ? &subscription : NULL,
                            before.len ? &before : NULL, limit, &rows));
    found->count = 0;
    found->list = arena_alloc(tx->ctx->arena, rows.count * sizeof *found->list);
    if (!found->list)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < rows.count; i++) {
        const struct topic_delivery_list_row *row = &rows.rows[i];
        found->list[found->count++] = (struct topic_delivery){
            .id = row->id,
            .topic = row->topic,
            .target = row->target,
            .state = row->state,
            .is_sent = str_equal(row->state, STR("sent")),
            .is_failed = str_equal(row->state, STR("failed")),
            .answer = row->answer,
            .channel = topic_channel_of(row->channel),
            .tries = row->tries,
            .status = row->status,
            .took_ms = row->took,
            .made_us = row->made_us,
            .changed_us = row->changed_us};
    }
    return ERR_OK;
}
