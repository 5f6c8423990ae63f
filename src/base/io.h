/* Writing bytes until they are written, reading them until they end, and replacing a file whole.
 *
 *     if (!io_write_all(STDOUT_FILENO, buf_str(&out)))
 *         return err_system(&ctx->err, "It could not be written.", "writing the answer");
 *
 * A write may take a part, or be interrupted by a signal before it took anything; the rest is then
 * written. It waits where the descriptor waits: one that does not (O_NONBLOCK) fails with EAGAIN
 * when it is full. */
#ifndef STOA_BASE_IO_H
#define STOA_BASE_IO_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/ctx.h"
#include "base/str.h"

enum { IO_NAME_MAX = 256 };

/* False where not all of it was written; errno then says why. */
bool io_write_all(int fd, struct str bytes);

/* Reads until `size` or the end; how many there were, or -1 and errno. */
ssize_t io_read_all(int fd, char *to, size_t size);

/* Makes the file `name` of an open folder these bytes, readable for its owner alone. At every
 * moment it is what it was or all of what it becomes, also after a loss of power; when this returns
 * ERR_OK it has become that on the disk. After a failure it is either. Whoever else may replace it
 * is kept away by the caller: NAME.new is used meanwhile. */
enum err io_replace(struct ctx *ctx, int folder, const char *name, struct str bytes);

#endif
