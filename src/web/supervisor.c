/* Keeps a server alive: starts it, watches it, replaces it. */
#include "web/supervisor.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "web/notify.h"
#include "web/supervisor_inside.h"

enum { WORDS_MAX = 128, SIGNALS_TAKEN = 8 };

#define MS_US INT64_C(1000)

const struct supervisor_limits supervisor_usual = {.window_ms = 10000,
                                                   .start_ms = 600000,
                                                   .ready_ms = 30000,
                                                   .hang_ms = 10000,
                                                   .abort_ms = 5000,
                                                   .drain_ms = 40000};

/* The service manager counts a reload's begin in the clock that we count in, too. */
static void tell_reload(const struct supervisor *supervisor)
{
    char words[WORDS_MAX];
    struct buf buf;
    buf_init_fixed(&buf, words, sizeof words);
    buf_addf(&buf, "RELOADING=1\nMONOTONIC_USEC=%" PRId64 "%c", supervisor->now_us, '\0');
    if (!buf_err(&buf))
        notify_say(words);
}

/* The end */

static void tell_to_end(struct supervisor *supervisor, struct ward *ward)
{
    kill(ward->pid, SIGTERM);
    ward_stop_hearing(ward);
    ward_enter(supervisor, ward, WARD_ENDING);
}

/* Nobody is to wait in a line that no server will look at: the last one drains it. */
static void begin_to_end(struct supervisor *supervisor)
{
    if (!supervisor->ending) {
        notify_say("STOPPING=1");
        close(supervisor->options.listen_fd);
        supervisor->options.listen_fd = -1;
    }
    supervisor->ending = true;
    supervisor->start_us = 0;
    for (int i = 0; i < SUPERVISOR_SERVERS_MAX; i++) {
        struct ward *ward = &supervisor->wards[i];
        if (ward->state == WARD_STARTING || ward->state == WARD_SERVING)
            tell_to_end(supervisor, ward);
    }
}

/* The first failure is told; supervisor_run returns it. */
static void give_up(struct supervisor *supervisor, const char *user, const char *operator)
{
    if (supervisor->failed)
        return;
    supervisor->failed = true;
    err_fail_at(&supervisor->ctx->err, ERR_WHERE, ERR_INTERNAL, user, "%s", operator);
    log_failure(supervisor->ctx, "supervisor gives up");
    begin_to_end(supervisor);
}

/* A start */

static int count_crashes(const struct supervisor *supervisor)
{
    int64_t since_us = supervisor->now_us - supervisor->options.limits.window_ms * MS_US;
    int recent = 0;
    for (int i = 0; i < supervisor->crash_count && i < SUPERVISOR_CRASHES_MAX; i++)
        recent += supervisor->crashes_us[i] >= since_us;
    return recent;
}

/* The first crashes are made good at once: most have no second one behind them. */
static int pause_ms(int recent)
{
    int64_t pause = recent > SUPERVISOR_CRASHES_EAGER ? SUPERVISOR_PAUSE_MS : 0;
    for (int i = SUPERVISOR_CRASHES_EAGER + 1; i < recent; i++)
        pause *= 2;
    return (int)(pause < SUPERVISOR_PAUSE_MAX_MS ? pause : SUPERVISOR_PAUSE_MAX_MS);
}

static void note_crash(struct supervisor *supervisor)
{
    int place = supervisor->crash_count++ % SUPERVISOR_CRASHES_MAX;
    supervisor->crashes_us[place] = supervisor->now_us;
}

static void start_after_crash(struct supervisor *supervisor)
{
    int recent = count_crashes(supervisor);
    if (recent == SUPERVISOR_CRASHES_MAX)
        give_up(supervisor, "The server crashed again and again, and is not started any more.",
                "the reports before this say where");
    else if (!ward_in(supervisor, WARD_STARTING))
        supervisor->start_us = supervisor->now_us + pause_ms(recent) * MS_US;
}

static void start(struct supervisor *supervisor)
{
    supervisor->start_us = 0;
    if (ward_start(supervisor, supervisor->options.program))
        return;
    log_error(supervisor->ctx, "server not started", field_text("why", strerrordesc_np(errno)));
    note_crash(supervisor);
    start_after_crash(supervisor);
}

static void fail_release(struct supervisor *supervisor, pid_t pid, const char *why)
{
    log_error(supervisor->ctx, "release failed", field_text("why", why), field_int("pid", pid));
    notify_say("READY=1\nSTATUS=A release failed; the one before serves.");
}

static void release(struct supervisor *supervisor)
{
    struct ward *ward = NULL;
    bool serves = ward_in(supervisor, WARD_SERVING) != NULL;
    supervisor->release_wanted = !serves && !supervisor->ending;
    if (supervisor->release_wanted)
        return; /* there is nothing yet to stay with */
    if (supervisor->ending || ward_in(supervisor, WARD_STARTING) ||
        !ward_in(supervisor, WARD_NONE)) {
        log_warn(supervisor->ctx, "release refused", field_bool("ending", supervisor->ending));
        return;
    }
    tell_reload(supervisor);
    ward = ward_start(supervisor, supervisor->options.argv[0]);
    if (ward)
        log_info(supervisor->ctx, "release started", field_int("pid", ward->pid));
    else
        fail_release(supervisor, 0, strerrordesc_np(errno));
}

/* What becomes of a server */

static void on_ready(struct supervisor *supervisor, struct ward *ward)
{
    struct ward *old = ward_in(supervisor, WARD_SERVING);
    log_info(supervisor->ctx, old ? "release ready" : "server ready", field_int("pid", ward->pid),
             field_int("after_ms", (supervisor->now_us - ward->begun_us) / MS_US));
    supervisor->has_served = true;
    ward_enter(supervisor, ward, WARD_SERVING);
    notify_say("READY=1\nSTATUS=Serves.");
    if (old) {
        tell_to_end(supervisor, old);
        supervisor_succeed(supervisor);
    }
    if (supervisor->release_wanted)
        release(supervisor);
}

static void hear(struct supervisor *supervisor, struct ward *ward)
{
    int heard = ward_hear(ward);
    if (heard < 0)
        ward_stop_hearing(ward); /* it dies: waitpid tells */
    else if (heard > 0 && ward->state == WARD_STARTING)
        on_ready(supervisor, ward);
    else if (heard > 0 && ward->state == WARD_SERVING)
        ward_enter(supervisor, ward, WARD_SERVING);
}

static void tell_end(const struct supervisor *supervisor, enum log_level level, const char *event,
                     const struct ward *ward, int status)
{
    const struct field fields[] = {
        field_text("event", event), field_int("pid", ward->pid),
        WIFSIGNALED(status) ? field_text("signal", sigabbrev_np(WTERMSIG(status)))
                            : field_int("status", WEXITSTATUS(status)),
        field_int("after_ms", (supervisor->now_us - ward->begun_us) / MS_US),
        field_int("crashes", count_crashes(supervisor))};
    log_write(supervisor->ctx, level, fields, sizeof fields / sizeof *fields);
}

/* It said why itself, and would say it again. */
static bool is_refusal(const struct supervisor *supervisor, int status)
{
    return !supervisor->has_served && WIFEXITED(status);
}

static void on_end(struct supervisor *supervisor, struct ward *ward, int status)
{
    enum ward_state was = ward->state;
    bool well = (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
                (WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    ward_stop_hearing(ward);
    ward->state = WARD_NONE;
    if (was == WARD_STARTING && ward_in(supervisor, WARD_SERVING)) {
        fail_release(supervisor, ward->pid, "it ended before it was ready");
    } else if (supervisor->ending || ward_in(supervisor, WARD_SERVING)) {
        tell_end(supervisor, well ? LOG_INFO : LOG_WARN, "server ended", ward, status);
        if (supervisor->ending && !well)
            give_up(supervisor, "The server did not end well.", "its report before this says more");
    } else if (is_refusal(supervisor, status)) {
        give_up(supervisor, "The server did not start.", "its words before this say why");
    } else {
        note_crash(supervisor);
        tell_end(supervisor, LOG_ERROR, "server crashed", ward, status);
        start_after_crash(supervisor);
    }
}

static void reap(struct supervisor *supervisor)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        struct ward *ward = ward_of(supervisor, pid);
        if (ward)
            on_end(supervisor, ward, status);
    }
}

/* It is told to say where it is before it is killed. */
static void abort_server(struct supervisor *supervisor, struct ward *ward, const char *event)
{
    log_error(supervisor->ctx, event, field_int("pid", ward->pid));
    kill(ward->pid, SIGABRT);
    ward_enter(supervisor, ward, WARD_ABORTING);
}

static void kill_server(struct supervisor *supervisor, struct ward *ward)
{
    kill(ward->pid, SIGKILL);
    ward_enter(supervisor, ward, WARD_KILLED);
}

static void on_due(struct supervisor *supervisor, struct ward *ward)
{
    switch (ward->state) {
    case WARD_STARTING:
        if (ward_in(supervisor, WARD_SERVING)) {
            fail_release(supervisor, ward->pid, "it was not ready in time");
            kill_server(supervisor, ward);
        } else {
            abort_server(supervisor, ward, "server hangs at its start");
        }
        break;
    case WARD_SERVING:
        ward->silences = ward_is_stopped(ward) ? 0 : ward->silences + 1;
        if (ward->silences < WARD_LOOKS)
            ward_enter(supervisor, ward, WARD_SERVING);
        else
            abort_server(supervisor, ward, "server hangs");
        break;
    case WARD_ENDING:
        abort_server(supervisor, ward, "server does not end");
        break;
    case WARD_ABORTING:
    case WARD_KILLED:
        kill_server(supervisor, ward);
        break;
    case WARD_NONE:
        break;
    }
}

/* The loop */

static void take_signals(struct supervisor *supervisor)
{
    struct signalfd_siginfo infos[SIGNALS_TAKEN];
    ssize_t len = read(supervisor->signal_fd, infos, sizeof infos);
    for (size_t i = 0; len > 0 && i < (size_t)len / sizeof *infos; i++) {
        if (infos[i].ssi_signo == SIGHUP)
            release(supervisor);
        else if (infos[i].ssi_signo != SIGCHLD)
            begin_to_end(supervisor);
    }
}

/* Until something is due; -1 is for ever. */
static int wait_ms(const struct supervisor *supervisor)
{
    int64_t due_us = supervisor->start_us ? supervisor->start_us : INT64_MAX;
    for (int i = 0; i < SUPERVISOR_SERVERS_MAX; i++)
        if (supervisor->wards[i].state && supervisor->wards[i].due_us < due_us)
            due_us = supervisor->wards[i].due_us;
    if (due_us == INT64_MAX)
        return -1;
    return due_us <= supervisor->now_us ? 0
                                        : (int)((due_us - supervisor->now_us + MS_US - 1) / MS_US);
}

static void wait_for_news(struct supervisor *supervisor)
{
    struct pollfd fds[SUPERVISOR_SERVERS_MAX + 1] = {{supervisor->signal_fd, POLLIN, 0}};
    for (int i = 0; i < SUPERVISOR_SERVERS_MAX; i++) {
        bool hears = supervisor->wards[i].state != WARD_NONE;
        fds[i + 1] = (struct pollfd){hears ? supervisor->wards[i].pulse_fd : -1, POLLIN, 0};
    }
    poll(fds, SUPERVISOR_SERVERS_MAX + 1, wait_ms(supervisor));
    supervisor->now_us = clock_tick_us(supervisor->ctx->clock);
}

/* What was heard counts before what is due: the supervisor itself may have been kept waiting. */
static void turn(struct supervisor *supervisor)
{
    wait_for_news(supervisor);
    for (int i = 0; i < SUPERVISOR_SERVERS_MAX; i++)
        if (supervisor->wards[i].state)
            hear(supervisor, &supervisor->wards[i]);
    take_signals(supervisor);
    reap(supervisor);
    if (supervisor->start_us && supervisor->start_us <= supervisor->now_us)
        start(supervisor);
    for (int i = 0; i < SUPERVISOR_SERVERS_MAX; i++) {
        struct ward *ward = &supervisor->wards[i];
        if (ward->state && ward->due_us <= supervisor->now_us)
            on_due(supervisor, ward);
    }
}

static bool is_over(const struct supervisor *supervisor)
{
    for (int i = 0; i < SUPERVISOR_SERVERS_MAX; i++)
        if (supervisor->wards[i].state)
            return false;
    return !supervisor->start_us;
}

enum err supervisor_run(struct ctx *ctx, const struct supervisor_options *options)
{
    struct supervisor supervisor = {
        .ctx = ctx, .options = *options, .now_us = clock_tick_us(ctx->clock)};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    supervisor.signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (supervisor.signal_fd < 0)
        return err_system(&ctx->err, "The supervisor cannot be started.", "signalfd");
    supervisor_adopt(&supervisor);
    if (is_over(&supervisor))
        supervisor.start_us = supervisor.now_us;
    while (!is_over(&supervisor))
        turn(&supervisor);
    close(supervisor.signal_fd);
    if (supervisor.options.listen_fd >= 0)
        close(supervisor.options.listen_fd);
    return supervisor.failed ? ctx->err.code : ERR_OK;
}
