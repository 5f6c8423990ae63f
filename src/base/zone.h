/* Time zones: what the clocks on the wall show at a place.
 *
 *     struct zone *zone;
 *     TRY(zone_open(ctx, "zone", STR("Europe/Berlin"), &zone));
 *     struct civil local = zone_civil(zone, created_us);        as people there wrote it down
 *     int64_t begin_us = zone_to_us(zone, local_us);            and back
 *
 * Zones are read from the system's tzdata (TZif files, RFC 9636): what is shown follows the rules
 * that the system was last told, and a new rule needs no new program. "UTC" needs no file. A zone
 * lives in the context's arena and does not change: any thread may read it.
 *
 * A local time is written as an int64_t like a moment, as if the clock on the wall were in UTC;
 * civil_from_us and civil_to_us (clock.h) read and make it. When clocks are put forward, local
 * times are left out; when they are put back, local times come twice. */
#ifndef STOA_BASE_ZONE_H
#define STOA_BASE_ZONE_H

#include "base/clock.h"
#include "base/ctx.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"

enum {
    ZONE_NAME_MAX = 64,
    ZONE_FILE_MAX = 64 << 10,
    ZONE_CHANGES_MAX = 4000,
    ZONE_AHEAD_MAX_S = 26 * 3600 - 1,
};

struct zone;

/* The zone of an IANA name. ERR_INPUT, which names `field`, where the system knows none such. */
enum err zone_open(struct ctx *ctx, const char *field, struct str name, struct zone **zone);

/* As zone_open, of a file's bytes. ERR_INPUT where they are no TZif, or one that counts leap
 * seconds. Nothing of `bytes` is kept. */
enum err zone_read(struct ctx *ctx, const char *field, struct str bytes, struct zone **zone);

/* A time between two changes of a zone's clocks. */
struct zone_span {
    int64_t begin_us; /* the change before; CLOCK_MIN_US where there is none */
    int64_t end_us;   /* the change after, which is no longer in it; CLOCK_MAX_US where none is */
    int64_t ahead_us; /* how far the local clock is ahead of UTC, or behind where negative */
};

/* The span that a moment within CLOCK_MIN_US and CLOCK_MAX_US lies in. */
struct zone_span zone_span_at(const struct zone *zone, int64_t time_us);

/* What the local clock shows; held within CLOCK_MIN_US and CLOCK_MAX_US. */
int64_t zone_local_us(const struct zone *zone, int64_t time_us);
struct civil zone_civil(const struct zone *zone, int64_t time_us);

/* The first moment at which the local clock shows this time or, where it is left out, a later one:
 * then the moment at which the clocks are put forward. */
int64_t zone_to_us(const struct zone *zone, int64_t local_us);

#endif
