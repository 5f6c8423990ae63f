/* A process of the proofs: sends and applies until it is killed, or all is applied.
 *
 *     flow_ledger make URL             the tables
 *     flow_ledger run URL NUMBER       sends for good; says "who number" once one is safe
 *     flow_ledger drain URL            applies what is left, and ends
 *
 * With a board (board.h) its clock is turned by who started it, and schedules run. */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "board.h"
#include "books.h"
#include "flow/flow_schema.h"
#include "flow/schedule_ticker.h"
#include "ports/db/migrate.h"

enum {
    MEMORY_MAX = 16 << 20,
    AHEAD_MAX = 64,  /* messages of a sender that nobody applied: then it waits */
    STILL_MAX = 150, /* looks at what is left, about 3 s */
    TURNS_MAX = 12,
    OPENS_MAX = 500,
    LOOK_NS = 20000000,
};

static const struct schema *const schemas[] = {&flow_schema, NULL};

struct ledger {
    struct clock clock; /* the first: it is cast back */
    struct board *board;
    struct db *db;
    struct flow *flow;
    struct schedule_ticker *ticker;
    struct counter_registry counters;
    struct rand id_rand;
    struct id_source ids;
    struct log log;
};

struct hand {
    struct ledger *ledger;
    struct arena arena;
    struct rand rand;
    struct ctx ctx;
    int64_t who;
    pthread_t thread;
};

static void hand_init(struct ledger *ledger, struct hand *hand)
{
    memset(hand, 0, sizeof *hand);
    hand->ledger = ledger;
    hand->rand = rand_system();
    arena_init(&hand->arena, MEMORY_MAX);
    hand->ctx = (struct ctx){.arena = &hand->arena,
                             .clock = &ledger->clock,
                             .rand = &hand->rand,
                             .ids = &ledger->ids,
                             .log = &ledger->log};
}

static void rest(void)
{
    nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
}

static int64_t board_now_us(struct clock *clock)
{
    struct clock real = clock_system();
    return clock_now_us(&real) + atomic_load(&((struct ledger *)clock)->board->ahead_us);
}

/* Its own where it was given none. */
static struct board *find_board(void)
{
    const char *path = getenv(BOARD_VARIABLE);
    static struct board own;
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *place = fd < 0 ? MAP_FAILED
                         : mmap(NULL, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    return place == MAP_FAILED ? &own : place;
}

/* What was said is behind what is in the database, never before it. */
static _Noreturn void *send_on(void *arg)
{
    struct hand *hand = arg;
    struct ledger *ledger = hand->ledger;
    struct books_line line = {.who = hand->who};
    for (;;) { /* until it is killed */
        char said[BOOKS_WORD];
        enum err err = db_read(ledger->db, &hand->ctx, books_last, &line);
        bool ahead = !err && line.number - line.applied > AHEAD_MAX &&
                     !atomic_load(&ledger->board->presses);
        line.number++;
        if (!err && !ahead)
            err = db_write(ledger->db, &hand->ctx, books_send, &line);
        int len = snprintf(said, sizeof said, "%" PRId64 " %" PRId64 "\n", line.who, line.number);
        if (!err && !ahead && write(STDOUT_FILENO, said, (size_t)len) != len)
            rest(); /* what cannot be said need not be there */
        if (err)
            atomic_fetch_add(&ledger->board->refused, 1);
        if (err || ahead)
            rest();
        arena_clear(&hand->arena);
    }
}

static enum err open_flow(struct ledger *ledger, struct hand *hand)
{
    struct flow_options options = {
        .db = ledger->db, .consumers = books_consumers, .brings_events = true};
    struct schedule_ticker_options ticker = {.db = ledger->db, .counters = &ledger->counters};
    for (int i = 0; i < OPENS_MAX && !ledger->flow; i++)
        if (flow_open(&hand->ctx, &options, &ledger->flow))
            rest();
    if (!ledger->flow)
        return ERR_BUSY;
    return getenv(BOARD_VARIABLE) ? schedule_ticker_open(&hand->ctx, &ticker, &ledger->ticker)
                                  : ERR_OK;
}

static int64_t counter_of(const struct ledger *ledger, const char *name)
{
    for (const struct counter *at = counter_first(&ledger->counters); at; at = at->next)
        if (strcmp(at->name, name) == 0)
            return counter_value(at);
    return 0;
}

static int run(struct ledger *ledger, struct hand *hand, int64_t number)
{
    static struct hand hands[BOOKS_WAYS];
    if (open_flow(ledger, hand))
        return 1;
    for (int i = 0; i < BOOKS_WAYS; i++) {
        hand_init(ledger, &hands[i]);
        hands[i].who = number * BOOKS_WAYS + i;
        if (pthread_create(&hands[i].thread, NULL, send_on, &hands[i]))
            return 1;
    }
    for (;; rest()) { /* until it is killed */
        atomic_store(&ledger->board->commits, counter_of(ledger, "db_commits_total"));
        atomic_store(&ledger->board->retries, counter_of(ledger, "db_retries_total"));
    }
}

/* What failed again and again, because the machine was slow, comes back after a pause of minutes:
 * where nothing becomes less, the clock is put forward. */
static int64_t await_end(struct ledger *ledger, struct hand *hand)
{
    int64_t left = 1, before = 0, still = 0;
    for (int turns = 0; left && turns <= TURNS_MAX;) {
        rest();
        if (db_read(ledger->db, &hand->ctx, books_left, &left))
            left = 1;
        arena_clear(&hand->arena);
        still = left == before ? still + 1 : 0;
        before = left;
        if (still < STILL_MAX)
            continue;
        atomic_fetch_add(&ledger->board->ahead_us, QUEUE_BACKOFF_MAX_S * SECOND_US);
        still = 0;
        turns++;
    }
    return left;
}

static int drain(struct ledger *ledger, struct hand *hand)
{
    if (open_flow(ledger, hand))
        return 1;
    int64_t left = await_end(ledger, hand);
    schedule_ticker_close(ledger->ticker); /* what it sent meanwhile is to be applied, too */
    left = left ? left : await_end(ledger, hand);
    flow_close(ledger->flow);
    return left ? 2 : 0;
}

static int make(struct ledger *ledger, struct hand *hand)
{
    static struct migrate_plan plan;
    return migrate_run(ledger->db, &hand->ctx, &plan) ||
           db_write(ledger->db, &hand->ctx, books_make, NULL);
}

static enum err open_db(struct ledger *ledger, struct hand *hand, const char *url)
{
    enum err err = ERR_BUSY;
    struct db_options options = {
        .url = str_from(url), .schemas = schemas, .counters = &ledger->counters};
    for (int i = 0; i < OPENS_MAX && err; i++) /* the server may just be starting again */
        if ((err = db_open(&hand->ctx, &options, &ledger->db)))
            rest();
    return err;
}

int main(int argc, char **argv)
{
    static struct ledger ledger;
    struct hand hand;
    int64_t number = 0;
    if (argc < 3 || (argc == 4 && str_to_int(str_from(argv[3]), 1, INT32_MAX, &number)))
        return 1;
    ledger.clock = clock_system();
    ledger.clock.now_us = board_now_us;
    ledger.board = find_board();
    ledger.id_rand = rand_system();
    id_source_init(&ledger.ids, &ledger.clock, &ledger.id_rand);
    log_init(&ledger.log, STDERR_FILENO, LOG_ERROR, &ledger.clock);
    hand_init(&ledger, &hand);
    if (open_db(&ledger, &hand, argv[2])) {
        fprintf(stderr, "ledger: %s\n", hand.ctx.err.operator);
        return 1;
    }
    int status = strcmp(argv[1], "make") == 0    ? make(&ledger, &hand)
                 : strcmp(argv[1], "drain") == 0 ? drain(&ledger, &hand)
                 : argc == 4                     ? run(&ledger, &hand, number)
                                                 : 1;
    db_close(ledger.db);
    arena_release(&hand.arena);
    id_source_release(&ledger.ids);
    return status;
}
