/* Objects in parts: each part is a file as objects are, and at the end they are copied into one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ports/objects/dir_inside.h"

enum { PART_NAME_MAX = DIR_ID_MAX + 16, FOLDER_FILES_MAX = OBJECTS_PARTS_MAX + 1 };

/* "parts/upl_01…", and what a part is bound to: "upl_01…/00001". */
struct upload {
    char folder[PART_NAME_MAX], begin[PART_NAME_MAX];
};

static enum err no_upload(struct ctx *ctx)
{
    return err_fail(&ctx->err, ERR_MISSING, "There is no such upload.", "no such upload");
}

static void upload_name(struct str id, struct upload *upload)
{
    snprintf(upload->folder, sizeof upload->folder, "parts/" STR_FMT, STR_ARG(id));
    snprintf(upload->begin, sizeof upload->begin, STR_FMT "/begin", STR_ARG(id));
}

/* The upload's own name in a part's file, which no other upload's part can stand in for. */
static enum err part_path(struct ctx *ctx, const struct upload *upload, int number,
                          struct dir_path *path)
{
    char file[PART_NAME_MAX];
    snprintf(file, sizeof file, "%05d", number);
    return dir_path_in(ctx, upload->folder, file, path);
}

static struct str part_name(const struct dir_path *path)
{
    return str_slice(str_from(path->file), sizeof "parts/" - 1, STR_NONE);
}

enum err dir_begin(struct objects_store *store, struct ctx *ctx, struct str name,
                   const struct objects_put *put, struct str *upload_id)
{
    char text[DIR_ID_MAX];
    struct upload upload = {.folder = ""};
    struct dir_path path;
    struct objects_info info;
    id_format(id_new(ctx->ids), "upl", text);
    upload_name(str_from(text), &upload);
    TRY(dir_make_folder(store, ctx, upload.folder));
    TRY(dir_path_in(ctx, upload.folder, "begin", &path));
    dir_info_begin(put, part_name(&path), &info);
    TRY(dir_write_file(store, ctx, part_name(&path), &(struct objects_body){.bytes = name}, &path,
                       &info));
    return str_copy(ctx->arena, str_from(text), upload_id) ? err_memory(&ctx->err) : ERR_OK;
}

/* What was begun: the object's type and metadata, and whether it is this name's. */
static enum err find_upload(struct objects_store *store, struct ctx *ctx, struct str name,
                            struct str id, struct upload *upload, struct objects_info *info)
{
    struct dir_reader reader;
    struct dir_path path;
    struct str begun = {0};
    struct id parsed;
    if (id_parse(id, "upl", &parsed))
        return no_upload(ctx);
    upload_name(id, upload);
    TRY(dir_path_in(ctx, upload->folder, "begin", &path));
    enum err err = dir_reader_open(store, ctx, part_name(&path), path.file, &reader);
    if (err)
        return err == ERR_MISSING ? no_upload(ctx) : err;
    *info = reader.info;
    err = dir_reader_chunk(&reader, ctx, 0, &begun);
    bool same = !err && str_equal(begun, name);
    dir_reader_close(&reader);
    TRY(err);
    return same ? ERR_OK : no_upload(ctx);
}

enum err dir_part(struct objects_store *store, struct ctx *ctx, struct str name,
                  struct str upload_id, int number, const struct objects_body *body,
                  struct str *etag)
{
    struct upload upload = {.folder = ""};
    struct dir_path path;
    struct objects_info info;
    TRY(find_upload(store, ctx, name, upload_id, &upload, &info));
    TRY(part_path(ctx, &upload, number, &path));
    dir_info_begin(&(struct objects_put){.type = STR("part")}, part_name(&path), &info);
    TRY(dir_write_file(store, ctx, part_name(&path), body, &path, &info));
    *etag = info.etag;
    return ERR_OK;
}

/* The parts, one after the other, as what a put reads. */
struct joined {
    struct objects_store *store;
    const struct upload *upload;
    const struct objects_part *parts;
    size_t count, next;
    bool reads;
    struct dir_reader reader;
    uint64_t chunk;  /* the next of the part */
    struct str rest; /* of the chunk before */
};

static enum err no_part(struct ctx *ctx, int number)
{
    return err_fail(&ctx->err, ERR_CONFLICT, "A part of the upload is not there; send it again.",
                    "part %d is not there as it was told", number);
}

static enum err open_part(struct joined *joined, struct ctx *ctx)
{
    const struct objects_part *part = &joined->parts[joined->next];
    struct dir_path path;
    TRY(part_path(ctx, joined->upload, part->number, &path));
    enum err err = dir_reader_open(joined->store, ctx, part_name(&path), path.file,
                                   &joined->reader);
    if (err == ERR_MISSING)
        return no_part(ctx, part->number);
    TRY(err);
    joined->reads = true;
    joined->chunk = 0;
    joined->next++;
    return str_equal(part->etag, joined->reader.info.etag) ? ERR_OK : no_part(ctx, part->number);
}

static void close_part(struct joined *joined)
{
    if (joined->reads)
        dir_reader_close(&joined->reader);
    joined->reads = false;
}

static bool part_is_read(const struct joined *joined)
{
    return (int64_t)joined->chunk * DIR_CHUNK >= joined->reader.info.size;
}

static enum err next_chunk(struct joined *joined, struct ctx *ctx)
{
    while (!joined->rest.len) {
        if (joined->reads && !part_is_read(joined))
            TRY(dir_reader_chunk(&joined->reader, ctx, joined->chunk++, &joined->rest));
        else if (joined->reads)
            close_part(joined);
        else if (joined->next < joined->count)
            TRY(open_part(joined, ctx));
        else
            return ERR_OK;
    }
    return ERR_OK;
}

static enum err read_joined(struct ctx *ctx, void *arg, char *bytes, size_t size, size_t *got)
{
    struct joined *joined = arg;
    TRY(next_chunk(joined, ctx));
    *got = joined->rest.len < size ? joined->rest.len : size;
    if (*got)
        memcpy(bytes, joined->rest.ptr, *got);
    joined->rest = str_slice(joined->rest, *got, joined->rest.len);
    return ERR_OK;
}

enum err dir_complete(struct objects_store *store, struct ctx *ctx, struct str name,
                      struct str upload_id, const struct objects_part parts[], size_t count,
                      struct objects_info *info)
{
    struct upload upload = {.folder = ""};
    struct joined joined = {.store = store, .upload = &upload, .parts = parts, .count = count};
    struct objects_body body = {.read = read_joined, .arg = &joined};
    TRY(find_upload(store, ctx, name, upload_id, &upload, info));
    info->name = name;
    enum err err = dir_put(store, ctx, name, &body, info);
    close_part(&joined);
    TRY(err);
    if (dir_remove_folder(store, ctx, upload.folder))
        err_clear(&ctx->err); /* the object stands; what is left over is swept */
    return ERR_OK;
}

enum err dir_abort(struct objects_store *store, struct ctx *ctx, struct str name,
                   struct str upload_id)
{
    struct upload upload = {.folder = ""};
    struct objects_info info;
    TRY(find_upload(store, ctx, name, upload_id, &upload, &info));
    return dir_remove_folder(store, ctx, upload.folder);
}
