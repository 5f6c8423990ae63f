/* The real program, serving on a free port of the loopback.
 *
 *     struct service service;
 *     REQUIRE(service_start(t, test_folder(t, "api/contact"), NULL, &service) == ERR_OK);
 *     int fd = service_connect(&service);
 *     service_kill(&service);                          kill -9 of all of it
 *     REQUIRE(service_restart(t, &service) == ERR_OK);
 *     REQUIRE(service_release(t, &service) == ERR_OK);
 *     CHECK_INT(service_stop(&service), 0);
 *
 * It is a supervisor and its server, or with service.alone the server by itself. It keeps its data
 * and its log in the folder, and dies with the process that began it. */
#ifndef STOA_TESTS_SERVICE_H
#define STOA_TESTS_SERVICE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct process_result; /* process.h */
struct test;

enum {
    SERVICE_START_S = 30,
    SERVICE_RELEASE_S = 40,
    SERVICE_ENVIRONMENT_MAX = 16,
    SERVICE_WORDS_MAX = 8
};

struct service {
    const char *folder, *log; /* in the test's arena */
    const char *program;      /* what is started; the one that was built unless it is set */
    const char *environment[SERVICE_ENVIRONMENT_MAX];
    int port;
    bool alone; /* without a supervisor: service_prepare, set it, service_restart */
    pid_t pid;  /* what was started; 0 where it does not run */
    int status; /* as waitpid has it, where it ended before it served */
};

/* `environment` holds "NAME=value" beyond the test's own and ends with NULL; it may be NULL. It
 * serves when this returns ERR_OK; else the reason is in t->ctx->err. */
enum err service_start(struct test *t, const char *folder, const char *const environment[],
                       struct service *service);
enum err service_restart(struct test *t, struct service *service); /* the same folder and port */

/* As service_start, but for the start: service_restart is the first one. */
enum err service_prepare(struct test *t, const char *folder, const char *const environment[],
                         struct service *service);

/* The newest server of the supervisor, or what was started alone; 0 where there is none. */
pid_t service_server(const struct service *service);

/* SIGHUP: waits until the program that is there now has taken over, and the server before has
 * ended. */
enum err service_release(struct test *t, struct service *service);

/* A connection, or -1. What does not come within SERVICE_START_S is given up. */
int service_connect(const struct service *service);

void service_kill(struct service *service);
int service_stop(
    struct service *service); /* SIGTERM; its exit status, -1 where a signal ended it */

/* Runs a command of the program with the service's settings: {"link", "get", "a", NULL}. */
enum err service_command(struct test *t, const struct service *service, const char *const words[],
                         struct process_result *result);

#endif
