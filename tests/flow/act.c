/* Each thing that is done with a queue, as a write of its own. */
#include "act.h"

#include <string.h>

static enum err create(struct tx *tx, void *arg)
{
    struct act *act = arg;
    return queue_create(tx, &act->options, &act->queue);
}

static enum err change(struct tx *tx, void *arg)
{
    struct act *act = arg;
    TRY(queue_change(tx, &act->queue, &act->options));
    return queue_find(tx, act->options.name, &act->queue);
}

static enum err send(struct tx *tx, void *arg)
{
    struct act *act = arg;
    return queue_send(tx, &act->queue, &act->sending);
}

static enum err receive(struct tx *tx, void *arg)
{
    struct act *act = arg;
    return queue_receive(tx, &act->queue, &act->want, &act->got);
}

static enum err delete (struct tx *tx, void *arg) {
    struct act *act = arg; return queue_delete(tx, &act->queue, &act->message->receipt);
}

static enum err hide(struct tx *tx, void *arg)
{
    struct act *act = arg;
    return queue_hide(tx, &act->queue, &act->message->receipt, act->seconds);
}

static enum err fail(struct tx *tx, void *arg)
{
    struct act *act = arg;
    return queue_fail(tx, &act->queue, act->message, str_from(act->reason), STR("00-trace"));
}

static enum err count(struct tx *tx, void *arg)
{
    struct act *act = arg;
    return queue_count(tx, &act->queue, &act->counts);
}

static enum err deads(struct tx *tx, void *arg)
{
    struct act *act = arg;
    return queue_dead_list(tx, &act->queue, 0, 100, &act->deads);
}

static enum err redrive(struct tx *tx, void *arg)
{
    struct act *act = arg;
    return queue_redrive(tx, &act->queue, act->number, &act->count);
}

static enum err purge(struct tx *tx, void *arg)
{
    struct act *act = arg;
    return queue_purge(tx, &act->queue, &act->count);
}

static enum err sweep(struct tx *tx, void *arg)
{
    struct act *act = arg;
    return queue_sweep(tx, &act->queue, &act->count);
}

static enum err do_it(struct act *act, db_fn *fn)
{
    return db_write(act->place->db, act->place->ctx, fn, act);
}

static void must(struct act *act, db_fn *fn)
{
    struct test *t = act->t;
    CHECK_ERR(do_it(act, fn), ERR_OK);
}

void act_open(struct test *t, struct flow_place *place, const char *name, struct act *act)
{
    memset(act, 0, sizeof *act);
    act->t = t;
    act->place = place;
    act->options = queue_usual;
    act->options.name = str_from(name);
    act->options.fifo = str_ends(act->options.name, STR(".fifo"));
    must(act, create);
}

void act_set(struct act *act)
{
    must(act, change);
}

enum err act_send(struct act *act, const char *body)
{
    act->sending = QUEUE_SENDING(str_from(body));
    return do_it(act, send);
}

enum err act_send_to(struct act *act, const char *group, const char *dedup, const char *body)
{
    act->sending = QUEUE_SENDING(str_from(body));
    act->sending.group_id = str_from(group);
    act->sending.dedup_id = str_from(dedup);
    return do_it(act, send);
}

struct queue_messages *act_take_some(struct act *act, int64_t max)
{
    act->want = (struct queue_want){.max = max, .visibility_s = QUEUE_DEFAULT};
    must(act, receive);
    return &act->got;
}

const struct queue_message *act_take(struct act *act)
{
    act_take_some(act, 1);
    return act->got.count ? act->got.list : NULL;
}

enum err act_delete(struct act *act, const struct queue_message *message)
{
    act->message = message;
    return do_it(act, delete);
}

enum err act_hide(struct act *act, const struct queue_message *message, int64_t seconds)
{
    act->message = message;
    act->seconds = seconds;
    return do_it(act, hide);
}

enum err act_fail(struct act *act, const struct queue_message *message, const char *reason)
{
    act->message = message;
    act->reason = reason;
    return do_it(act, fail);
}

const struct queue_counts *act_count(struct act *act)
{
    must(act, count);
    return &act->counts;
}

const struct queue_deads *act_deads(struct act *act)
{
    must(act, deads);
    return &act->deads;
}

enum err act_redrive(struct act *act, int64_t number, int64_t *moved)
{
    act->number = number;
    enum err err = do_it(act, redrive);
    *moved = act->count;
    return err;
}

int64_t act_purge(struct act *act)
{
    must(act, purge);
    return act->count;
}

int64_t act_sweep(struct act *act)
{
    must(act, sweep);
    return act->count;
}
