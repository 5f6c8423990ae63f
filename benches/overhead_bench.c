/* What it costs to be watched, and to be guarded: the same page from the same program with and
 * without it. A ratio of 0.97 is 3 % of the processor's time.
 *
 * The machine is never as quiet as that. So both sides are measured in many short turns, each pair
 * of which gives one ratio, and the median of those is the round's: what else goes on meets both
 * turns of a pair alike, or spoils a few pairs. The connections stay open between the turns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "load.h"
#include "servers.h"

enum {
    CLIENTS = 64,
    SERVER_CORE = 0,
    LOAD_CORE = 1,
    TURN_ANSWERS = 400,
    TURNS = 15, /* pairs of a round */
    ANSWER_MAX = 64 << 10,
    COOKIE_MAX = 256,
};

enum side { SIDE_WITH, SIDE_BARE, SIDE_COUNT };

struct overhead {
    char folder[SERVERS_FOLDER_MAX];
    pid_t pids[SIDE_COUNT];
    int ports[SIDE_COUNT];
    struct load loads[SIDE_COUNT];
    double bare; /* what the other side of the round has measured already */
};

static bool start(struct overhead *overhead, enum side side, const char *how)
{
    char text[16], program[SERVERS_PATH_MAX];
    overhead->ports[side] = servers_port();
    snprintf(text, sizeof text, "%d", overhead->ports[side]);
    if (!servers_program("benches/page_server", program))
        return false;
    overhead->pids[side] = servers_start(
        (const char *[]){program, text, overhead->folder, how, NULL}, NULL, SERVER_CORE);
    return servers_answer(overhead->pids[side], overhead->ports[side],
                          "GET /page HTTP/1.1\r\nHost: bench\r\n\r\n");
}

static void overhead_close(void *state)
{
    struct overhead *overhead = state;
    for (int side = 0; side < SIDE_COUNT; side++) {
        if (overhead->loads[side].count)
            load_close(&overhead->loads[side]);
        servers_stop(overhead->pids[side]);
    }
    servers_remove_folder(overhead->folder);
    load_pin(LOAD_ANYWHERE);
    free(overhead);
}

/* The cookie of who was let in; false where nobody was. */
static bool enter(const struct overhead *overhead, char cookie[COOKIE_MAX])
{
    static const char name[] = "\r\nSet-Cookie: ";
    char answer[ANSWER_MAX];
    size_t len = load_ask(overhead->ports[SIDE_WITH], "GET /enter HTTP/1.1\r\nHost: bench\r\n\r\n",
                          answer, sizeof answer - 1);
    answer[len] = '\0';
    const char *at = strstr(answer, name);
    if (!at)
        return false;
    at += sizeof name - 1;
    snprintf(cookie, COOKIE_MAX, "%.*s", (int)strcspn(at, ";\r"), at);
    return true;
}

/* Both are sent the very same, so that reading it costs both the same. */
static bool open_loads(struct overhead *overhead, const char *path, const char *cookie)
{
    char request[LOAD_REQUEST_MAX];
    for (int side = 0; side < SIDE_COUNT; side++) {
        snprintf(request, sizeof request,
                 "GET /%s?after=######## HTTP/1.1\r\nHost: bench\r\n%s%s%s\r\n",
                 side == SIDE_WITH ? path : "page", *cookie ? "Cookie: " : "", cookie,
                 *cookie ? "\r\n" : "");
        if (!load_open(&overhead->loads[side], overhead->ports[side], CLIENTS, request))
            return false;
        overhead->loads[side].spins = true;
    }
    return true;
}

static void *overhead_open(const char *how, const char *path, bool enters)
{
    char cookie[COOKIE_MAX] = "";
    struct overhead *overhead = calloc(1, sizeof *overhead);
    if (!overhead)
        return NULL;
    if (servers_make_folder(overhead->folder) && start(overhead, SIDE_BARE, NULL) &&
        start(overhead, SIDE_WITH, how) && (!enters || enter(overhead, cookie)) &&
        open_loads(overhead, path, cookie)) {
        load_pin(LOAD_CORE);
        return overhead;
    }
    fprintf(stderr, "%s: a server did not start\n", how);
    overhead_close(overhead);
    return NULL;
}

static void *watch_open(void)
{
    return overhead_open("watched", "page", false);
}

static void *guard_open(void)
{
    return overhead_open("guarded", "mine", true);
}

static double turn(struct overhead *overhead, enum side side)
{
    double begun_s = load_processor_s(overhead->pids[side]);
    int64_t answers = load_answers(&overhead->loads[side], TURN_ANSWERS);
    double used_s = load_processor_s(overhead->pids[side]) - begun_s;
    return used_s > 0 ? (double)answers / used_s : 0;
}

static int compare_doubles(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double values[TURNS])
{
    qsort(values, TURNS, sizeof *values, compare_doubles);
    return values[TURNS / 2];
}

/* Who is first in a pair changes. */
static double with(void *state, int64_t round_us)
{
    struct overhead *overhead = state;
    double bare[TURNS], ratios[TURNS];
    (void)round_us;
    for (int i = 0; i < TURNS; i++) {
        double rates[SIDE_COUNT];
        enum side first = i % 2 ? SIDE_WITH : SIDE_BARE, second = SIDE_COUNT - 1 - first;
        rates[first] = turn(overhead, first);
        rates[second] = turn(overhead, second);
        bare[i] = rates[SIDE_BARE];
        ratios[i] = bare[i] > 0 ? rates[SIDE_WITH] / bare[i] : 0;
    }
    overhead->bare = median(bare);
    return median(ratios) * overhead->bare;
}

static double without(void *state, int64_t round_us)
{
    const struct overhead *overhead = state;
    (void)round_us;
    return overhead->bare;
}

static const struct bench_figure watch_figures[] = {
    {"watch_overhead", BENCH_PER_SECOND, {{"watched", with}, {"bare", without}}}, {0}};
static const struct bench_figure guard_figures[] = {
    {"guard_overhead", BENCH_PER_SECOND, {{"signed in", with}, {"bare", without}}}, {0}};

const struct bench_group watch_bench = {"watch", watch_open, overhead_close, watch_figures};
const struct bench_group guard_bench = {"guard", guard_open, overhead_close, guard_figures};
