/* Writing an object: into a file of its own in tmp, synced, then renamed to its place.
 *
 * A put of 4 KB into a folder that was used before costs eight system calls, of which two wait for
 * the disk: open, pwrite, fdatasync, close, rename; open, fsync and close of the folder. Puts into
 * one folder at the same time share the last three. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ports/objects/dir_inside.h"

static const char not_stored[] = "The file could not be stored.";

enum { WRITE_MEMORY = 256 << 10 };

struct writing {
    struct ctx *ctx;
    int fd;
    struct dir_box box;
    const struct objects_body *body;
    struct objects_info *info;
    size_t head_len;
    char *head, *chunk; /* side by side: a header ends where the chunk begins */
};

static bool write_at(int fd, const char *bytes, size_t len, int64_t at)
{
    while (len) {
        ssize_t written = pwrite(fd, bytes, len, at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written == 0)
            errno = EIO;
        if (written <= 0)
            return false;
        bytes += written;
        at += written;
        len -= (size_t)written;
    }
    return true;
}

static enum err write_piece(struct writing *writing, const char *bytes, size_t len, int64_t at)
{
    if (!write_at(writing->fd, bytes, len, at))
        return err_system(&writing->ctx->err, not_stored, "writing an object");
    return ERR_OK;
}

/* What fits into one chunk is written with its header at once. */
static enum err write_small(struct writing *writing, size_t got)
{
    char *head = writing->chunk - writing->head_len;
    dir_head_write(&writing->box, writing->info, head);
    return write_piece(writing, head, writing->head_len + (got ? got + DIR_TAG : 0), 0);
}

static enum err write_head(struct writing *writing)
{
    dir_head_write(&writing->box, writing->info, writing->head);
    return write_piece(writing, writing->head, writing->head_len, 0);
}

static enum err write_chunks(struct writing *writing)
{
    struct objects_info *info = writing->info;
    size_t got = DIR_CHUNK;
    for (uint64_t number = 0; got == DIR_CHUNK; number++) {
        TRY(objects_body_fill(writing->ctx, writing->body, &info->size, writing->chunk, DIR_CHUNK,
                              &got));
        if (got)
            dir_box_close(&writing->box, number, writing->chunk, got);
        if (number == 0 && got < DIR_CHUNK)
            return write_small(writing, got);
        int64_t at = (int64_t)(writing->head_len + number * (DIR_CHUNK + DIR_TAG));
        if (got)
            TRY(write_piece(writing, writing->chunk, got + DIR_TAG, at));
    }
    return write_head(writing); /* the size is known only now */
}

static enum err write_open(struct objects_store *store, struct ctx *ctx, struct str name,
                           const struct objects_body *body, struct objects_info *info, int fd)
{
    struct writing writing = {.ctx = ctx, .fd = fd, .body = body, .info = info};
    struct arena memory;
    arena_init(&memory, WRITE_MEMORY);
    writing.head = arena_bytes(&memory, DIR_HEADER_MAX + DIR_CHUNK + DIR_TAG);
    enum err err = ERR_OK;
    if (writing.head) {
        writing.chunk = writing.head + DIR_HEADER_MAX;
        writing.head_len = dir_head_len(info);
        dir_box_init(&writing.box, store, name);
        err = write_chunks(&writing);
    } else {
        err = err_memory(&ctx->err);
    }
    arena_release(&memory);
    if (!err && fdatasync(fd))
        err = err_system(&ctx->err, not_stored, "fdatasync of an object");
    return err;
}

static enum err fill_info(struct ctx *ctx, struct objects_info *info)
{
    char version[DIR_ID_MAX];
    info->size = 0;
    info->changed_us = clock_now_us(ctx->clock);
    id_format(id_new(ctx->ids), "ver", version);
    if (str_copy(ctx->arena, str_from(version), &info->version))
        return err_memory(&ctx->err);
    info->etag = info->version;
    return ERR_OK;
}

enum err dir_write(struct objects_store *store, struct ctx *ctx, struct str name,
                   const struct objects_body *body, struct objects_info *info,
                   struct dir_written *written)
{
    TRY(fill_info(ctx, info));
    snprintf(written->tmp, sizeof written->tmp, "%" PRIu64, atomic_fetch_add(&store->tmp_count, 1));
    int fd = openat(store->tmp_fd, written->tmp,
                    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_system(&ctx->err, not_stored, "making a file in %s", store->tmp);
    enum err err = write_open(store, ctx, name, body, info, fd);
    close(fd);
    if (err)
        dir_write_undo(store, written);
    return err;
}

void dir_write_undo(struct objects_store *store, struct dir_written *written)
{
    if (written->tmp[0])
        unlinkat(store->tmp_fd, written->tmp, 0); /* else it is swept at the next start */
    written->tmp[0] = 0;
}

static bool rename_to(struct objects_store *store, const struct dir_written *written,
                      const struct dir_path *path)
{
    return renameat(store->tmp_fd, written->tmp, store->root_fd, path->file) == 0;
}

enum err dir_write_place(struct objects_store *store, struct ctx *ctx, struct dir_written *written,
                         const struct dir_path *path)
{
    TRY(dir_make_folder(store, ctx, path->folder));
    bool placed = rename_to(store, written, path);
    if (!placed && errno == ENOENT) { /* somebody removed a folder that was known */
        dir_forget_folders(store);
        TRY(dir_make_folder(store, ctx, path->folder));
        placed = rename_to(store, written, path);
    }
    if (!placed)
        return err_system(&ctx->err, not_stored, "renaming an object to %s", path->file);
    written->tmp[0] = 0;
    return ERR_OK;
}

enum err dir_write_file(struct objects_store *store, struct ctx *ctx, struct str name,
                        const struct objects_body *body, const struct dir_path *path,
                        struct objects_info *info)
{
    struct dir_written written;
    TRY(dir_write(store, ctx, name, body, info, &written));
    enum err err = dir_write_place(store, ctx, &written, path);
    dir_write_undo(store, &written);
    TRY(err);
    return dir_sync(store, ctx, path->folder);
}

void dir_info_begin(const struct objects_put *put, struct str name, struct objects_info *info)
{
    *info = (struct objects_info){
        .name = name,
        .type = put->type.len ? put->type : STR("application/octet-stream"),
        .meta_count = put->meta_count,
    };
    for (size_t i = 0; i < put->meta_count; i++)
        info->meta[i] = put->meta[i];
}
