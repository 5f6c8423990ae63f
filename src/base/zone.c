/* Finds a zone's file, and what its clocks show. */
#include "base/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/io.h"
#include "base/zone_inside.h"

static bool is_name_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+' || c == '/';
}

/* IANA's names begin with a capital and hold no point, so that no name leads out of the folder.
 * What else lies in it (copies with leap seconds, tables) begins with a small letter. */
static bool is_name(struct str name)
{
    if (!name.len || name.len > ZONE_NAME_MAX || name.ptr[0] < 'A' || name.ptr[0] > 'Z')
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!is_name_char(name.ptr[i]))
            return false;
    return true;
}

static enum err unknown(struct ctx *ctx, const char *field)
{
    return err_input(&ctx->err, field,
                     "must be a time zone that this system knows, such as Europe/Berlin or UTC");
}

/* What is no file (a folder of zones) is none, nor what is too large for one. */
static enum err read_file(struct ctx *ctx, const char *field, int fd, struct zone **zone)
{
    struct stat info = {0};
    if (fstat(fd, &info) != 0)
        return err_system(&ctx->err, "The time zone could not be read.", "looking at a time zone");
    if (!S_ISREG(info.st_mode) || info.st_size > ZONE_FILE_MAX)
        return unknown(ctx, field);
    char *bytes = arena_bytes(ctx->arena, (size_t)info.st_size);
    if (!bytes)
        return err_memory(&ctx->err);
    ssize_t size = io_read_all(fd, bytes, (size_t)info.st_size);
    if (size < 0)
        return err_system(&ctx->err, "The time zone could not be read.", "reading a time zone");
    return zone_read(ctx, field, str_make(bytes, (size_t)size), zone);
}

enum err zone_open(struct ctx *ctx, const char *field, struct str name, struct zone **zone)
{
    char path[sizeof ZONE_FOLDER + ZONE_NAME_MAX + 1];
    struct buf buf;
    if (!is_name(name))
        return unknown(ctx, field);
    if (str_equal(name, STR("UTC"))) {
        *zone = ARENA_NEW(ctx->arena, struct zone);
        return *zone ? ERR_OK : err_memory(&ctx->err);
    }
    buf_init_fixed(&buf, path, sizeof path);
    buf_add(&buf, STR(ZONE_FOLDER "/"));
    buf_add(&buf, name);
    buf_addc(&buf, '\0');
    ASSERT(!buf_err(&buf));
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return unknown(ctx, field);
    if (fd < 0)
        return err_system(&ctx->err, "The time zone could not be read.", "opening %s", path);
    enum err err = read_file(ctx, field, fd, zone);
    close(fd);
    return err;
}

/* How many of the changes have come by then. */
static size_t count_past(const struct zone_change *changes, size_t count, int64_t time_us)
{
    size_t from = 0, to = count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (changes[middle].at_us <= time_us)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Narrows the span to that between two of these changes, where one came before it began. */
static void narrow(struct zone_span *span, const struct zone_change *changes, size_t count,
                   int64_t time_us)
{
    size_t past = count_past(changes, count, time_us);
    if (past > 0 && changes[past - 1].at_us >= span->begin_us) {
        span->begin_us = changes[past - 1].at_us;
        span->ahead_us = changes[past - 1].ahead_s * SECOND_US;
    }
    if (past < count && changes[past].at_us < span->end_us)
        span->end_us = changes[past].at_us;
}

/* The rule holds from the last change that the file lists, which gave the clocks what the rule
 * would: what it says of the time before is left out. */
struct zone_span zone_span_at(const struct zone *zone, int64_t time_us)
{
    ASSERT(time_us >= CLOCK_MIN_US && time_us <= CLOCK_MAX_US);
    struct zone_change yearly[ZONE_RULE_CHANGES] = {{0}};
    struct zone_span span = {.begin_us = CLOCK_MIN_US,
                             .end_us = CLOCK_MAX_US,
                             .ahead_us = zone->first_ahead_s * SECOND_US};
    narrow(&span, zone->changes, zone->count, time_us);
    if (zone->has_rule && span.end_us == CLOCK_MAX_US) {
        if (zone->count == 0)
            span.ahead_us = zone->rule.standard_s * SECOND_US;
        size_t count = zone_rule_changes(&zone->rule, time_us, yearly);
        narrow(&span, yearly, count, time_us);
    }
    return span;
}

int64_t zone_local_us(const struct zone *zone, int64_t time_us)
{
    int64_t local_us = time_us + zone_span_at(zone, time_us).ahead_us;
    if (local_us < CLOCK_MIN_US)
        return CLOCK_MIN_US;
    return local_us > CLOCK_MAX_US ? CLOCK_MAX_US : local_us;
}

struct civil zone_civil(const struct zone *zone, int64_t time_us)
{
    return civil_from_us(zone_local_us(zone, time_us));
}

/* No clock is further from UTC than ZONE_AHEAD_MAX_S: there the local clock shows less. */
int64_t zone_to_us(const struct zone *zone, int64_t local_us)
{
    ASSERT(local_us >= CLOCK_MIN_US && local_us <= CLOCK_MAX_US);
    int64_t from_us = local_us - ZONE_AHEAD_MAX_S * SECOND_US;
    if (from_us < CLOCK_MIN_US)
        from_us = CLOCK_MIN_US;
    for (;;) {
        struct zone_span span = zone_span_at(zone, from_us);
        int64_t shown_us = local_us - span.ahead_us;
        if (shown_us < span.end_us || span.end_us == CLOCK_MAX_US)
            return shown_us > from_us ? shown_us < CLOCK_MAX_US ? shown_us : CLOCK_MAX_US : from_us;
        from_us = span.end_us;
    }
}
