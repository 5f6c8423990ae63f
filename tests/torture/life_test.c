/* The real program from its start on an empty folder to its end, with each allocation and each
 * system call failing once: it serves, or it ends and says why; and it stops when it is told to.
 *
 * Some of the many fail; TORTURE_ALL=1 has all of them. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/process.h"
#include "site.h"

enum {
    CALLS_MAX = 100000,
    PAUSE_MS = 5,
    END_S = 35, /* it drains for half a minute where somebody keeps it from ending */
    SECONDS = 240,
    SECONDS_ALL = 3600,
    FAILURES_SHOWN = 10,
    LOOKS = 100,
};

/* Its exit status; -1 where a signal ended it, or nothing did. */
static int await_end(struct site *site)
{
    struct service *service = &site->service;
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    for (int waited_ms = 0; service->pid && waited_ms < END_S * 1000; waited_ms += PAUSE_MS) {
        if (waitpid(service->pid, &service->status, WNOHANG) == service->pid)
            service->pid = 0;
        else
            nanosleep(&pause, NULL);
    }
    bool ended = service->pid == 0 && WIFEXITED(service->status);
    service_kill(service);
    return ended ? WEXITSTATUS(service->status) : -1;
}

static bool says_why(struct site *site)
{
    struct process_result result;
    struct test *t = site->t;
    REQUIRE(process_run(t, (const char *[]){"/usr/bin/tail", "-n1", site->service.log, NULL}, NULL,
                        &result) == ERR_OK);
    return str_starts(result.out, STR("stoa: "));
}

/* What fails once may be asked again. */
static bool is_healthy(struct site *site)
{
    bool once = site_ask_health(site) == SITE_RIGHT;
    return once || site_ask_health(site) == SITE_RIGHT;
}

/* What the program saw when it last looked is what it says: it looks again every two seconds. */
static enum site_answer ask_again(struct site *site, const struct site_ask *ask)
{
    const struct timespec pause = {.tv_nsec = 100 * 1000000L};
    enum site_answer answer = SITE_FAILED;
    for (int i = 0; i < LOOKS && answer == SITE_FAILED; i++) {
        nanosleep(&pause, NULL);
        answer = site_ask(site, ask, NULL);
    }
    return answer;
}

static void ask_all(struct site *site, enum site_answer worst)
{
    struct test *t = site->t;
    for (const struct site_ask *ask = site_asks; ask->start; ask++) {
        struct site_form form = site_form(site);
        if (site_needs_link(ask)) /* each life would need its own */
            continue;
        enum site_answer answer = site_ask(site, ask, &form);
        if (answer > worst && ask == site_find(STR("get /readyz")))
            answer = ask_again(site, ask);
        test_note(t, "%s: %d", ask->start, site->client.status);
        CHECK(answer <= worst);
    }
    client_close(&site->client);
}

static void live(struct site *site, enum torture_kind kind)
{
    struct test *t = site->t;
    CHECK(site_write_letter(site) == SITE_RIGHT || site_write_letter(site) == SITE_RIGHT);
    CHECK(site_sign_in(site) || site_sign_in(site));
    ask_all(site, SITE_CLOSED);
    if (site->board->kinds[kind].met)
        ask_all(site, SITE_RIGHT);
    kill(site->service.pid, SIGTERM);
}

/* Returns false once there was none left to fail. */
static bool live_once(struct site *site, enum torture_kind kind, int64_t n)
{
    struct test *t = site->t;
    struct arena_mark mark = arena_mark(t->arena);
    char data[SITE_TEXT_MAX];
    snprintf(data, sizeof data, "%s/data", site->service.folder);
    folder_clear(data);
    site->service.status = -1;
    torture_board_arm(site->board, kind, n);
    bool serves = service_restart(t, &site->service) == ERR_OK && is_healthy(site);
    if (serves)
        live(site, kind);
    int status = await_end(site);
    bool met = torture_board_disarm(site->board);
    test_note(t, "failure %" PRId64 " of %s, %s: %s, %d", n, site_kinds[kind],
              met ? site->board->kinds[kind].struck : "not met",
              serves ? "it served" : "it did not serve", status);
    CHECK(status == 1 ? says_why(site) : status == 0 && serves);
    CHECK(met || (serves && status == 0));
    arena_rewind(t->arena, mark);
    return met;
}

static void live_each(struct test *t, enum torture_kind kind)
{
    struct site site;
    int64_t n = 1, tried = 0;
    alarm(getenv("TORTURE_ALL") ? SECONDS_ALL : SECONDS);
    site_prepare(t, kind == TORTURE_MEMORY ? "torture/life/memory" : "torture/life/system", &site);
    for (; n < CALLS_MAX && t->failures < FAILURES_SHOWN && live_once(&site, kind, n); tried++)
        n = site_next(n);
    printf("# %" PRId64 " of up to %" PRId64 " failed\n", tried, n);
    CHECK(tried > 0 && n < CALLS_MAX);
    site_check_data(t, &site.service);
}

TEST(life_survives_each_failing_allocation)
{
    live_each(t, TORTURE_MEMORY);
}

TEST(life_survives_each_failing_system_call)
{
    live_each(t, TORTURE_SYSTEM);
}
