/* The log: one JSON line an event, written whole by one write(2).
 *
 *     log_info(ctx, "order placed", field_id("order", "ord", id), field_int("lines", 3));
 *
 *     {"time":"2026-11-21T03:38:20.123456Z","level":"info","trace":"4bf9…","event":"order placed",
 *      "order":"ord_01KAH0…","lines":3}
 *
 * The event is a fixed text, so that it can be searched for; what varies is in fields. A line
 * longer than LOG_LINE_MAX is cut at a field and says so ("cut":true); bytes that are not UTF-8 are
 * replaced. Any thread may write. The log neither fails the work nor waits for its reader: a line
 * that cannot be written at once is dropped, and the next one that goes through says how many were
 * ("dropped":3). Levels below log->level cost a comparison; a context without a log says nothing.
 */
#ifndef STOA_BASE_LOG_H
#define STOA_BASE_LOG_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/id.h"
#include "base/str.h"

enum { LOG_LINE_MAX = 4 << 10 }; /* what a pipe takes whole, other processes' lines apart */

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log {
    int fd;               /* a pipe, a terminal, or a file that was opened to append */
    enum log_level level; /* what is below it is not written */
    struct clock *clock;
    pthread_mutex_t lock;     /* what poll(2) found room for is not taken by another thread */
    _Atomic uint64_t dropped; /* lines that could not be written */
    _Atomic uint64_t untold;  /* those that no line told of yet */
    _Atomic int64_t rare_us;  /* until when log_failure_rarely only counts */
    _Atomic uint64_t rare;    /* what it counted */
};

enum field_kind { FIELD_TEXT, FIELD_INT, FIELD_BOOL, FIELD_ID };

struct field {
    const char *name;
    enum field_kind kind;
    const char *prefix; /* of an id */
    struct str text;
    int64_t number; /* or 0 and 1 for a bool */
    struct id id;
};

struct field field_str(const char *name, struct str text);
struct field field_text(const char *name, const char *text); /* ended by NUL; NULL is "" */
struct field field_int(const char *name, int64_t number);
struct field field_bool(const char *name, bool yes);
struct field field_id(const char *name, const char *prefix, struct id id);

void log_init(struct log *log, int fd, enum log_level level, struct clock *clock);

/* The macros below are what one writes; the first field is the event. `ctx` gives the log and the
 * trace. */
void log_write(const struct ctx *ctx, enum log_level level, const struct field fields[],
               size_t count);

/* Logs ctx->err: its code, words, field and place. What the user can mend is info, what passes by
 * itself a warning, the rest an error. */
void log_failure(const struct ctx *ctx, const char *event);

/* The same of what comes in crowds: at most one line a second, which says how many others there
 * were since the last one ("others":41). */
void log_failure_rarely(const struct ctx *ctx, const char *event);

#define LOG_FIELDS_(event, ...) ((struct field[]){field_text("event", event), ##__VA_ARGS__})
#define LOG_WITH_(ctx, level, ...)                  \
    log_write(ctx, level, LOG_FIELDS_(__VA_ARGS__), \
              sizeof LOG_FIELDS_(__VA_ARGS__) / sizeof(struct field))

#define log_debug(ctx, ...) LOG_WITH_(ctx, LOG_DEBUG, __VA_ARGS__)
#define log_info(ctx, ...)  LOG_WITH_(ctx, LOG_INFO, __VA_ARGS__)
#define log_warn(ctx, ...)  LOG_WITH_(ctx, LOG_WARN, __VA_ARGS__)
#define log_error(ctx, ...) LOG_WITH_(ctx, LOG_ERROR, __VA_ARGS__)

#endif
