/* The versions of a name: earlier ones lie in its history, each under its own id.
 *
 * Whoever changes them holds a lock on the history's folder, between processes too. A version gets
 * its second place before it loses the first: at any moment, and after any crash, it is in one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "ports/objects/dir_inside.h"

static const char not_changed[] = "The file could not be changed.";

/* Ids of versions, the newest first. */
struct ids {
    char texts[OBJECTS_VERSIONS_MAX][DIR_ID_MAX];
    size_t count;
};

static bool is_version(struct str text)
{
    struct id id;
    return id_parse(text, "ver", &id) == ERR_OK;
}

static enum err missing(struct ctx *ctx)
{
    return err_fail(&ctx->err, ERR_MISSING, "There is no such version.", "no such version");
}

enum err dir_history_open(struct objects_store *store, struct ctx *ctx, struct str name,
                          struct dir_history *history)
{
    history->fd = -1;
    TRY(dir_path_make(ctx, "objects", name, &history->current));
    TRY(dir_path_make(ctx, "history", name, &history->folder));
    if (store->keeps_versions)
        TRY(dir_make_folder(store, ctx, history->folder.file));
    int fd = openat(store->root_fd, history->folder.file, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && !store->keeps_versions)
        return ERR_OK; /* nor was any kept before */
    if (fd < 0)
        return err_system(&ctx->err, not_changed, "opening %s", history->folder.file);
    int locked = flock(fd, LOCK_EX);
    while (locked && errno == EINTR)
        locked = flock(fd, LOCK_EX);
    if (locked) {
        enum err err = err_system(&ctx->err, not_changed, "flock %s", history->folder.file);
        close(fd);
        return err;
    }
    history->fd = fd;
    return ERR_OK;
}

void dir_history_close(struct dir_history *history)
{
    if (history->fd >= 0)
        close(history->fd);
}

/* One that is damaged is kept too, for whoever tries to mend it. */
static enum err current_id(struct objects_store *store, struct ctx *ctx, struct str name,
                           const struct dir_history *history, char text[DIR_ID_MAX])
{
    struct objects_info info = {.size = 0};
    text[0] = 0;
    enum err err = dir_look(store, ctx, name, history->current.file, &info);
    if (err == ERR_MISSING || err == ERR_IO)
        err_clear(&ctx->err);
    if (err == ERR_IO)
        id_format(id_new(ctx->ids), "ver", text);
    if (!err && is_version(info.version))
        snprintf(text, DIR_ID_MAX, STR_FMT, STR_ARG(info.version));
    return err == ERR_MISSING || err == ERR_IO ? ERR_OK : err;
}

enum err dir_history_keep(struct objects_store *store, struct ctx *ctx, struct str name,
                          struct dir_history *history)
{
    char id[DIR_ID_MAX];
    if (!store->keeps_versions)
        return ERR_OK;
    TRY(current_id(store, ctx, name, history, id));
    if (!id[0])
        return ERR_OK;
    if (linkat(store->root_fd, history->current.file, history->fd, id, 0) && errno != EEXIST)
        return err_system(&ctx->err, not_changed, "linking %s", history->current.file);
    return dir_sync(store, ctx, history->folder.file);
}

static void ids_add(struct ids *ids, const char *text)
{
    size_t at = ids->count;
    while (at && strcmp(text, ids->texts[at - 1]) > 0)
        at--;
    if (at == OBJECTS_VERSIONS_MAX)
        return;
    size_t behind = ids->count - at - (ids->count == OBJECTS_VERSIONS_MAX);
    memmove(ids->texts[at + 1], ids->texts[at], behind * sizeof ids->texts[0]);
    memcpy(ids->texts[at], text, strlen(text) + 1);
    ids->count = at + 1 + behind;
}

static enum err read_ids(struct objects_store *store, struct ctx *ctx, const char *path,
                         struct ids *ids)
{
    int fd = openat(store->root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return ERR_OK;
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        enum err err = err_system(&ctx->err, "The versions could not be read.", "opening %s", path);
        if (fd >= 0)
            close(fd);
        return err;
    }
    struct dirent *found;
    for (errno = 0; (found = readdir(folder)); errno = 0)
        if (is_version(str_from(found->d_name)))
            ids_add(ids, found->d_name);
    enum err err = errno ? err_system(&ctx->err, "The versions could not be read.", "reading %s",
                                      path)
                         : ERR_OK;
    closedir(folder);
    return err;
}

static enum err list_ids(struct objects_store *store, struct ctx *ctx, const char *path,
                         struct ids **ids)
{
    *ids = ARENA_NEW(ctx->arena, struct ids);
    return *ids ? read_ids(store, ctx, path, *ids) : err_memory(&ctx->err);
}

/* One that went meanwhile is none; one that is damaged hides no other. */
static enum err add_version(struct objects_store *store, struct ctx *ctx, struct str name,
                            const char *file, struct objects_page *page)
{
    struct objects_info *item = &page->items[page->count];
    enum err err = dir_look(store, ctx, name, file, item);
    if (err == ERR_IO)
        *item = (struct objects_info){.name = name, .is_bad = true};
    page->count += !err || err == ERR_IO;
    if (err != ERR_MISSING && err != ERR_IO)
        return err;
    err_clear(&ctx->err);
    return ERR_OK;
}

static enum err add_history(struct objects_store *store, struct ctx *ctx, struct str name,
                            const char *folder, struct objects_page *page)
{
    struct ids *ids;
    struct dir_path path;
    struct str latest = page->count ? page->items[0].version : STR("");
    TRY(list_ids(store, ctx, folder, &ids));
    for (size_t i = 0; i < ids->count && page->count < OBJECTS_VERSIONS_MAX; i++) {
        size_t count = page->count;
        if (str_equal(latest, str_from(ids->texts[i])))
            continue; /* between its second place and the loss of its first */
        TRY(dir_path_in(ctx, folder, ids->texts[i], &path));
        TRY(add_version(store, ctx, name, path.file, page));
        if (page->count > count)
            page->items[count].version = str_from(ids->texts[i]);
    }
    return ERR_OK;
}

enum err dir_versions(struct objects_store *store, struct ctx *ctx, struct str name,
                      struct objects_page *page)
{
    struct dir_path current, folder;
    *page = (struct objects_page){
        .items = ARENA_ARRAY(ctx->arena, OBJECTS_VERSIONS_MAX, struct objects_info)};
    if (!page->items)
        return err_memory(&ctx->err);
    TRY(dir_path_make(ctx, "objects", name, &current));
    TRY(dir_path_make(ctx, "history", name, &folder));
    TRY(add_version(store, ctx, name, current.file, page));
    if (page->count)
        page->items[0].is_latest = true;
    return add_history(store, ctx, name, folder.file, page);
}

enum err dir_version_open(struct objects_store *store, struct ctx *ctx, struct str name,
                          struct str version, struct dir_reader *reader)
{
    struct dir_path path;
    const char *id;
    TRY(dir_path_make(ctx, "objects", name, &path));
    enum err err = dir_reader_open(store, ctx, name, path.file, reader);
    if (!version.len || (!err && str_equal(reader->info.version, version)))
        return err;
    if (!err)
        dir_reader_close(reader);
    if (!is_version(version))
        return missing(ctx);
    if (str_cstr(ctx->arena, version, &id))
        return err_memory(&ctx->err);
    TRY(dir_path_make(ctx, "history", name, &path));
    TRY(dir_path_in(ctx, path.file, id, &path));
    return dir_reader_open(store, ctx, name, path.file, reader);
}

/* The newest of the history but `except`, as the current one: by way of tmp, because a rename of a
 * file onto itself does nothing. */
static enum err put_back(struct objects_store *store, struct ctx *ctx, struct dir_history *history,
                         const char *except, bool *found)
{
    struct ids *ids;
    struct dir_written written;
    TRY(list_ids(store, ctx, history->folder.file, &ids));
    size_t newest = ids->count && strcmp(ids->texts[0], except) == 0;
    *found = newest < ids->count;
    if (!*found)
        return ERR_OK;
    snprintf(written.tmp, sizeof written.tmp, "%" PRIu64, atomic_fetch_add(&store->tmp_count, 1));
    if (linkat(history->fd, ids->texts[newest], store->tmp_fd, written.tmp, 0))
        return err_system(&ctx->err, not_changed, "linking %s", ids->texts[newest]);
    enum err err = dir_write_place(store, ctx, &written, &history->current);
    dir_write_undo(store, &written);
    TRY(err);
    return dir_sync(store, ctx, history->current.folder);
}

static enum err remove_current(struct objects_store *store, struct ctx *ctx,
                               const struct dir_history *history)
{
    if (unlinkat(store->root_fd, history->current.file, 0) && errno != ENOENT)
        return err_system(&ctx->err, not_changed, "removing %s", history->current.file);
    return dir_sync(store, ctx, history->current.folder);
}

/* Of the current one: first another takes its place. */
static enum err delete_locked(struct objects_store *store, struct ctx *ctx, struct str name,
                              const char *id, struct dir_history *history)
{
    char latest[DIR_ID_MAX];
    bool found = false;
    TRY(current_id(store, ctx, name, history, latest));
    bool is_latest = strcmp(latest, id) == 0;
    if (is_latest && history->fd >= 0)
        TRY(put_back(store, ctx, history, id, &found));
    if (is_latest && !found)
        TRY(remove_current(store, ctx, history));
    if (history->fd < 0)
        return is_latest ? ERR_OK : missing(ctx);
    bool removed = unlinkat(history->fd, id, 0) == 0;
    if (!removed && errno != ENOENT)
        return err_system(&ctx->err, not_changed, "removing the version %s", id);
    TRY(dir_sync(store, ctx, history->folder.file));
    return removed || is_latest ? ERR_OK : missing(ctx);
}

enum err dir_delete_version(struct objects_store *store, struct ctx *ctx, struct str name,
                            struct str version)
{
    struct dir_history history;
    const char *id;
    if (!is_version(version))
        return missing(ctx);
    if (str_cstr(ctx->arena, version, &id))
        return err_memory(&ctx->err);
    TRY(dir_history_open(store, ctx, name, &history));
    enum err err = delete_locked(store, ctx, name, id, &history);
    dir_history_close(&history);
    return err;
}

enum err dir_undelete(struct objects_store *store, struct ctx *ctx, struct str name)
{
    struct dir_history history;
    char latest[DIR_ID_MAX];
    bool found = false;
    TRY(dir_history_open(store, ctx, name, &history));
    enum err err = current_id(store, ctx, name, &history, latest);
    if (!err && !latest[0] && history.fd >= 0)
        err = put_back(store, ctx, &history, "", &found);
    dir_history_close(&history);
    TRY(err);
    return latest[0] || found ? ERR_OK : missing(ctx);
}

enum err dir_delete(struct objects_store *store, struct ctx *ctx, struct str name)
{
    struct dir_history history;
    if (store->keeps_versions) {
        TRY(dir_history_open(store, ctx, name, &history));
    } else {
        history.fd = -1;
        TRY(dir_path_make(ctx, "objects", name, &history.current));
    }
    enum err err = dir_history_keep(store, ctx, name, &history);
    if (!err) /* synced also where there was none: who deleted it may not have come to that */
        err = remove_current(store, ctx, &history);
    dir_history_close(&history);
    return err;
}

enum err dir_put(struct objects_store *store, struct ctx *ctx, struct str name,
                 const struct objects_body *body, struct objects_info *info)
{
    struct dir_history history;
    struct dir_written written;
    if (!store->keeps_versions) {
        TRY(dir_path_make(ctx, "objects", name, &history.current));
        return dir_write_file(store, ctx, name, body, &history.current, info);
    }
    TRY(dir_write(store, ctx, name, body, info, &written));
    enum err err = dir_history_open(store, ctx, name, &history);
    if (!err) {
        err = dir_history_keep(store, ctx, name, &history);
        if (!err)
            err = dir_write_place(store, ctx, &written, &history.current);
        if (!err)
            err = dir_sync(store, ctx, history.current.folder);
        dir_history_close(&history);
    }
    dir_write_undo(store, &written);
    return err;
}
