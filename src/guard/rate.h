/* Rate limits: how often one address, account or key may ask.
 *
 *     struct rate_verdict verdict = rate_take(rate, RATE_OF_KEY, key, clock_tick_us(clock));
 *     if (!verdict.allowed)
 *         429 Too Many Requests, Retry-After: verdict.retry_s
 *
 * Each (class, key) has a bucket of tokens; one is taken for each request, and they flow back
 * evenly. What is refused takes none. A bucket is one time: when it will be full again (GCRA). A
 * full one is not kept at all.
 *
 * The buckets stand in a table that never grows: RATE_BUCKETS of 16 bytes, RATE_WAYS a set. Where
 * all of one are in use, the one nearest to full gives way, and is forgiven what little it owed.
 * The place in the table is a hash under a key that nobody knows, so nobody can aim at a set. To
 * make one's own debt forgotten one needs nearly RATE_BUCKETS other addresses, each deeper in debt
 * than oneself: who is refused, in debt for a whole period, goes last. rate_forgiven_total counts.
 *
 * One IPv6 customer has a network of /64 at least: that is one address here.
 *
 * Cost: a SipHash of 8 or 16 bytes, one of RATE_SHARDS locks held for RATE_WAYS comparisons, one
 * reading of the clock. Any thread may ask; the limits do not reach over to other processes, which
 * each grant them anew. */
#ifndef STOA_GUARD_RATE_H
#define STOA_GUARD_RATE_H

#include "base/counter.h"
#include "base/ctx.h"
#include "web/route.h"

enum { RATE_BUCKETS = 1 << 16, RATE_WAYS = 8, RATE_SHARDS = 64 };

/* The classes of routes, of one address, and what the program itself counts. */
enum rate_class {
    RATE_OF_KEY = RATE_FREE + 1, /* requests under one API key */
    RATE_CLASSES
};

/* `tokens` each `period_us`, all at once or one after the other; no tokens is no limit. */
struct rate_limit {
    int64_t tokens, period_us;
};

/* By class; RATE_FREE is never limited. */
struct rate_limits {
    struct rate_limit classes[RATE_CLASSES];
};

struct rate;

enum err rate_open(struct ctx *ctx, const struct rate_limits *limits,
                   struct counter_registry *counters, struct rate **opened);
void rate_close(struct rate *rate);

struct rate_verdict {
    bool allowed, limited; /* a class without limit is allowed and not limited */
    int64_t tokens;        /* of a full bucket */
    int64_t remaining;     /* tokens that are left */
    int64_t retry_s;       /* until there is one again; 0 where there is one */
    int64_t reset_s;       /* until the bucket is full */
};

/* `class` is a route_rate or a rate_class; `tick_us` is clock_tick_us. */
struct rate_verdict rate_take(struct rate *rate, int class, struct str key, int64_t tick_us);

/* Counts a request against its route's class and its client's address. ERR_RATE with Retry-After.
 * Who asks from this machine itself is not counted: behind a proxy that says nothing of its clients
 * all of them would be one. Answers of every class but page say RateLimit-Limit, -Remaining and
 * -Reset, whatever becomes of them, and so does each that is refused. */
enum err rate_admit(struct rate *rate, struct request *request);

/* The same against another class, for what turns out to be more than the route said: a key that is
 * none is an attempt to sign in. */
enum err rate_admit_as(struct rate *rate, struct request *request, enum route_rate class);

/* The request of one API key, against RATE_OF_KEY. */
enum err rate_admit_key(struct rate *rate, struct request *request, struct str key);

#endif
