/* Writes the log's lines, each in memory first and then at once. */
#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/json.h"
#include "base/span.h"

static const char cut_end[] = ",\"cut\":true}\n";
static const char *const level_names[] = {"debug", "info", "warn", "error"};

/* A pipe takes so much without another process's line in between. */
_Static_assert(LOG_LINE_MAX <= PIPE_BUF, "a line goes into a pipe whole");

struct field field_str(const char *name, struct str text)
{
    return (struct field){.name = name, .kind = FIELD_TEXT, .text = text};
}

struct field field_text(const char *name, const char *text)
{
    return field_str(name, str_from(text));
}

struct field field_int(const char *name, int64_t number)
{
    return (struct field){.name = name, .kind = FIELD_INT, .number = number};
}

struct field field_bool(const char *name, bool yes)
{
    return (struct field){.name = name, .kind = FIELD_BOOL, .number = yes};
}

struct field field_id(const char *name, const char *prefix, struct id id)
{
    return (struct field){.name = name, .kind = FIELD_ID, .prefix = prefix, .id = id};
}

void log_init(struct log *log, int fd, enum log_level level, struct clock *clock)
{
    *log = (struct log){
        .fd = fd, .level = level, .clock = clock, .lock = PTHREAD_MUTEX_INITIALIZER};
}

/* The log is where broken text must show up, so it is mended rather than refused. */
static void add_text(struct buf *out, struct str text)
{
    char bytes[LOG_LINE_MAX];
    struct buf repaired;
    buf_init_fixed(&repaired, bytes, sizeof bytes);
    if (!str_is_utf8(text)) {
        buf_add_repaired(&repaired, text);
        text = buf_str(&repaired);
    }
    if (buf_err(&repaired))
        buf_fail(out, ERR_LIMIT);
    json_quote(out, text);
}

static void add_value(struct buf *out, const struct field *field)
{
    char text[ID_TEXT_MAX];
    switch (field->kind) {
    case FIELD_TEXT:
        add_text(out, field->text);
        break;
    case FIELD_INT:
        buf_add_int(out, field->number);
        break;
    case FIELD_BOOL:
        buf_add(out, field->number ? STR("true") : STR("false"));
        break;
    case FIELD_ID:
        id_format(field->id, field->prefix, text);
        add_text(out, str_from(text));
        break;
    }
}

/* A whole field, or nothing of it and false. Room for the line's end is left in any case. */
static bool add_field(struct buf *out, const struct field *field)
{
    size_t before = out->len;
    buf_addc(out, ',');
    add_text(out, str_from(field->name));
    buf_addc(out, ':');
    add_value(out, field);
    if (buf_reserve(out, sizeof cut_end - 1))
        return true;
    buf_rewind(out, before);
    return false;
}

static void add_head(struct buf *out, const struct ctx *ctx, enum log_level level, uint64_t dropped)
{
    char time[CLOCK_TEXT_MAX];
    clock_format(clock_now_us(ctx->log->clock), time);
    buf_addf(out, "{\"time\":\"%s\",\"level\":\"%s\"", time, level_names[level]);
    const struct span *span = ctx->span;
    if (span && (span->trace.high || span->trace.low))
        buf_addf(out, ",\"trace\":\"%016" PRIx64 "%016" PRIx64 "\"", span->trace.high,
                 span->trace.low);
    if (dropped)
        buf_addf(out, ",\"dropped\":%" PRIu64, dropped);
}

/* Where there is room, a pipe takes a whole line. O_NONBLOCK would say the same, but to all that
 * share the terminal or the pipe. */
static bool has_room(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLOUT};
    return poll(&one, 1, 0) == 1 && one.revents & POLLOUT;
}

/* `told` is what the line says of dropped ones: they stay to be told where it is dropped itself. */
static void send_line(struct log *log, struct str line, uint64_t told)
{
    pthread_mutex_lock(&log->lock);
    bool sent = has_room(log->fd) && io_write_all(log->fd, line); /* half would spoil the next */
    pthread_mutex_unlock(&log->lock);
    if (sent)
        return;
    atomic_fetch_add_explicit(&log->dropped, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&log->untold, told + 1, memory_order_relaxed);
}

void log_write(const struct ctx *ctx, enum log_level level, const struct field fields[],
               size_t count)
{
    struct log *log = ctx->log;
    if (!log || level < log->level)
        return;
    int number = errno; /* logging comes before err_system as often as after it */
    char line[LOG_LINE_MAX];
    struct buf out;
    buf_init_fixed(&out, line, sizeof line);
    uint64_t untold = atomic_exchange_explicit(&log->untold, 0, memory_order_relaxed);
    add_head(&out, ctx, level, untold);
    bool whole = true;
    for (size_t i = 0; i < count && whole; i++)
        whole = add_field(&out, &fields[i]);
    buf_add(&out, whole ? STR("}\n") : str_from(cut_end));
    send_line(log, buf_str(&out), untold);
    errno = number;
}

static enum log_level failure_level(enum err code)
{
    if (err_http_status(code) < 500)
        return LOG_INFO;
    return err_is_passing(code) ? LOG_WARN : LOG_ERROR;
}

static void tell_failure(const struct ctx *ctx, const char *event, uint64_t others)
{
    const struct err_record *err = &ctx->err;
    const struct field all[] = {
        field_text("event", event),
        field_text("error", err_name(err->code)),
        field_text("field", err->field),
        field_text("user", err->user),
        field_text("operator", err->operator),
        field_text("where", err->where),
    };
    struct field told[sizeof all / sizeof *all + 1];
    size_t count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].text.len)
            told[count++] = all[i];
    if (others)
        told[count++] = field_int("others", (int64_t)others);
    log_write(ctx, failure_level(err->code), told, count);
}

void log_failure(const struct ctx *ctx, const char *event)
{
    tell_failure(ctx, event, 0);
}

void log_failure_rarely(const struct ctx *ctx, const char *event)
{
    struct log *log = ctx->log;
    if (!log)
        return;
    int64_t tick_us = clock_tick_us(log->clock), until_us = atomic_load(&log->rare_us);
    if (tick_us < until_us ||
        !atomic_compare_exchange_strong(&log->rare_us, &until_us, tick_us + SECOND_US))
        atomic_fetch_add(&log->rare, 1);
    else
        tell_failure(ctx, event, atomic_exchange(&log->rare, 0));
}
