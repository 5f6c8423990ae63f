/* Keeps each mail as a file, mail_01K….eml, whose name sorts by time: for a machine that sends
 * none, and for tests. The same mail sent again is the same file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "ports/mail/driver.h"
#include "ports/mail/mail_encode.h"

enum { PATH_MAX_LEN = 4096, HEAD_MAX = 8 << 10, NAME_ROOM = ID_TEXT_MAX + sizeof ".eml" };

static const char ending[] = ".eml";

struct mail_carrier {
    int folder;
};

static enum err locate(struct ctx *ctx, const struct mailer_options *options, const char **path)
{
    struct str name = str_slice(options->url, STR("outbox:").len, options->url.len);
    struct buf text;
    buf_init(&text, ctx->arena, PATH_MAX_LEN);
    if (!str_starts(name, STR("/")))
        buf_addf(&text, STR_FMT "/", STR_ARG(options->folder));
    buf_add(&text, name.len ? name : STR("outbox"));
    if (buf_err(&text) == ERR_MEMORY)
        return err_memory(&ctx->err);
    return buf_err(&text) || str_cstr(ctx->arena, buf_str(&text), path)
               ? err_input(&ctx->err, "MAIL_URL", "must name a folder, as in outbox:outbox")
               : ERR_OK;
}

static enum err outbox_open(struct ctx *ctx, const struct mailer_options *options,
                            struct mail_carrier **carrier)
{
    const char *path = NULL;
    TRY(locate(ctx, options, &path));
    if (mkdir(path, 0700) && errno != EEXIST)
        return err_system(&ctx->err, "The outbox cannot be made.", "mkdir %s", path);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return err_system(&ctx->err, "The outbox cannot be opened.", "opening %s", path);
    *carrier = mem_alloc(sizeof **carrier);
    if (!*carrier) {
        close(folder);
        return err_memory(&ctx->err);
    }
    (*carrier)->folder = folder;
    return ERR_OK;
}

static void outbox_close(struct mail_carrier *carrier)
{
    close(carrier->folder);
    mem_free(carrier);
}

static void file_name(const char *id, char name[NAME_ROOM])
{
    struct buf text;
    buf_init_fixed(&text, name, NAME_ROOM);
    buf_add(&text, str_from(id));
    buf_add(&text, str_make(ending, sizeof ending)); /* with its NUL */
}

static enum err outbox_send(struct mail_carrier *carrier, struct ctx *ctx,
                            const struct mail_letter *letter)
{
    char name[NAME_ROOM];
    file_name(letter->id, name);
    return io_replace(ctx, carrier->folder, name, letter->composed);
}

/* One mail's file, at most `max` of it. */
static enum err read_file(struct mail_carrier *carrier, struct ctx *ctx, const char *id, size_t max,
                          struct str *bytes, int64_t *size)
{
    char name[NAME_ROOM];
    struct stat info;
    file_name(id, name);
    int fd = openat(carrier->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return err_fail(&ctx->err, ERR_MISSING, "There is no such mail.", "%s", name);
    if (fd < 0)
        return err_system(&ctx->err, "The mail cannot be read.", "opening %s", name);
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
        return err_system(&ctx->err, "The mail cannot be read.", "reading %s", name);
    *bytes = str_make(at, (size_t)len);
    *size = info.st_size;
    return ERR_OK;
}

static enum err outbox_read(struct mail_carrier *carrier, struct ctx *ctx, const char *id,
                            struct str *composed)
{
    int64_t size;
    return read_file(carrier, ctx, id, MAIL_COMPOSED_MAX, composed, &size);
}

/* The value of a header, folded as it is; empty where there is none. */
static struct str find_header(struct str head, struct str name)
{
    size_t at = str_find(head, name);
    if (at == STR_NONE)
        return STR("");
    struct str rest = str_slice(head, at + name.len, head.len), value = rest;
    for (size_t end = 0; end < rest.len; end++)
        if (rest.ptr[end] == '\n' && (end + 1 == rest.len || rest.ptr[end + 1] != ' ')) {
            value = str_slice(rest, 0, end);
            break;
        }
    return str_trim(value);
}

static enum err fill_row(struct mail_carrier *carrier, struct ctx *ctx, struct mail_row *row)
{
    struct str head;
    struct id id;
    TRY(read_file(carrier, ctx, row->id, HEAD_MAX, &head, &row->bytes));
    if (id_parse(str_from(row->id), "mail", &id) == ERR_OK)
        row->sent_us = id_time_us(id);
    struct str to = find_header(head, STR("\nTo: ")), words;
    size_t begin = str_find_char(to, '<');
    row->to = begin == STR_NONE ? to : str_slice(to, begin + 1, to.len - 1);
    if (mail_read_words(ctx->arena, find_header(head, STR("\nSubject: ")), &words))
        return err_memory(&ctx->err);
    row->subject = words;
    return ERR_OK;
}

/* "mail_01K….eml" without its ending; false for what else lies there. */
static bool read_name(const char *name, char id[ID_TEXT_MAX])
{
    struct str text = str_from(name), bare = str_slice(text, 0, text.len - (sizeof ending - 1));
    struct id parsed;
    if (!str_ends(text, str_from(ending)) || id_parse(bare, "mail", &parsed))
        return false;
    id_format(parsed, "mail", id);
    return true;
}

/* Puts it among the newest that were met so far, which are in order. */
static void insert(struct mail_row rows[], size_t room, size_t *count, const char *id)
{
    size_t at = *count;
    while (at > 0 && strcmp(rows[at - 1].id, id) < 0)
        at--;
    if (at == room)
        return;
    size_t last = *count < room ? (*count)++ : room - 1;
    memmove(&rows[at + 1], &rows[at], (last - at) * sizeof *rows);
    rows[at] = (struct mail_row){0};
    memcpy(rows[at].id, id, ID_TEXT_MAX);
}

static enum err scan(DIR *folder, struct ctx *ctx, struct str before, struct mail_row rows[],
                     size_t room, size_t *count)
{
    char id[ID_TEXT_MAX];
    const struct dirent *entry;
    for (errno = 0; (entry = readdir(folder)); errno = 0)
        if (read_name(entry->d_name, id) && (!before.len || str_compare(str_from(id), before) < 0))
            insert(rows, room, count, id);
    return errno ? err_system(&ctx->err, "The outbox cannot be read.", "reading the folder")
                 : ERR_OK;
}

static enum err outbox_list(struct mail_carrier *carrier, struct ctx *ctx, struct str before,
                            struct mail_row rows[], size_t room, size_t *count)
{
    int fd = openat(carrier->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        enum err err = err_system(&ctx->err, "The outbox cannot be read.", "opening the folder");
        if (fd >= 0)
            close(fd);
        return err;
    }
    enum err err = scan(folder, ctx, before, rows, room, count);
    closedir(folder);
    for (size_t i = 0; !err && i < *count; i++)
        err = fill_row(carrier, ctx, &rows[i]);
    return err;
}

const struct mail_driver mail_outbox = {.scheme = "outbox",
                                        .open = outbox_open,
                                        .close = outbox_close,
                                        .send = outbox_send,
                                        .list = outbox_list,
                                        .read = outbox_read};
