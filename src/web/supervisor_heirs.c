/* A release of the supervisor itself: the program that follows gets its servers. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/settings.h"
#include "web/heritage.h"
#include "web/supervisor_inside.h"

enum { HEIRS_MAX = 256 };

/* pid,pulse,state of each, a space behind each. */
static bool write_heirs(const struct supervisor *supervisor, char text[HEIRS_MAX])
{
    struct buf buf;
    buf_init_fixed(&buf, text, HEIRS_MAX);
    buf_add(&buf, STR(SUPERVISOR_HEIRS "="));
    for (int i = 0; i < SUPERVISOR_SERVERS_MAX; i++) {
        const struct ward *ward = &supervisor->wards[i];
        if (ward->state)
            buf_addf(&buf, "%d,%d,%d ", (int)ward->pid, ward->pulse_fd, (int)ward->state);
    }
    buf_addc(&buf, '\0');
    return !buf_err(&buf);
}

static void set_handed_down(const struct supervisor *supervisor, bool handed)
{
    int flags = handed ? 0 : FD_CLOEXEC;
    fcntl(supervisor->options.listen_fd, F_SETFD, flags);
    for (int i = 0; i < SUPERVISOR_SERVERS_MAX; i++)
        if (supervisor->wards[i].state && supervisor->wards[i].pulse_fd >= 0)
            fcntl(supervisor->wards[i].pulse_fd, F_SETFD, flags);
}

/* Signals stay blocked, so that none is lost on the way. */
void supervisor_succeed(struct supervisor *supervisor)
{
    const char *const *argv = supervisor->options.argv;
    char listens[WARD_VARIABLE_MAX], heirs[HEIRS_MAX];
    char *const added[] = {listens, heirs}, *variables[WARD_VARIABLES_MAX + 1];
    struct buf buf;
    buf_init_fixed(&buf, listens, sizeof listens);
    buf_addf(&buf, HERITAGE_LISTEN "=%d%c", supervisor->options.listen_fd, '\0');
    set_handed_down(supervisor, true);
    errno = E2BIG;
    if (!buf_err(&buf) && write_heirs(supervisor, heirs) &&
        ward_environment(variables, added, sizeof added / sizeof *added))
        execvpe(argv[0], (char *const *)(uintptr_t)argv, variables);
    log_error(supervisor->ctx, "supervisor not replaced",
              field_text("why", strerrordesc_np(errno)));
    set_handed_down(supervisor, false);
}

static bool take_number(struct str *rest, char until, int64_t min, int64_t *number)
{
    struct str text;
    return str_cut(rest, until, &text) && !str_to_int(text, min, INT_MAX, number);
}

static void adopt_one(struct supervisor *supervisor, struct str text)
{
    int64_t pid, fd, state;
    struct ward *ward = ward_in(supervisor, WARD_NONE);
    if (!ward || !take_number(&text, ',', 1, &pid) || !take_number(&text, ',', -1, &fd) ||
        str_to_int(text, WARD_STARTING, WARD_KILLED, &state))
        return;
    if (fd > STDERR_FILENO)
        fcntl((int)fd, F_SETFD, FD_CLOEXEC);
    *ward = (struct ward){.pid = (pid_t)pid, .pulse_fd = (int)fd, .begun_us = supervisor->now_us};
    ward_enter(supervisor, ward, (enum ward_state)state);
    supervisor->has_served |= state == WARD_SERVING;
}

void supervisor_adopt(struct supervisor *supervisor)
{
    const char *heirs = settings_environ(NULL, SUPERVISOR_HEIRS);
    struct str rest = str_from(heirs ? heirs : ""), text;
    while (str_cut(&rest, ' ', &text))
        if (text.len)
            adopt_one(supervisor, text);
}

int supervisor_inherit(void)
{
    if (!settings_environ(NULL, SUPERVISOR_HEIRS))
        return -1;
    int fd = heritage_adopt(settings_environ(NULL, HERITAGE_LISTEN));
    return fd >= 0 && heritage_is_listening(fd) ? fd : -1;
}
