/* A real nginx that takes whatever it thinks is a request.
 *
 *     struct nginx nginx;
 *     REQUIRE(nginx_start(t, test_folder(t, "nginx/wire"), &nginx) == ERR_OK);
 *     wire_ask(t, nginx.port, bytes, &answer);
 *     nginx_stop(&nginx);
 *
 * It passes each request on to a second server of its own, and so reads its body to the end before
 * it answers. It listens on free ports of the loopback, keeps to the folder, and dies with the
 * process that began it. */
#ifndef STOA_TESTS_NGINX_H
#define STOA_TESTS_NGINX_H

#include <sys/types.h>

#include "base/err.h"

struct test;

enum { NGINX_START_S = 20 };

struct nginx {
    int port;
    pid_t pid; /* 0 where it does not run */
};

/* ERR_MISSING where nginx is not installed; ERR_PEER where it does not start. */
enum err nginx_start(struct test *t, const char *folder, struct nginx *nginx);
void nginx_stop(struct nginx *nginx);

#endif
