/* The vital signs of this process, as the kernel tells them.
 *
 *     struct vitals vitals;
 *     vitals_read(&vitals, "var");
 *     vitals.resident_bytes                        what it has of the memory
 *
 * What cannot be read is VITALS_UNKNOWN. Counting the open files costs some ten microseconds a
 * hundred of them; the rest is a few system calls. */
#ifndef STOA_WATCH_VITALS_H
#define STOA_WATCH_VITALS_H

#include <stdint.h>

#define VITALS_UNKNOWN INT64_C(-1)

struct vitals {
    int64_t resident_bytes, virtual_bytes;
    int64_t files, files_max; /* open ones, and how many may be */
    int64_t threads;
    int64_t processor_us;    /* of all processors, since the process began */
    int64_t disk_free_bytes; /* where the folder lies, for who is not root */
};

void vitals_read(struct vitals *vitals, const char *folder);

/* Those that are cheap enough to be asked for every few seconds. */
int64_t vitals_resident_bytes(void);
int64_t vitals_processor_us(void);
int64_t vitals_disk_free_bytes(const char *folder);

#endif
