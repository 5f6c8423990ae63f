/* The secrets on the disk: a master key, what is sealed under it, and how both change.
 *
 * Two files cannot be replaced at one moment. So a new master key is first kept beside the old one
 * (master.key.next), then everything is sealed under it, then it replaces the old one. Each step
 * is on the disk before the next begins: whatever the moment of a crash, the sealed file is under
 * one of the two keys, and its id says which. The first start is the same change, from nothing. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "ports/secrets/secrets_inside.h"

enum {
    LOCK_PAUSE_MS = 5,
    KEY_TEXT_SIZE = 2 * MASTER_SIZE + 1, /* with its newline */
    ROOT_SIZE = 32,
};

static const char sealed_name[] = "secrets.sealed", lock_name[] = "secrets.lock";
static const char cannot_open[] = "The secrets cannot be opened.";
static const char cannot_keep[] = "The new master key could not be kept.";

static enum err open_folder(struct ctx *ctx, const char *path, int *folder)
{
    *folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *folder < 0 ? err_system(&ctx->err, cannot_open, "opening the folder %s", path) : ERR_OK;
}

/* Where the master key is: a folder and two names. */
static enum err locate_key(struct ctx *ctx, const struct secrets_options *options,
                           struct store *store)
{
    const char *path = options->master_key_file ? options->master_key_file : "master.key";
    struct buf next;
    const char *name, *folder;
    TRY(str_cstr(ctx->arena, str_from(path), &name));
    TRY(str_cstr(ctx->arena, str_from(path), &folder));
    store->key_is_given = options->master_key_file;
    store->key_name = basename((char *)name);
    buf_init(&next, ctx->arena, IO_NAME_MAX);
    buf_addf(&next, "%s.next", store->key_name);
    if (str_cstr(ctx->arena, buf_str(&next), &store->next_name) || buf_err(&next))
        return err_memory(&ctx->err);
    return open_folder(ctx, store->key_is_given ? dirname((char *)folder) : options->folder,
                       &store->key_folder);
}

static int64_t pause_until(struct ctx *ctx, int64_t until_us)
{
    const struct timespec pause = {.tv_nsec = LOCK_PAUSE_MS * 1000000L};
    nanosleep(&pause, NULL);
    return until_us - clock_tick_us(ctx->clock);
}

static enum err lock(struct ctx *ctx, struct store *store)
{
    int tries = SECRETS_LOCK_WAIT_MS / LOCK_PAUSE_MS;
    int64_t until_us = ctx->deadline_us ? ctx->deadline_us : INT64_MAX;
    int makes = store->only_looks ? 0 : O_CREAT;
    store->lock = openat(store->folder, lock_name, O_RDWR | makes | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (store->lock < 0 && store->only_looks && errno == ENOENT)
        return ERR_OK; /* nobody has changed anything here */
    if (store->lock < 0)
        return err_system(&ctx->err, cannot_open, "opening %s", lock_name);
    while (flock(store->lock, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return err_system(&ctx->err, cannot_open, "locking %s", lock_name);
        if (tries-- == 0 || pause_until(ctx, until_us) <= 0)
            return err_fail(&ctx->err, ERR_BUSY, "The secrets are being changed. Try again.",
                            "%s is locked by another process", lock_name);
    }
    return ERR_OK;
}

static enum err check_mode(struct ctx *ctx, int fd, const char *name)
{
    struct stat info;
    if (fstat(fd, &info))
        return err_system(&ctx->err, cannot_open, "looking at %s", name);
    if (!S_ISREG(info.st_mode))
        return err_fail(&ctx->err, ERR_FORBIDDEN, "The master key is not a file.", "%s", name);
    if (info.st_mode & (S_IRWXG | S_IRWXO) || (info.st_uid != geteuid() && info.st_uid != 0))
        return err_fail(&ctx->err, ERR_FORBIDDEN,
                        "The master key is open to others. Make it yours alone: chmod 600.",
                        "%s has the mode %o and belongs to user %u", name,
                        (unsigned)info.st_mode & 07777, (unsigned)info.st_uid);
    return ERR_OK;
}

static enum err read_key(struct ctx *ctx, int fd, const char *name, uint8_t key[MASTER_SIZE])
{
    char text[KEY_TEXT_SIZE + 1];
    size_t bytes = 0;
    const char *end = text;
    ssize_t len = io_read_all(fd, text, sizeof text);
    if (len < 0)
        return err_system(&ctx->err, cannot_open, "reading %s", name);
    if (len > 0 && text[len - 1] == '\n')
        len--;
    int wrong = sodium_hex2bin(key, MASTER_SIZE, text, (size_t)len, NULL, &bytes, &end);
    bool whole = !wrong && bytes == MASTER_SIZE && end == text + len;
    sodium_memzero(text, sizeof text);
    return whole
               ? ERR_OK
               : err_fail(&ctx->err, ERR_CONFLICT,
                          "The master key must be 64 hexadecimal digits on one line.", "%s", name);
}

/* ERR_MISSING where there is no such file. */
static enum err load_key(struct ctx *ctx, const struct store *store, const char *name,
                         uint8_t key[MASTER_SIZE])
{
    int fd = openat(store->key_folder, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return err_fail(&ctx->err, ERR_MISSING,
                        "The master key is not there. Put it back from where you keep it.", "%s",
                        name);
    if (fd < 0)
        return err_system(&ctx->err, cannot_open, "opening %s", name);
    enum err err = check_mode(ctx, fd, name);
    if (!err)
        err = read_key(ctx, fd, name, key);
    close(fd);
    return err;
}

/* Empty where there is none. */
static enum err load_sealed(struct ctx *ctx, const struct store *store, struct str *bytes)
{
    *bytes = STR("");
    int fd = openat(store->folder, sealed_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return ERR_OK;
    if (fd < 0)
        return err_system(&ctx->err, cannot_open, "opening %s", sealed_name);
    char *room = arena_bytes(ctx->arena, SEALED_MAX);
    ssize_t len = room ? io_read_all(fd, room, SEALED_MAX) : -1;
    int reason = errno;
    close(fd);
    errno = reason;
    if (!room)
        return err_memory(&ctx->err);
    if (len < 0)
        return err_system(&ctx->err, cannot_open, "reading %s", sealed_name);
    if (len == 0)
        return err_fail(&ctx->err, ERR_CONFLICT, "The file secrets.sealed is empty.",
                        "put it back from a backup");
    *bytes = str_make(room, (size_t)len);
    return ERR_OK;
}

static enum err keep_key(struct store *store, struct ctx *ctx, const char *name)
{
    char text[KEY_TEXT_SIZE + 1];
    sodium_bin2hex(text, sizeof text, store->master, MASTER_SIZE);
    text[KEY_TEXT_SIZE - 1] = '\n';
    enum err err = io_replace(ctx, store->key_folder, name, str_make(text, KEY_TEXT_SIZE));
    sodium_memzero(text, sizeof text);
    return err;
}

/* The next key becomes the key. What is sealed under it is on the disk before, and the key is
 * before the next one goes: of a rename the file system may keep both names, or neither. */
static enum err finish_key(struct store *store, struct ctx *ctx)
{
    if (fsync(store->folder))
        return err_system(&ctx->err, cannot_keep, "keeping %s", sealed_name);
    TRY(keep_key(store, ctx, store->key_name));
    if (unlinkat(store->key_folder, store->next_name, 0))
        return err_system(&ctx->err, cannot_keep, "removing %s", store->next_name);
    return ERR_OK;
}

static enum err change_key(struct store *store, struct ctx *ctx)
{
    rand_fill(ctx->rand, store->master, MASTER_SIZE);
    TRY(keep_key(store, ctx, store->next_name));
    TRY(secrets_store_save(store, ctx));
    return finish_key(store, ctx);
}

static enum err begin(struct store *store, struct ctx *ctx)
{
    char *room;
    const struct vault_entry root = {
        .kind = VAULT_ROOT, .version = 1, .set_us = clock_now_us(ctx->clock), .len = ROOT_SIZE};
    TRY(secrets_vault_add(store->vault, ctx, &root, &room));
    rand_fill(ctx->rand, room, ROOT_SIZE);
    store->is_new = true;
    if (store->only_looks)
        return ERR_OK;
    return store->key_is_given ? secrets_store_save(store, ctx) : change_key(store, ctx);
}

/* The sealed file is not there. A key of our own then is of an installation that lost it. */
static enum err open_new(struct store *store, struct ctx *ctx, enum err key_err)
{
    if (store->key_is_given ? key_err != ERR_OK : key_err != ERR_OK && key_err != ERR_MISSING)
        return key_err;
    if (!store->key_is_given && !key_err)
        return err_fail(&ctx->err, ERR_MISSING,
                        "The file secrets.sealed is gone. Put it back from a backup.",
                        "to begin anew without what it held, remove %s", store->key_name);
    err_clear(&ctx->err);
    return begin(store, ctx);
}

/* The sealed file is under the key, or, where a change did not come to its end, under the next. */
static enum err open_sealed(struct store *store, struct ctx *ctx, struct str bytes,
                            enum err key_err)
{
    if (key_err && key_err != ERR_MISSING)
        return key_err;
    if (!key_err && secrets_sealed_is_under(bytes, store->master))
        return secrets_sealed_read(ctx, bytes, store->master, store->vault);
    uint8_t next[MASTER_SIZE];
    struct err_record first = ctx->err;
    enum err err = load_key(ctx, store, store->next_name, next);
    bool is_next = !err && secrets_sealed_is_under(bytes, next);
    if (is_next)
        memcpy(store->master, next, MASTER_SIZE);
    sodium_memzero(next, sizeof next);
    if (err && err != ERR_MISSING)
        return err;
    if (!is_next && key_err) {
        ctx->err = first;
        return key_err;
    }
    if (!is_next)
        return err_fail(&ctx->err, ERR_CONFLICT,
                        "The master key is not that of secrets.sealed. Put back the right one.",
                        "%s", store->key_name);
    TRY(secrets_sealed_read(ctx, bytes, store->master, store->vault));
    return store->only_looks ? ERR_OK : finish_key(store, ctx);
}

static enum err load(struct ctx *ctx, const struct secrets_options *options, struct store *store)
{
    struct str bytes;
    TRY(secrets_vault_new(ctx, &store->vault));
    TRY(open_folder(ctx, options->folder, &store->folder));
    TRY(locate_key(ctx, options, store));
    TRY(lock(ctx, store));
    TRY(load_sealed(ctx, store, &bytes));
    enum err key_err = load_key(ctx, store, store->key_name, store->master);
    return bytes.len ? open_sealed(store, ctx, bytes, key_err) : open_new(store, ctx, key_err);
}

enum err secrets_store_open(struct ctx *ctx, const struct secrets_options *options,
                            struct store *store)
{
    *store = (struct store){
        .folder = -1, .lock = -1, .key_folder = -1, .only_looks = options->only_looks};
    enum err err = load(ctx, options, store);
    if (err)
        secrets_store_close(store);
    return err;
}

void secrets_store_close(struct store *store)
{
    const int files[] = {store->lock, store->folder, store->key_folder};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i] >= 0)
            close(files[i]);
    secrets_vault_free(store->vault);
    sodium_memzero(store, sizeof *store);
}

enum err secrets_store_save(struct store *store, struct ctx *ctx)
{
    struct buf bytes;
    buf_init(&bytes, ctx->arena, SEALED_MAX);
    TRY(secrets_sealed_write(store->vault, ctx, store->master, &bytes));
    return io_replace(ctx, store->folder, sealed_name, buf_str(&bytes));
}

/* A key that is a link is somebody else's to change. */
enum err secrets_store_rotate(struct store *store, struct ctx *ctx)
{
    struct stat info;
    if (fstatat(store->key_folder, store->key_name, &info, AT_SYMLINK_NOFOLLOW))
        return err_system(&ctx->err, cannot_open, "looking at %s", store->key_name);
    if (S_ISLNK(info.st_mode))
        return err_fail(&ctx->err, ERR_INPUT,
                        "The master key is a link: rotate a file, and have it put there again.",
                        "%s", store->key_name);
    return change_key(store, ctx);
}
