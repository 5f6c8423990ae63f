/* A client that says exactly what it is told, and hears one answer after the other.
 *
 *     struct client client;
 *     client_open(t, &client, port);
 *     client_say(&client, "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
 *     REQUIRE(client_hear(&client));              client.status, .head and .body of /a
 *     REQUIRE(client_hear(&client));              … of /b
 *     client_close(&client);
 *
 * It belongs to one thread; several threads may have one each. */
#ifndef STOA_TESTS_WEB_CLIENT_H
#define STOA_TESTS_WEB_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct test;

enum { CLIENT_DEADLINE_S = 30, CLIENT_BUFFER = 256 << 10, CLIENT_SAY_MAX = 4 << 10 };

struct client {
    int fd;
    char bytes[CLIENT_BUFFER]; /* what came: the answer that was heard, and what is behind it */
    size_t len, used;
    int status; /* of the last answer; 0 where there was none */
    struct str head, body;
    bool closed; /* the other end has closed, or reset */
};

bool client_try(struct client *client, int port); /* false where nobody listens */
void client_open(struct test *t, struct client *client, int port);
void client_close(struct client *client);

bool client_send(struct client *client, struct str bytes);
bool client_say(struct client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The next whole answer but 100; false where the connection ended before, or at the deadline. The
 * answer to HEAD has no body: client_hear_head. A body larger than the buffer is read over. */
bool client_hear(struct client *client);
bool client_hear_head(struct client *client);

/* Says and hears: the status, or 0. */
int client_ask(struct client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A header of the last answer; empty where there is none. */
struct str client_header(const struct client *client, const char *name);

/* Waits for some bytes more; false at the end. They stand at client->bytes, client->len of them. */
bool client_more(struct client *client);

/* True once the other end has closed, whatever it still sends until then. */
bool client_is_closed(struct client *client);

/* Waits until these words have come. */
bool client_waits_for(struct client *client, struct str words);

#endif
