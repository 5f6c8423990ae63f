/* A real Redis of a test's own, on a free port of the loopback, in the test's folder.
 *
 *     struct redis_server server;
 *     redis_server_start(t, test_folder(t, "ports/redis"), &server);
 *     … redis_server_url(t, &server, 0)            "redis://:secret@127.0.0.1:40123/0"
 *     redis_server_stop(&server);
 *
 * It keeps nothing on the disk, wants a password, and dies with the process that began it. */
#ifndef STOA_TESTS_PORTS_REDIS_SERVER_H
#define STOA_TESTS_PORTS_REDIS_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

struct test;

enum { REDIS_SERVER_START_S = 20 };

struct redis_server {
    const char *folder;
    int port;
    pid_t pid; /* 0 where it does not run */
};

/* Stops the test where it does not start. */
void redis_server_start(struct test *t, const char *folder, struct redis_server *server);
void redis_server_restart(struct test *t, struct redis_server *server); /* the same port, empty */
void redis_server_stop(struct redis_server *server);                    /* as kill -9 does */
void redis_server_freeze(const struct redis_server *server, bool frozen);

const char *redis_server_url(struct test *t, const struct redis_server *server, int db);

#endif
