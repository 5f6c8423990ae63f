/* A tiny store that acknowledges each record, honestly or not: the power layer must tell which.
 *
 *     store append FOLDER COUNT            adds each record to a file and syncs it
 *     store append-nosync FOLDER COUNT     the same, and lies: nothing is ever synced
 *     store append-dsync FOLDER COUNT      through O_DSYNC, which is honest too
 *     store replace FOLDER COUNT           writes all anew, renames over the old, syncs the folder
 *     store replace-nosync FOLDER COUNT    the same, and lies: the folder is never synced
 *
 * "7\n" on standard output says that records 1 to 7 are safe. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct store {
    int folder;
    bool syncs;
    int flags; /* for open, beyond the usual */
};

static void need(bool done, const char *what)
{
    if (done)
        return;
    dprintf(STDERR_FILENO, "store: cannot %s: %s\n", what, strerrordesc_np(errno));
    exit(1);
}

static void write_record(int fd, int number)
{
    char record[32];
    int len = snprintf(record, sizeof record, "record %08d is here\n", number);
    need(write(fd, record, (size_t)len) == len, "write");
}

static void acknowledge(int number)
{
    need(dprintf(STDOUT_FILENO, "%d\n", number) > 0, "answer");
}

static void append(const struct store *store, int count)
{
    int fd = openat(store->folder, "records", O_CREAT | O_WRONLY | O_APPEND | store->flags, 0666);
    need(fd >= 0, "open");
    if (store->syncs)
        need(fsync(store->folder) == 0, "sync the folder");
    for (int i = 1; i <= count; i++) {
        write_record(fd, i);
        if (store->syncs && !store->flags)
            need(fdatasync(fd) == 0, "sync");
        acknowledge(i);
    }
    close(fd);
}

static void replace(const struct store *store, int count)
{
    for (int i = 1; i <= count; i++) {
        int fd = openat(store->folder, "new", O_CREAT | O_WRONLY | O_TRUNC, 0666);
        need(fd >= 0, "open");
        for (int j = 1; j <= i; j++)
            write_record(fd, j);
        need(fsync(fd) == 0, "sync");
        close(fd);
        need(renameat(store->folder, "new", store->folder, "records") == 0, "rename");
        if (store->syncs)
            need(fsync(store->folder) == 0, "sync the folder");
        acknowledge(i);
    }
}

static const struct {
    const char *name;
    void (*run)(const struct store *store, int count);
    bool syncs;
    int flags;
} ways[] = {
    {"append", append, true, 0},
    {"append-nosync", append, false, 0},
    {"append-dsync", append, true, O_DSYNC},
    {"replace", replace, true, 0},
    {"replace-nosync", replace, false, 0},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 4 && i < sizeof ways / sizeof *ways; i++) {
        if (strcmp(argv[1], ways[i].name) != 0)
            continue;
        struct store store = {.syncs = ways[i].syncs, .flags = ways[i].flags};
        store.folder = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        need(store.folder >= 0, "open the folder");
        ways[i].run(&store, (int)strtol(argv[3], NULL, 10));
        return 0;
    }
    dprintf(STDERR_FILENO, "usage: store WAY FOLDER COUNT\n");
    return 2;
}
