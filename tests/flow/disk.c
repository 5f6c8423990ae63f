/* Mounts a small disk, fills it and makes room again. */
#include "disk.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "harness/folder.h"

enum { SIZE = 64 << 20, CHUNK = 64 << 10, SMALL = 4096 };

void disk_open(struct test *t, const char *name, struct disk *disk)
{
    char options[32];
    snprintf(options, sizeof options, "size=%d", SIZE);
    *disk = (struct disk){.t = t, .folder = test_folder(t, name)};
    int len = snprintf(disk->filler, sizeof disk->filler, "%s/filler", disk->folder);
    REQUIRE(len > 0 && (size_t)len < sizeof disk->filler);
    disk->mounted = unshare(CLONE_NEWNS) == 0 &&
                    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
                    mount("small", disk->folder, "tmpfs", 0, options) == 0;
}

void disk_fill(struct disk *disk)
{
    struct test *t = disk->t;
    static const char zeros[CHUNK];
    int fd = open(disk->filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(fd >= 0);
    for (size_t size = CHUNK; size >= SMALL; size /= 2)
        while (write(fd, zeros, size) == (ssize_t)size)
            ;
    close(fd);
}

void disk_free(struct disk *disk)
{
    struct test *t = disk->t;
    REQUIRE(unlink(disk->filler) == 0);
}
