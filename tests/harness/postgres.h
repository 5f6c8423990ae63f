/* A real PostgreSQL for a test, or a benchmark, to do as it likes with.
 *
 *     struct postgres server;
 *     REQUIRE(postgres_start(t->ctx, test_folder(t, "postgres/kill"), false, &server) == ERR_OK);
 *     options.url = str_from(server.url);          postgres://stoa@127.0.0.1:41234/stoa
 *     postgres_kill(&server);                      kill -9: as a crash
 *     REQUIRE(postgres_restart(t->ctx, &server) == ERR_OK);
 *     postgres_stop(&server);
 *
 * It listens on a free port of the loopback and dies with the process that began it. Root starts it
 * as the user postgres, who must be able to pass through the folders above the one given. The first
 * one leaves a template beside its folder, which the later ones copy. */
#ifndef STOA_TESTS_POSTGRES_H
#define STOA_TESTS_POSTGRES_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/ctx.h"

enum { POSTGRES_SERVER_URL_MAX = 128, POSTGRES_START_S = 30, POSTGRES_PROGRAM_MAX = 512 };

struct postgres {
    char url[POSTGRES_SERVER_URL_MAX];
    char folder[PATH_MAX]; /* of its data */
    bool durable;          /* fsync is on: for what is measured, or loses power */
    int port;
    pid_t pid; /* 0 where it does not run */
};

/* Makes the data in the empty `folder` and starts the server. ERR_MISSING where PostgreSQL is not
 * installed. */
enum err postgres_start(struct ctx *ctx, const char *folder, bool durable, struct postgres *server);

/* A standby of a running server: a copy that follows it and can be read. */
enum err postgres_start_standby(struct ctx *ctx, const char *folder, const struct postgres *primary,
                                struct postgres *server);

/* Makes a standby a primary of its own. */
enum err postgres_promote(struct ctx *ctx, const struct postgres *server);

void postgres_stop(struct postgres *server); /* at once and in order */
void postgres_kill(struct postgres *server); /* kill -9, the server and all that it started */

/* The same data on the same port, after a stop or a kill; recovery is waited for. */
enum err postgres_restart(struct ctx *ctx, struct postgres *server);

/* Nothing of it runs until it goes on; connections stay open. */
void postgres_pause(struct postgres *server);
void postgres_go_on(struct postgres *server);

/* Runs SQL by itself, outside of what is tested; `said` (may be NULL) is the first value of the
 * last result, in the arena. */
enum err postgres_sql(struct ctx *ctx, const struct postgres *server, const char *text,
                      struct str *said);

/* The path of one of its programs: "pgbench". ERR_MISSING where there is none. */
enum err postgres_program(struct ctx *ctx, const char *name, char path[POSTGRES_PROGRAM_MAX]);

#endif
