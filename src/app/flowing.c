/* Opens flow, and the command worker: consumers in a process of their own. */
#include "app/flowing.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "app/commands_table.h"
#include "app/database.h"
#include "app/outside.h"
#include "app/paying.h"
#include "app/sandbox.h"
#include "app/schedules.h"
#include "app/wiring.h"
#include "base/io.h"
#include "flow/bus_kind.h"
#include "ports/db/migrate.h"

enum err flowing_open(struct app *app, struct counter_registry *counters, struct tracer *tracer,
                      bool works, struct ports *ports)
{
    struct flow_options options = {.db = ports->db,
                                   .ports = ports,
                                   .consumers = works ? wiring_consumers : NULL,
                                   .brings_events = works,
                                   .kinds = bus_kinds,
                                   .counters = counters,
                                   .tracer = tracer};
    if (works)
        shop_measure(&wiring_shop, counters);
    return flow_open(&app->ctx, &options, &ports->flow);
}

struct working {
    struct counter_registry counters;
    struct ports ports;
    struct migrate_plan steps;
    struct schedule_ticker *ticker;
};

static void until_stopped(void)
{
    sigset_t stops;
    int stop;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    while (sigwait(&stops, &stop) != 0)
        ;
}

static enum err work(struct app *app, struct working *working)
{
    struct ports *ports = &working->ports;
    TRY(database_open(app, &working->counters, &ports->db));
    TRY(migrate_run(ports->db, &app->ctx, &working->steps));
    TRY(outside_open(app, &working->counters, ports));
    TRY(paying_open(app, ports));
    TRY(flowing_open(app, &working->counters, NULL, true, ports));
    TRY(schedules_open(app, &working->counters, ports->db, &working->ticker));
    io_write_all(STDOUT_FILENO, STR("Stoa works for its queues\n"));
    until_stopped();
    return ERR_OK;
}

/* What is to end it waits until it does nothing else: signals are held back from the start. */
static void hold_signals(void)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stops, NULL);
}

enum err command_worker(struct app *app, const struct arguments *arguments)
{
    struct working *working = ARENA_NEW(&app->arena, struct working);
    (void)arguments;
    if (!working)
        return err_memory(&app->ctx.err);
    hold_signals();
    TRY(app_load_settings(app));
    TRY(sandbox_enter(app));
    enum err err = work(app, working);
    schedule_ticker_close(working->ticker);
    flow_close(working->ports.flow);
    outside_close(&working->ports);
    if (working->ports.db)
        db_close(working->ports.db);
    return err;
}
