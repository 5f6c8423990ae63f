/* Gives events to topics and webhooks. */
#include "flow/bus_kind.h"

#include "flow/bus_inside.h"
#include "flow/flow_sql.h"
#include "flow/topic.h"

static enum err tell(struct tx *tx, const struct bus_delivery *delivery, struct str topic,
                     struct str owner)
{
    return topic_tell(tx, &(struct topic_notice){.topic = topic,
                                                 .subject = delivery->type,
                                                 .words = bus_cut(delivery->body, TOPIC_WORDS_MAX),
                                                 .body = delivery->body,
                                                 .owner = owner});
}

static enum err send_to_topic(struct tx *tx, const struct bus_delivery *delivery)
{
    return tell(tx, delivery, delivery->target->name, STR(""));
}

static enum err make_webhook(struct tx *tx, struct str owner, struct str url, char id[ID_TEXT_MAX])
{
    TRY(topic_make(tx, STR(BUS_WEBHOOKS), STR("Webhooks of the bus")));
    return topic_subscribe(
        tx,
        &(struct topic_subscriber){
            .topic = STR(BUS_WEBHOOKS), .channel = TOPIC_WEBHOOK, .target = url, .owner = owner},
        id);
}

enum err bus_webhook(struct tx *tx, struct str rule, struct str url, char id[ID_TEXT_MAX])
{
    char text[BUS_OWNER_MAX];
    struct str owner = bus_webhook_owner(rule, url, text), found;
    struct id parsed;
    enum err err = bus_webhook_find(tx, owner, url, &found);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return make_webhook(tx, owner, url, id);
    }
    TRY(err);
    TRY(id_parse(found, "sub", &parsed));
    id_format(parsed, "sub", id);
    return ERR_OK;
}

static enum err send_to_webhook(struct tx *tx, const struct bus_delivery *delivery)
{
    struct str url = delivery->target->name;
    char id[ID_TEXT_MAX], owner[BUS_OWNER_MAX];
    TRY(bus_webhook(tx, delivery->rule, url, id));
    return tell(tx, delivery, STR(BUS_WEBHOOKS), bus_webhook_owner(delivery->rule, url, owner));
}

_Static_assert((int)BUS_OWNER_MAX <= (int)TOPIC_OWNER_MAX, "it owns subscriptions");

const struct bus_kind bus_kinds[] = {
    {"topic", send_to_topic}, {"webhook", send_to_webhook}, {NULL, NULL}};

static enum err check_queue(struct tx *tx, struct str name)
{
    struct queue queue;
    return queue_find(tx, name, &queue);
}

static enum err check_topic(struct tx *tx, struct str name)
{
    struct topic_find_row row;
    return topic_find(tx, name, &row);
}

static enum err check_url(struct tx *tx, struct str name)
{
    bool fine = (str_starts(name, STR("https://")) && name.len > STR("https://").len) ||
                (str_starts(name, STR("http://")) && name.len > STR("http://").len);
    for (size_t i = 0; i < name.len; i++)
        fine = fine && name.ptr[i] > ' ' && name.ptr[i] != 127;
    return fine ? ERR_OK
                : err_input(&tx->ctx->err, "target", "must be a URL like https://example.com");
}

enum err bus_target_check(struct tx *tx, const struct bus_target *target)
{
    static const struct {
        const char *kind;
        enum err (*check)(struct tx *tx, struct str name);
    } rows[] = {{"queue", check_queue}, {"topic", check_topic}, {"webhook", check_url}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_equal(target->kind, str_from(rows[i].kind)))
            return rows[i].check(tx, target->name);
    return err_input(&tx->ctx->err, "kind", "must be queue, topic or webhook");
}
