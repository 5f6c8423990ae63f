/* Writes mails into the outbox, for whoever sits at this machine. */
#include "app/letters.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

enum { LETTER_FILE_MAX = 8 << 10 };

static enum err path_of(struct ctx *ctx, const struct app *app, const char **path)
{
    struct buf out;
    char id[ID_TEXT_MAX];
    const char *folder;
    buf_init(&out, ctx->arena, LETTER_FILE_MAX);
    buf_addf(&out, STR_FMT "/outbox", STR_ARG(app->settings.stoa_data));
    TRY(str_cstr(ctx->arena, buf_str(&out), &folder));
    if (mkdir(folder, 0700) && errno != EEXIST)
        return err_system(&ctx->err, "", "mkdir %s", folder);
    id_format(id_new(ctx->ids), "mail", id);
    buf_addf(&out, "/%s.txt", id);
    TRY(buf_err(&out));
    return str_cstr(ctx->arena, buf_str(&out), path);
}

enum err letters_send(struct ctx *ctx, void *arg, const struct guard_letter *letter)
{
    const char *path;
    struct buf out;
    TRY(path_of(ctx, arg, &path));
    buf_init(&out, ctx->arena, LETTER_FILE_MAX);
    buf_addf(&out, "To: " STR_FMT "\nSubject: " STR_FMT "\n\n" STR_FMT "\n", STR_ARG(letter->to),
             STR_ARG(letter->subject), STR_ARG(letter->text));
    TRY(buf_err(&out));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written = fd >= 0 && io_write_all(fd, buf_str(&out));
    if (fd >= 0)
        close(fd);
    return written ? ERR_OK : err_system(&ctx->err, "", "write %s", path);
}
