/* Sends raw requests, and reads them as the server does. */
#include "web/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "harness/test.h"
#include "web/http.h"
#include "web/url.h"
#include "web/wire_cases.h"

#define BEHIND STR("GET /behind HTTP/1.1\r\nHost: behind\r\nConnection: close\r\n\r\n")

int wire_connect(int port)
{
    const struct timeval deadline = {.tv_sec = WIRE_DEADLINE_S};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

/* "HTTP/1.1 200 " at the front; 0 where there is no such line. */
static int status_at(struct str text)
{
    int64_t status;
    bool is_line = (str_starts(text, STR("HTTP/1.1 ")) || str_starts(text, STR("HTTP/1.0 "))) &&
                   !str_to_int(str_slice(text, 9, 12), 100, 599, &status);
    return is_line ? (int)status : 0;
}

static void find_statuses(struct wire_answer *answer)
{
    struct str text = answer->text;
    if (text.len && status_at(text) == 0)
        answer->statuses[answer->count++] = 200;
    for (; text.len; text = str_slice(text, 1, text.len)) {
        int status = text.ptr[0] == 'H' ? status_at(text) : 0;
        if (status >= 200 && answer->count < WIRE_ANSWERS_MAX)
            answer->statuses[answer->count++] = status;
    }
}

/* A server that refuses may close before it has read all: that is no failure of ours. */
static void send_all(int fd, struct str bytes)
{
    while (bytes.len) {
        ssize_t sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes = str_slice(bytes, (size_t)sent, bytes.len);
    }
}

enum err wire_ask(struct test *t, int port, struct str bytes, struct wire_answer *answer)
{
    ssize_t got;
    int fd = wire_connect(port);
    char *text = arena_bytes(t->arena, WIRE_TEXT_MAX);
    *answer = (struct wire_answer){.text = {text, 0}};
    if (fd < 0 || !text)
        return err_fail(&t->ctx->err, ERR_PEER, "", "nobody listens on port %d", port);
    send_all(fd, bytes);
    send_all(fd, BEHIND);
    while ((got = recv(fd, text + answer->text.len, WIRE_TEXT_MAX - answer->text.len, 0)) > 0)
        answer->text.len += (size_t)got;
    answer->closed = got == 0 || errno == ECONNRESET; /* what it did not read makes it a reset */
    close(fd);
    find_statuses(answer);
    return ERR_OK;
}

/* What says that the bytes were wrong, or the server: no route answers so. */
static bool is_refusal(int status)
{
    static const int statuses[] = {0, 400, 408, 411, 413, 414, 417, 431};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (status == statuses[i])
            return true;
    return status >= 500;
}

void wire_check_server(struct test *t, int port)
{
    for (const struct wire_case *row = wire_cases; row->name; row++) {
        struct wire_answer answer;
        REQUIRE(!wire_ask(t, port, row->bytes, &answer));
        test_note(t, "%s: " STR_FMT, row->name, STR_ARG(answer.text));
        CHECK(answer.closed);
        if (row->ours == 200) {
            CHECK(!is_refusal(answer.statuses[0]));
            CHECK_INT(answer.count, row->last ? 1 : 2);
        } else {
            CHECK_INT(answer.statuses[0], row->ours);
            CHECK_INT(answer.count, 1);
        }
    }
}

/* The bytes behind the head that are its body; 400 for chunks that are none. */
static int read_body(struct test *t, const struct http_head *head, struct str rest, size_t *used)
{
    struct http_chunks chunks = {0};
    size_t got;
    if (!head->chunked) {
        *used = (size_t)head->body_len;
        return *used <= rest.len ? 200 : 0;
    }
    char *copy = arena_bytes(t->arena, rest.len);
    memcpy(copy, rest.ptr, rest.len);
    enum http_verdict verdict = http_chunks_read(&chunks, copy, rest.len, &got, used);
    return verdict == HTTP_BAD ? 400 : verdict == HTTP_MORE ? 0 : 200;
}

int wire_read(struct test *t, struct str bytes, size_t *used, bool *keep_alive)
{
    struct http_head head;
    struct buf all;
    struct str path;
    size_t searched = 0;
    buf_init(&all, t->arena, WIRE_TEXT_MAX);
    buf_add(&all, bytes);
    buf_add(&all, BEHIND);
    enum http_verdict verdict = http_read_head(&head, buf_str(&all), &searched);
    if (verdict != HTTP_WHOLE)
        return verdict == HTTP_BAD ? head.status : 0;
    if (!str_equal(head.path, STR("*")) && url_path(t->arena, head.path, &path))
        return 400;
    int status = read_body(t, &head, str_slice(buf_str(&all), head.len, all.len), used);
    *used += head.len;
    *keep_alive = head.keep_alive;
    return status;
}
