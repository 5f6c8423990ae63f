/* The command serve: a supervisor that has the socket, and the server that it starts, which opens
 * the database and serves until it is told to stop. */
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/app_routes.h"
#include "app/audit.h"
#include "app/build_info.h"
#include "app/commands_table.h"
#include "app/database.h"
#include "app/flowing.h"
#include "app/letters.h"
#include "app/outside.h"
#include "app/paying.h"
#include "app/sandbox.h"
#include "app/schedules.h"
#include "app/shopping.h"
#include "app/watching.h"
#include "app/wiring.h"
#include "base/io.h"
#include "flow/flow.h"
#include "guard/audit_watch.h"
#include "guard/guard.h"
#include "guard/rate.h"
#include "ports/db/migrate.h"
#include "ui/frame.h"
#include "web/heritage.h"
#include "web/openapi.h"
#include "web/server.h"
#include "web/supervisor.h"

enum { OPENAPI_MAX = 4 << 20 };

/* The one that a signal is for. */
static struct server *running;

static struct rate *rate; /* who asks how often */

struct serving {
    struct app *app;
    struct counter_registry counters;
    struct ports ports;
    struct audit_key audit;
    struct heritage heritage;
    struct address_nets proxies;
    struct front_setting settings[SETTINGS_COUNT];
    struct server_options options;
};

static void on_stop(int signal)
{
    (void)signal;
    server_drain(running);
}

/* A connection is an open file: as many as this machine grants. */
static void raise_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

/* While there is a server to tell; what comes before it is closed is for nobody. */
static void listen_to_signals(bool listens)
{
    const struct sigaction act = {.sa_handler = listens ? on_stop : SIG_IGN,
                                  .sa_flags = SA_RESTART};
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGHUP, &ignore, NULL); /* releases are the supervisor's */
}

static enum err admit(struct request *request)
{
    return rate_admit(rate, request);
}

static enum err open_rate(struct serving *serving)
{
    const struct settings *settings = &serving->app->settings;
    struct rate_limits limits = {.classes = {
                                     [RATE_PAGE] = {settings->rate_page, MINUTE_US},
                                     [RATE_WRITE] = {settings->rate_write, MINUTE_US},
                                     [RATE_SIGN_IN] = {settings->rate_sign_in, MINUTE_US},
                                     [RATE_API] = {settings->rate_api, MINUTE_US},
                                     [RATE_OF_KEY] = {settings->rate_api, MINUTE_US},
                                 }};
    return rate_open(&serving->app->ctx, &limits, &serving->counters, &rate);
}

/* What is measured is read by programs too, which do not sign in. */
static enum err may(struct request *request, const char *permission)
{
    return watching_may(request, permission) ? ERR_OK : guard_may(request, permission);
}

enum err health_show(struct request *request)
{
    respond_status(request, 204);
    return ERR_OK;
}

enum err openapi_show(struct request *request)
{
    openapi_write(respond_body(request, "application/json"), wiring_routes, STR(BUILD_VERSION));
    return ERR_OK;
}

/* The rows of /about and of /admin/settings: each as it is in force, a secret one as such. */
static enum err fill_front(struct serving *serving)
{
    struct app *app = serving->app;
    for (size_t i = 0; i < SETTINGS_COUNT; i++) {
        struct buf value;
        buf_init(&value, &app->arena, APP_OUTPUT_MAX);
        setting_show(&value, &settings_table[i], &app->settings);
        if (buf_err(&value))
            return err_memory(&app->ctx.err);
        const char *said = settings_environ(NULL, settings_table[i].name);
        bool changed = said && *said;
        serving->settings[i] = (struct front_setting){.name = settings_table[i].name,
                                                      .help = settings_table[i].help,
                                                      .value = buf_str(&value),
                                                      .secret = settings_table[i].secret,
                                                      .set = changed || *settings_table[i].preset,
                                                      .changed = changed};
    }
    wiring_front = (struct front){.build = STR(BUILD_VERSION ", " BUILD_COMPILER),
                                  .settings = serving->settings,
                                  .setting_count = SETTINGS_COUNT};
    return ERR_OK;
}

/* What an earlier release left to do is done first: each step once, whoever is first. */
static enum err open_data(struct serving *serving)
{
    struct app *app = serving->app;
    struct migrate_plan *steps = ARENA_NEW(&app->arena, struct migrate_plan);
    if (!steps)
        return err_memory(&app->ctx.err);
    TRY(database_open(app, &serving->counters, &serving->ports.db));
    return migrate_run(serving->ports.db, &app->ctx, steps);
}

/* Links in mails lead to where people reach this program. */
static enum err site_url(struct app *app, struct str *url)
{
    struct buf made;
    buf_init(&made, &app->arena, APP_OUTPUT_MAX);
    *url = app->settings.site_url;
    if (url->len)
        return ERR_OK;
    buf_addf(&made, "http://" STR_FMT ":%d", STR_ARG(app->settings.address),
             (int)app->settings.port);
    *url = buf_str(&made);
    return buf_err(&made) ? err_memory(&app->ctx.err) : ERR_OK;
}

static enum err say_now(struct app *app)
{
    TRY(buf_err(&app->out));
    io_write_all(STDOUT_FILENO, buf_str(&app->out));
    buf_clear(&app->out);
    return ERR_OK;
}

/* The password is said once, here, and stands nowhere else. */
static enum err say_owner(struct serving *serving)
{
    struct app *app = serving->app;
    struct str email, password;
    TRY(guard_first_owner(&app->ctx, serving->ports.db, &serving->audit, &email, &password));
    if (password.len)
        buf_addf(&app->out,
                 "The owner signs in as " STR_FMT " with the password " STR_FMT
                 ", and then chooses another.\n",
                 STR_ARG(email), STR_ARG(password));
    return say_now(app);
}

static enum err open_guard(struct serving *serving)
{
    struct app *app = serving->app;
    struct guard_options options = {.db = serving->ports.db,
                                    .permissions = wiring_permissions,
                                    .audit = &serving->audit,
                                    .rate = rate,
                                    .send = letters_send,
                                    .send_arg = serving->ports.mail,
                                    .staff_second = app->settings.second_factor == 1};
    TRY(audit_find_key(app, serving->ports.secrets, &serving->audit));
    TRY(guard_check_routes(&app->ctx, wiring_permissions, wiring_routes));
    TRY(site_url(app, &options.site_url));
    serving->ports.site_url = options.site_url;
    TRY(guard_open(&app->ctx, &options, &serving->ports.guard));
    return say_owner(serving);
}

static enum err open_socket(struct app *app, int inherited_fd, int *fd)
{
    const char *address;
    *fd = inherited_fd;
    if (inherited_fd >= 0)
        return ERR_OK;
    TRY(str_cstr(&app->arena, app->settings.address, &address));
    return server_listen(&app->ctx, address, (int)app->settings.port, fd);
}

static enum err say_where(const struct serving *serving)
{
    struct app *app = serving->app;
    buf_addf(&app->out, "Stoa serves http://" STR_FMT ":%d\n", STR_ARG(app->settings.address),
             (int)app->settings.port);
    return say_now(app);
}

static enum err serve(struct serving *serving)
{
    struct app *app = serving->app;
    struct audit_watch *watch;
    struct schedule_ticker *ticker = NULL;
    TRY(audit_watch_open(&app->ctx, serving->ports.db, &serving->audit, AUDIT_WATCH_MS, &watch));
    enum err err = server_open(&app->ctx, &serving->options, &running);
    if (err) {
        audit_watch_close(watch);
        return err;
    }
    listen_to_signals(true);
    err = watching_open(app, &serving->counters, serving->ports.db, server_events(running));
    flow_tell(serving->ports.flow, server_events(running));
    if (!err && app->settings.workers == 0)
        err = schedules_open(app, &serving->counters, serving->ports.db, &ticker);
    if (!err)
        err = say_where(serving);
    if (!err)
        err = server_run(running, &app->ctx);
    listen_to_signals(false);
    schedule_ticker_close(ticker);
    watching_close();
    flow_tell(serving->ports.flow, NULL);
    server_close(running);
    audit_watch_close(watch);
    return err;
}

/* After a crash the same program is started again, whatever was installed meanwhile. */
static enum err supervise(struct app *app)
{
    struct supervisor_options options = {
        .program = "/proc/self/exe", .argv = app->argv, .limits = supervisor_usual};
    TRY(sandbox_forbid_cores(app));
    TRY(open_socket(app, supervisor_inherit(), &options.listen_fd));
    return supervisor_run(&app->ctx, &options);
}

enum err command_serve(struct app *app, const struct arguments *arguments)
{
    struct serving *serving = ARENA_NEW(&app->arena, struct serving);
    if (!serving)
        return err_memory(&app->ctx.err);
    serving->app = app;
    heritage_take(&serving->heritage); /* first of all: nothing of ours has those numbers yet */
    TRY(app_load_settings(app));
    if (serving->heritage.pulse_fd < 0 && !arguments_have(arguments, "--alone"))
        return supervise(app);
    TRY(address_nets_parse(&app->ctx, "TRUSTED_PROXIES", app->settings.trusted_proxies,
                           &serving->proxies));
    TRY(watching_load(app));
    TRY(fill_front(serving));
    serving->options = (struct server_options){
        .rooms = wiring_routes,
        .assets = wiring_assets,
        .ports = &serving->ports,
        .proxies = &serving->proxies,
        .site = &wiring_site,
        .connections_each_max = (int)app->settings.connections_each,
        .counters = &serving->counters,
        .pulse_fd = serving->heritage.pulse_fd,
        .admit = admit,
        .tells_timing = app->settings.development,
        .identify = guard_identify,
        .may = may,
        .sign_in = "/sign-in",
        .show_error = ui_show_error};
    TRY(open_socket(app, serving->heritage.listen_fd, &serving->options.listen_fd));
    raise_files();
    TRY(sandbox_enter(app));
    TRY(open_rate(serving));
    enum err err = open_data(serving);
    if (!err)
        err = outside_open(app, &serving->counters, &serving->ports);
    if (!err)
        err = paying_open(app, &serving->ports);
    if (!err)
        err = open_guard(serving);
    if (!err)
        err = watching_trace(app, &serving->counters, &serving->options.tracer);
    if (!err)
        err = flowing_open(app, &serving->counters, serving->options.tracer,
                           app->settings.workers == 0, &serving->ports);
    if (!err)
        err = shopping_open(app, &serving->ports);
    if (!err)
        err = serve(serving);
    flow_close(serving->ports.flow);
    shopping_close();
    watching_end_trace();
    if (serving->ports.guard)
        guard_close(serving->ports.guard);
    rate_close(rate);
    outside_close(&serving->ports);
    if (serving->ports.db)
        db_close(serving->ports.db);
    return err;
}
