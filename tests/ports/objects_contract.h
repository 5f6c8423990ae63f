/* What every store of objects does alike: each driver's test runs it on an empty store.
 *
 *     struct objects_store_traits traits = {.keeps_versions = true, .part_bytes = 1000};
 *     objects_contract(t, objects, &traits); */
#ifndef STOA_TESTS_PORTS_OBJECTS_CONTRACT_H
#define STOA_TESTS_PORTS_OBJECTS_CONTRACT_H

#include "harness/test.h"
#include "ports/objects/objects.h"

struct objects_store_traits {
    bool keeps_versions;
    bool takes_any_name; /* else none of a part of more than 255 bytes, or "a" beside "a/b" */
    bool folders_linger; /* that hold nothing but names that were deleted */
    int64_t part_bytes;  /* of a part that is not the last */
};

void objects_contract(struct test *t, struct objects *objects,
                      const struct objects_store_traits *traits);

/* A body of `size` bytes that are told by their place, and a sink that counts those that are as
 * they should be. */
struct sample_bytes {
    int64_t next, size;
    int64_t wrong;
};

objects_source_fn sample_read;
objects_sink_fn sample_check;

#endif
