/* A load in the protocol of SQS: connections that send ten messages of 1 KB, receive ten and delete
 * those, again and again; prints the messages that were deleted a second.
 *
 *     sqs_load PORT PATH KEY SECRET CONNECTIONS MILLISECONDS
 *
 * Each request is signed, whether the other side looks at that or not; what is always the same is
 * signed once. One thread, so that it costs little beside what it measures. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "ports/http/sigv4.h"

enum {
    BATCH = 10,
    BODY = 1024,
    CONNECTIONS_MAX = 256,
    ANSWER_MAX = 64 << 10,
    REQUEST_MAX = 32 << 10,
    URL_BYTES = 128,
    WAIT_MS = 20000,
    BEHIND_MAX =
        2, /* batches a connection that lie in the queue before more is received than sent */
};

enum action { SEND, RECEIVE, DELETE, CREATE };
static const char *const targets[] = {"SendMessageBatch", "ReceiveMessage", "DeleteMessageBatch",
                                      "CreateQueue"};

struct line {
    int fd;
    enum action action; /* that is under way */
    size_t len;
    char answer[ANSWER_MAX];
};

struct load {
    const char *path, *key, *secret;
    int port, count, epoll;
    char time[SIGV4_TIME_LEN + 1], url[URL_BYTES];
    char requests[DELETE][REQUEST_MAX], own[REQUEST_MAX];
    size_t lens[DELETE];
    int64_t sent, received, deleted;
    struct line *lines;
};

static _Noreturn void fail(const char *what, const char *answer)
{
    fprintf(stderr, "sqs_load: %s: %s\n", what, answer);
    exit(EXIT_FAILURE);
}

/* The request's bytes, signed, in `bytes`. */
static size_t write_request(const struct load *load, enum action action, struct str body,
                            char bytes[REQUEST_MAX])
{
    static const char names[] = "host;x-amz-date;x-amz-target";
    char hash[SIGV4_HEX], signature[SIGV4_HEX], asked_bytes[REQUEST_MAX];
    struct ctx ctx = {.arena = NULL};
    struct buf asked, out;
    struct sigv4 scope = {str_from(load->time), STR("us-east-1"), STR("sqs")};
    sigv4_hash(body, hash);
    buf_init_fixed(&asked, asked_bytes, sizeof asked_bytes);
    buf_addf(&asked,
             "POST\n%s\n\nhost:127.0.0.1:%d\nx-amz-date:%s\nx-amz-target:AmazonSQS.%s\n\n%s\n%s",
             load->path, load->port, load->time, targets[action], names, hash);
    if (sigv4_sign(&ctx, &scope, str_from(load->secret), buf_str(&asked), signature))
        fail("signing", ctx.err.operator);
    buf_init_fixed(&out, bytes, REQUEST_MAX);
    buf_addf(&out,
             "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Amz-Date: %s\r\n"
             "X-Amz-Target: AmazonSQS.%s\r\nContent-Type: application/x-amz-json-1.0\r\n"
             "Authorization: " SIGV4_ALGORITHM
             " Credential=%s/%.8s/us-east-1/sqs/aws4_request, SignedHeaders=%s, Signature=%s\r\n"
             "Content-Length: %zu\r\n\r\n",
             load->path, load->port, load->time, targets[action], load->key, load->time, names,
             signature, body.len);
    buf_add(&out, body);
    if (buf_err(&out))
        fail("writing", "too long");
    return out.len;
}

static void prepare(struct load *load)
{
    char bytes[REQUEST_MAX], text[BODY + 1];
    struct buf body;
    memset(text, 'b', BODY);
    text[BODY] = '\0';
    buf_init_fixed(&body, bytes, sizeof bytes);
    buf_addf(&body, "{\"QueueUrl\":\"%s\",\"Entries\":[", load->url);
    for (int i = 0; i < BATCH; i++)
        buf_addf(&body, "%s{\"Id\":\"%d\",\"MessageBody\":\"%s\"}", i ? "," : "", i, text);
    buf_addf(&body, "]}");
    load->lens[SEND] = write_request(load, SEND, buf_str(&body), load->requests[SEND]);
    buf_clear(&body);
    buf_addf(&body, "{\"QueueUrl\":\"%s\",\"MaxNumberOfMessages\":%d}", load->url, BATCH);
    load->lens[RECEIVE] = write_request(load, RECEIVE, buf_str(&body), load->requests[RECEIVE]);
}

static int connect_to(int port)
{
    const int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes))
        fail("connecting", strerrordesc_np(errno));
    return fd;
}

static void ask(struct line *line, enum action action, const char *bytes, size_t len)
{
    line->action = action;
    line->len = 0;
    for (size_t at = 0; at < len;) {
        ssize_t sent = send(line->fd, bytes + at, len - at, MSG_NOSIGNAL);
        if (sent <= 0)
            fail("sending", strerrordesc_np(errno));
        at += (size_t)sent;
    }
}

/* Sends, unless enough lies there to be received. */
static void begin(struct load *load, struct line *line)
{
    bool behind = load->sent - load->received >= (int64_t)BEHIND_MAX * BATCH * load->count;
    enum action action = behind ? RECEIVE : SEND;
    ask(line, action, load->requests[action], load->lens[action]);
}

/* Deletes what was received; false where that is nothing. */
static bool delete_received(struct load *load, struct line *line)
{
    static const char mark[] = "\"ReceiptHandle\":\"";
    char bytes[REQUEST_MAX];
    struct buf body;
    int count = 0;
    buf_init_fixed(&body, bytes, sizeof bytes);
    buf_addf(&body, "{\"QueueUrl\":\"%s\",\"Entries\":[", load->url);
    for (const char *at = line->answer; (at = strstr(at, mark)) != NULL; count++) {
        at += sizeof mark - 1;
        buf_addf(&body, "%s{\"Id\":\"%d\",\"ReceiptHandle\":\"%.*s\"}", count ? "," : "", count,
                 (int)strcspn(at, "\""), at);
    }
    buf_addf(&body, "]}");
    load->received += count;
    if (count)
        ask(line, DELETE, load->own, write_request(load, DELETE, buf_str(&body), load->own));
    return count > 0;
}

static int64_t count_of(const char *text, const char *mark)
{
    int64_t count = 0;
    for (const char *at = text; (at = strstr(at, mark)) != NULL; at++)
        count++;
    return count;
}

static void go_on(struct load *load, struct line *line)
{
    if (strncmp(line->answer, "HTTP/1.1 200", 12) != 0 || strstr(line->answer, "\"Failed\":[{"))
        fail(targets[line->action], line->answer);
    switch (line->action) {
    case SEND:
        load->sent += count_of(line->answer, "\"MessageId\":");
        ask(line, RECEIVE, load->requests[RECEIVE], load->lens[RECEIVE]);
        return;
    case RECEIVE:
        if (!delete_received(load, line))
            begin(load, line);
        return;
    case DELETE:
        load->deleted += count_of(line->answer, "\"Id\":");
        begin(load, line);
        return;
    case CREATE:
        return;
    }
}

/* The length of the whole answer, or 0 while its head is not there. */
static size_t whole_len(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n"), *len = strcasestr(answer, "\r\nContent-Length:");
    if (end && (!len || len > end))
        fail("an answer without its length", answer);
    return end ? (size_t)(end + 4 - answer) + strtoul(len + 17, NULL, 10) : 0;
}

/* True once the answer is whole. */
static bool take(struct line *line)
{
    ssize_t got = recv(line->fd, line->answer + line->len, ANSWER_MAX - 1 - line->len, 0);
    if (got <= 0)
        fail("receiving", got ? strerrordesc_np(errno) : "the other side ended it");
    line->len += (size_t)got;
    line->answer[line->len] = '\0';
    size_t whole = whole_len(line->answer);
    return whole && line->len >= whole;
}

static void make_queue(struct load *load)
{
    char bytes[REQUEST_MAX];
    struct line *line = &load->lines[0];
    size_t len = write_request(load, CREATE, STR("{\"QueueName\":\"bench\"}"), bytes);
    ask(line, CREATE, bytes, len);
    while (!take(line))
        ;
    go_on(load, line);
}

static void open_lines(struct load *load)
{
    load->lines = calloc((size_t)load->count, sizeof *load->lines);
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; load->lines && i < load->count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &load->lines[i]};
        load->lines[i].fd = connect_to(load->port);
        if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, load->lines[i].fd, &event))
            fail("waiting", strerrordesc_np(errno));
    }
}

static double run(struct load *load, int64_t limit_us)
{
    struct epoll_event events[CONNECTIONS_MAX];
    struct clock clock = clock_system();
    int64_t begun_us = clock_tick_us(&clock), passed_us = 0;
    for (int i = 0; i < load->count; i++)
        begin(load, &load->lines[i]);
    while (passed_us < limit_us) {
        int count = epoll_wait(load->epoll, events, CONNECTIONS_MAX, WAIT_MS);
        if (count <= 0)
            fail("waiting", "no answer");
        for (int i = 0; i < count; i++)
            if (take(events[i].data.ptr))
                go_on(load, events[i].data.ptr);
        passed_us = clock_tick_us(&clock) - begun_us;
    }
    return (double)load->deleted * (double)SECOND_US / (double)passed_us;
}

int main(int argc, char **argv)
{
    static struct load load;
    time_t now = time(NULL);
    struct tm utc;
    if (argc != 7)
        fail("usage", "sqs_load PORT PATH KEY SECRET CONNECTIONS MILLISECONDS");
    load.port = (int)strtol(argv[1], NULL, 10);
    load.path = argv[2];
    load.key = argv[3];
    load.secret = argv[4];
    load.count = (int)strtol(argv[5], NULL, 10);
    if (load.count < 1 || load.count > CONNECTIONS_MAX)
        fail("usage", "1 to 256 connections");
    strftime(load.time, sizeof load.time, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &utc));
    snprintf(load.url, sizeof load.url, "http://127.0.0.1:%d/000000000000/bench", load.port);
    open_lines(&load);
    make_queue(&load);
    prepare(&load);
    printf("%.1f\n", run(&load, strtol(argv[6], NULL, 10) * INT64_C(1000)));
    return EXIT_SUCCESS;
}
