/* The console's pages of queues: what is in them, how they are set, and their dead letters. */
#include "flow/queue_page.h"

#include "flow/flow.h"
#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/queue_msg.h"
#include "guard/audit_note.h"

enum { LIST_ROWS = 25, SWEEPS_MAX = 100, SPAN_TEXT_MAX = 128 };

struct list {
    struct str after;
    struct queue_shown rows[LIST_ROWS];
    size_t count;
    bool more;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    struct queue_list found;
    TRY(queue_list(tx, STR(""), list->after, LIST_ROWS + 1, &found));
    list->more = found.count > LIST_ROWS;
    list->count = list->more ? LIST_ROWS : found.count;
    for (size_t i = 0; i < list->count; i++) {
        list->rows[i].queue = found.list[i];
        TRY(queue_count(tx, &found.list[i], &list->rows[i].counts));
    }
    return ERR_OK;
}

static void find_alarms(const struct request *request, struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct queue_shown *row = &list->rows[i];
        unsigned alarms = flow_alarms(request->ports->flow, row->queue.number);
        row->waits_long = alarms & FLOW_ALARM_AGE;
        row->has_dead = alarms & FLOW_ALARM_DEAD;
        row->fails = alarms & FLOW_ALARM_CONSUMER;
    }
}

enum err queue_index(struct request *request, const struct queue_index_input *input)
{
    struct list list = {.after = input->after};
    TRY(db_read(request->ports->db, request->ctx, read_list, &list));
    find_alarms(request, &list);
    queues_page(respond_page(request),
                &(struct queues_page){.frame = ui_frame(request, "/admin/queues"),
                                      .rows = list.rows,
                                      .count = list.count,
                                      .first = !input->has_after,
                                      .more = list.more});
    return ERR_OK;
}

/* A time in the largest unit that it is whole in. */
static struct str span_words(const struct request *request, int64_t span_s)
{
    static const struct {
        int64_t each_s;
        void (*say)(struct buf *out, const struct language *language, int64_t count);
    } units[] = {{INT64_C(24) * 60 * 60, text_span_days},
                 {INT64_C(60) * 60, text_span_hours},
                 {60, text_span_minutes},
                 {1, text_span_seconds}};
    struct buf out;
    size_t i = 0;
    while (span_s % units[i].each_s || (!span_s && units[i].each_s > 1))
        i++;
    buf_init(&out, request->ctx->arena, SPAN_TEXT_MAX);
    units[i].say(&out, request->ctx->language, span_s / units[i].each_s);
    return buf_str(&out);
}

struct look {
    struct str name;
    int64_t after;
    struct queue_shown shown;
    struct queue_list sources;
    struct queue_deads deads;
};

static enum err read_counts(struct tx *tx, void *arg)
{
    struct look *look = arg;
    TRY(queue_find(tx, look->name, &look->shown.queue));
    return queue_count(tx, &look->shown.queue, &look->shown.counts);
}

static enum err read_queue(struct tx *tx, void *arg)
{
    struct look *look = arg;
    const struct queue *queue = &look->shown.queue;
    TRY(read_counts(tx, arg));
    TRY(queue_sources(tx, queue, STR(""), LIST_ROWS, &look->sources));
    return queue_dead_list(tx, queue, look->after, LIST_ROWS + 1, &look->deads);
}

enum err queue_show(struct request *request, const struct queue_show_input *input)
{
    struct look look = {.name = input->name, .after = input->after};
    TRY(db_read(request->ports->db, request->ctx, read_queue, &look));
    const struct queue_options *is = &look.shown.queue.is;
    bool more = look.deads.count > LIST_ROWS;
    queue_page(respond_page(request),
               &(struct queue_page){.frame = ui_frame(request, "/admin/queues"),
                                    .shown = &look.shown,
                                    .sources = &look.sources,
                                    .deads = look.deads.list,
                                    .dead_count = more ? LIST_ROWS : look.deads.count,
                                    .first = !input->has_after,
                                    .more = more,
                                    .visibility = span_words(request, is->visibility_s),
                                    .delay = span_words(request, is->delay_s),
                                    .retention = span_words(request, is->retention_s),
                                    .is_redriven = input->has_done && input->done == 0,
                                    .is_purged = input->has_done && input->done == 1,
                                    .may_manage = request_may(request, "queues.manage")});
    return ERR_OK;
}

enum err queue_purge_form(struct request *request, const struct queue_purge_form_input *input)
{
    struct look look = {.name = input->name};
    TRY(db_read(request->ports->db, request->ctx, read_counts, &look));
    const struct queue_counts *counts = &look.shown.counts;
    queue_purge_page(
        respond_page(request),
        &(struct queue_purge_page){.frame = ui_frame(request, "/admin/queues"),
                                   .name = look.shown.queue.is.name,
                                   .count = counts->visible + counts->in_flight + counts->delayed});
    return ERR_OK;
}

/* What is done to many messages: a sweep a transaction, so that others have their turn between.
 * The trail has it with the first one. */
struct sweep {
    const struct request *request;
    struct str name;
    int64_t number, swept;
    bool is_noted;
};

static enum err begin_sweep(struct tx *tx, const struct sweep *sweep, const char *action,
                            struct queue *queue)
{
    TRY(queue_find(tx, sweep->name, queue));
    return sweep->is_noted ? ERR_OK : audit_note(tx, sweep->request, action, sweep->name, STR(""));
}

static enum err redrive(struct tx *tx, void *arg)
{
    struct sweep *sweep = arg;
    struct queue queue;
    TRY(begin_sweep(tx, sweep, "queue.redrive", &queue));
    return queue_redrive(tx, &queue, sweep->number, &sweep->swept);
}

static enum err purge(struct tx *tx, void *arg)
{
    struct sweep *sweep = arg;
    struct queue queue;
    TRY(begin_sweep(tx, sweep, "queue.purge", &queue));
    return queue_purge(tx, &queue, &sweep->swept);
}

static enum err sweep_all(struct request *request, db_fn *fn, struct sweep *sweep)
{
    sweep->request = request;
    for (int i = 0; i < SWEEPS_MAX; i++) {
        TRY(db_write(request->ports->db, request->ctx, fn, sweep));
        sweep->is_noted = true;
        if (sweep->swept < QUEUE_SWEEP_MAX)
            break;
    }
    return ERR_OK;
}

enum err queue_send_back(struct request *request, const struct queue_send_back_input *input)
{
    struct sweep sweep = {.name = input->name, .number = input->number};
    TRY(sweep_all(request, redrive, &sweep));
    return respond_redirect(request, "/admin/queues/" STR_FMT "?done=redriven",
                            STR_ARG(input->name));
}

enum err queue_purge_post(struct request *request, const struct queue_purge_post_input *input)
{
    struct sweep sweep = {.name = input->name};
    TRY(sweep_all(request, purge, &sweep));
    return respond_redirect(request, "/admin/queues/" STR_FMT "?done=purged", STR_ARG(input->name));
}
