/* Schedules in a place, and what they sent.
 *
 *     schedule_place_queue(&place);                   the queue "stock"
 *     schedule_place_put(&place, &options);
 *     fake_clock_turn(&t->clock, HOUR_US);
 *     CHECK_STR(schedule_place_run(&place), "13:00");
 *
 * What is not said to try stops the test where it cannot be. */
#ifndef STOA_TESTS_FLOW_SCHEDULE_PLACE_H
#define STOA_TESTS_FLOW_SCHEDULE_PLACE_H

#include "flow/schedule.h"
#include "place.h"

void schedule_place_queue(struct flow_place *place);
void schedule_place_put(struct flow_place *place, const struct schedule_options *options);
enum err schedule_place_try_put(struct flow_place *place, const struct schedule_options *options);
enum err schedule_place_declare(struct flow_place *place, const struct schedule_options table[]);
struct schedule schedule_place_find(struct flow_place *place, const char *name);
int64_t schedule_place_count(struct flow_place *place);

/* Runs what is due until nothing is, and says the hours and minutes in what was sent. */
struct str schedule_place_run(struct flow_place *place);

/* Takes what is in the queue, a line each. */
struct str schedule_place_bodies(struct flow_place *place);

typedef enum err schedule_place_fn(struct tx *tx, struct str name);

enum err schedule_place_do(struct flow_place *place, schedule_place_fn *fn, const char *name);

/* Of messages, and of schedules that were not declared. */
void schedule_place_empty(struct flow_place *place);

#endif
