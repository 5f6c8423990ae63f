/* Schedules: what is sent at set times, to a queue or as an event.
 *
 *     const struct schedule_options count = {.name = STR("stock-count"),
 *                                            .expression = STR("30 2 * * *"),
 *                                            .zone = STR("Europe/Berlin"),
 *                                            .address = STR("stock")};
 *     TRY(schedule_put(tx, &count));                 a message to the queue "stock" each night
 *
 *     {"schedule":"stock-count","due":"2026-11-22T01:30:00.000000Z"}
 *
 * Expressions are those of cron.h. A run is sent in the transaction that moves the schedule to its
 * next one: however many processes look, and whenever one is killed, each run is sent once. The
 * ticker (schedule_ticker.h) does it within a second of the moment, put off by the jitter, which is
 * drawn by lot for each run and the same whoever draws it.
 *
 * A run that is more than SCHEDULE_LATE_S late was missed: the program did not run, or its clock
 * was put forward. Of those that were missed the first is sent and stands for all (once), each is
 * (all), or none (skip). When the clock is put back, runs wait until it is their time again, and
 * what was sent is not sent anew; but what was sent by a clock more than SCHEDULE_AHEAD_S ahead was
 * sent by one that was wrong, and the schedule begins anew.
 *
 * What cannot be sent (there is no such queue) is logged, kept as the schedule's trouble, and
 * counts as sent. A schedule that has no run to come is removed in the transaction of its last one,
 * unless the program declared it. Strs that are given back live in tx->ctx->arena. */
#ifndef STOA_FLOW_SCHEDULE_H
#define STOA_FLOW_SCHEDULE_H

#include "flow/cron.h"
#include "ports/db/db.h"

enum {
    SCHEDULE_NAME_MAX = 64, /* letters, digits, - _ and . */
    SCHEDULE_ADDRESS_MAX = 128,
    SCHEDULE_BODY_MAX = 64 << 10,
    SCHEDULE_JITTER_MAX_S = 24 * 60 * 60,
    SCHEDULE_LATE_S = 60,
    SCHEDULE_AHEAD_S = 24 * 60 * 60,
    SCHEDULE_AGAIN_S = 60 * 60, /* until one whose zone is not known any more is looked at again */
};

enum schedule_missed { SCHEDULE_ONCE, SCHEDULE_ALL, SCHEDULE_SKIP };

extern const char *const schedule_missed_names[]; /* "once" …, ends with NULL */

struct schedule_options {
    struct str name, expression;
    struct str zone;    /* empty is UTC */
    struct str address; /* a queue's name, or an event's type: its source is "schedule" */
    bool to_event;
    struct str body; /* JSON for an event; empty is as above */
    int64_t jitter_s;
    enum schedule_missed missed;
};

struct schedule {
    struct schedule_options is;
    bool paused, declared;
    int64_t anchor_us; /* what a rate counts from: when the expression was set */
    int64_t due_us;    /* the next run; 0 where none is to come, or it is paused */
    int64_t wake_us;   /* when that is sent: its jitter later */
    int64_t last_us;   /* the run that was sent last; 0 where none was */
    int64_t made_us;
    int64_t moved_us;   /* when it was last set or sent, by the clock of who did */
    struct str trouble; /* why the last one could not be sent, in the user's words; or empty */
};

/* Makes it, or sets what is there otherwise. One that is paused stays so; whose expression and zone
 * stay goes on as it was. ERR_INPUT with the field, also where it would never run. */
enum err schedule_put(struct tx *tx, const struct schedule_options *options);

/* As schedule_put for each of a table that ends with a row without a name: the program's own, set
 * anew at each start. */
enum err schedule_declare(struct tx *tx, const struct schedule_options table[]);

enum err schedule_find(struct tx *tx, struct str name, struct schedule *schedule); /* ERR_MISSING */

/* What comes due while it is paused was not missed. */
enum err schedule_pause(struct tx *tx, struct str name);
enum err schedule_resume(struct tx *tx, struct str name);

/* ERR_CONFLICT for one that the program declared: it can be paused. */
enum err schedule_delete(struct tx *tx, struct str name);

struct schedule_list {
    struct schedule *list;
    size_t count;
};

/* By name, from behind `after` on. */
enum err schedule_list(struct tx *tx, struct str after, int64_t limit, struct schedule_list *found);

/* The next runs after a moment, at most `max`, without their jitter; also of one that is paused. */
enum err schedule_runs(struct ctx *ctx, const struct schedule *schedule, int64_t after_us,
                       int64_t runs_us[], size_t max, size_t *count);

/* Sends it at once, beside its plan. */
enum err schedule_run_now(struct tx *tx, struct str name);

#endif
