/* A ring of spans that have ended: any thread puts in, one takes out, nobody waits.
 *
 *     if (!span_ring_add(ring, span))            full: it is lost, and counted by the caller
 *     while (span_ring_take(ring, &record)) …    the exporter's thread
 *
 * A span is copied, its texts cut to what a record has room for. Adding is an atomic exchange, a
 * copy of some 400 bytes and a store: no lock, no system call. */
#ifndef STOA_WATCH_SPAN_RING_H
#define STOA_WATCH_SPAN_RING_H

#include <stdatomic.h>

#include "base/span.h"

enum { SPAN_RING_SIZE = 2048, SPAN_TEXTS_MAX = 192 }; /* records: a power of two; bytes of one */

/* A span as it is kept: `texts` holds its fields' texts, one behind the other. */
struct span_record {
    struct trace_id trace;
    uint64_t id, parent_id;
    const char *name;
    int64_t begun_us, duration_us;
    enum err err;
    bool is_root; /* the first of this process */
    uint8_t field_count;
    struct {
        const char *name;
        enum field_kind kind;
        int64_t number;
        uint16_t at, len; /* of its text */
    } fields[SPAN_FIELDS_MAX];
    char texts[SPAN_TEXTS_MAX];
};

struct span_ring {
    _Atomic uint64_t head; /* the next to put in */
    uint64_t tail;         /* the next to take out: one thread's */
    struct {
        _Atomic uint64_t turn; /* whose it is: its place while free, one more once filled */
        struct span_record record;
    } slots[SPAN_RING_SIZE];
};

void span_ring_init(struct span_ring *ring);
bool span_ring_add(struct span_ring *ring, const struct span *span);
bool span_ring_take(struct span_ring *ring, struct span_record *record);

#endif
