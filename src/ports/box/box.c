/* Files in a folder, each called by an id. */
#include "ports/box/box.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"

enum { PATH_MAX_LEN = 4096, NAME_ROOM = ID_TEXT_MAX + BOX_ENDING_MAX + 1 };

static enum err locate(struct ctx *ctx, const struct box_options *options, const char **path)
{
    struct str name = options->url, scheme;
    struct buf text;
    str_cut(&name, ':', &scheme);
    buf_init(&text, ctx->arena, PATH_MAX_LEN);
    if (!str_starts(name, STR("/")))
        buf_addf(&text, STR_FMT "/", STR_ARG(options->data));
    buf_add(&text, name.len ? name : str_from(options->folder));
    if (buf_err(&text) == ERR_MEMORY)
        return err_memory(&ctx->err);
    return buf_err(&text) || str_cstr(ctx->arena, buf_str(&text), path)
               ? err_input(&ctx->err, options->setting, "must name a folder, as in outbox:outbox")
               : ERR_OK;
}

enum err box_open(struct ctx *ctx, const struct box_options *options, struct box *box)
{
    const char *path = NULL;
    TRY(locate(ctx, options, &path));
    if (!options->only_looks && mkdir(path, 0700) && errno != EEXIST)
        return err_system(&ctx->err, "The outbox cannot be made.", "mkdir %s", path);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 && options->only_looks && errno == ENOENT)
        return err_fail(&ctx->err, ERR_MISSING, "There is no outbox yet.", "%s", path);
    if (folder < 0)
        return err_system(&ctx->err, "The outbox cannot be opened.", "opening %s", path);
    *box = (struct box){.folder = folder, .kind = options->kind, .ending = options->ending};
    return ERR_OK;
}

void box_close(struct box *box)
{
    close(box->folder);
}

enum err box_reach(const struct box *box, struct ctx *ctx)
{
    return faccessat(box->folder, ".", R_OK | W_OK | X_OK, AT_EACCESS)
               ? err_system(&ctx->err, "The outbox cannot be written.", "looking at its folder")
               : ERR_OK;
}

static void file_name(const struct box *box, const char *id, char name[NAME_ROOM])
{
    struct buf text;
    buf_init_fixed(&text, name, NAME_ROOM);
    buf_addf(&text, "%s%s%c", id, box->ending, '\0');
}

enum err box_put(const struct box *box, struct ctx *ctx, const char *id, struct str bytes)
{
    char name[NAME_ROOM];
    file_name(box, id, name);
    return io_replace(ctx, box->folder, name, bytes);
}

enum err box_read(const struct box *box, struct ctx *ctx, const char *id, size_t max,
                  struct str *bytes, int64_t *size)
{
    char name[NAME_ROOM];
    struct stat info;
    file_name(box, id, name);
    int fd = openat(box->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return err_fail(&ctx->err, ERR_MISSING, "There is no such message.", "%s", name);
    if (fd < 0)
        return err_system(&ctx->err, "The message cannot be read.", "opening %s", name);
    bool looked = fstat(fd, &info) == 0;
    size_t room = !looked ? 0 : (size_t)info.st_size < max ? (size_t)info.st_size : max;
    char *at = arena_bytes(ctx->arena, room);
    ssize_t len = looked && at ? io_read_all(fd, at, room) : -1;
    int reason = errno;
    close(fd);
    errno = reason;
    if (!at)
        return err_memory(&ctx->err);
    if (len < 0)
        return err_system(&ctx->err, "The message cannot be read.", "reading %s", name);
    *bytes = str_make(at, (size_t)len);
    *size = info.st_size;
    return ERR_OK;
}

/* "mail_01K….eml" without its ending; false for what else lies there. */
static bool read_name(const struct box *box, const char *name, struct box_id *id)
{
    struct str text = str_from(name), ending = str_from(box->ending);
    struct id parsed;
    if (!str_ends(text, ending) ||
        id_parse(str_slice(text, 0, text.len - ending.len), box->kind, &parsed))
        return false;
    id->made_us = id_time_us(parsed);
    id_format(parsed, box->kind, id->text);
    return true;
}

/* Puts it among the newest that were met so far, which are in order. */
static void insert(struct box_id ids[], size_t room, size_t *count, const struct box_id *id)
{
    size_t at = *count;
    while (at > 0 && strcmp(ids[at - 1].text, id->text) < 0)
        at--;
    if (at == room)
        return;
    size_t last = *count < room ? (*count)++ : room - 1;
    memmove(&ids[at + 1], &ids[at], (last - at) * sizeof *ids);
    ids[at] = *id;
}

static enum err scan(const struct box *box, DIR *folder, struct ctx *ctx, struct str before,
                     struct box_id ids[], size_t room, size_t *count)
{
    struct box_id id;
    const struct dirent *entry;
    for (errno = 0; (entry = readdir(folder)); errno = 0)
        if (read_name(box, entry->d_name, &id) &&
            (!before.len || str_compare(str_from(id.text), before) < 0))
            insert(ids, room, count, &id);
    return errno ? err_system(&ctx->err, "The outbox cannot be read.", "reading the folder")
                 : ERR_OK;
}

enum err box_list(const struct box *box, struct ctx *ctx, struct str before, struct box_id ids[],
                  size_t room, size_t *count)
{
    int fd = openat(box->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    *count = 0;
    if (!folder) {
        enum err err = err_system(&ctx->err, "The outbox cannot be read.", "opening the folder");
        if (fd >= 0)
            close(fd);
        return err;
    }
    enum err err = scan(box, folder, ctx, before, ids, room, count);
    closedir(folder);
    return err;
}
