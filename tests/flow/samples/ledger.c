/* A process of the proofs: sends and applies until it is killed, or all is applied.
 *
 *     flow_ledger make URL             the tables
 *     flow_ledger run URL NUMBER       sends for good; says "who number" once one is safe
 *     flow_ledger drain URL            applies what is left, and ends */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "books.h"
#include "flow/flow_schema.h"
#include "ports/db/migrate.h"

enum {
    SENDERS = 2,
    MEMORY_MAX = 16 << 20,
    DRAIN_S = 40,
    OPENS_MAX = 500,
    LOOK_NS = 20000000,
    LINE_MAX = 64
};

static const struct schema *const schemas[] = {&flow_schema, NULL};

struct ledger {
    struct db *db;
    struct clock clock;
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

/* What was said is behind what is in the database, never before it. */
static void *send_on(void *arg)
{
    struct hand *hand = arg;
    struct books_line line = {.who = hand->who};
    for (;;) { /* until it is killed */
        char said[LINE_MAX];
        enum err err = db_read(hand->ledger->db, &hand->ctx, books_last, &line);
        line.number++;
        if (!err)
            err = db_write(hand->ledger->db, &hand->ctx, books_send, &line);
        int len = snprintf(said, sizeof said, "%" PRId64 " %" PRId64 "\n", line.who, line.number);
        if (!err && write(STDOUT_FILENO, said, (size_t)len) != len)
            return NULL;
        if (err)
            rest();
        arena_clear(&hand->arena);
    }
}

static int run(struct ledger *ledger, struct hand *hand, int64_t number)
{
    static struct hand hands[SENDERS];
    struct flow *flow = NULL;
    struct flow_options options = {.db = ledger->db, .consumers = books_consumers};
    for (int i = 0; i < OPENS_MAX && !flow; i++)
        if (flow_open(&hand->ctx, &options, &flow))
            rest();
    if (!flow)
        return 1;
    for (int i = 0; i < SENDERS; i++) {
        hand_init(ledger, &hands[i]);
        hands[i].who = number * SENDERS + i;
        if (pthread_create(&hands[i].thread, NULL, send_on, &hands[i]))
            return 1;
    }
    for (;;)
        pause();
}

static int drain(struct ledger *ledger, struct hand *hand)
{
    struct flow *flow = NULL;
    struct flow_options options = {.db = ledger->db, .consumers = books_consumers};
    struct books_judgement left = {.left = 1};
    int64_t until_us = clock_tick_us(&ledger->clock) + DRAIN_S * SECOND_US;
    if (flow_open(&hand->ctx, &options, &flow))
        return 1;
    while (left.left && clock_tick_us(&ledger->clock) < until_us) {
        rest();
        if (db_read(ledger->db, &hand->ctx, books_judge, &left))
            left.left = 1;
        arena_clear(&hand->arena);
    }
    flow_close(flow);
    return left.left ? 2 : 0;
}

static int make(struct ledger *ledger, struct hand *hand)
{
    static struct migrate_plan plan;
    return migrate_run(ledger->db, &hand->ctx, &plan) ||
           db_write(ledger->db, &hand->ctx, books_make, NULL);
}

int main(int argc, char **argv)
{
    struct ledger ledger = {.clock = clock_system(), .id_rand = rand_system()};
    struct hand hand;
    int64_t number = 0;
    if (argc < 3 || (argc == 4 && str_to_int(str_from(argv[3]), 1, INT32_MAX, &number)))
        return 1;
    struct db_options options = {.url = str_from(argv[2]), .schemas = schemas};
    id_source_init(&ledger.ids, &ledger.clock, &ledger.id_rand);
    log_init(&ledger.log, STDERR_FILENO, LOG_ERROR, &ledger.clock);
    hand_init(&ledger, &hand);
    enum err err = ERR_BUSY;
    for (int i = 0; i < OPENS_MAX && err; i++) /* the server may just be starting again */
        if ((err = db_open(&hand.ctx, &options, &ledger.db)))
            rest();
    if (err) {
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
