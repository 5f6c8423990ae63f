/* What tests do with a queue, each in a transaction of its own.
 *
 *     struct act act;
 *     act_open(t, &place, "orders", &act);
 *     act_send(&act, "one");
 *     CHECK_STR(act_take(&act)->body, "one");           NULL where nothing is there
 *     CHECK_ERR(act_delete(&act, message), ERR_OK); */
#ifndef STOA_TESTS_FLOW_ACT_H
#define STOA_TESTS_FLOW_ACT_H

#include "place.h"

struct act {
    struct test *t;
    struct flow_place *place;
    struct queue queue;
    struct queue_options options; /* act_open's; changed by act_set */
    struct queue_sending sending;
    struct queue_want want;
    struct queue_messages got;
    const struct queue_message *message;
    const char *reason;
    int64_t seconds, number, count;
    struct queue_counts counts;
    struct queue_deads deads;
};

/* A queue of that name with the usual options; .fifo by its name. */
void act_open(struct test *t, struct flow_place *place, const char *name, struct act *act);
void act_set(struct act *act); /* as act->options are now */

enum err act_send(struct act *act, const char *body);
enum err act_send_to(struct act *act, const char *group, const char *dedup, const char *body);
struct queue_messages *act_take_some(struct act *act, int64_t max);
const struct queue_message *act_take(struct act *act);
enum err act_delete(struct act *act, const struct queue_message *message);
enum err act_hide(struct act *act, const struct queue_message *message, int64_t seconds);
enum err act_fail(struct act *act, const struct queue_message *message, const char *reason);
const struct queue_counts *act_count(struct act *act);
const struct queue_deads *act_deads(struct act *act);
enum err act_redrive(struct act *act, int64_t number, int64_t *moved);
int64_t act_purge(struct act *act);
int64_t act_sweep(struct act *act);

#endif
