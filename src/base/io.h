/* Writing bytes to a file, a pipe or a socket until they are written.
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

#include "base/str.h"

/* False where not all of it was written; errno then says why. */
bool io_write_all(int fd, struct str bytes);

#endif
