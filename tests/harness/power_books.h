/* The books of the power layer: what the disk was told to keep.
 *
 *     books_open(shadow);                   in an empty folder
 *     books_keep(shadow, fd, "names");      at each fsync: a file's bytes, or a folder's names
 *
 *     files/<inode>     the file itself, linked: its inode is not given to another meanwhile
 *     kept/<inode>      its bytes as of its last fsync; none, and the file is empty
 *     names/<inode>     a folder's names as of its last fsync: "f 1234 orders.db\0" each, f for a
 *                       file, d for a folder, l for a link
 *     now/<inode>       the same as of the end of the program
 *     gone/<inode>      a folder that was removed: it cannot be linked, and keeps its inode here
 *
 * Several processes write them at once, under a lock. The layer includes this in the program under
 * test, so nothing here allocates more than a folder's handle. Failure is -1 and errno. */
#ifndef STOA_TESTS_POWER_BOOKS_H
#define STOA_TESTS_POWER_BOOKS_H

int books_open(const char *shadow);

/* The state of the open file or folder, as of now. `names` is where a folder's go. */
int books_keep(const char *shadow, int fd, const char *names);

/* As rmdir. */
int books_remove_folder(const char *shadow, int folder_fd, const char *name);

/* Adds the whole of one file to another, and leaves both open. */
int books_copy(int from, int to);

#endif
