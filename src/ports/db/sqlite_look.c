/* Opens a database of which nothing may be made or changed on the disk. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "ports/db/sqlite_inside.h"

enum { URI_MAX = 3 * SQLITE_PATH_MAX + 32 }; /* each byte may become three */

enum err sqlite_look_for(struct ctx *ctx, const char *path)
{
    if (access(path, F_OK) == 0)
        return ERR_OK;
    return errno == ENOENT ? err_fail(&ctx->err, ERR_MISSING, "There is no database yet.",
                                      "%s is not there; \"stoa migrate\" makes it", path)
                           : err_system(&ctx->err, "The database cannot be found.", "%s", path);
}

static void add_escaped(struct buf *out, const char *path)
{
    for (; *path; path++)
        if (strchr("%?#", *path))
            buf_addf(out, "%%%02X", (unsigned)*path);
        else
            buf_addc(out, *path);
}

/* Whoever uses it keeps its log beside it. Without one the file is all there is, and saying so
 * keeps SQLite from making a log and its index, for which it would write to the folder. */
enum err sqlite_look_open(struct ctx *ctx, const char *path, sqlite3 **handle)
{
    char text[URI_MAX], log[SQLITE_PATH_MAX];
    struct buf uri, beside;
    buf_init_fixed(&beside, log, sizeof log);
    buf_addf(&beside, "%s-wal", path); /* the path leaves room for it */
    buf_addc(&beside, '\0');
    buf_init_fixed(&uri, text, sizeof text);
    buf_add(&uri, STR("file://"));
    add_escaped(&uri, path);
    if (access(log, F_OK) < 0 && errno == ENOENT)
        buf_add(&uri, STR("?immutable=1"));
    buf_addc(&uri, '\0');
    return sqlite_open_file(ctx, text, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, handle);
}
