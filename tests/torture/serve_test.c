/* Every route of the real program, with each allocation and each system call failing once: an
 * answer is right or says that it is none, it goes on serving, and what is written is written once.
 *
 * Where there are many to fail, some of them do; TORTURE_ALL=1 has all of them. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "site.h"

enum {
    CALLS_MAX = 5000,
    SECONDS = 360,
    SECONDS_ALL = 3600,
    FAILURES_SHOWN = 10,
};

static bool runs(const struct site *site)
{
    return kill(site->service.pid, 0) == 0 && waitpid(site->service.pid, NULL, WNOHANG) == 0;
}

/* A listener is told of what is written after its failure, or it is let go. Who listens to what
 * the program says of itself hears nothing of that. */
static void check_listener(struct site *site, const struct site_ask *ask, bool met)
{
    const struct site_ask *post = site_find(STR("post /contact"));
    struct test *t = site->t;
    if (ask != site_find(STR("get /admin/messages/events"))) {
        client_close(&site->client);
        return;
    }
    struct client listener = site->client;
    struct site_form form = site_form(site);
    site->client.fd = -1;
    REQUIRE(site_ask(site, post, &form) == SITE_RIGHT);
    struct str place = client_header(&site->client, "Location");
    struct str id = str_slice(place, sizeof "/contact/" - 1, place.len);
    bool told = client_waits_for(&listener, id);
    CHECK(told || (listener.closed && met));
    client_close(&listener);
}

static void check_on(struct site *site, const struct site_ask *ask, const struct site_form *form)
{
    struct test *t = site->t;
    CHECK_INT(site_ask_health(site), SITE_RIGHT);
    CHECK_INT(site_ask(site, ask, form), SITE_RIGHT);
    if (ask->status == 303 && strstr(ask->body, "$WORDS"))
        CHECK_INT(site_count(site, form), 1);
    REQUIRE(runs(site) && t->failures < FAILURES_SHOWN);
}

/* What the server does behind the answer fails while it is asked for its health. */
static bool fail_one(struct site *site, const struct site_ask *ask, enum torture_kind kind,
                     int64_t n)
{
    struct test *t = site->t;
    struct site_form form = site_form(site);
    torture_board_arm(site->board, kind, n);
    enum site_answer answer = site_ask(site, ask, &form);
    int status = site->client.status;
    bool listens = ask->listens && answer == SITE_RIGHT;
    enum site_answer health = listens ? SITE_RIGHT : site_ask_health(site);
    bool met = torture_board_disarm(site->board);
    test_note(t, "%s with failure %" PRId64 " of %s, %s: %d", ask->start, n, site_kinds[kind],
              met ? site->board->kinds[kind].struck : "which was not met", status);
    CHECK(answer != SITE_WRONG && health != SITE_WRONG);
    CHECK(met || answer == SITE_RIGHT);
    if (listens)
        check_listener(site, ask, met);
    check_on(site, ask, &form);
    return met;
}

/* What was asked before has its memory. That it listens does not say that it has started. */
static void begin_anew(struct site *site)
{
    struct test *t = site->t;
    service_kill(&site->service);
    REQUIRE(service_restart(t, &site->service) == ERR_OK);
    REQUIRE(site_ask_health(site) == SITE_RIGHT);
}

static void fail_each(struct site *site, const struct site_ask *ask, enum torture_kind kind)
{
    struct test *t = site->t;
    int64_t n = 1, tried = 0;
    for (bool met = true; met && n < CALLS_MAX; tried += met) {
        if (kind == TORTURE_MEMORY)
            begin_anew(site);
        met = fail_one(site, ask, kind, n);
        n = site_next(n);
    }
    printf("# %s: %" PRId64 " of up to %" PRId64 " %s failed\n", ask->start, tried, n,
           site_kinds[kind]);
    /* What is answered without a worker has had its memory since the start: life_test.c. */
    CHECK((tried > 0 || kind == TORTURE_MEMORY) && n < CALLS_MAX);
}

/* What stands behind it counts on what it does. */
static void ask_once(struct site *site, const struct site_ask *ask)
{
    struct test *t = site->t;
    struct site_form form = site_form(site);
    test_note(t, "%s", ask->start);
    CHECK_INT(site_ask(site, ask, &form), SITE_RIGHT);
    if (ask->listens)
        client_close(&site->client);
}

/* Failures in every second route: the others are another test's, on another processor. */
static void survive_each_failure(struct test *t, const char *folder, size_t first)
{
    struct site site;
    size_t at = 0;
    alarm(getenv("TORTURE_ALL") ? SECONDS_ALL : SECONDS);
    site_open(t, folder, &site);
    for (const struct site_ask *ask = site_asks; ask->start; ask++, at++) {
        if (at % 2 != first)
            ask_once(&site, ask);
        for (enum torture_kind kind = 0; at % 2 == first && kind < TORTURE_KINDS; kind++)
            fail_each(&site, ask, kind);
    }
    test_note(t, "%s", "");
    client_close(&site.client);
    CHECK_INT(service_stop(&site.service), 0);
    site_check_data(t, &site.service);
}

TEST(serve_survives_each_failure_in_each_even_route)
{
    survive_each_failure(t, "torture/even_routes", 0);
}

TEST(serve_survives_each_failure_in_each_odd_route)
{
    survive_each_failure(t, "torture/odd_routes", 1);
}

TEST(serve_has_a_torture_for_each_route)
{
    struct site site;
    struct json *document;
    int64_t routes = 0;
    site_open(t, "torture/table", &site);
    REQUIRE(site_ask(&site, site_find(STR("get /openapi.json")), NULL) == SITE_RIGHT);
    REQUIRE(json_read(t->ctx, site.client.body, &document) == ERR_OK);
    const struct json *paths = json_get(document, "paths");
    for (const struct json *path = paths ? paths->first : NULL; path; path = path->next)
        for (const struct json *method = path->first; method; method = method->next) {
            char route[SITE_TEXT_MAX];
            snprintf(route, sizeof route, STR_FMT " " STR_FMT, STR_ARG(method->name),
                     STR_ARG(path->name));
            test_note(t, "%s is not in site_asks", route);
            CHECK(site_find(str_from(route)));
            routes++;
        }
    CHECK(routes > 0);
    CHECK_INT(service_stop(&site.service), 0);
}
