/* A real mail server for a test, on a free port of the loopback: aiosmtpd.
 *
 *     struct smtp_server server;
 *     smtp_server_start(t, "mail/busy", "plain", &server);
 *     smtp_server_set(t, &server, "busy");                  from now on it says 451
 *     …
 *     CHECK_INT(smtp_server_count(t, &server, "rcpt"), 3);
 *     smtp_server_stop(&server);
 *
 * Its ways and modes are those of samples/smtp_server.py. It dies with the test. */
#ifndef STOA_TESTS_PORTS_SMTP_SERVER_H
#define STOA_TESTS_PORTS_SMTP_SERVER_H

#include <sys/types.h>

#include "base/str.h"

struct test;

enum { SMTP_SERVER_START_S = 30 };

struct smtp_server {
    const char *folder;
    int port;
    pid_t pid;
};

void smtp_server_start(struct test *t, const char *folder, const char *way,
                       struct smtp_server *server);
void smtp_server_stop(struct smtp_server *server);
void smtp_server_pause(const struct smtp_server *server); /* connections stay open */
void smtp_server_set(struct test *t, const struct smtp_server *server, const char *mode);

/* How many lines of its log begin so. */
int smtp_server_count(struct test *t, const struct smtp_server *server, const char *word);

/* The mail that it took as number `n`, from 0; empty where it took none. */
struct str smtp_server_mail(struct test *t, const struct smtp_server *server, int n);

/* A file of its folder, in the test's arena; empty where it is not there. */
struct str smtp_server_file(struct test *t, const struct smtp_server *server, const char *name);

#endif
