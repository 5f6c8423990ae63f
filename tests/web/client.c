/* Sends and reads raw bytes, with a deadline on each. */
#include "web/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/test.h"

bool client_try(struct client *client, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    client->len = client->used = 0;
    client->closed = false;
    client->status = 0;
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd >= 0 && connect(client->fd, (struct sockaddr *)&at, sizeof at) == 0)
        return true;
    client_close(client);
    return false;
}

void client_open(struct test *t, struct client *client, int port)
{
    test_note(t, "connecting");
    REQUIRE(client_try(client, port));
}

void client_close(struct client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    client->fd = -1;
}

static bool wait_for(struct client *client, short what)
{
    struct pollfd one = {.fd = client->fd, .events = what};
    return poll(&one, 1, CLIENT_DEADLINE_S * 1000) > 0;
}

bool client_send(struct client *client, struct str bytes)
{
    while (bytes.len) {
        ssize_t sent = send(client->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0)
            bytes = str_slice(bytes, (size_t)sent, bytes.len);
        else if (errno != EAGAIN || !wait_for(client, POLLOUT))
            return false;
    }
    return true;
}

static bool say(struct client *client, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static bool say(struct client *client, const char *format, va_list args)
{
    char text[CLIENT_SAY_MAX];
    int len = vsnprintf(text, sizeof text, format, args);
    return len > 0 && (size_t)len < sizeof text && client_send(client, str_make(text, (size_t)len));
}

bool client_say(struct client *client, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool said = say(client, format, args);
    va_end(args);
    return said;
}

bool client_more(struct client *client)
{
    if (client->len == sizeof client->bytes || !wait_for(client, POLLIN))
        return false;
    ssize_t got = recv(client->fd, client->bytes + client->len, sizeof client->bytes - client->len,
                       MSG_DONTWAIT);
    client->closed |= got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    client->len += got > 0 ? (size_t)got : 0;
    return got > 0;
}

bool client_is_closed(struct client *client)
{
    do
        client->len = client->used = 0;
    while (!client->closed && client_more(client));
    return client->closed;
}

bool client_waits_for(struct client *client, struct str words)
{
    while (str_find(str_make(client->bytes, client->len), words) == STR_NONE)
        if (!client_more(client))
            return false;
    return true;
}

struct str client_header(const struct client *client, const char *name)
{
    struct str rest = client->head, line, key;
    while (str_cut(&rest, '\n', &line))
        if (str_cut(&line, ':', &key) && str_equal_nocase(key, str_from(name)))
            return str_trim(line);
    return (struct str){0};
}

/* What was heard is forgotten, what came behind it moves to the front. */
static bool hear_head(struct client *client)
{
    client->len -= client->used;
    memmove(client->bytes, client->bytes + client->used, client->len);
    client->used = 0;
    client->status = 0;
    size_t end;
    while ((end = str_find(str_make(client->bytes, client->len), STR("\r\n\r\n"))) == STR_NONE)
        if (!client_more(client))
            return false;
    client->used = end + 4;
    client->head = str_make(client->bytes, client->used);
    client->body = (struct str){0};
    int64_t status = 0;
    str_to_int(str_slice(client->head, 9, 12), 100, 599, &status);
    client->status = (int)status;
    return status > 0;
}

bool client_hear_head(struct client *client)
{
    do
        if (!hear_head(client))
            return false;
    while (client->status == 100);
    return true;
}

/* Reads a body that has no place over; what is behind it stays. */
static bool read_over(struct client *client, size_t left)
{
    while (left > client->len - client->used) {
        left -= client->len - client->used;
        client->len = client->used;
        if (!client_more(client))
            return false;
    }
    client->used += left;
    return true;
}

bool client_hear(struct client *client)
{
    int64_t len = 0;
    if (!client_hear_head(client))
        return false;
    str_to_int(client_header(client, "Content-Length"), 0, INT64_MAX, &len);
    if ((size_t)len > sizeof client->bytes - client->used)
        return read_over(client, (size_t)len);
    while (client->len - client->used < (size_t)len)
        if (!client_more(client))
            return false;
    client->body = str_make(client->bytes + client->used, (size_t)len);
    client->used += (size_t)len;
    return true;
}

int client_ask(struct client *client, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool heard = say(client, format, args);
    va_end(args);
    return heard && client_hear(client) ? client->status : 0;
}
