/* What a supervisor leaves to the server that it starts: the socket to listen on, and a pulse.
 *
 *     struct heritage heritage;
 *     heritage_take(&heritage);                first of all: nothing of ours has those numbers yet
 *     options.listen_fd = heritage.listen_fd >= 0 ? heritage.listen_fd : …;
 *     options.pulse_fd = heritage.pulse_fd;    server_run says there that it serves, and goes on
 *
 * They are inherited under the numbers in the environment's HERITAGE_LISTEN and HERITAGE_PULSE. The
 * pulse is the end of a pipe: its first byte says that the server serves, each later one that its
 * reactor still turns. A pipe without a reader says that there is no supervisor any more: a server
 * that finds that drains. */
#ifndef STOA_WEB_HERITAGE_H
#define STOA_WEB_HERITAGE_H

#include <stdbool.h>
#include <stdint.h>

#define HERITAGE_LISTEN "STOA_LISTEN_FD"
#define HERITAGE_PULSE  "STOA_PULSE_FD"

enum { PULSE_MS = 1000 }; /* between two beats */

struct heritage {
    int listen_fd, pulse_fd; /* -1 where there is none; closed on exec */
};
void heritage_take(struct heritage *heritage);

/* The descriptor of that number, to be closed on exec; -1 where there is none, or the text is no
 * number. */
int heritage_adopt(const char *number);
bool heritage_is_listening(int fd);
bool heritage_is_pipe(int fd);

struct pulse {
    int fd; /* 0 where nobody wants to hear it */
    int64_t due_us;
};

/* Beats if it is time to; false where nobody can hear it any more. */
bool pulse_beat(struct pulse *pulse, int64_t now_us);

#endif
