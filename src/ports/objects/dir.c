/* Objects in a folder of this machine: opens it, sweeps it, and reads what is asked of it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "ports/objects/dir_inside.h"

static const char not_opened[] = "The folder of files cannot be opened.";

enum { TMP_TRIES_MAX = 8, SWEEP_MAX = OBJECTS_PARTS_MAX + 16, UPLOAD_AGE_DAYS = 7 };

/* As far as it can: what stays is there the next time. */
static void remove_files(int folder_fd, DIR *folder)
{
    struct dirent *found;
    for (int i = 0; i <= SWEEP_MAX && (found = readdir(folder)); i++)
        if (found->d_name[0] != '.')
            unlinkat(folder_fd, found->d_name, 0);
}

static bool remove_inside(struct objects_store *store, int fd, const char *folder)
{
    DIR *entries = fdopendir(fd);
    if (!entries) {
        close(fd);
        return false;
    }
    remove_files(fd, entries);
    closedir(entries);
    return unlinkat(store->root_fd, folder, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

static int open_folder(const struct objects_store *store, const char *folder)
{
    return openat(store->root_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

enum err dir_remove_folder(struct objects_store *store, struct ctx *ctx, const char *folder)
{
    int fd = open_folder(store, folder);
    if (fd < 0 && errno == ENOENT)
        return ERR_OK;
    if (fd < 0 || !remove_inside(store, fd, folder))
        return err_system(&ctx->err, "Something left over could not be removed.", "removing %s",
                          folder);
    return ERR_OK;
}

typedef bool sweep_fn(const struct objects_store *store, struct ctx *ctx, int fd);

/* Whose process is gone: it held the lock as long as it lived. */
static bool is_left(const struct objects_store *store, struct ctx *ctx, int fd)
{
    (void)store, (void)ctx;
    return flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static bool is_old(const struct objects_store *store, struct ctx *ctx, int fd)
{
    struct stat about;
    (void)store;
    return fstat(fd, &about) == 0 &&
           about.st_mtim.tv_sec < (clock_now_us(ctx->clock) - UPLOAD_AGE_DAYS * DAY_US) / SECOND_US;
}

static void sweep_one(struct objects_store *store, struct ctx *ctx, const char *area,
                      const char *name, sweep_fn *is_swept)
{
    char path[DIR_ID_MAX + 512];
    snprintf(path, sizeof path, "%s/%s", area, name);
    int fd = open_folder(store, path);
    if (fd < 0)
        return;
    if (is_swept(store, ctx, fd))
        remove_inside(store, fd, path);
    else
        close(fd);
}

/* Never a reason not to open. */
static void sweep(struct objects_store *store, struct ctx *ctx, const char *area,
                  sweep_fn *is_swept)
{
    int fd = open_folder(store, area);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *found;
    if (!folder && fd >= 0)
        close(fd);
    if (!folder)
        return;
    for (int i = 0; i < SWEEP_MAX && (found = readdir(folder)); i++)
        if (found->d_name[0] != '.')
            sweep_one(store, ctx, area, found->d_name, is_swept);
    closedir(folder);
}

/* Sweepers of other processes may take it in the moment before it is locked. */
static bool lock_tmp(const struct objects_store *store)
{
    struct stat about;
    return flock(store->tmp_fd, LOCK_EX | LOCK_NB) == 0 && fstat(store->tmp_fd, &about) == 0 &&
           about.st_nlink > 0;
}

static enum err make_tmp(struct objects_store *store, struct ctx *ctx)
{
    char id[DIR_ID_MAX];
    for (int i = 0; i < TMP_TRIES_MAX; i++) {
        id_format(id_new(ctx->ids), "tmp", id);
        snprintf(store->tmp, sizeof store->tmp, "tmp/%s", id);
        if (mkdirat(store->root_fd, store->tmp, 0700))
            return err_system(&ctx->err, not_opened, "mkdir %s", store->tmp);
        store->tmp_fd = open_folder(store, store->tmp);
        if (store->tmp_fd < 0)
            return err_system(&ctx->err, not_opened, "opening %s", store->tmp);
        if (lock_tmp(store))
            return ERR_OK;
        close(store->tmp_fd);
        store->tmp_fd = -1;
    }
    return err_fail(&ctx->err, ERR_BUSY, not_opened, "tmp could not be locked");
}

static enum err open_areas(struct objects_store *store, struct ctx *ctx)
{
    static const char *const areas[] = {"objects", "history", "parts", "tmp"};
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
        TRY(dir_make_folder(store, ctx, areas[i]));
    TRY(make_tmp(store, ctx));
    sweep(store, ctx, "tmp", is_left);
    sweep(store, ctx, "parts", is_old);
    return ERR_OK;
}

/* The folder, and those above it. */
static enum err make_root(struct ctx *ctx, const char *path)
{
    char above[DIR_PATH_MAX];
    size_t len = strlen(path);
    for (size_t i = 1; i <= len; i++) {
        if (path[i] && path[i] != '/')
            continue;
        memcpy(above, path, i);
        above[i] = 0;
        if (mkdir(above, 0700) && errno != EEXIST)
            return err_system(&ctx->err, not_opened, "mkdir %s", above);
    }
    return ERR_OK;
}

/* Its own name, when it was new, is made durable in the folder above it. */
static enum err open_root(struct objects_store *store, struct ctx *ctx, const char *path)
{
    TRY(make_root(ctx, path));
    store->root_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (store->root_fd < 0)
        return err_system(&ctx->err, not_opened, "opening %s", path);
    TRY(dir_sync(store, ctx, ".."));
    return open_areas(store, ctx);
}

/* Opens what is there, for dir_reach alone. */
static enum err look_at_root(struct objects_store *store, struct ctx *ctx, const char *path)
{
    store->root_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (store->root_fd < 0 && errno == ENOENT)
        return err_fail(&ctx->err, ERR_MISSING, "There is no folder of files yet.", "%s", path);
    return store->root_fd < 0 ? err_system(&ctx->err, not_opened, "opening %s", path) : ERR_OK;
}

static enum err dir_reach(struct objects_store *store, struct ctx *ctx)
{
    return faccessat(store->root_fd, ".", R_OK | W_OK | X_OK, AT_EACCESS)
               ? err_system(&ctx->err, "Files cannot be kept.", "looking at their folder")
               : ERR_OK;
}

/* What a URL says. */
struct place {
    const char *path;
    bool keeps_versions, is_open; /* nothing is sealed, with or without keys */
};

/* What stands behind the folder: each word once. */
static bool read_words(struct str words, struct place *place)
{
    struct str word;
    while (str_cut(&words, '&', &word)) {
        bool versions = str_equal(word, STR("versions=yes"));
        bool *said = versions ? &place->keeps_versions : &place->is_open;
        if (*said || (!versions && !str_equal(word, STR("sealed=no"))))
            return false;
        *said = true;
    }
    return true;
}

static enum err read_url(struct ctx *ctx, struct str url, struct place *place)
{
    struct str words = str_slice(url, sizeof "dir:" - 1, url.len), folder;
    bool fine = str_cut(&words, '?', &folder) && folder.len && folder.len < DIR_PATH_MAX;
    *place = (struct place){.path = NULL};
    if (!fine || !read_words(words, place))
        return err_input(&ctx->err, "OBJECTS_URL",
                         "must name a folder, as in dir:objects or dir:objects?versions=yes");
    return str_cstr(ctx->arena, folder, &place->path) ? err_memory(&ctx->err) : ERR_OK;
}

static void dir_close(struct objects_store *store)
{
    if (store->tmp_fd >= 0) {
        unlinkat(store->root_fd, store->tmp, AT_REMOVEDIR);
        close(store->tmp_fd);
    }
    if (store->root_fd >= 0)
        close(store->root_fd);
    dir_sync_release(store);
    dir_hot_release(store);
    sodium_memzero(store, sizeof *store);
    mem_free(store);
}

static enum err dir_open(struct ctx *ctx, const struct objects_options *options,
                         struct objects_store **opened)
{
    struct place place;
    TRY(read_url(ctx, options->url, &place));
    if (sodium_init() < 0)
        return err_fail(&ctx->err, ERR_INTERNAL, not_opened, "libsodium cannot be used");
    struct objects_store *store = mem_alloc(sizeof *store);
    if (!store)
        return err_memory(&ctx->err);
    store->root_fd = store->tmp_fd = -1;
    store->keeps_versions = place.keeps_versions;
    store->seals = options->seal_key_count && !place.is_open;
    ASSERT(options->seal_key_count <= OBJECTS_KEYS_MAX);
    store->key_count = options->seal_key_count;
    if (store->key_count)
        memcpy(store->keys, options->seal_keys, store->key_count * OBJECTS_KEY_BYTES);
    if (options->link_key) {
        ASSERT(options->link_base.len < DIR_LINK_BASE_MAX);
        memcpy(store->link_key, options->link_key, sizeof store->link_key);
        snprintf(store->link_base, sizeof store->link_base, STR_FMT, STR_ARG(options->link_base));
    }
    rand_fill(ctx->rand, &store->hash, sizeof store->hash);
    dir_sync_init(store);
    dir_hot_init(store);
    enum err err = options->only_looks ? look_at_root(store, ctx, place.path)
                                       : open_root(store, ctx, place.path);
    if (err)
        dir_close(store);
    else
        *opened = store;
    return err;
}

static enum err put(struct objects_store *store, struct ctx *ctx, struct str name,
                    const struct objects_put *asked, const struct objects_body *body,
                    struct objects_info *info)
{
    dir_info_begin(asked, name, info);
    return dir_put(store, ctx, name, body, info);
}

static enum err send(struct dir_reader *reader, struct ctx *ctx, int64_t from, int64_t to,
                     objects_sink_fn *sink, void *arg)
{
    struct str bytes;
    while (from < to) {
        int64_t number = from / DIR_CHUNK, begin = number * DIR_CHUNK;
        TRY(dir_reader_chunk(reader, ctx, (uint64_t)number, &bytes));
        bytes = str_slice(bytes, (size_t)(from - begin), (size_t)(to - begin));
        TRY(sink(ctx, arg, bytes));
        from += (int64_t)bytes.len;
    }
    return ERR_OK;
}

static enum err get(struct objects_store *store, struct ctx *ctx, struct str name,
                    const struct objects_range *range, objects_sink_fn *sink, void *arg,
                    struct objects_info *info)
{
    struct dir_reader reader;
    TRY(dir_version_open(store, ctx, name, range->version, &reader));
    *info = reader.info;
    int64_t rest = info->size - range->from;
    enum err err = ERR_OK;
    if (range->from && rest <= 0)
        err = err_input(&ctx->err, "range", "must begin before the end");
    else
        err = send(&reader, ctx, range->from,
                   range->length && range->length < rest ? range->from + range->length : info->size,
                   sink, arg);
    dir_reader_close(&reader);
    return err;
}

static enum err head(struct objects_store *store, struct ctx *ctx, struct str name,
                     struct objects_info *info)
{
    struct dir_path path;
    TRY(dir_path_make(ctx, "objects", name, &path));
    return dir_look(store, ctx, name, path.file, info);
}

const struct objects_driver objects_dir = {
    .scheme = "dir",
    .open = dir_open,
    .close = dir_close,
    .reach = dir_reach,
    .put = put,
    .get = get,
    .head = head,
    .reader_open = dir_stream_open,
    .reader_close = dir_stream_close,
    .read = dir_stream_read,
    .delete = dir_delete,
    .list = dir_list,
    .versions = dir_versions,
    .delete_version = dir_delete_version,
    .undelete = dir_undelete,
    .begin = dir_begin,
    .part = dir_part,
    .complete = dir_complete,
    .abort = dir_abort,
    .link = dir_link,
    .link_check = dir_link_check,
};
