/* The command serve: opens the database and the socket, and serves until it is told to stop. */
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/app_routes.h"
#include "app/build_info.h"
#include "app/commands_table.h"
#include "app/database.h"
#include "app/letters.h"
#include "app/outside.h"
#include "app/watching.h"
#include "app/wiring.h"
#include "base/io.h"
#include "guard/guard.h"
#include "ports/db/migrate.h"
#include "ui/frame.h"
#include "web/openapi.h"
#include "web/release.h"
#include "web/server.h"

enum { OPENAPI_MAX = 4 << 20 };

/* The one that a signal is for. */
static struct server *running;

struct serving {
    struct app *app;
    struct counter_registry counters;
    struct ports ports;
    struct release_heritage heritage;
    struct address_nets proxies;
    struct front_setting settings[SETTINGS_COUNT];
    struct server_options options;
};

static void on_stop(int signal)
{
    (void)signal;
    server_drain(running);
}

static void on_release(int signal)
{
    (void)signal;
    server_release(running);
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
    static const struct {
        int signal;
        void (*handler)(int signal);
    } rows[] = {{SIGTERM, on_stop}, {SIGINT, on_stop}, {SIGHUP, on_release}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        sigaction(rows[i].signal,
                  &(struct sigaction){.sa_handler = listens ? rows[i].handler : SIG_IGN,
                                      .sa_flags = SA_RESTART},
                  NULL);
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

/* /about's rows: each setting as it is in force, a secret one as such. */
static enum err fill_front(struct serving *serving)
{
    struct app *app = serving->app;
    for (size_t i = 0; i < SETTINGS_COUNT; i++) {
        struct buf value;
        buf_init(&value, &app->arena, APP_OUTPUT_MAX);
        setting_show(&value, &settings_table[i], &app->settings);
        if (buf_err(&value))
            return err_memory(&app->ctx.err);
        serving->settings[i] = (struct front_setting){.name = settings_table[i].name,
                                                      .help = settings_table[i].help,
                                                      .value = buf_str(&value)};
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
    TRY(guard_first_owner(&app->ctx, serving->ports.db, &email, &password));
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
                                    .send = letters_send,
                                    .send_arg = serving->ports.mail,
                                    .staff_second = app->settings.second_factor == 1};
    TRY(guard_check_routes(&app->ctx, wiring_permissions, wiring_routes));
    TRY(site_url(app, &options.site_url));
    TRY(guard_open(&app->ctx, &options, &serving->ports.guard));
    return say_owner(serving);
}

/* The socket of the release before, or one of our own. */
static enum err open_socket(struct serving *serving)
{
    struct app *app = serving->app;
    const char *address;
    serving->options.listen_fd = serving->heritage.listen_fd;
    serving->options.ready_fd = serving->heritage.ready_fd;
    if (serving->heritage.listen_fd >= 0)
        return ERR_OK;
    TRY(str_cstr(&app->arena, app->settings.address, &address));
    return server_listen(&app->ctx, address, (int)app->settings.port, &serving->options.listen_fd);
}

static enum err say_where(const struct serving *serving)
{
    struct app *app = serving->app;
    bool takes_over = serving->heritage.listen_fd >= 0;
    if (takes_over)
        buf_add(&app->out, STR("Stoa serves on the socket of the release before\n"));
    else
        buf_addf(&app->out, "Stoa serves http://" STR_FMT ":%d\n", STR_ARG(app->settings.address),
                 (int)app->settings.port);
    return say_now(app);
}

static enum err serve(struct serving *serving)
{
    struct app *app = serving->app;
    TRY(open_socket(serving));
    enum err err = server_open(&app->ctx, &serving->options, &running);
    if (err)
        return err;
    listen_to_signals(true);
    raise_files();
    err = watching_open(app, &serving->counters, serving->ports.db, server_events(running));
    if (!err)
        err = say_where(serving);
    if (!err)
        err = server_run(running, &app->ctx);
    listen_to_signals(false);
    watching_close();
    server_close(running);
    return err;
}

enum err command_serve(struct app *app, const struct arguments *arguments)
{
    struct serving *serving = ARENA_NEW(&app->arena, struct serving);
    (void)arguments;
    if (!serving)
        return err_memory(&app->ctx.err);
    serving->app = app;
    release_inherit(&serving->heritage); /* first of all: nothing of ours has those numbers yet */
    TRY(app_load_settings(app));
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
        .argv = app->argv,
        .tells_timing = app->settings.development,
        .identify = guard_identify,
        .may = may,
        .sign_in = "/sign-in",
        .show_error = ui_show_error};
    enum err err = open_data(serving);
    if (!err)
        err = outside_open(app, &serving->counters, &serving->ports);
    if (!err)
        err = open_guard(serving);
    if (!err)
        err = watching_trace(app, &serving->counters, &serving->options.tracer);
    if (!err)
        err = serve(serving);
    watching_end_trace();
    if (serving->ports.guard)
        guard_close(serving->ports.guard);
    outside_close(&serving->ports);
    if (serving->ports.db)
        db_close(serving->ports.db);
    return err;
}
