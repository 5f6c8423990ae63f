/* The console's page of a delivery: what was sent, what was answered, and once more. */
#include "base/json.h"
#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/topic_inside.h"
#include "flow/topic_page.h"
#include "guard/audit_note.h"

struct delivering {
    const struct request *request;
    struct str id;
    struct topic_delivery_find_row row;
    struct topic_notice_find_row notice;
    bool is_kept; /* what it told */
};

static enum err read_delivery(struct tx *tx, void *arg)
{
    struct delivering *delivering = arg;
    TRY(topic_delivery_find(tx, delivering->id, &delivering->row));
    enum err err = topic_notice_find(tx, delivering->row.notice, &delivering->notice);
    delivering->is_kept = !err;
    return err == ERR_MISSING ? ERR_OK : err;
}

/* As a webhook is sent it. */
static enum err write_body(struct ctx *ctx, const struct delivering *delivering, struct str *body)
{
    struct buf out;
    struct json *tree;
    *body = STR("");
    err_clear(&ctx->err);
    if (!delivering->is_kept)
        return ERR_OK;
    TRY(json_read(ctx, delivering->notice.body, &tree));
    buf_init(&out, ctx->arena, TOPIC_PAYLOAD_MAX);
    topic_add_payload(&out, &(struct topic_payload){.id = delivering->id,
                                                    .topic = delivering->row.topic,
                                                    .subject = delivering->notice.subject,
                                                    .made_us = delivering->notice.made_us,
                                                    .body = tree});
    *body = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

enum err topic_delivery_show(struct request *request, const struct topic_delivery_show_input *input)
{
    struct delivering delivering = {.id = input->id};
    struct str body;
    TRY(db_read(request->ports->db, request->ctx, read_delivery, &delivering));
    TRY(write_body(request->ctx, &delivering, &body));
    const struct topic_delivery_find_row *row = &delivering.row;
    enum topic_channel channel = topic_channel_of(row->channel);
    const char *here = channel == TOPIC_WEBHOOK ? "/admin/webhooks" : "/admin/topics";
    bool waits = str_equal(row->state, STR("waiting"));
    delivery_page(respond_page(request),
                  &(struct delivery_page){.frame = ui_frame(request, here),
                                          .id = input->id,
                                          .row = row,
                                          .way = topic_way(request, channel),
                                          .is_sent = str_equal(row->state, STR("sent")),
                                          .is_waiting = waits,
                                          .body = body,
                                          .may_again = !waits && delivering.is_kept &&
                                                       request_may(request, "topics.manage")});
    return ERR_OK;
}

static enum err send_again(struct tx *tx, void *arg)
{
    const struct delivering *delivering = arg;
    TRY(topic_deliver_again(tx, delivering->id));
    return audit_note(tx, delivering->request, "topic.again", delivering->id, STR(""));
}

enum err topic_delivery_repeat(struct request *request,
                               const struct topic_delivery_repeat_input *input)
{
    struct delivering delivering = {.request = request, .id = input->id};
    TRY(db_write(request->ports->db, request->ctx, send_again, &delivering));
    return respond_redirect(request, "/admin/deliveries/" STR_FMT, STR_ARG(input->id));
}
