/* A small disk that can be filled.
 *
 *     struct disk disk;
 *     disk_open(t, "flow/full", &disk);
 *     disk_fill(&disk);                  where disk.mounted
 *     disk_free(&disk);
 *
 * It lies in memory, and takes rights that there may not be: then disk.mounted is false, and the
 * folder is one as any other. Who was started before does not see it. */
#ifndef STOA_TESTS_FLOW_DISK_H
#define STOA_TESTS_FLOW_DISK_H

#include <limits.h>
#include <stdbool.h>

#include "harness/test.h"

struct disk {
    struct test *t;
    const char *folder;
    char filler[PATH_MAX];
    bool mounted;
};

void disk_open(struct test *t, const char *name, struct disk *disk);
void disk_fill(struct disk *disk);
void disk_free(struct disk *disk);

#endif
