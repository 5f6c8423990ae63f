/* Reading an object: the header, then chunks, each checked before anybody sees it. The whole of
 * 4 KB costs four system calls: open, fstat, pread, close. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "ports/objects/dir_inside.h"

static const char not_read[] = "The file could not be read.";

enum { READ_MAX = DIR_HEADER_MAX + DIR_CHUNK + DIR_TAG, QUICK_MAX = DIR_HOT_BYTES };

/* False where it failed; *got is less than `size` at the end of the file. */
static bool read_at(int fd, char *bytes, size_t size, int64_t at, size_t *got)
{
    for (*got = 0; *got < size;) {
        ssize_t more = pread(fd, bytes + *got, size - *got, at + (int64_t)*got);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return false;
        if (more == 0)
            break;
        *got += (size_t)more;
    }
    return true;
}

static int64_t file_size(const struct dir_reader *reader)
{
    int64_t size = reader->info.size, chunks = (size + DIR_CHUNK - 1) / DIR_CHUNK;
    return (int64_t)reader->head_len + size + chunks * DIR_TAG;
}

static enum err read_head(struct objects_store *store, struct ctx *ctx, struct str name,
                          size_t size, struct dir_reader *reader)
{
    struct stat about;
    if (fstat(reader->fd, &about))
        return err_system(&ctx->err, not_read, "fstat of an object");
    size = about.st_size <= (int64_t)size ? (size_t)about.st_size : DIR_HEADER_MAX;
    if (!read_at(reader->fd, reader->bytes, size, 0, &reader->got))
        return err_system(&ctx->err, not_read, "reading the object " STR_FMT, STR_ARG(name));
    TRY(dir_head_read(store, ctx, name, reader->bytes, reader->got, &reader->box, &reader->info,
                      &reader->head_len));
    if (about.st_size != file_size(reader))
        return dir_damaged(ctx, name, "is shorter or longer than it was written");
    return ERR_OK;
}

static enum err open_file(struct objects_store *store, struct ctx *ctx, const char *file, int *fd)
{
    *fd = openat(store->root_fd, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (*fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return err_fail(&ctx->err, ERR_MISSING, "There is no such file.", "no %s", file);
    return *fd < 0 ? err_system(&ctx->err, not_read, "opening %s", file) : ERR_OK;
}

enum err dir_reader_open(struct objects_store *store, struct ctx *ctx, struct str name,
                         const char *file, struct dir_reader *reader)
{
    *reader = (struct dir_reader){.fd = -1};
    TRY(open_file(store, ctx, file, &reader->fd));
    arena_init(&reader->memory, DIR_READER_MEMORY);
    reader->bytes = arena_bytes(&reader->memory, READ_MAX);
    enum err err = reader->bytes ? read_head(store, ctx, name, READ_MAX, reader)
                                 : err_memory(&ctx->err);
    if (err)
        dir_reader_close(reader);
    return err;
}

void dir_reader_close(struct dir_reader *reader)
{
    arena_release(&reader->memory);
    close(reader->fd);
}

static size_t chunk_len(const struct dir_reader *reader, uint64_t number)
{
    int64_t rest = reader->info.size - (int64_t)number * DIR_CHUNK;
    return rest < DIR_CHUNK ? (size_t)rest : DIR_CHUNK;
}

static int64_t chunk_at(const struct dir_reader *reader, uint64_t number)
{
    return (int64_t)reader->head_len + (int64_t)number * (DIR_CHUNK + DIR_TAG);
}

enum err dir_reader_chunk(struct dir_reader *reader, struct ctx *ctx, uint64_t number,
                          struct str *bytes)
{
    size_t len = chunk_len(reader, number), got = 0;
    int64_t at = chunk_at(reader, number);
    char *chunk = reader->bytes;
    TRY(ctx_check_deadline(ctx));
    if (number == 0 && reader->is_open) {
        reader->is_open = false;
        reader->got = 0;
        *bytes = str_make(chunk + reader->head_len, len);
        return ERR_OK;
    }
    if (number == 0 && reader->got >= reader->head_len + len + DIR_TAG) {
        chunk += reader->head_len;
        got = len + DIR_TAG;
    } else if (!read_at(reader->fd, chunk, len + DIR_TAG, at, &got)) {
        return err_system(&ctx->err, not_read, "reading the object " STR_FMT,
                          STR_ARG(reader->info.name));
    }
    reader->got = 0; /* what was there is opened, or overwritten */
    if (got < len + DIR_TAG || !dir_box_open(&reader->box, number, chunk, len))
        return dir_damaged(ctx, reader->info.name, "has a piece that is not as it was written");
    *bytes = str_make(chunk, len);
    return ERR_OK;
}

static enum err would_wait(struct ctx *ctx)
{
    return err_fail(&ctx->err, ERR_BUSY, not_read, "an object is not at hand");
}

/* Where the system has no such calls, everything is said to wait. */
static enum err open_quickly(struct objects_store *store, struct ctx *ctx, const char *file,
                             int *fd)
{
    const struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW,
                                 .resolve = RESOLVE_CACHED};
    *fd = (int)syscall(SYS_openat2, store->root_fd, file, &how, sizeof how);
    if (*fd < 0 && errno == ENOENT)
        return err_fail(&ctx->err, ERR_MISSING, "There is no such file.", "no %s", file);
    return *fd < 0 ? would_wait(ctx) : ERR_OK;
}

/* All of a small one, of what the system has in memory. */
static enum err read_quickly(struct objects_store *store, struct ctx *ctx, struct str name,
                             struct dir_reader *file)
{
    struct iovec bytes = {file->bytes, QUICK_MAX + 1};
    ssize_t got = preadv2(file->fd, &bytes, 1, 0, RWF_NOWAIT);
    if (got < 0 || got > QUICK_MAX)
        return would_wait(ctx);
    file->got = (size_t)got;
    TRY(dir_head_read(store, ctx, name, file->bytes, file->got, &file->box, &file->info,
                      &file->head_len));
    return got == file_size(file) ? ERR_OK : would_wait(ctx);
}

/* The answer of a server: it outlives the arena that its texts and its first bytes lie in. */
struct stream {
    struct objects_reader reader;
    struct objects_store *store;
    struct dir_reader file;
    char name[];
};

/* Of what is here ctx->arena has the bytes. */
static enum err open_stream(struct objects_store *store, struct ctx *ctx, struct str name,
                            struct dir_reader *file)
{
    struct dir_path path;
    TRY(dir_path_make(ctx, "objects", name, &path));
    file->bytes = arena_bytes(ctx->arena, READ_MAX);
    if (!file->bytes)
        return err_memory(&ctx->err);
    TRY(ctx->never_waits ? open_quickly(store, ctx, path.file, &file->fd)
                         : open_file(store, ctx, path.file, &file->fd));
    enum err err = ctx->never_waits ? read_quickly(store, ctx, name, file)
                                    : read_head(store, ctx, name, READ_MAX, file);
    if (err)
        close(file->fd);
    return err;
}

enum err dir_stream_open(struct objects_store *store, struct ctx *ctx, struct str name,
                         struct objects_info *info, struct objects_reader **reader)
{
    struct stream *stream = mem_alloc(sizeof *stream + name.len);
    if (!stream)
        return err_memory(&ctx->err);
    enum err err = ERR_OK;
    if (!dir_hot_find(store, ctx, name, &stream->file))
        err = open_stream(store, ctx, name, &stream->file);
    if (err) {
        mem_free(stream);
        return err;
    }
    *info = stream->file.info;
    memcpy(stream->name, name.ptr, name.len);
    stream->file.info.name = str_make(stream->name, name.len);
    stream->store = store;
    *reader = &stream->reader;
    return ERR_OK;
}

void dir_stream_close(struct objects_reader *reader)
{
    struct stream *stream = (struct stream *)reader;
    close(stream->file.fd);
    mem_free(stream);
}

/* What is in memory already is checked and taken from there. */
static bool is_file_piece(const struct dir_reader *file)
{
    return !file->box.key_number && file->info.size > DIR_CHUNK;
}

enum err dir_stream_read(struct objects_reader *reader, struct ctx *ctx, int64_t from,
                         struct objects_piece *piece)
{
    struct dir_reader *file = &((struct stream *)reader)->file;
    uint64_t number = (uint64_t)(from / DIR_CHUNK);
    size_t skipped = (size_t)(from % DIR_CHUNK);
    ASSERT(from >= 0 && from < file->info.size);
    if (is_file_piece(file)) {
        piece->fd = file->fd;
        piece->at = chunk_at(file, number) + (int64_t)skipped;
        piece->len = chunk_len(file, number) - skipped;
        return ERR_OK;
    }
    if (!file->got)
        file->bytes = arena_bytes(ctx->arena, DIR_CHUNK + DIR_TAG);
    if (!file->bytes)
        return err_memory(&ctx->err);
    bool is_news = !file->is_open && file->got == (size_t)file_size(file) &&
                   file->got <= DIR_HOT_BYTES;
    TRY(dir_reader_chunk(file, ctx, number, &piece->bytes));
    if (is_news)
        dir_hot_keep(((struct stream *)reader)->store, ctx, file);
    piece->bytes = str_slice(piece->bytes, skipped, piece->bytes.len);
    return ERR_OK;
}

enum err dir_look(struct objects_store *store, struct ctx *ctx, struct str name, const char *file,
                  struct objects_info *info)
{
    char bytes[DIR_HEADER_MAX];
    struct dir_reader reader = {.fd = -1, .bytes = bytes};
    TRY(open_file(store, ctx, file, &reader.fd));
    enum err err = read_head(store, ctx, name, sizeof bytes, &reader);
    close(reader.fd);
    *info = reader.info;
    return err;
}
