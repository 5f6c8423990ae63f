/* Sends what is due, each run in the transaction that moves its schedule on. */
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "flow/flow_event.h"
#include "flow/flow_sql.h"
#include "flow/queue.h"
#include "flow/schedule_inside.h"
#include "flow/schedule_ticker.h"

enum { USUAL_BODY_MAX = 256, DEDUP_MAX = SCHEDULE_NAME_MAX + 24, MEND_MAX = 100 };

static enum err usual_body(struct ctx *ctx, const struct schedule *schedule, int64_t due_us,
                           struct str *body)
{
    char due[CLOCK_TEXT_MAX];
    struct buf out;
    struct json_writer writer;
    clock_format(due_us, due);
    buf_init(&out, ctx->arena, USUAL_BODY_MAX);
    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    json_key(&writer, STR("schedule"));
    json_add_str(&writer, schedule->is.name);
    json_key(&writer, STR("due"));
    json_add_str(&writer, str_from(due));
    json_end_object(&writer);
    *body = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err send_to_queue(struct tx *tx, const struct schedule *schedule, int64_t due_us,
                              struct str body)
{
    struct queue queue;
    struct queue_sending sending = QUEUE_SENDING(body);
    char dedup[DEDUP_MAX];
    struct buf buf;
    TRY(queue_find(tx, schedule->is.address, &queue));
    sending.sender = STR("schedule");
    if (queue.is.fifo) {
        buf_init_fixed(&buf, dedup, sizeof dedup);
        buf_add(&buf, schedule->is.name);
        buf_addc(&buf, '@');
        buf_add_int(&buf, due_us);
        sending.group_id = schedule->is.name;
        sending.dedup_id = buf_str(&buf);
    }
    return queue_send(tx, &queue, &sending);
}

enum err schedule_send(struct tx *tx, const struct schedule *schedule, int64_t due_us)
{
    struct str body = schedule->is.body;
    if (!body.len)
        TRY(usual_body(tx->ctx, schedule, due_us, &body));
    if (!schedule->is.to_event)
        return send_to_queue(tx, schedule, due_us, body);
    struct flow_event event = {
        .source = STR("schedule"), .type = schedule->is.address, .detail = body};
    return flow_emit(tx, &event);
}

enum err schedule_run_now(struct tx *tx, struct str name)
{
    struct schedule schedule = {.paused = false};
    TRY(schedule_find(tx, name, &schedule));
    return schedule_send(tx, &schedule, clock_now_us(tx->ctx->clock));
}

/* One schedule that was seen to be due. */
struct claim {
    struct str name;
    int64_t now_us;
    bool ran;
    struct str trouble;
};

static bool is_late(const struct schedule *schedule, int64_t now_us)
{
    return now_us - schedule->wake_us > SCHEDULE_LATE_S * SECOND_US;
}

/* Who came first has moved it on, or it was paused or removed. */
static enum err find_due(struct tx *tx, const struct claim *claim, struct schedule *schedule,
                         bool *due)
{
    enum err err = schedule_find(tx, claim->name, schedule);
    *due = err == ERR_OK && schedule->due_us && schedule->wake_us <= claim->now_us;
    return err == ERR_MISSING ? ERR_OK : err;
}

static enum err run(struct tx *tx, void *arg)
{
    struct claim *claim = arg;
    struct schedule schedule = {.paused = false};
    struct schedule_plan plan;
    bool due = false;
    claim->ran = false;
    TRY(find_due(tx, claim, &schedule, &due));
    if (!due)
        return ERR_OK;
    TRY(schedule_plan_open(tx->ctx, &schedule, &plan));
    bool late = is_late(&schedule, claim->now_us);
    int64_t after_us = schedule.due_us;
    if (late && schedule.is.missed == SCHEDULE_SKIP) {
        after_us = claim->now_us - SCHEDULE_LATE_S * SECOND_US;
    } else {
        TRY(schedule_send(tx, &schedule, schedule.due_us));
        claim->ran = true;
        schedule.last_us = schedule.due_us;
        if (late && schedule.is.missed == SCHEDULE_ONCE)
            after_us = claim->now_us;
    }
    schedule.trouble = STR("");
    schedule_plan_move(&plan, &schedule, after_us);
    return schedule_keep(tx, &schedule);
}

/* A plan that cannot be made now (the system lost the zone) is looked at again later. */
static enum err pass_over(struct tx *tx, void *arg)
{
    struct claim *claim = arg;
    struct schedule schedule = {.paused = false};
    struct schedule_plan plan;
    bool due = false;
    TRY(find_due(tx, claim, &schedule, &due));
    if (!due)
        return ERR_OK;
    schedule.trouble = claim->trouble;
    if (schedule_plan_open(tx->ctx, &schedule, &plan))
        schedule.wake_us = claim->now_us + SCHEDULE_AGAIN_S * SECOND_US;
    else
        schedule_plan_move(&plan, &schedule, claim->now_us);
    return schedule_keep(tx, &schedule);
}

/* What will be refused again however often it is tried. */
static bool is_refusal(enum err err)
{
    return err_http_status(err) >= 400 && err_http_status(err) < 500;
}

static enum err run_one(struct ctx *ctx, struct schedule_look *look, struct claim *claim)
{
    enum err err = db_write(look->db, ctx, run, claim);
    if (err && !is_refusal(err))
        return err;
    look->runs += !err && claim->ran;
    if (!err)
        return ERR_OK;
    log_error(ctx, "schedule cannot be sent", field_str("schedule", claim->name),
              field_text("why", ctx->err.user), field_text("detail", ctx->err.operator));
    look->troubles++;
    TRY(str_copy(ctx->arena, str_from(ctx->err.user), &claim->trouble));
    return db_write(look->db, ctx, pass_over, claim);
}

static enum err read_first(struct tx *tx, void *arg)
{
    return schedule_row_first(tx, SCHEDULE_BATCH_MAX, arg);
}

enum err schedule_run_due(struct ctx *ctx, struct schedule_look *look)
{
    struct schedule_row_first_rows first = {.count = 0};
    int64_t now_us = clock_now_us(ctx->clock);
    enum err failed = ERR_OK;
    look->next_us = SCHEDULE_NEVER_US;
    TRY(db_read(look->db, ctx, read_first, &first));
    for (size_t i = 0; i < first.count; i++) {
        struct claim claim = {.name = first.rows[i].name, .now_us = now_us};
        if (first.rows[i].wake_us > now_us) {
            look->next_us = first.rows[i].wake_us;
            break;
        }
        struct arena_mark mark = arena_mark(ctx->arena);
        enum err err = run_one(ctx, look, &claim);
        if (err)
            failed = err;
        arena_rewind(ctx->arena, mark);
    }
    look->more = !failed && first.count && first.rows[0].wake_us <= now_us;
    return failed;
}

struct mend {
    int64_t now_us;
    struct str after, last; /* names: those behind the one are looked at, as far as the other */
    bool more;
};

/* What is planned for sooner already stays. */
static enum err mend_one(struct tx *tx, int64_t now_us, const struct schedule *schedule)
{
    struct schedule_plan plan;
    struct schedule mended = *schedule;
    if (schedule->paused || schedule->moved_us <= now_us + SCHEDULE_AHEAD_S * SECOND_US ||
        schedule_plan_open(tx->ctx, schedule, &plan))
        return ERR_OK;
    schedule_plan_move(&plan, &mended, now_us);
    bool sooner = mended.due_us && (!schedule->due_us || mended.due_us < schedule->due_us);
    return sooner ? schedule_keep(tx, &mended) : ERR_OK;
}

static enum err mend_some(struct tx *tx, void *arg)
{
    struct mend *mend = arg;
    struct schedule_list found;
    TRY(schedule_list(tx, mend->after, MEND_MAX, &found));
    for (size_t i = 0; i < found.count; i++)
        TRY(mend_one(tx, mend->now_us, &found.list[i]));
    mend->more = found.count == MEND_MAX;
    mend->last = found.count ? found.list[found.count - 1].is.name : STR("");
    return ERR_OK;
}

enum err schedule_mend(struct ctx *ctx, struct db *db)
{
    struct mend mend = {.now_us = clock_now_us(ctx->clock)};
    do {
        TRY(db_write(db, ctx, mend_some, &mend));
        mend.after = mend.last;
    } while (mend.more);
    return ERR_OK;
}
