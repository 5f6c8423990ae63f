/* The server that is measured: a room of its own on the real web server and database.
 *
 *     page_server PORT FOLDER            bare
 *     page_server PORT FOLDER watched    all of it measured, and one request in a hundred traced
 *     page_server PORT FOLDER guarded    who asks is looked up, and what they may */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rand.h"
#include "bench_pages.h"
#include "bench_routes.h"
#include "bench_schema.h"
#include "bench_sql.h"
#include "guard/guard_schema.h"
#include "page_guard.h"
#include "ports/db/db.h"
#include "ports/db/migrate.h"
#include "watch/trace.h"
#include "web/server.h"

enum {
    PRODUCTS = 100000,
    FIRST = 100000, /* their numbers are of one length, so that all pages are */
    PRODUCTS_A_WRITE = 1000,
    SHELF = 12,
    WORDS_LEN = 368, /* twelve of them make a page of 12 KB */
    MEMORY_MAX = 64 << 20,
    SLOW_US = 100000, /* as the program's setting has it */
};

static struct server *running;
static _Atomic int64_t next_line; /* ids, one behind the other */

struct shelf_page {
    int64_t after;
    struct product_shelf_rows rows;
};

static enum err read_shelf(struct tx *tx, void *arg)
{
    struct shelf_page *page = arg;
    return product_shelf(tx, page->after, SHELF, &page->rows);
}

static enum err show_shelf(struct request *request, int64_t after)
{
    struct shelf_page page = {.after = after};
    TRY(db_read(request->ports->db, request->ctx, read_shelf, &page));
    shelf(respond_page(request), &(struct shelf){.products = &page.rows});
    return ERR_OK;
}

enum err page_show(struct request *request, const struct page_show_input *input)
{
    return show_shelf(request, input->after);
}

enum err mine_show(struct request *request, const struct mine_show_input *input)
{
    return show_shelf(request, input->after);
}

enum err cached_show(struct request *request)
{
    return show_shelf(request, 0);
}

enum err fixed_show(struct request *request)
{
    buf_add(respond_body(request, "text/plain"), STR("A few bytes that are always the same.\n"));
    return ERR_OK;
}

static enum err write_line(struct tx *tx, void *arg)
{
    struct rand *rand = arg;
    return line_add(tx, atomic_fetch_add(&next_line, 1), (int64_t)(rand_u64(rand) >> 1),
                    STR("some forty bytes of words, as they come"));
}

enum err line_write(struct request *request)
{
    return db_write(request->ports->db, request->ctx, write_line, request->ctx->rand);
}

static enum err fill(struct tx *tx, void *arg)
{
    static const char some[] =
        "Made of oak that grew slowly, oiled by hand, and put together without a screw. It & its "
        "like last for as long as somebody looks after them. ";
    char words[WORDS_LEN], name[64];
    const int *from = arg;
    for (size_t i = 0; i < WORDS_LEN; i++)
        words[i] = some[i % (sizeof some - 1)];
    for (int i = *from; i < *from + PRODUCTS_A_WRITE; i++) {
        snprintf(name, sizeof name, "Shelf no. %06d, \"oak\" & linen", i);
        TRY(product_add(tx, FIRST + i, i, str_from(name), FIRST + i, str_make(words, WORDS_LEN)));
    }
    return ERR_OK;
}

static enum err is_filled(struct tx *tx, void *arg)
{
    (void)arg;
    struct product_any_row row;
    return product_any(tx, FIRST + PRODUCTS - 1, &row);
}

/* What a server is watched by. */
struct watched {
    struct counter_registry counters;
    struct trace *trace; /* NULL where it is bare */
};

/* A collector that is quick. */
static enum err forget(struct ctx *ctx, void *arg, struct str json)
{
    (void)ctx, (void)arg, (void)json;
    return ERR_OK;
}

static enum err watch_it(struct ctx *ctx, struct watched *watched, struct server_options *options)
{
    const struct trace_options traced = {
        .sample_percent = 1, .send = forget, .version = "1", .counters = &watched->counters};
    TRY(trace_open(ctx, &traced, &watched->trace));
    options->counters = &watched->counters;
    options->tracer = trace_tracer(watched->trace);
    return ERR_OK;
}

static enum err open_shelf(struct ctx *ctx, const char *folder, struct counter_registry *counters,
                           struct db **db)
{
    static const struct schema *const schemas[] = {&bench_schema, &guard_schema, NULL};
    static struct migrate_plan plan;
    char url[512];
    snprintf(url, sizeof url, "sqlite:%s/page.db", folder);
    const struct db_options options = {.url = str_from(url),
                                       .schemas = schemas,
                                       .counters = counters,
                                       .slow_us = counters ? SLOW_US : 0};
    TRY(db_open(ctx, &options, db));
    TRY(migrate_run(*db, ctx, &plan));
    if (db_read(*db, ctx, is_filled, NULL) == ERR_OK)
        return ERR_OK;
    for (int from = 0; from < PRODUCTS; from += PRODUCTS_A_WRITE)
        TRY(db_write(*db, ctx, fill, &from));
    return ERR_OK;
}

static void drain(int signal)
{
    (void)signal;
    server_drain(running);
}

static enum err serve(struct ctx *ctx, const char *folder, int port, const char *how)
{
    static const struct room_routes rooms[] = {{"bench", bench_routes, NULL, NULL}, {0}};
    struct ports ports = {0};
    struct server_options options = {.rooms = rooms, .ports = &ports};
    struct watched watched = {.trace = NULL};
    if (strcmp(how, "watched") == 0)
        TRY(watch_it(ctx, &watched, &options));
    TRY(open_shelf(ctx, folder, options.counters, &ports.db));
    if (strcmp(how, "guarded") == 0) {
        TRY(page_guard_open(ctx, ports.db, &ports.guard));
        options.identify = guard_identify;
        options.may = guard_may;
    }
    TRY(server_listen(ctx, "127.0.0.1", port, &options.listen_fd));
    TRY(server_open(ctx, &options, &running));
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = drain}, NULL);
    TRY(server_run(running, ctx));
    server_close(running);
    if (ports.guard)
        guard_close(ports.guard);
    db_close(ports.db);
    if (watched.trace)
        trace_close(watched.trace);
    return ERR_OK;
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct clock clock = clock_system();
    struct rand rand = rand_system(), id_rand = rand_system();
    struct id_source ids;
    arena_init(&arena, MEMORY_MAX);
    id_source_init(&ids, &clock, &id_rand);
    struct ctx ctx = {.arena = &arena, .clock = &clock, .rand = &rand, .ids = &ids};
    int64_t port = 0;
    if ((argc == 3 || argc == 4) && str_to_int(str_from(argv[1]), 1, UINT16_MAX, &port) == ERR_OK &&
        serve(&ctx, argv[2], (int)port, argc == 4 ? argv[3] : "") == ERR_OK)
        return EXIT_SUCCESS;
    fprintf(stderr, "page_server: %s %s\n", ctx.err.user, ctx.err.operator);
    return EXIT_FAILURE;
}
