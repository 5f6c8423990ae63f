/* The console's pages of subscriptions: the webhooks, one of any kind, and what became of it. */
#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/topic_inside.h"
#include "flow/topic_msg.h"
#include "flow/topic_page.h"
#include "guard/audit_note.h"

enum { LIST_ROWS = 25, ROUNDS_MAX = 100 };

struct listing {
    struct str before;
    int64_t now_us;
    struct listener_shown rows[LIST_ROWS];
    size_t count;
    bool more;
};

static enum err read_webhooks(struct tx *tx, void *arg)
{
    struct listing *listing = arg;
    struct topic_listener_webhooks_rows found;
    TRY(topic_listener_webhooks(tx, listing->before.len ? &listing->before : NULL, LIST_ROWS + 1,
                                &found));
    listing->more = found.count > LIST_ROWS;
    listing->count = listing->more ? LIST_ROWS : found.count;
    for (size_t i = 0; i < listing->count; i++) {
        const struct topic_listener_webhooks_row *row = &found.rows[i];
        listing->rows[i] = (struct listener_shown){
            .id = row->id,
            .topic = row->topic,
            .target = row->target,
            .health = topic_health_of(row->disabled, row->failing_us, row->shut_us,
                                      listing->now_us),
            .failing_us = row->failing_us,
            .shut_us = row->shut_us};
        TRY(topic_tally(tx, row->topic, &row->id, &listing->rows[i].tally));
    }
    return ERR_OK;
}

enum err topic_webhooks(struct request *request, const struct topic_webhooks_input *input)
{
    struct listing listing = {.before = input->before, .now_us = clock_now_us(request->ctx->clock)};
    TRY(db_read(request->ports->db, request->ctx, read_webhooks, &listing));
    webhooks_page(respond_page(request),
                  &(struct webhooks_page){.frame = ui_frame(request, "/admin/webhooks"),
                                          .rows = listing.rows,
                                          .count = listing.count,
                                          .first = !input->has_before,
                                          .more = listing.more});
    return ERR_OK;
}

/* One of them */

struct look {
    struct str id, before;
    struct topic_listener_look_row row;
    struct topic_tally tally;
    struct topic_deliveries deliveries;
};

static enum err read_one(struct tx *tx, void *arg)
{
    struct look *look = arg;
    TRY(topic_listener_look(tx, look->id, &look->row));
    TRY(topic_tally(tx, look->row.topic, &look->id, &look->tally));
    return topic_deliveries(tx, look->id, look->before, LIST_ROWS + 1, &look->deliveries);
}

static struct listener_shown shown_of(const struct request *request, const struct look *look)
{
    const struct topic_listener_look_row *row = &look->row;
    int64_t now_us = clock_now_us(request->ctx->clock);
    const struct language *language = row->language.len ? language_find(row->language) : NULL;
    return (struct listener_shown){
        .id = look->id,
        .topic = row->topic,
        .channel = row->channel,
        .target = row->target,
        .owner = row->owner,
        .filter = row->filter,
        .language = language ? str_from(language->name) : STR(""),
        .way = topic_way(request, topic_channel_of(row->channel)),
        .health = topic_health_of(row->disabled, row->failing_us, row->shut_us, now_us),
        .failing_us = row->failing_us,
        .shut_us = row->shut_us,
        .tally = look->tally};
}

enum err topic_show_subscription(struct request *request, struct str id, struct str before,
                                 const struct subscription_news *news)
{
    struct look look = {.id = id, .before = before};
    TRY(db_read(request->ports->db, request->ctx, read_one, &look));
    struct listener_shown shown = shown_of(request, &look);
    bool more = look.deliveries.count > LIST_ROWS;
    struct ui_value filter = ui_value(request, news->errors, "filter");
    if (!news->errors)
        filter.typed = look.row.filter;
    enum topic_channel channel = topic_channel_of(look.row.channel);
    const char *here = channel == TOPIC_WEBHOOK ? "/admin/webhooks" : "/admin/topics";
    subscription_page(
        respond_page(request),
        &(struct subscription_page){.frame = ui_frame(request, here),
                                    .errors = news->errors,
                                    .shown = &shown,
                                    .is_webhook = channel == TOPIC_WEBHOOK,
                                    .is_queue = channel == TOPIC_QUEUE,
                                    .deliveries = look.deliveries.list,
                                    .count = more ? LIST_ROWS : look.deliveries.count,
                                    .first = !before.len,
                                    .more = more,
                                    .secret = news->secret,
                                    .done = news->done,
                                    .filter = filter,
                                    .may_manage = request_may(request, "topics.manage")});
    return ERR_OK;
}

static const struct {
    const char *name, *action;
    ui_say *done;
} acts[] = {{"off", "topic.off", text_subscription_is_off},
            {"on", "topic.on", text_subscription_is_on},
            {"test", "topic.test", text_subscription_tested},
            {"again", "topic.again", text_subscription_again},
            {"filter", "topic.filter", text_subscription_filtered}};

enum act { ACT_OFF, ACT_ON, ACT_TEST, ACT_AGAIN, ACT_END };

enum err topic_subscription_show(struct request *request,
                                 const struct topic_subscription_show_input *input)
{
    struct subscription_news news = {.done = STR("")};
    if (input->has_done)
        news.done = ui_words(request, acts[input->done].done);
    return topic_show_subscription(request, input->id, input->before, &news);
}

/* What is done to it */

struct acting {
    const struct request *request;
    struct str id, filter, topic;
    int64_t act, count, turns;
    bool is_noted;
};

static enum err do_act(struct tx *tx, struct acting *acting)
{
    switch ((enum act)acting->act) {
    case ACT_OFF:
    case ACT_ON:
        return topic_turn_off(tx, acting->id, acting->act == ACT_OFF);
    case ACT_TEST:
        return topic_test(tx, acting->id);
    case ACT_AGAIN:
        return topic_deliver_all_again(tx, acting->id, &acting->count);
    case ACT_END:
        break;
    }
    return topic_unsubscribe(tx, acting->id);
}

static enum err act(struct tx *tx, void *arg)
{
    struct acting *acting = arg;
    struct topic_listener_look_row row;
    bool ends = acting->act == ACT_END;
    TRY(topic_listener_look(tx, acting->id, &row));
    acting->topic = row.topic;
    TRY(do_act(tx, acting));
    if (acting->is_noted)
        return ERR_OK;
    return audit_note(tx, acting->request, ends ? "topic.unsubscribe" : acts[acting->act].action,
                      acting->id, STR(""));
}

enum err topic_subscription_act(struct request *request,
                                const struct topic_subscription_act_input *input)
{
    struct acting acting = {.request = request, .id = input->id, .act = input->act};
    for (int i = 0; i < ROUNDS_MAX && (!i || acting.count == TOPIC_ROUND_MAX); i++) {
        TRY(db_write(request->ports->db, request->ctx, act, &acting));
        acting.is_noted = true;
    }
    if (input->act == ACT_END)
        return respond_redirect(request, "/admin/topics/" STR_FMT "?done=ended",
                                STR_ARG(acting.topic));
    return respond_redirect(request, "/admin/subscriptions/" STR_FMT "?done=%s", STR_ARG(input->id),
                            acts[input->act].name);
}

static enum err refilter(struct tx *tx, void *arg)
{
    const struct acting *acting = arg;
    TRY(topic_refilter(tx, acting->id, acting->filter));
    return audit_note(tx, acting->request, "topic.filter", acting->id, STR(""));
}

enum err topic_subscription_filter(struct request *request,
                                   const struct topic_subscription_filter_input *input)
{
    struct acting acting = {.request = request, .id = input->id, .filter = str_trim(input->filter)};
    TRY(db_write(request->ports->db, request->ctx, refilter, &acting));
    return respond_redirect(request, "/admin/subscriptions/" STR_FMT "?done=filter",
                            STR_ARG(input->id));
}

enum err topic_subscription_filter_again(struct request *request, const struct field_errors *errors)
{
    return topic_show_subscription(request, request->parts[0], STR(""),
                                   &(struct subscription_news){.errors = errors});
}

static enum err turn(struct tx *tx, void *arg)
{
    struct acting *acting = arg;
    TRY(topic_turn_secret(tx, acting->id, &acting->turns));
    return audit_note(tx, acting->request, "topic.secret", acting->id, STR(""));
}

enum err topic_subscription_turn(struct request *request,
                                 const struct topic_subscription_turn_input *input)
{
    struct acting acting = {.request = request, .id = input->id};
    char secret[TOPIC_SECRET_TEXT] = "";
    TRY(db_write(request->ports->db, request->ctx, turn, &acting));
    TRY(topic_secret(request->ports->secrets, request->ctx, input->id, acting.turns, secret));
    return topic_show_subscription(
        request, input->id, STR(""),
        &(struct subscription_news){.secret = str_from(secret),
                                    .done = ui_words(request, text_subscription_turned)});
}

enum err topic_secret_now(struct request *request, struct str subscription,
                          char secret[TOPIC_SECRET_TEXT])
{
    struct look look = {.id = subscription, .before = STR("")};
    TRY(db_read(request->ports->db, request->ctx, read_one, &look));
    return topic_secret(request->ports->secrets, request->ctx, subscription, look.row.turns,
                        secret);
}
