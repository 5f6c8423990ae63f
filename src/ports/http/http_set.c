/* What a try of a call tells curl: the house's rules, the method, the body, the headers. */
#include <string.h>

#include "base/assert.h"
#include "base/span.h"
#include "ports/http/http_inside.h"

/* The options. */

static void set_text(struct http_client_attempt *attempt, CURLoption option, const char *text)
{
    if (!attempt->code)
        attempt->code = curl_easy_setopt(attempt->curl, option, text);
}

static void set_long(struct http_client_attempt *attempt, CURLoption option, long number)
{
    if (!attempt->code)
        attempt->code = curl_easy_setopt(attempt->curl, option, number);
}

static const struct {
    CURLoption option;
    long number;
} house_rules[] = {
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_MAXCONNECTS, HTTP_CLIENT_CONNECTIONS_MAX},
    {CURLOPT_LOW_SPEED_LIMIT, 1},
    {CURLOPT_LOW_SPEED_TIME, HTTP_CLIENT_STALL_S},
    {CURLOPT_QUICK_EXIT, 1}, /* a name that takes too long to look up is not waited for */
};

static void set_rules(struct http_client_attempt *attempt)
{
    const struct http_client_sending *sending = attempt->sending;
    for (size_t i = 0; i < sizeof house_rules / sizeof *house_rules; i++)
        set_long(attempt, house_rules[i].option, house_rules[i].number);
    set_text(attempt, CURLOPT_PROTOCOLS_STR, "http,https");
    set_text(attempt, CURLOPT_REDIR_PROTOCOLS_STR, sending->is_plain ? "http,https" : "https");
    set_text(attempt, CURLOPT_PROXY, ""); /* whatever the environment says */
    set_text(attempt, CURLOPT_USERAGENT, "stoa");
    if (sending->client->ca_file)
        set_text(attempt, CURLOPT_CAINFO, sending->client->ca_file);
}

/* Called now and then, and at least once a second: anything but 0 ends the call. */
static int on_progress(void *arg, curl_off_t all, curl_off_t come, curl_off_t body, curl_off_t gone)
{
    (void)all, (void)come, (void)body, (void)gone;
    return ctx_is_to_end(arg);
}

static void set_end(struct http_client_attempt *attempt)
{
    struct ctx *ctx = attempt->sending->ctx;
    if (!ctx->ends)
        return;
    set_long(attempt, CURLOPT_NOPROGRESS, 0);
    curl_easy_setopt(attempt->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(attempt->curl, CURLOPT_XFERINFODATA, ctx);
}

static void set_times(struct http_client_attempt *attempt)
{
    const struct http_client_sending *sending = attempt->sending;
    int64_t left_ms = (sending->until_us - clock_tick_us(sending->ctx->clock)) / 1000;
    long whole_ms = left_ms > 0 ? (long)left_ms : 1; /* 0 would be no limit */
    set_long(attempt, CURLOPT_TIMEOUT_MS, whole_ms);
    set_long(attempt, CURLOPT_CONNECTTIMEOUT_MS,
             whole_ms < HTTP_CLIENT_CONNECT_MS ? whole_ms : HTTP_CLIENT_CONNECT_MS);
}

/* What each method may do. Unsafe: a kept connection that was closed meanwhile is found out by
 * sending on it, and curl then sends again, so that the other side may see it twice. */
static const struct {
    const char *method;
    bool is_safe, has_body;
} methods[] = {
    {"GET", true, false},     {"HEAD", true, false},  {"POST", false, true},
    {"PUT", false, true},     {"PATCH", false, true}, {"DELETE", false, false},
    {"OPTIONS", true, false},
};

enum { METHOD_COUNT = sizeof methods / sizeof *methods };

static size_t find_method(const char *method)
{
    size_t i = 0;
    while (i < METHOD_COUNT && strcmp(methods[i].method, method) != 0)
        i++;
    ASSERT(i < METHOD_COUNT);
    return i;
}

static void set_body(struct http_client_attempt *attempt)
{
    const struct http_client_call *call = attempt->sending->call;
    if (call->source) {
        set_long(attempt, CURLOPT_UPLOAD, 1);
        curl_easy_setopt(attempt->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)call->source_len);
        return;
    }
    set_long(attempt, CURLOPT_POST, 1);
    curl_easy_setopt(attempt->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.len);
    curl_easy_setopt(attempt->curl, CURLOPT_POSTFIELDS, call->body.len ? call->body.ptr : "");
}

static void set_method(struct http_client_attempt *attempt)
{
    const struct http_client_call *call = attempt->sending->call;
    size_t method = find_method(call->method);
    bool is_read = method < 2; /* GET, HEAD */
    ASSERT(!is_read || (!call->source && !call->body.len));
    if (methods[method].has_body || call->source || call->body.len)
        set_body(attempt);
    if (strcmp(call->method, "HEAD") == 0)
        set_long(attempt, CURLOPT_NOBODY, 1);
    else if (strcmp(call->method, "GET") != 0)
        set_text(attempt, CURLOPT_CUSTOMREQUEST, call->method);
    set_long(attempt, CURLOPT_FRESH_CONNECT, !methods[method].is_safe && !call->idempotent);
    if (!call->redirects)
        return;
    ASSERT(is_read && call->redirects <= HTTP_CLIENT_REDIRECTS_MAX && !call->signing);
    set_long(attempt, CURLOPT_FOLLOWLOCATION, 1);
    set_long(attempt, CURLOPT_MAXREDIRS, call->redirects);
}

static enum err set_signing(struct http_client_attempt *attempt)
{
    const struct http_client_signing *signing = attempt->sending->call->signing;
    struct arena *arena = attempt->sending->ctx->arena;
    const char *key, *secret;
    char provider[HTTP_CLIENT_SIGNING_MAX];
    struct buf text;
    if (!signing)
        return ERR_OK;
    buf_init_fixed(&text, provider, sizeof provider - 1);
    buf_addf(&text, "aws:amz:" STR_FMT ":" STR_FMT, STR_ARG(signing->region),
             STR_ARG(signing->service));
    provider[text.len] = '\0';
    TRY(str_cstr(arena, signing->key, &key));
    TRY(str_cstr(arena, signing->secret, &secret));
    set_text(attempt, CURLOPT_AWS_SIGV4, provider);
    set_text(attempt, CURLOPT_USERNAME, key);
    set_text(attempt, CURLOPT_PASSWORD, secret);
    return ERR_OK;
}

/* The headers. */

static void add_line(struct http_client_attempt *attempt, const char *line)
{
    struct curl_slist *longer = attempt->code ? NULL : curl_slist_append(attempt->headers, line);
    if (longer)
        attempt->headers = longer;
    else if (!attempt->code)
        attempt->code = CURLE_OUT_OF_MEMORY;
}

/* curl wants a header without a value to end in ";". */
static enum err add_call_header(struct http_client_attempt *attempt, struct str name,
                                struct str value)
{
    struct buf line;
    buf_init(&line, attempt->sending->ctx->arena, SIZE_MAX);
    buf_add(&line, name);
    buf_add(&line, value.len ? STR(": ") : STR(";"));
    buf_add(&line, value);
    buf_addc(&line, '\0');
    TRY(buf_err(&line));
    add_line(attempt, line.ptr);
    return ERR_OK;
}

static bool has_header(const struct http_client_call *call, struct str name)
{
    for (size_t i = 0; i < call->header_count; i++)
        if (str_equal_nocase(call->headers[i].name, name))
            return true;
    return false;
}

/* Expect would make curl wait for an interim answer that many never send. What is taken out of a
 * signed call would be signed nevertheless. */
static enum err set_headers(struct http_client_attempt *attempt)
{
    const struct http_client_call *call = attempt->sending->call;
    char parent[TRACE_PARENT_LEN + 1];
    span_traceparent(attempt->sending->ctx->span, parent);
    for (size_t i = 0; i < call->header_count; i++)
        TRY(add_call_header(attempt, call->headers[i].name, call->headers[i].value));
    if (parent[0])
        TRY(add_call_header(attempt, STR("traceparent"), str_from(parent)));
    if (call->signing && str_equal(call->signing->service, STR("s3")) &&
        !has_header(call, STR("X-Amz-Content-Sha256")))
        add_line(attempt, "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD");
    if (!call->signing)
        add_line(attempt, "Expect:");
    if (!call->signing && !has_header(call, STR("Content-Type")))
        add_line(attempt, "Content-Type:");
    if (!attempt->code)
        attempt->code = curl_easy_setopt(attempt->curl, CURLOPT_HTTPHEADER, attempt->headers);
    return ERR_OK;
}

enum err http_client_set(struct http_client_attempt *attempt)
{
    set_rules(attempt);
    set_times(attempt);
    set_end(attempt);
    set_method(attempt);
    set_text(attempt, CURLOPT_URL, attempt->sending->url);
    TRY(set_signing(attempt));
    return set_headers(attempt);
}
