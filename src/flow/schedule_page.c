/* The console's page of schedules: when they run, paused, resumed, run now and made. */
#include "flow/schedule_page.h"

#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/queue.h"
#include "flow/schedule_inside.h"
#include "flow/schedule_msg.h"
#include "guard/audit_note.h"

enum { LIST_ROWS = 25 };

struct list {
    struct str after;
    struct schedule_list found;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    return schedule_list(tx, list->after, LIST_ROWS + 1, &list->found);
}

/* One whose zone this machine does not know any more is shown without its runs. */
static enum err plan(struct request *request, struct schedule_shown *shown)
{
    struct schedule_plan plan = {.zone = NULL};
    int64_t runs_us[SCHEDULE_RUNS_SHOWN];
    enum err err = schedule_plan_open(request->ctx, &shown->schedule, &plan);
    if (err)
        return err == ERR_INPUT ? ERR_OK : err;
    if (shown->schedule.paused)
        return ERR_OK;
    shown->run_count = cron_runs(&plan.cron, plan.zone, clock_now_us(request->ctx->clock), runs_us,
                                 SCHEDULE_RUNS_SHOWN);
    for (size_t i = 0; i < shown->run_count; i++)
        shown->runs[i] = (struct schedule_moment){.at_us = runs_us[i],
                                                  .local_us = zone_local_us(plan.zone, runs_us[i])};
    return ERR_OK;
}

static enum err show(struct request *request, const struct field_errors *errors,
                     struct schedules_page page, struct str after)
{
    struct list list = {.after = after};
    struct schedule_shown rows[LIST_ROWS] = {0};
    TRY(db_read(request->ports->db, request->ctx, read_list, &list));
    page.more = list.found.count > LIST_ROWS;
    page.count = page.more ? LIST_ROWS : list.found.count;
    for (size_t i = 0; i < page.count; i++) {
        rows[i].schedule = list.found.list[i];
        TRY(plan(request, &rows[i]));
    }
    page.frame = ui_frame(request, "/admin/schedules");
    page.rows = rows;
    page.first = !after.len;
    page.may_manage = request_may(request, "schedules.manage");
    page.errors = errors;
    page.name = ui_value(request, errors, "name");
    page.expression = ui_value(request, errors, "expression");
    page.zone = ui_value(request, errors, "zone");
    page.address = ui_value(request, errors, "address");
    schedules_page(respond_page(request), &page);
    return ERR_OK;
}

static const struct {
    enum err (*act)(struct tx *tx, struct str name);
    const char *name, *action;
    ui_say *done;
} acts[] = {{schedule_pause, "pause", "schedule.pause", text_schedule_paused},
            {schedule_resume, "resume", "schedule.resume", text_schedule_resumed},
            {schedule_run_now, "run", "schedule.run", text_schedule_ran},
            {NULL, "make", "schedule.make", text_schedule_made}};

enum err schedule_index(struct request *request, const struct schedule_index_input *input)
{
    struct schedules_page page = {.done = STR("")};
    if (input->has_done)
        page.done = ui_words(request, acts[input->done].done);
    return show(request, NULL, page, input->after);
}

struct acting {
    const struct request *request;
    const struct schedule_act_input *input;
};

static enum err act(struct tx *tx, void *arg)
{
    const struct acting *acting = arg;
    int64_t which = acting->input->act;
    TRY(acts[which].act(tx, acting->input->name));
    return audit_note(tx, acting->request, acts[which].action, acting->input->name, STR(""));
}

enum err schedule_act(struct request *request, const struct schedule_act_input *input)
{
    struct acting acting = {.request = request, .input = input};
    TRY(db_write(request->ports->db, request->ctx, act, &acting));
    return respond_redirect(request, "/admin/schedules?done=%s", acts[input->act].name);
}

struct making {
    const struct request *request;
    const struct schedule_make_input *input;
};

static enum err wrong(const struct request *request, const char *field, ui_say *say)
{
    struct str words = ui_words(request, say);
    return err_input(&request->ctx->err, field, STR_FMT, STR_ARG(words));
}

static enum err make(struct tx *tx, void *arg)
{
    const struct making *making = arg;
    const struct schedule_make_input *input = making->input;
    struct schedule schedule;
    struct queue queue;
    enum err found = schedule_find(tx, input->name, &schedule);
    if (found != ERR_MISSING)
        return found ? found : wrong(making->request, "name", text_schedule_taken);
    found = queue_find(tx, input->address, &queue);
    if (found)
        return found == ERR_MISSING ? wrong(making->request, "address", text_schedule_no_queue)
                                    : found;
    TRY(schedule_put(tx, &(struct schedule_options){.name = input->name,
                                                    .expression = input->expression,
                                                    .zone = input->zone,
                                                    .address = input->address}));
    return audit_note(tx, making->request, "schedule.make", input->name, STR(""));
}

enum err schedule_make(struct request *request, const struct schedule_make_input *input)
{
    struct making making = {.request = request, .input = input};
    TRY(db_write(request->ports->db, request->ctx, make, &making));
    return respond_redirect(request, "/admin/schedules?done=make");
}

enum err schedule_make_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors, (struct schedules_page){.count = 0}, STR(""));
}
