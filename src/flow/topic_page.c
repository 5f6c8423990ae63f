/* The console's pages of topics: which there are, who hears of one, and who else shall. */
#include "flow/topic_page.h"

#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/topic_inside.h"
#include "flow/topic_msg.h"
#include "guard/audit_note.h"
#include "text/language.h"

enum { LIST_ROWS = 25 };

enum err topic_tally(struct tx *tx, struct str topic, const struct str *subscription,
                     struct topic_tally *tally)
{
    const struct {
        struct str state;
        int64_t *count;
    } rows[] = {{STR("sent"), &tally->sent},
                {STR("failed"), &tally->failed},
                {STR("waiting"), &tally->waiting}};
    struct topic_delivery_count_row counted;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        TRY(topic_delivery_count(tx, rows[i].state, topic, subscription, TOPIC_TALLY_MAX,
                                 &counted));
        *rows[i].count = counted.count;
    }
    return ERR_OK;
}

enum topic_health topic_health_of(bool disabled, int64_t failing_us, int64_t shut_us,
                                  int64_t now_us)
{
    if (disabled)
        return TOPIC_OFF;
    if (shut_us > now_us)
        return TOPIC_SHUT;
    return failing_us ? TOPIC_FAILING : TOPIC_WELL;
}

struct str topic_way(const struct request *request, enum topic_channel channel)
{
    static ui_say *const ways[TOPIC_CHANNELS] = {text_topic_by_email, text_topic_by_sms,
                                                 text_topic_by_webhook, text_topic_by_queue};
    return channel < TOPIC_CHANNELS ? ui_words(request, ways[channel]) : STR("");
}

enum err topic_wrong(const struct request *request, const char *field, struct str words)
{
    return err_input(&request->ctx->err, field, STR_FMT, STR_ARG(words));
}

/* The list */

struct list {
    struct str after;
    struct topic_shown rows[LIST_ROWS];
    size_t count;
    bool more;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    struct topic_page_rows found;
    struct topic_listener_count_row listeners;
    TRY(topic_page(tx, list->after, LIST_ROWS + 1, &found));
    list->more = found.count > LIST_ROWS;
    list->count = list->more ? LIST_ROWS : found.count;
    for (size_t i = 0; i < list->count; i++) {
        struct topic_shown *shown = &list->rows[i];
        *shown = (struct topic_shown){.name = found.rows[i].name, .title = found.rows[i].title};
        TRY(topic_listener_count(tx, shown->name, TOPIC_TALLY_MAX, &listeners));
        shown->listeners = listeners.count;
        TRY(topic_tally(tx, shown->name, NULL, &shown->tally));
    }
    return ERR_OK;
}

static enum err show_list(struct request *request, struct str after,
                          const struct field_errors *errors)
{
    struct list list = {.after = after};
    TRY(db_read(request->ports->db, request->ctx, read_list, &list));
    topics_page(respond_page(request),
                &(struct topics_page){.frame = ui_frame(request, "/admin/topics"),
                                      .errors = errors,
                                      .rows = list.rows,
                                      .count = list.count,
                                      .first = !after.len,
                                      .more = list.more,
                                      .may_manage = request_may(request, "topics.manage"),
                                      .name = ui_value(request, errors, "name"),
                                      .title = ui_value(request, errors, "title")});
    return ERR_OK;
}

enum err topic_index(struct request *request, const struct topic_index_input *input)
{
    return show_list(request, input->after, NULL);
}

struct adding {
    const struct request *request;
    const struct topic_new_input *input;
};

static enum err add_topic(struct tx *tx, void *arg)
{
    const struct adding *adding = arg;
    const struct request *request = adding->request;
    enum err err = topic_make(tx, adding->input->name, adding->input->title);
    if (err == ERR_INPUT && str_equal(str_from(tx->ctx->err.field), STR("name")))
        return topic_wrong(request, "name", ui_words(request, text_topic_name_wrong));
    TRY(err);
    return audit_note(tx, request, "topic.make", adding->input->name, STR(""));
}

enum err topic_new(struct request *request, const struct topic_new_input *input)
{
    struct adding adding = {.request = request, .input = input};
    TRY(db_write(request->ports->db, request->ctx, add_topic, &adding));
    return respond_redirect(request, "/admin/topics/" STR_FMT "?done=made", STR_ARG(input->name));
}

enum err topic_new_again(struct request *request, const struct field_errors *errors)
{
    return show_list(request, STR(""), errors);
}

/* One of them */

struct look {
    struct str name;
    struct str channel, target, owner; /* behind whom the page begins */
    int64_t now_us;
    struct topic_find_row topic;
    struct topic_tally tally;
    struct listener_shown rows[LIST_ROWS];
    size_t count;
    bool more;
    struct topic_template_list_rows templates;
};

static enum err read_listeners(struct tx *tx, struct look *look)
{
    struct topic_listener_page_rows found;
    TRY(topic_listener_page(tx, look->name, look->channel, look->target, look->owner, LIST_ROWS + 1,
                            &found));
    look->more = found.count > LIST_ROWS;
    look->count = look->more ? LIST_ROWS : found.count;
    for (size_t i = 0; i < look->count; i++) {
        const struct topic_listener_page_row *row = &found.rows[i];
        look->rows[i] = (struct listener_shown){
            .id = row->id,
            .topic = look->name,
            .channel = row->channel,
            .target = row->target,
            .owner = row->owner,
            .filter = row->filter,
            .language = row->language,
            .health = topic_health_of(row->disabled, row->failing_us, row->shut_us, look->now_us)};
        TRY(topic_tally(tx, look->name, &row->id, &look->rows[i].tally));
    }
    return ERR_OK;
}

static enum err read_topic(struct tx *tx, void *arg)
{
    struct look *look = arg;
    TRY(topic_find(tx, look->name, &look->topic));
    TRY(topic_tally(tx, look->name, NULL, &look->tally));
    TRY(topic_template_list(tx, look->name, LANGUAGE_COUNT, &look->templates));
    return read_listeners(tx, look);
}

static void fill_templates(const struct look *look, struct template_shown shown[LANGUAGE_COUNT])
{
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        shown[i] = (struct template_shown){.code = str_from(languages[i].code),
                                           .name = str_from(languages[i].name)};
        for (size_t k = 0; k < look->templates.count; k++)
            if (str_equal(look->templates.rows[k].language, shown[i].code)) {
                shown[i].is_there = true;
                shown[i].subject = look->templates.rows[k].subject;
            }
    }
}

static enum err show_topic(struct request *request, struct look *look,
                           const struct field_errors *errors, struct str done)
{
    struct template_shown templates[LANGUAGE_COUNT];
    struct ui_value channel = ui_value(request, errors, "channel");
    look->now_us = clock_now_us(request->ctx->clock);
    TRY(db_read(request->ports->db, request->ctx, read_topic, look));
    fill_templates(look, templates);
    for (size_t i = 0; i < look->count; i++)
        look->rows[i].way = topic_way(request, topic_channel_of(look->rows[i].channel));
    topic_one_page(respond_page(request),
                   &(struct topic_one_page){.frame = ui_frame(request, "/admin/topics"),
                                            .errors = errors,
                                            .name = look->name,
                                            .title = look->topic.title,
                                            .tally = &look->tally,
                                            .rows = look->rows,
                                            .count = look->count,
                                            .first = !look->channel.len,
                                            .more = look->more,
                                            .templates = templates,
                                            .template_count = LANGUAGE_COUNT,
                                            .done = done,
                                            .may_manage = request_may(request, "topics.manage"),
                                            .is_sms = str_equal(channel.typed, STR("sms")),
                                            .is_webhook = str_equal(channel.typed, STR("webhook")),
                                            .is_queue = str_equal(channel.typed, STR("queue")),
                                            .channel = channel,
                                            .target = ui_value(request, errors, "target"),
                                            .spoken = ui_value(request, errors, "language"),
                                            .filter = ui_value(request, errors, "filter")});
    return ERR_OK;
}

enum err topic_show(struct request *request, const struct topic_show_input *input)
{
    static ui_say *const dones[] = {text_topic_made, text_topic_ended};
    struct look look = {
        .name = input->name, .channel = STR(""), .target = input->target, .owner = input->owner};
    if (input->has_channel)
        look.channel = str_from(topic_channels[input->channel]);
    return show_topic(request, &look, NULL,
                      input->has_done ? ui_words(request, dones[input->done]) : STR(""));
}

struct joining {
    const struct request *request;
    const struct topic_join_input *input;
    char id[ID_TEXT_MAX];
};

/* What is wrong with a target depends on the channel, and is said in the reader's words. */
static enum err explain(const struct request *request, enum topic_channel channel, enum err err)
{
    static ui_say *const wrongs[TOPIC_CHANNELS] = {text_topic_email_wrong, text_topic_sms_wrong,
                                                   text_topic_webhook_wrong,
                                                   text_topic_queue_wrong};
    bool of_target = str_equal(str_from(request->ctx->err.field), STR("target"));
    if (of_target || (err == ERR_MISSING && channel == TOPIC_QUEUE))
        return topic_wrong(request, "target", ui_words(request, wrongs[channel]));
    return err;
}

static enum err join(struct tx *tx, void *arg)
{
    struct joining *joining = arg;
    const struct topic_join_input *input = joining->input;
    struct topic_find_row topic;
    enum topic_channel channel = (enum topic_channel)input->channel;
    TRY(topic_find(tx, input->name, &topic));
    enum err err = topic_subscribe(tx,
                                   &(struct topic_subscriber){.topic = input->name,
                                                              .channel = channel,
                                                              .target = input->target,
                                                              .filter = str_trim(input->filter),
                                                              .language = input->language},
                                   joining->id);
    if (err)
        return explain(joining->request, channel, err);
    return audit_note(tx, joining->request, "topic.subscribe", str_from(joining->id), STR(""));
}

enum err topic_join(struct request *request, const struct topic_join_input *input)
{
    struct joining joining = {.request = request, .input = input};
    char secret[TOPIC_SECRET_TEXT] = "";
    TRY(db_write(request->ports->db, request->ctx, join, &joining));
    if (input->channel == TOPIC_WEBHOOK)
        TRY(topic_secret_now(request, str_from(joining.id), secret));
    return topic_show_subscription(
        request, str_from(joining.id), STR(""),
        &(struct subscription_news){.secret = str_from(secret),
                                    .done = ui_words(request, text_topic_joined)});
}

enum err topic_join_again(struct request *request, const struct field_errors *errors)
{
    struct look look = {
        .name = request->parts[0], .channel = STR(""), .target = STR(""), .owner = STR("")};
    return show_topic(request, &look, errors, STR(""));
}
