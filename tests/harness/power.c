/* Runs a program under the power layer, and makes of its folder what a disk would hold. */
#include "harness/power.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/folder.h"
#include "harness/power_books.h"
#include "harness/process.h"
#include "harness/test.h"

enum { LISTING_MAX = 1 << 20 };

/* A path made of parts, on the stack. */
struct path {
    char text[PATH_MAX];
};

static struct path join(const char *folder, const char *room, struct str name)
{
    struct path path;
    snprintf(path.text, sizeof path.text, "%s%s%s/" STR_FMT, folder, *room ? "/" : "", room,
             STR_ARG(name));
    return path;
}

static enum err failed(struct test *t, const char *what, const char *path)
{
    return err_system(&t->ctx->err, "", "%s %s", what, path);
}

static enum err keep_one(struct test *t, const char *shadow, const char *path, const char *names)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return failed(t, "open", path);
    int result = books_keep(shadow, fd, names);
    close(fd);
    return result < 0 ? failed(t, "keep", path) : ERR_OK;
}

/* Everything below `root` as it is now: the names alone, or the bytes of the files too. */
static enum err keep_tree(struct test *t, const struct power_plan *plan, const char *names,
                          bool bytes)
{
    char *roots[] = {(char *)plan->root, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (!tree)
        return failed(t, "walk", plan->root);
    enum err err = ERR_OK;
    for (FTSENT *entry; !err && (entry = fts_read(tree));)
        if (entry->fts_info == FTS_D || (bytes && entry->fts_info == FTS_F))
            err = keep_one(t, plan->shadow, entry->fts_path, names);
    fts_close(tree);
    return err;
}

static enum err read_file(struct test *t, const char *path, struct str *text)
{
    struct buf buf;
    buf_init(&buf, t->arena, LISTING_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = 0;
    while (fd >= 0 && buf_reserve(&buf, POWER_SECTOR) &&
           (got = read(fd, buf.ptr + buf.len, POWER_SECTOR)) > 0)
        buf.len += (size_t)got;
    if (fd >= 0)
        close(fd);
    *text = buf_str(&buf);
    return fd < 0 || got < 0 ? ERR_IO : buf_err(&buf);
}

enum err power_run(struct test *t, struct power_plan *plan, const char *const argv[],
                   const char *const environment[], struct process_result *result)
{
    struct path report = join(plan->shadow, "", STR("report"));
    char variables[4][PATH_MAX + 32];
    snprintf(variables[0], sizeof variables[0], "POWER_ROOT=%s", plan->root);
    snprintf(variables[1], sizeof variables[1], "POWER_SHADOW=%s", plan->shadow);
    snprintf(variables[2], sizeof variables[2], "POWER_CUT=%" PRId64, plan->cut);
    snprintf(variables[3], sizeof variables[3], "POWER_REPORT=%s", report.text);
    const char *changes[PROCESS_ENVIRONMENT_MAX] = {variables[0], variables[1], variables[2],
                                                    variables[3]};
    size_t count = 4;
    for (; environment && *environment && count < PROCESS_ENVIRONMENT_MAX - 1; environment++)
        changes[count++] = *environment;

    if (folder_clear(plan->shadow) || books_open(plan->shadow) < 0)
        return failed(t, "make the books in", plan->shadow);
    TRY(keep_tree(t, plan, "names", true));
    TRY(process_run_with(t, "tests/libpower.so", argv, changes, result));
    struct str text;
    plan->changes = 0;
    if (read_file(t, report.text, &text) == ERR_OK)
        return str_to_int(str_trim(text), 0, INT64_MAX, &plan->changes);
    return result->signal ? ERR_OK : failed(t, "no report in", report.text);
}

/* One name in a folder, as power_books.h writes it. */
struct entry {
    char kind;
    struct str inode, name;
};

static bool entry_next(struct str *listing, struct entry *entry)
{
    struct str kind, rest;
    if (!str_cut(listing, '\0', &rest) || !str_cut(&rest, ' ', &kind) || kind.len != 1)
        return false;
    entry->kind = kind.ptr[0];
    entry->name = (struct str){0};
    if (!str_cut(&rest, ' ', &entry->inode))
        return false;
    entry->name = rest;
    return true;
}

static bool entry_find(struct str listing, struct str name, struct entry *found)
{
    while (entry_next(&listing, found))
        if (str_equal(found->name, name))
            return true;
    return false;
}

struct restore {
    struct test *t;
    const char *shadow;
    enum power_loss loss;
    uint64_t seed;
    int depth;
};

/* What chance decides: two tosses for one name are to be independent. */
enum matter { MATTER_NAME, MATTER_BYTES };

/* Chance hangs on the name, not on the inode: the same run and seed lose the same. */
static struct fake_rand chance_of(const struct restore *restore, struct str name,
                                  enum matter matter)
{
    uint64_t seed = restore->seed * 2 + matter;
    for (size_t i = 0; i < name.len; i++)
        seed = (seed ^ (unsigned char)name.ptr[i]) * UINT64_C(0x100000001b3);
    struct fake_rand chance;
    fake_rand_init(&chance, seed);
    return chance;
}

static bool heads(struct fake_rand *chance)
{
    return rand_below(&chance->rand, 2) == 1;
}

/* Either may have ended before; the file is then what the other has, or a hole. */
static int mix_sectors(int old, int new, int to, struct fake_rand *chance)
{
    struct stat old_info = {0}, new_info;
    if ((old >= 0 && fstat(old, &old_info) < 0) || fstat(new, &new_info) < 0)
        return -1;
    off_t size = heads(chance) ? old_info.st_size : new_info.st_size;
    for (off_t at = 0; at < size; at += POWER_SECTOR) {
        char sector[POWER_SECTOR];
        bool keeps_new = heads(chance) && at < new_info.st_size;
        size_t want = size - at < POWER_SECTOR ? (size_t)(size - at) : POWER_SECTOR;
        ssize_t got = 0;
        if (keeps_new || at < old_info.st_size)
            got = pread(keeps_new ? new : old, sector, want, at);
        if (got < 0 || pwrite(to, sector, (size_t)got, at) != got)
            return -1;
    }
    return ftruncate(to, size);
}

static enum err restore_file(struct restore *restore, const struct entry *entry, const char *path)
{
    struct path pinned = join(restore->shadow, "files", entry->inode);
    int old = open(join(restore->shadow, "kept", entry->inode).text, O_RDONLY | O_CLOEXEC);
    int new = open(pinned.text, O_RDONLY | O_CLOEXEC);
    int to = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    struct stat info;
    struct fake_rand chance = chance_of(restore, entry->name, MATTER_BYTES);
    int result = -1;
    if (new >= 0 && to >= 0 && fstat(new, &info) == 0 && fchmod(to, info.st_mode & 07777) == 0)
        result = restore->loss == POWER_LOSE_SOME ? mix_sectors(old, new, to, &chance)
                 : old >= 0                       ? books_copy(old, to)
                                                  : 0;
    int number = errno;
    for (size_t i = 0; i < 3; i++)
        if ((int[]){old, new, to}[i] >= 0)
            close((int[]){old, new, to}[i]);
    errno = number;
    return result < 0 ? failed(restore->t, "restore", path) : ERR_OK;
}

static enum err restore_link(struct restore *restore, const struct entry *entry, const char *path)
{
    struct path target = {0};
    struct path pinned = join(restore->shadow, "files", entry->inode);
    if (readlink(pinned.text, target.text, sizeof target.text - 1) < 0 ||
        symlink(target.text, path) < 0)
        return failed(restore->t, "restore", path);
    return ERR_OK;
}

static enum err restore_folder(struct restore *restore, struct str inode, const char *path);

static enum err restore_entry(struct restore *restore, const struct entry *entry,
                              const char *folder)
{
    const char *path;
    TRY(str_cstr(restore->t->arena, str_from(join(folder, "", entry->name).text), &path));
    if (entry->kind == 'f')
        return restore_file(restore, entry, path);
    if (entry->kind == 'l')
        return restore_link(restore, entry, path);
    if (mkdir(path, 0777) < 0)
        return failed(restore->t, "make", path);
    return restore_folder(restore, entry->inode, path);
}

/* Names that the disk was told, each as it was then or as it is now, and names that it was not. */
static enum err restore_folder(struct restore *restore, struct str inode, const char *path)
{
    struct str old = {0}, new = {0};
    struct entry entry, other;
    if (++restore->depth > POWER_DEPTH_MAX)
        return err_fail(&restore->t->ctx->err, ERR_LIMIT, "", "more than %d folders deep",
                        POWER_DEPTH_MAX);
    bool some = restore->loss == POWER_LOSE_SOME;
    read_file(restore->t, join(restore->shadow, "names", inode).text, &old);
    read_file(restore->t, join(restore->shadow, "now", inode).text, &new);
    for (struct str rest = old; entry_next(&rest, &entry);) {
        struct fake_rand chance = chance_of(restore, entry.name, MATTER_NAME);
        bool there = entry_find(new, entry.name, &other);
        bool same = there && str_equal(entry.inode, other.inode);
        if (!some || same || heads(&chance))
            TRY(restore_entry(restore, &entry, path));
        else if (there)
            TRY(restore_entry(restore, &other, path));
    }
    for (struct str rest = new; some &&entry_next(&rest, &entry);) {
        struct fake_rand chance = chance_of(restore, entry.name, MATTER_NAME);
        if (!entry_find(old, entry.name, &other) && heads(&chance))
            TRY(restore_entry(restore, &entry, path));
    }
    restore->depth--;
    return ERR_OK;
}

/* The first time after a run; later `root` is already something restored. */
static enum err note_the_end(struct test *t, const struct power_plan *plan)
{
    struct path noted = join(plan->shadow, "", STR("noted"));
    if (access(noted.text, F_OK) == 0)
        return ERR_OK;
    TRY(keep_tree(t, plan, "now", false));
    int fd = open(noted.text, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    if (fd < 0)
        return failed(t, "make", noted.text);
    close(fd);
    return ERR_OK;
}

enum err power_restore(struct test *t, const struct power_plan *plan, enum power_loss loss,
                       uint64_t seed)
{
    struct stat info;
    char inode[32];
    struct restore restore = {.t = t, .shadow = plan->shadow, .loss = loss, .seed = seed};
    struct arena_mark mark = arena_mark(t->arena);
    TRY(note_the_end(t, plan));
    if (folder_clear(plan->root) || stat(plan->root, &info) < 0)
        return failed(t, "clear", plan->root);
    snprintf(inode, sizeof inode, "%ju", (uintmax_t)info.st_ino);
    enum err err = restore_folder(&restore, str_from(inode), plan->root);
    arena_rewind(t->arena, mark);
    return err;
}
