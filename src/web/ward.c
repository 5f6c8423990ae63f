/* The supervisor's servers: started and listened to. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "web/heritage.h"
#include "web/supervisor_inside.h"

enum { WARD_PATH_MAX = 64, STAT_MAX = 512, BEATS_MAX = 64 };

#define MS_US INT64_C(1000)

struct ward *ward_in(struct supervisor *supervisor, enum ward_state state)
{
    for (int i = 0; i < SUPERVISOR_SERVERS_MAX; i++)
        if (supervisor->wards[i].state == state)
            return &supervisor->wards[i];
    return NULL;
}

struct ward *ward_of(struct supervisor *supervisor, pid_t pid)
{
    for (int i = 0; i < SUPERVISOR_SERVERS_MAX; i++)
        if (supervisor->wards[i].state && supervisor->wards[i].pid == pid)
            return &supervisor->wards[i];
    return NULL;
}

/* How long a state may last. One that starts alone is waited for longer: there is no other. */
static int state_ms(struct supervisor *supervisor, enum ward_state state)
{
    const struct supervisor_limits *limits = &supervisor->options.limits;
    switch (state) {
    case WARD_STARTING:
        return ward_in(supervisor, WARD_SERVING) ? limits->ready_ms : limits->start_ms;
    case WARD_SERVING:
        return limits->hang_ms / WARD_LOOKS;
    case WARD_ENDING:
        return limits->drain_ms;
    case WARD_NONE:
    case WARD_ABORTING:
    case WARD_KILLED:
        break;
    }
    return limits->abort_ms;
}

void ward_enter(struct supervisor *supervisor, struct ward *ward, enum ward_state state)
{
    ward->due_us = supervisor->now_us + state_ms(supervisor, state) * MS_US;
    ward->state = state;
}

static bool is_own(const char *variable)
{
    static const char *const own[] = {HERITAGE_LISTEN, HERITAGE_PULSE, SUPERVISOR_HEIRS};
    struct str text = str_from(variable), name;
    str_cut(&text, '=', &name);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_equal(name, str_from(own[i])))
            return true;
    return false;
}

bool ward_environment(char *variables[WARD_VARIABLES_MAX + 1], char *const added[], size_t count)
{
    size_t used = 0;
    for (; used < count; used++)
        variables[used] = added[used];
    for (char **each = environ; *each && used < WARD_VARIABLES_MAX; each++)
        if (!is_own(*each))
            variables[used++] = *each;
    variables[used] = NULL;
    return used < WARD_VARIABLES_MAX;
}

/* A descriptor that is given its own number anew stays open in the new program. Signals are as they
 * were for a program that is started by hand. */
static int spawn(const struct supervisor *supervisor, const char *program, int pulse_fd,
                 char *const variables[], pid_t *pid)
{
    const struct supervisor_options *options = &supervisor->options;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, usual;
    sigemptyset(&none);
    sigfillset(&usual);
    if (posix_spawn_file_actions_init(&files))
        return ENOMEM;
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &usual);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int failure = posix_spawn_file_actions_adddup2(&files, options->listen_fd, options->listen_fd);
    if (!failure)
        failure = posix_spawn_file_actions_adddup2(&files, pulse_fd, pulse_fd);
    if (!failure)
        failure = posix_spawnp(pid, program, &files, &how, (char *const *)(uintptr_t)options->argv,
                               variables);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return failure;
}

/* The service manager stays the supervisor's to speak with: it believes nobody else. */
static int spawn_with(const struct supervisor *supervisor, const char *program, int pulse_fd,
                      pid_t *pid)
{
    char listens[WARD_VARIABLE_MAX], beats[WARD_VARIABLE_MAX];
    char *const added[] = {listens, beats}, *variables[WARD_VARIABLES_MAX + 1];
    struct buf buf;
    buf_init_fixed(&buf, listens, sizeof listens);
    buf_addf(&buf, HERITAGE_LISTEN "=%d%c", supervisor->options.listen_fd, '\0');
    buf_init_fixed(&buf, beats, sizeof beats);
    buf_addf(&buf, HERITAGE_PULSE "=%d%c", pulse_fd, '\0');
    if (!ward_environment(variables, added, sizeof added / sizeof *added))
        return E2BIG;
    return spawn(supervisor, program, pulse_fd, variables, pid);
}

struct ward *ward_start(struct supervisor *supervisor, const char *program)
{
    struct ward *ward = ward_in(supervisor, WARD_NONE);
    int ends[2];
    pid_t pid = 0;
    errno = EBUSY;
    if (!ward || pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return NULL;
    int failure = spawn_with(supervisor, program, ends[1], &pid);
    close(ends[1]);
    if (failure) {
        close(ends[0]);
        errno = failure;
        return NULL;
    }
    *ward = (struct ward){.pid = pid, .pulse_fd = ends[0], .begun_us = supervisor->now_us};
    ward_enter(supervisor, ward, WARD_STARTING);
    return ward;
}

int ward_hear(struct ward *ward)
{
    char beats[BEATS_MAX];
    if (ward->pulse_fd < 0)
        return 0;
    ssize_t count = read(ward->pulse_fd, beats, sizeof beats);
    if (count > 0) {
        ward->silences = 0;
        return 1;
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

void ward_stop_hearing(struct ward *ward)
{
    if (ward->pulse_fd >= 0)
        close(ward->pulse_fd);
    ward->pulse_fd = -1;
}

/* Its state is the letter behind its name, which is in parentheses and may have any in it. */
bool ward_is_stopped(const struct ward *ward)
{
    char path[WARD_PATH_MAX], text[STAT_MAX];
    struct buf buf;
    buf_init_fixed(&buf, path, sizeof path);
    buf_addf(&buf, "/proc/%d/stat%c", (int)ward->pid, '\0');
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text);
    if (fd >= 0)
        close(fd);
    const char *name_end = len > 0 ? memrchr(text, ')', (size_t)len) : NULL;
    return name_end && name_end + 2 < text + len && (name_end[2] == 'T' || name_end[2] == 't');
}
