/* Loses power: what was not fsynced is forgotten.
 *
 *     struct power_plan plan = {.root = folder, .shadow = other_folder, .cut = n};
 *     struct process_result result;
 *     power_run(t, &plan, argv, NULL, &result);    the program dies in place of its n-th change
 *     power_restore(t, &plan, POWER_LOSE_ALL, 0);  `root` is now what the disk would hold
 *
 * A layer preloaded into the program (power_layer.c, <build>/tests/libpower.so) writes down in
 * `shadow` what the disk was told to keep: the bytes of each file as of its last fsync, and the
 * names in each folder as of the folder's own. kill -9 alone loses nothing, because the kernel
 * still has the page: a store that never calls fsync passes that, and must fail this.
 *
 * A change is a write, a truncation, a name made, moved or removed, or an fsync. The layer is
 * strict: a new file whose folder was not fsynced is gone. It sees O_SYNC and O_DSYNC, and what was
 * written through mmap or by stdio at the fsync that follows, but not sync, syncfs or io_uring:
 * what relies on these is lost. It is steered by POWER_ROOT, POWER_SHADOW, POWER_CUT and
 * POWER_REPORT (a file for the number of changes). Processes that the program starts share the
 * root; each counts its own changes and dies alone. Not to be preloaded together with
 * libtorture.so. */
#ifndef STOA_TESTS_POWER_H
#define STOA_TESTS_POWER_H

#include <stdint.h>

#include "base/err.h"

struct process_result;
struct test;

/* ALL forgets everything unsynced. SOME keeps or forgets each name, each length and each sector of
 * a file by chance, as a disk does that reorders its writes: torn pages included. */
enum power_loss { POWER_LOSE_ALL, POWER_LOSE_SOME };

enum { POWER_SECTOR = 512, POWER_DEPTH_MAX = 16 };

struct power_plan {
    const char *root;   /* the folder whose power is lost; absolute */
    const char *shadow; /* a folder beside it, on the same file system, emptied by power_run */
    int64_t cut;        /* SIGKILL in place of this change, from 1; 0: never */
    int64_t changes;    /* out: how many there were; 0 where the program was killed */
};

/* Runs a program under the layer. What `root` holds at the start counts as synced. */
enum err power_run(struct test *t, struct power_plan *plan, const char *const argv[],
                   const char *const environment[], struct process_result *result);

/* Makes `root` what the disk would hold had the power gone when the program ended. May be called
 * again for the same run, with another loss or seed. */
enum err power_restore(struct test *t, const struct power_plan *plan, enum power_loss loss,
                       uint64_t seed);

#endif
