/* The console's pages of the bus's rules: what they match, where it goes, on and off, and gone. */
#include "flow/bus_page.h"

#include "flow/bus_inside.h"
#include "flow/bus_kind.h"
#include "flow/bus_msg.h"
#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/flow_sql.h"
#include "guard/audit_note.h"
#include "text/phrase.h"

enum { LATE_TEXT_MAX = 128 };

enum err bus_wrong(const struct request *request, const char *field, ui_say *say)
{
    struct str words = ui_words(request, say);
    return err_input(&request->ctx->err, field, STR_FMT, STR_ARG(words));
}

enum err bus_read_pattern(struct ctx *ctx, struct str text, struct pattern **pattern)
{
    struct str words;
    enum err err = pattern_parse(ctx, text, pattern);
    if (err != ERR_INPUT && err != ERR_LIMIT)
        return err;
    TRY(str_copy(ctx->arena, str_from(ctx->err.user), &words));
    return err_input(&ctx->err, "pattern", STR_FMT, STR_ARG(words));
}

struct list {
    struct str after;
    struct bus_rule_shown rows[BUS_LIST_ROWS];
    size_t count;
    bool more;
    int64_t oldest_us, failing;
};

static bool is_failing(const struct bus_rule_shown *shown)
{
    bool failing = false;
    for (size_t i = 0; i < shown->rule.target_count; i++)
        failing |= bus_is_failing(&shown->tallies.targets[i]);
    return failing;
}

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    struct bus_rules found;
    struct event_tally_failing_row failing;
    TRY(bus_rule_list(tx, list->after, BUS_LIST_ROWS + 1, &found));
    list->more = found.count > BUS_LIST_ROWS;
    list->count = list->more ? BUS_LIST_ROWS : found.count;
    for (size_t i = 0; i < list->count; i++) {
        struct bus_rule_shown *row = &list->rows[i];
        row->rule = found.list[i];
        TRY(bus_tallies(tx, row->rule.name, &row->tallies));
        row->failing = is_failing(row);
    }
    TRY(event_tally_failing(tx, &failing));
    list->failing = failing.failing;
    return bus_oldest(tx, &list->oldest_us);
}

/* "5 minutes ago" where events wait for too long; else nothing. */
static struct str late_words(const struct request *request, int64_t oldest_us)
{
    struct buf out;
    int64_t now_us = clock_now_us(request->ctx->clock);
    if (!oldest_us || now_us - oldest_us < BUS_LATE_S * SECOND_US)
        return STR("");
    buf_init(&out, request->ctx->arena, LATE_TEXT_MAX);
    text_relative(&out, request->ctx->language, oldest_us, now_us);
    return buf_str(&out);
}

enum err bus_index(struct request *request, const struct bus_index_input *input)
{
    struct list *list = ARENA_NEW(request->ctx->arena, struct list);
    if (!list)
        return err_memory(&request->ctx->err);
    list->after = input->after;
    TRY(db_read(request->ports->db, request->ctx, read_list, list));
    bus_page(respond_page(request),
             &(struct bus_page){.frame = ui_frame(request, "/admin/bus"),
                                .rows = list->rows,
                                .count = list->count,
                                .first = !input->has_after,
                                .more = list->more,
                                .late = late_words(request, list->oldest_us),
                                .failing = list->failing,
                                .is_dropped = input->dropped,
                                .may_manage = request_may(request, "bus.manage")});
    return ERR_OK;
}

struct look {
    struct str name;
    struct bus_rule_shown shown;
    struct bus_target_shown targets[BUS_TARGETS_MAX];
    struct str webhooks[BUS_TARGETS_MAX]; /* ids of subscriptions; empty where there is none */
};

static enum err read_webhook(struct tx *tx, struct look *look, size_t i)
{
    char text[BUS_OWNER_MAX];
    struct topic_deliveries found;
    struct bus_target_shown *target = &look->targets[i];
    struct str url = target->target.name;
    struct str owner = bus_webhook_owner(look->name, url, text);
    enum err err = bus_webhook_find(tx, owner, url, &look->webhooks[i]);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    TRY(err);
    TRY(topic_deliveries(tx, look->webhooks[i], STR(""), BUS_DELIVERIES_SHOWN, &found));
    target->delivery_count = found.count;
    for (size_t k = 0; k < found.count; k++)
        target->deliveries[k] = (struct bus_delivery_shown){
            .answer = found.list[k].answer,
            .made_us = found.list[k].made_us,
            .tries = found.list[k].tries,
            .status = found.list[k].status,
            .is_sent = str_equal(found.list[k].state, STR("sent")),
            .is_failed = str_equal(found.list[k].state, STR("failed"))};
    return ERR_OK;
}

static enum err read_rule(struct tx *tx, void *arg)
{
    struct look *look = arg;
    struct bus_rule_shown *shown = &look->shown;
    TRY(bus_rule_get(tx, look->name, &shown->rule));
    TRY(bus_tallies(tx, look->name, &shown->tallies));
    shown->failing = is_failing(shown);
    for (size_t i = 0; i < shown->rule.target_count; i++) {
        struct bus_target_shown *target = &look->targets[i];
        target->target = shown->rule.targets[i];
        target->tally = shown->tallies.targets[i];
        target->failing = bus_is_failing(&target->tally);
        target->is_queue = str_equal(target->target.kind, STR("queue"));
        target->is_webhook = str_equal(target->target.kind, STR("webhook"));
        if (target->is_webhook)
            TRY(read_webhook(tx, look, i));
    }
    return ERR_OK;
}

static struct str kind_words(const struct request *request, const struct bus_target_shown *target)
{
    if (target->is_queue)
        return ui_words(request, text_bus_queue);
    if (target->is_webhook)
        return ui_words(request, text_bus_webhook);
    return str_equal(target->target.kind, STR("topic")) ? ui_words(request, text_bus_topic)
                                                        : target->target.kind;
}

/* The words of each target, and where a webhook's deliveries and key are. */
static void finish(struct request *request, struct look *look)
{
    for (size_t i = 0; i < look->shown.rule.target_count; i++) {
        struct bus_target_shown *target = &look->targets[i];
        target->kind = kind_words(request, target);
        if (request_may(request, "topics.read"))
            target->subscription = look->webhooks[i];
    }
}

enum err bus_rule_show(struct request *request, const struct bus_rule_show_input *input)
{
    static ui_say *const dones[] = {text_bus_made, text_bus_saved, text_bus_is_enabled,
                                    text_bus_is_disabled};
    bool may_manage = request_may(request, "bus.manage");
    struct str pattern;
    struct look *look = ARENA_NEW(request->ctx->arena, struct look);
    if (!look)
        return err_memory(&request->ctx->err);
    look->name = input->name;
    TRY(db_read(request->ports->db, request->ctx, read_rule, look));
    finish(request, look);
    TRY(bus_pretty(request->ctx, look->shown.rule.pattern, &pattern));
    bus_rule_page(respond_page(request),
                  &(struct bus_rule_page){
                      .frame = ui_frame(request, "/admin/bus"),
                      .shown = &look->shown,
                      .targets = look->targets,
                      .pattern = pattern,
                      .done = input->has_done ? ui_words(request, dones[input->done]) : STR(""),
                      .may_manage = may_manage});
    return ERR_OK;
}

struct acting {
    const struct request *request;
    struct str name;
    bool enables;
};

static enum err enable(struct tx *tx, void *arg)
{
    const struct acting *acting = arg;
    TRY(bus_rule_enable(tx, acting->name, acting->enables));
    return audit_note(tx, acting->request, acting->enables ? "rule.enable" : "rule.disable",
                      acting->name, STR(""));
}

enum err bus_rule_act(struct request *request, const struct bus_rule_act_input *input)
{
    struct acting acting = {.request = request, .name = input->name, .enables = input->act == 0};
    TRY(db_write(request->ports->db, request->ctx, enable, &acting));
    return respond_redirect(request, "/admin/bus/rules/" STR_FMT "?done=%s", STR_ARG(input->name),
                            acting.enables ? "enabled" : "disabled");
}

enum err bus_drop_form(struct request *request, const struct bus_drop_form_input *input)
{
    struct look *look = ARENA_NEW(request->ctx->arena, struct look);
    if (!look)
        return err_memory(&request->ctx->err);
    look->name = input->name;
    TRY(db_read(request->ports->db, request->ctx, read_rule, look));
    bus_drop_page(respond_page(request),
                  &(struct bus_drop_page){.frame = ui_frame(request, "/admin/bus"),
                                          .name = look->shown.rule.name});
    return ERR_OK;
}

static enum err drop(struct tx *tx, void *arg)
{
    const struct acting *acting = arg;
    TRY(bus_rule_drop(tx, acting->name));
    return audit_note(tx, acting->request, "rule.drop", acting->name, STR(""));
}

enum err bus_drop_post(struct request *request, const struct bus_drop_post_input *input)
{
    struct acting acting = {.request = request, .name = input->name};
    TRY(db_write(request->ports->db, request->ctx, drop, &acting));
    return respond_redirect(request, "/admin/bus?dropped=true");
}
