/* Writes to a database until it is done, killed, or loses power, and says what is safe.
 *
 *     writer tables URL                          makes the tables and the items
 *     writer sell URL SELLER THREADS COUNT       COUNT sales a thread; 0: until it is killed
 *     writer sell-read URL SELLER THREADS COUNT  the same, while a long read holds up the log's end
 *     writer sell-on URL SELLER THREADS COUNT    the same; what fails is tried until it stands
 *     writer break URL SELLER THREADS COUNT      the same; thread 0's last sale fails an assert
 *     writer backup URL FILE
 *     writer restore URL FILE
 *
 * "0 17 212 1000 2500\n" on standard output, written at once, says that thread 0's sale 17 is
 * committed at the position 212, asked for and answered at these microseconds. WRITER_LOG_PAGES is
 * the log_pages of the options. */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ports/db/backup.h"
#include "sales.h"
#include "sample_sql.h"

enum {
    THREADS_MAX = 16,
    MEMORY_MAX = 4 << 20,
    LOOK_NS = 1000000,
    NUMBER_MAX = 1000000,
    TRIES_MAX = 1000, /* each waits by itself */
};

struct writer {
    struct db *db;
    struct clock clock;
    struct arena arena;
    struct ctx ctx;
    int seller, threads;
    int64_t count;
    bool breaks, goes_on;
    atomic_int done; /* sales in all */
    atomic_bool reading;
};

struct seller {
    struct writer *writer;
    int thread;
    pthread_t id;
};

static void need(const struct ctx *ctx, enum err err)
{
    if (!err)
        return;
    dprintf(STDERR_FILENO, "writer: %s: %s (%s)\n", err_name(err), ctx->err.operator,
            ctx->err.where ? ctx->err.where : "");
    exit(1);
}

static int64_t number(const char *text)
{
    int64_t number = 0;
    if (str_to_int(str_from(text), 0, NUMBER_MAX, &number) == ERR_OK)
        return number;
    dprintf(STDERR_FILENO, "writer: %s is no number from 0 to %d\n", text, NUMBER_MAX);
    exit(2);
}

static void acknowledge(const struct sale *sale, const struct ctx *ctx, int64_t begun_us)
{
    char line[128];
    int len = snprintf(line, sizeof line, "%d %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n",
                       sale->thread, sale->number, ctx->db_position, begun_us,
                       clock_tick_us(ctx->clock));
    if (write(STDOUT_FILENO, line, (size_t)len) != len)
        exit(1);
}

/* Where it was not known whether it stands, the sale's id says so the next time. */
static enum err sell_surely(struct writer *writer, struct ctx *ctx, struct sale *sale)
{
    bool unknown = false;
    enum err err = ERR_BUSY;
    for (int i = 0; i < TRIES_MAX && (err == ERR_BUSY || err == ERR_PEER); i++) {
        err = db_write(writer->db, ctx, sale_make, sale);
        unknown |= err == ERR_PEER;
    }
    bool stands = err == ERR_CONFLICT && unknown && sale->way != SALE_GIVEN_UP;
    return stands ? ERR_OK : err;
}

static void sell_one(struct writer *writer, struct ctx *ctx, struct sale *sale)
{
    int64_t begun_us = clock_tick_us(ctx->clock);
    enum err err = writer->goes_on ? sell_surely(writer, ctx, sale)
                                   : db_write(writer->db, ctx, sale_make, sale);
    if (sale->way == SALE_GIVEN_UP && err == ERR_CONFLICT)
        return;
    need(ctx, err);
    acknowledge(sale, ctx, begun_us);
    atomic_fetch_add(&writer->done, 1);
}

/* Every fourth comes behind one that is given up. */
static void *sell(void *arg)
{
    const struct seller *seller = arg;
    struct writer *writer = seller->writer;
    struct arena arena;
    arena_init(&arena, MEMORY_MAX);
    struct ctx ctx = {.arena = &arena, .clock = &writer->clock};
    struct sale sale = {.seller = writer->seller, .thread = seller->thread};
    while (!writer->count || sale.number < writer->count) {
        sale.number++;
        sale.way = SALE_GIVEN_UP;
        if (sale.number % 4 == 0)
            sell_one(writer, &ctx, &sale);
        bool last = sale.number == writer->count;
        sale.way = writer->breaks && last && seller->thread == 0 ? SALE_BROKEN
                                                                 : sale_way_of(sale.number);
        sell_one(writer, &ctx, &sale);
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

/* Stays in one moment until three quarters are sold: the log cannot begin anew until then. */
static enum err stay(struct tx *tx, void *arg)
{
    struct writer *writer = arg;
    struct item_stock_row stock;
    TRY(item_stock(tx, &stock)); /* the moment is that of the first look */
    writer->reading = true;
    while (writer->done < writer->threads * writer->count * 3 / 4)
        nanosleep(&(struct timespec){0, LOOK_NS}, NULL);
    return ERR_OK;
}

static void *read_long(void *arg)
{
    struct writer *writer = arg;
    struct arena arena;
    arena_init(&arena, MEMORY_MAX);
    struct ctx ctx = {.arena = &arena, .clock = &writer->clock};
    need(&ctx, db_read(writer->db, &ctx, stay, writer));
    arena_release(&arena);
    return NULL;
}

static void start(pthread_t *thread, void *(*run)(void *), void *arg)
{
    if (pthread_create(thread, NULL, run, arg)) {
        dprintf(STDERR_FILENO, "writer: no thread\n");
        exit(1);
    }
}

static void sell_all(struct writer *writer, char **argv, bool reads)
{
    struct seller sellers[THREADS_MAX];
    pthread_t reader;
    writer->seller = (int)number(argv[0]);
    writer->threads = (int)number(argv[1]);
    writer->count = number(argv[2]);
    if (reads)
        start(&reader, read_long, writer);
    while (reads && !writer->reading)
        nanosleep(&(struct timespec){0, LOOK_NS}, NULL);
    for (int i = 0; i < writer->threads && i < THREADS_MAX; i++) {
        sellers[i] = (struct seller){.writer = writer, .thread = i};
        start(&sellers[i].id, sell, &sellers[i]);
    }
    for (int i = 0; i < writer->threads && i < THREADS_MAX; i++)
        pthread_join(sellers[i].id, NULL);
    if (reads)
        pthread_join(reader, NULL);
}

static void do_tables(struct writer *writer, char **argv)
{
    (void)argv;
    need(&writer->ctx, sales_begin(writer->db, &writer->ctx));
}

static void do_sell(struct writer *writer, char **argv)
{
    sell_all(writer, argv, false);
}

static void do_sell_on(struct writer *writer, char **argv)
{
    writer->goes_on = true;
    sell_all(writer, argv, false);
}

static void do_sell_read(struct writer *writer, char **argv)
{
    sell_all(writer, argv, true);
}

static void do_break(struct writer *writer, char **argv)
{
    writer->breaks = true;
    sell_all(writer, argv, false);
}

static void do_backup(struct writer *writer, char **argv)
{
    need(&writer->ctx, db_backup(writer->db, &writer->ctx, argv[0]));
}

static const struct {
    const char *name;
    void (*run)(struct writer *writer, char **argv);
    int words; /* behind the URL */
} ways[] = {
    {"tables", do_tables, 0},       {"sell", do_sell, 3},     {"break", do_break, 3},
    {"sell-read", do_sell_read, 3}, {"backup", do_backup, 1}, {"sell-on", do_sell_on, 3},
};

static int usage(void)
{
    dprintf(STDERR_FILENO, "usage: writer WAY URL …; the head of its source says which\n");
    return 2;
}

int main(int argc, char **argv)
{
    struct writer writer = {.clock = clock_system()};
    const char *pages = getenv("WRITER_LOG_PAGES");
    if (argc < 3)
        return usage();
    arena_init(&writer.arena, MEMORY_MAX);
    writer.ctx = (struct ctx){.arena = &writer.arena, .clock = &writer.clock};
    struct db_options options = {.url = str_from(argv[2]),
                                 .schemas = sales_schemas,
                                 .log_pages = pages ? (int)number(pages) : 0};
    if (strcmp(argv[1], "restore") == 0 && argc == 4) {
        need(&writer.ctx, db_restore(&writer.ctx, &options, argv[3]));
        return 0;
    }
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (strcmp(argv[1], ways[i].name) != 0 || argc != ways[i].words + 3)
            continue;
        need(&writer.ctx, db_open(&writer.ctx, &options, &writer.db));
        ways[i].run(&writer, argv + 3);
        db_close(writer.db);
        arena_release(&writer.arena);
        return 0;
    }
    return usage();
}
