/* One try of a call, by curl: what is sent, which sockets may be opened, and what comes back. */
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/buf.h"
#include "ports/http/http_inside.h"

/* The socket. */

static bool take_address(const struct curl_sockaddr *from, struct address *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (from->family == AF_INET) {
        memcpy(&v4, &from->addr, sizeof v4);
        *address = (struct address){{[10] = 0xff, [11] = 0xff}};
        memcpy(address->bytes + 12, &v4.sin_addr, sizeof v4.sin_addr);
        return true;
    }
    if (from->family != AF_INET6)
        return false;
    memcpy(&v6, &from->addr, sizeof v6);
    memcpy(address->bytes, &v6.sin6_addr, sizeof address->bytes);
    return true;
}

/* Here is the address that is connected to, whatever names, redirects and caches said before. */
static curl_socket_t on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct http_client_attempt *attempt = arg;
    struct http_client *client = attempt->sending->client;
    struct address address;
    (void)purpose;
    if (!take_address(to, &address) ||
        !(address_is_public(address) || address_nets_have(&client->allowed, address))) {
        attempt->refused = true;
        counter_add(&client->refused, 1);
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* The body of the call. */

static size_t on_read(char *into, size_t size, size_t count, void *arg)
{
    struct http_client_attempt *attempt = arg;
    const struct http_client_call *call = attempt->sending->call;
    size_t len = 0, room = size * count;
    int64_t left = call->source_len - attempt->offset;
    if (call->source_len >= 0 && left < (int64_t)room)
        room = (size_t)left;
    if (!room)
        return 0;
    attempt->err = call->source(call->arg, attempt->offset, into, room, &len);
    if (!attempt->err && !len && call->source_len >= 0)
        attempt->err = err_fail(&attempt->sending->ctx->err, ERR_INTERNAL, "It could not be sent.",
                                "the body ends %" PRId64 " bytes early", left);
    if (attempt->err)
        return CURL_READFUNC_ABORT;
    ASSERT(len <= room);
    attempt->offset += (int64_t)len;
    return len;
}

/* curl goes back where a redirect, or a kept connection that was closed meanwhile, wants it. */
static int on_seek(void *arg, curl_off_t offset, int origin)
{
    struct http_client_attempt *attempt = arg;
    if (origin != SEEK_SET)
        return CURL_SEEKFUNC_CANTSEEK;
    attempt->offset = offset;
    return CURL_SEEKFUNC_OK;
}

/* The answer. */

static enum err stop(struct http_client_attempt *attempt, const char *what, int64_t limit)
{
    attempt->err = err_fail(
        &attempt->sending->ctx->err, ERR_LIMIT, "Another system's answer is too long.",
        "the %s of " STR_FMT " passes %" PRId64, what, STR_ARG(attempt->sending->host), limit);
    return attempt->err;
}

static enum err add_header(struct http_client_attempt *attempt, struct str name, struct str value)
{
    struct http_client_answer *answer = attempt->sending->answer;
    struct arena *arena = attempt->sending->ctx->arena;
    struct http_client_header *header = &answer->headers[answer->header_count];
    if (answer->header_count == HTTP_CLIENT_HEADERS_MAX)
        return stop(attempt, "headers", HTTP_CLIENT_HEADERS_MAX);
    if (str_copy(arena, str_trim(name), &header->name) ||
        str_copy(arena, str_trim(value), &header->value))
        return attempt->err = err_memory(&attempt->sending->ctx->err);
    answer->header_count++;
    return ERR_OK;
}

/* An answer may have several heads: interim ones, and those of redirects. The last one counts. */
static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
    struct http_client_attempt *attempt = arg;
    struct str line = str_make(bytes, size * count), value = line, name;
    attempt->head_len += line.len;
    if (attempt->head_len > HTTP_CLIENT_HEAD_MAX && stop(attempt, "head", HTTP_CLIENT_HEAD_MAX))
        return 0;
    if (str_starts(line, STR("HTTP/"))) {
        attempt->sending->answer->header_count = 0;
        return line.len;
    }
    str_cut(&value, ':', &name);
    if (value.ptr && add_header(attempt, name, value))
        return 0;
    return line.len;
}

static enum err take_status(struct http_client_attempt *attempt)
{
    long status = 0;
    curl_easy_getinfo(attempt->curl, CURLINFO_RESPONSE_CODE, &status);
    attempt->sending->answer->status = (int)status;
    return ERR_OK;
}

static enum err deliver(struct http_client_attempt *attempt, struct str bytes)
{
    struct http_client_sending *sending = attempt->sending;
    sending->delivered = true;
    return sending->call->sink(sending->call->arg, sending->answer, bytes);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct http_client_attempt *attempt = arg;
    struct http_client_sending *sending = attempt->sending;
    struct str some = str_make(bytes, size * count);
    attempt->received += (int64_t)some.len;
    if (attempt->received > attempt->answer_max && stop(attempt, "answer", attempt->answer_max))
        return 0;
    take_status(attempt);
    if (sending->call->sink && sending->answer->status / 100 == 2) {
        attempt->err = deliver(attempt, some);
        return attempt->err ? 0 : some.len;
    }
    buf_add(&attempt->body, some);
    return buf_err(&attempt->body) ? 0 : some.len;
}

/* The try. */

static void set_callbacks(struct http_client_attempt *attempt)
{
    CURL *curl = attempt->curl;
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, attempt->words);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, attempt);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, attempt);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, attempt);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(curl, CURLOPT_READDATA, attempt);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(curl, CURLOPT_SEEKDATA, attempt);
}

static enum err prepare(struct http_client_attempt *attempt)
{
    struct http_client_sending *sending = attempt->sending;
    struct http_client_answer *answer = sending->answer;
    int64_t max = sending->call->answer_max ? sending->call->answer_max : HTTP_CLIENT_ANSWER_MAX;
    attempt->answer_max = max;
    curl_easy_reset(attempt->curl); /* its connections stay */
    answer->status = 0;
    answer->header_count = 0;
    answer->body = STR("");
    answer->headers = ARENA_ARRAY(sending->ctx->arena, HTTP_CLIENT_HEADERS_MAX,
                                  struct http_client_header);
    if (!answer->headers)
        return ERR_MEMORY;
    if (sending->call->sink && max > HTTP_CLIENT_ANSWER_MAX)
        max = HTTP_CLIENT_ANSWER_MAX; /* of a body that says what is wrong */
    buf_init(&attempt->body, sending->ctx->arena, (size_t)max);
    set_callbacks(attempt);
    return http_client_set(attempt);
}

/* curl's own words name hosts and what is wrong with them, never what was sent. */
static enum err tell(struct http_client_attempt *attempt, CURLcode code)
{
    struct http_client_sending *sending = attempt->sending;
    struct err_record *record = &sending->ctx->err;
    const char *words = attempt->words[0] ? attempt->words : curl_easy_strerror(code);
    if (attempt->err)
        return attempt->err;
    if (buf_err(&attempt->body) == ERR_LIMIT)
        return stop(attempt, "answer", (int64_t)attempt->body.limit);
    if (code == CURLE_OUT_OF_MEMORY && attempt->head_len && !attempt->received)
        return stop(attempt, "head", HTTP_CLIENT_HEAD_MAX); /* so curl calls a line without end */
    if (buf_err(&attempt->body) || code == CURLE_OUT_OF_MEMORY)
        return err_memory(record);
    if (attempt->refused && code == CURLE_COULDNT_CONNECT)
        return err_fail(record, ERR_FORBIDDEN, "This address may not be called from here.",
                        STR_FMT " leads to an address that OUTBOUND_ALLOWED does not name",
                        STR_ARG(sending->host));
    if (code == CURLE_OPERATION_TIMEDOUT || code == CURLE_ABORTED_BY_CALLBACK)
        return err_fail(record, ERR_TIMEOUT, "Another system took too long to answer.",
                        STR_FMT ": %s", STR_ARG(sending->host), words);
    return err_fail(record, ERR_PEER, "Another system does not answer as it should.",
                    STR_FMT ": %s", STR_ARG(sending->host), words);
}

static void take_retry_after(struct http_client_attempt *attempt)
{
    struct http_client_sending *sending = attempt->sending;
    curl_off_t seconds = 0;
    sending->retry_after_ms = -1;
    if (!http_client_answer_header(sending->answer, STR("Retry-After")).len)
        return;
    curl_easy_getinfo(attempt->curl, CURLINFO_RETRY_AFTER, &seconds);
    int64_t most_s = HTTP_CLIENT_RETRY_AFTER_MAX_MS / 1000 + 1;
    sending->retry_after_ms = (seconds < 0 ? 0 : seconds > most_s ? most_s : seconds) * 1000;
}

enum err http_client_try(struct http_client_sending *sending, CURL *curl)
{
    struct http_client_attempt attempt = {.sending = sending, .curl = curl};
    enum err err = prepare(&attempt);
    CURLcode code = err ? CURLE_OUT_OF_MEMORY : attempt.code;
    if (!code)
        code = curl_easy_perform(curl);
    take_status(&attempt);
    sending->answer->body = buf_str(&attempt.body);
    take_retry_after(&attempt);
    curl_easy_reset(curl); /* nothing of this call stays: its secrets, our stack */
    curl_slist_free_all(attempt.headers);
    return code ? tell(&attempt, code) : ERR_OK;
}
