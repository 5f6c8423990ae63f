/* The server crashes under load, and its supervisor starts it again: nobody who comes meanwhile is
 * refused, only what was under way fails, and each acknowledged message is there once. */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "harness/folder.h"
#include "letters.h"
#include "site.h"
#include "web/supervisor.h"

enum {
    CRASHES = SUPERVISOR_CRASHES_MAX - 1, /* one more would be given up */
    WRITERS = 8,
    AFTER_MS_MIN = 20,
    AFTER_MS_MAX = 150,
    WAIT_MS = 30000,
    PAUSE_MS = 5,
    SECONDS = 120,
};

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* Another server than that one. */
static pid_t await_other(const struct service *service, pid_t before)
{
    pid_t server = 0;
    for (int waited_ms = 0; waited_ms < WAIT_MS; waited_ms += PAUSE_MS) {
        server = service_server(service);
        if (server > 0 && server != before)
            return server;
        pause_ms(PAUSE_MS);
    }
    return 0;
}

TEST(crash_refuses_nobody_and_loses_nothing)
{
    static const int signals[] = {SIGSEGV, SIGKILL, SIGABRT};
    struct service service;
    struct letters letters;
    alarm(SECONDS);
    REQUIRE(service_start(t, test_folder(t, "torture/crash"), NULL, &service) == ERR_OK);
    letters_begin(t, &letters, service.port, WRITERS, 0);
    pid_t server = await_other(&service, 0);
    for (int i = 0; i < CRASHES; i++) {
        pause_ms(AFTER_MS_MIN + (int64_t)rand_below(t->ctx->rand, AFTER_MS_MAX - AFTER_MS_MIN));
        REQUIRE(server > 0 && kill(server, signals[i % 3]) == 0);
        server = await_other(&service, server);
    }
    pause_ms(AFTER_MS_MAX);
    letters_end(t, &letters);
    CHECK_INT(letters.refused, 0);
    CHECK(letters.repeated > 0 && letters.repeated <= (int64_t)CRASHES * WRITERS);
    letters_check(t, &letters, &service);
    CHECK_INT(service_stop(&service), 0);
    site_check_data(t, &service);
}
