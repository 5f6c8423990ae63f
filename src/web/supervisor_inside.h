/* What the supervisor's files share: its servers, each a process with a pulse.
 *
 *     struct ward *ward = ward_start(supervisor, program);
 *     while (ward_hears(ward)) …                      its pulse
 *     ward_signal(ward, SIGTERM); */
#ifndef STOA_WEB_SUPERVISOR_INSIDE_H
#define STOA_WEB_SUPERVISOR_INSIDE_H

#include "web/supervisor.h"

enum {
    WARD_VARIABLE_MAX = 32,
    WARD_VARIABLES_MAX = 1024,
    WARD_LOOKS = 2 /* one that is just let go on again must have the time to speak */
};

enum ward_state {
    WARD_NONE,     /* a free place */
    WARD_STARTING, /* not heard of yet */
    WARD_SERVING,
    WARD_ENDING,   /* it was told to drain */
    WARD_ABORTING, /* it hung, and was told to say where */
    WARD_KILLED,   /* so that it ends for certain */
};

struct ward {
    enum ward_state state;
    pid_t pid;
    int pulse_fd;
    int64_t begun_us, due_us; /* due_us: when its state has lasted too long */
    int silences;             /* looks in a row at which it ran and had said nothing */
};

struct supervisor {
    struct ctx *ctx;
    struct supervisor_options options;
    int signal_fd;
    int64_t now_us;
    int64_t start_us; /* when the next server is to be started; 0 where none is */
    int64_t crashes_us[SUPERVISOR_CRASHES_MAX];
    int crash_count;
    bool has_served, release_wanted, ending, failed;
    struct ward wards[SUPERVISOR_SERVERS_MAX];
};

/* Starts a server; NULL where that fails, errno then says why. */
struct ward *ward_start(struct supervisor *supervisor, const char *program);

/* Reads its pulse: 1 where it beat, 0 where there was nothing, -1 where it has closed it. */
int ward_hear(struct ward *ward);
void ward_stop_hearing(struct ward *ward);

/* Somebody keeps it from running, so that it cannot be blamed for its silence. */
bool ward_is_stopped(const struct ward *ward);

void ward_enter(struct supervisor *supervisor, struct ward *ward, enum ward_state state);
struct ward *ward_in(struct supervisor *supervisor, enum ward_state state); /* NULL: none */
struct ward *ward_of(struct supervisor *supervisor, pid_t pid);

/* Our environment with `added` in the place of what we were left ourselves; false where it has no
 * room. */
bool ward_environment(char *variables[WARD_VARIABLES_MAX + 1], char *const added[], size_t count);

/* Becomes the program that was released; comes back only where that fails. */
void supervisor_succeed(struct supervisor *supervisor);
void supervisor_adopt(struct supervisor *supervisor); /* the other side of it */

#endif
