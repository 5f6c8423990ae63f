/* What the files of schedules share. Private to them.
 *
 *     struct schedule_plan plan;
 *     TRY(schedule_plan_open(ctx, &schedule, &plan));
 *     schedule_plan_move(&plan, &schedule, now_us);         due_us and wake_us are those after
 */
#ifndef STOA_FLOW_SCHEDULE_INSIDE_H
#define STOA_FLOW_SCHEDULE_INSIDE_H

#include "flow/schedule.h"

/* Where none is to come: behind all others in the order of the table. */
#define SCHEDULE_NEVER_US CLOCK_MAX_US

struct schedule_plan {
    struct cron cron;
    struct zone *zone;
};

enum err schedule_plan_open(struct ctx *ctx, const struct schedule *schedule,
                            struct schedule_plan *plan);

/* To the first run after a moment, if there is one. */
void schedule_plan_move(const struct schedule_plan *plan, struct schedule *schedule,
                        int64_t after_us);

/* Sends the run that was due then. */
enum err schedule_send(struct tx *tx, const struct schedule *schedule, int64_t due_us);

/* Writes what schedule_plan_move and a run changed; one that ended is removed. */
enum err schedule_keep(struct tx *tx, const struct schedule *schedule);

#endif
