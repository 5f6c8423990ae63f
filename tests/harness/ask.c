/* Sends one request over a plain socket and reads the answer to its end. */
#include "harness/ask.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"

enum { PIECE = 64 << 10, REQUEST_LINE_MAX = 8 << 10 };

static int connect_to(int port)
{
    const struct timeval patience = {.tv_sec = ASK_PATIENCE_S};
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static enum err send_request(struct ctx *ctx, int fd, int port, const char *cookie,
                             const char *what, const char *type, struct str body)
{
    struct buf head;
    buf_init(&head, ctx->arena, REQUEST_LINE_MAX);
    buf_addf(&head, "%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n", what, port);
    if (cookie)
        buf_addf(&head, "Cookie: %s\r\n", cookie);
    if (type)
        buf_addf(&head, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, body.len);
    buf_add(&head, STR("\r\n"));
    TRY(buf_err(&head));
    if (!io_write_all(fd, buf_str(&head)) || !io_write_all(fd, body))
        return err_system(&ctx->err, "", "sending %s", what);
    return ERR_OK;
}

/* The number that a header says, or -1. */
static int64_t header_number(struct str head, const char *name)
{
    struct str line, key;
    int64_t number;
    while (str_cut(&head, '\n', &line))
        if (str_cut(&line, ':', &key) && str_equal_nocase(key, str_from(name)) &&
            str_to_int(str_trim(line), 0, ASK_ANSWER_MAX, &number) == ERR_OK)
            return number;
    return -1;
}

/* True once nothing more is due: the body is as long as its head says. */
static bool is_whole(struct str heard, struct answer *answer)
{
    size_t end = str_find(heard, STR("\r\n\r\n"));
    if (end == STR_NONE)
        return false;
    answer->head = str_slice(heard, 0, end);
    answer->body = str_slice(heard, end + 4, heard.len);
    int64_t len = header_number(answer->head, "Content-Length");
    return len >= 0 && (size_t)len <= answer->body.len;
}

static enum err read_answer(struct ctx *ctx, int fd, const char *what, struct answer *answer)
{
    struct buf heard;
    buf_init(&heard, ctx->arena, ASK_ANSWER_MAX);
    for (ssize_t got = 1; got && !is_whole(buf_str(&heard), answer);) {
        if (!buf_reserve(&heard, PIECE))
            return err_fail(&ctx->err, buf_err(&heard), "", "%s: the answer is too long", what);
        got = recv(fd, heard.ptr + heard.len, PIECE, 0);
        if (got < 0)
            return err_system(&ctx->err, "", "%s: no answer", what);
        heard.len += (size_t)got;
    }
    int64_t status;
    if (!answer->head.len ||
        str_to_int(str_slice(answer->head, 9, 12), 100, 599, &status) != ERR_OK)
        return err_fail(&ctx->err, ERR_PEER, "", "%s: the answer is not HTTP", what);
    answer->status = (int)status;
    return ERR_OK;
}

enum err ask_as(struct ctx *ctx, int port, const char *cookie, const char *what, const char *type,
                struct str body, struct answer *answer)
{
    *answer = (struct answer){0};
    int fd = connect_to(port);
    if (fd < 0)
        return err_system(&ctx->err, "", "%s: no connection to port %d", what, port);
    enum err err = send_request(ctx, fd, port, cookie, what, type, body);
    if (!err)
        err = read_answer(ctx, fd, what, answer);
    close(fd);
    return err;
}

enum err ask(struct ctx *ctx, int port, const char *what, const char *type, struct str body,
             struct answer *answer)
{
    return ask_as(ctx, port, NULL, what, type, body, answer);
}
