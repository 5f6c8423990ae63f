/* Makes an answer of what a handler said: its representation, its conditions, and its head. */
#include "web/response.h"

#include "base/assert.h"
#include "base/hash.h"
#include "text/language.h"
#include "web/compress.h"
#include "web/range.h"
#include "web/route.h"

enum { ETAG_MAX = 32 };

/* What is said with every answer, and beyond that with documents of ours: what a browser may load
 * into them, and who may look at them. An image that is opened by itself runs nothing. */
static const struct str said_always = STR("X-Content-Type-Options: nosniff\r\n"
                                          "Referrer-Policy: same-origin\r\n"
                                          "Cross-Origin-Resource-Policy: same-origin\r\n");
static const struct {
    struct str type, said;
} said_with[] = {
    {STR("text/html"),
     STR("Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
         "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
         "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
         "Cross-Origin-Opener-Policy: same-origin\r\n"
         "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n")},
    {STR("image/svg+xml"),
     STR("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\r\n")},
};
static const struct str said_if_secure = STR("Strict-Transport-Security: max-age=31536000\r\n");

void response_init(struct request *request)
{
    struct response *response = &request->response;
    *response = (struct response){.status = 200};
    buf_init(&response->headers, request->ctx->arena, RESPONSE_HEADERS_MAX);
    buf_init(&response->body, request->ctx->arena, RESPONSE_BODY_MAX);
}

/* A handler that wrote more than there is room for did not look; it is told here. */
static enum err check_written(struct request *request)
{
    struct response *response = &request->response;
    enum err err = buf_err(&response->body) ? buf_err(&response->body)
                                            : buf_err(&response->headers);
    if (err == ERR_OK)
        return ERR_OK;
    if (err == ERR_MEMORY)
        return err_memory(&request->ctx->err);
    return err_fail(&request->ctx->err, ERR_INTERNAL, "The answer could not be made.",
                    "the answer's %s: %s", buf_err(&response->body) ? "body" : "headers",
                    err_name(err));
}

static bool has_header(const struct request *request, struct str name)
{
    return request_header(request, name).ptr != NULL;
}

bool response_is_shared(const struct request *request)
{
    enum http_method method = request->head->method;
    return request->route && request->route->cache_s > 0 &&
           (method == HTTP_GET || method == HTTP_HEAD) && !has_header(request, STR("Cookie")) &&
           !has_header(request, STR("Authorization"));
}

/* The size of a compressed page tells something of what is in it. One that was made for somebody,
 * and asked for by another site, could be asked for again and again with guesses in its query: it
 * goes out as it is. */
static bool may_compress(const struct request *request)
{
    struct str site = request_header(request, STR("Sec-Fetch-Site"));
    bool foreign = site.ptr && !str_equal(site, STR("same-origin")) &&
                   !str_equal(site, STR("none"));
    return !(foreign && has_header(request, STR("Cookie")));
}

static enum coding wanted_coding(const struct request *request)
{
    return coding_choose(request_header(request, STR("Accept-Encoding")), CODING_HAS_GZIP);
}

static void compress_body(struct request *request)
{
    struct response *response = &request->response;
    struct str packed;
    if (!compress_pays(response->type, response->fixed.len))
        return;
    response->vary = "Accept-Encoding";
    if (wanted_coding(request) != CODING_GZIP || !may_compress(request) ||
        !compress_gzip(request->ctx->arena, response->fixed, &packed))
        return;
    response->fixed = packed;
    response->coding = coding_name(CODING_GZIP);
}

/* A page that browsers keep and ask about each time. Without memory it is one that they do not. */
static void name_shared(struct request *request)
{
    struct response *response = &request->response;
    char *etag = arena_bytes(request->ctx->arena, ETAG_MAX);
    if (!etag)
        return;
    struct buf out;
    buf_init_fixed(&out, etag, ETAG_MAX);
    buf_addf(&out, "\"%016llx\"",
             (unsigned long long)hash_str(&(struct hash_key){0}, response->fixed));
    response->etag = buf_str(&out);
    response->vary = "Accept-Encoding, Accept-Language";
}

/* Whether it came out as one that all may share: nothing that was said is for one alone. */
static bool is_for_all(const struct request *request)
{
    const struct response *response = &request->response;
    return response->status == 200 && !response->cache && response->body.len &&
           response_is_shared(request) &&
           str_find(buf_str(&response->headers), STR("Set-Cookie: ")) == STR_NONE;
}

void response_finish(struct request *request, enum err err, const struct field_errors *errors,
                     problem_page *page)
{
    struct response *response = &request->response;
    if (err == ERR_OK && check_written(request)) {
        err = request->ctx->err.code;
        response->status = 200; /* of what could not be written nothing holds */
    }
    if (err)
        problem_answer(request, errors, page);
    if (response->events || response->fixed.ptr || response->outflow)
        return;
    response->fixed = buf_str(&response->body);
    compress_body(request);
    if (is_for_all(request))
        name_shared(request);
}

static int64_t body_len(const struct response *response)
{
    return response->outflow ? response->to - response->from : (int64_t)response->bytes.len;
}

static void narrow(struct response *response, struct range range)
{
    response->from = range.from;
    response->to = range.to;
    response->bytes = str_slice(response->bytes, (size_t)range.from, (size_t)range.to);
}

/* Settles what of the answer is wanted: response.status and what is sent with it. Several ranges at
 * once are given as the whole, and of a page that was just made nobody is given a part. */
static void settle(struct request *request, struct str etag, bool has_parts, struct ranges *ranges)
{
    struct response *response = &request->response;
    enum http_method method = request->head->method;
    ranges->count = 0;
    if (response->status != 200 || !etag.len || (method != HTTP_GET && method != HTTP_HEAD))
        return;
    struct range_source source = {.etag = etag, .len = body_len(response)};
    int status = range_answer(request->head, &source, ranges);
    bool is_part = status == 206 || status == 416;
    if (is_part && (!has_parts || ranges->count > 1))
        return;
    response->status = status;
    if (status == 206)
        narrow(response, ranges->rows[0]);
    else if (status != 200)
        narrow(response, (struct range){0, 0});
    if (status >= 400) { /* what was said of the thing does not hold for a refusal */
        response->cache = NULL;
        response->etag = (struct str){0};
    }
}

static void add_line(struct buf *head, struct str name, struct str value)
{
    buf_add(head, name);
    buf_add(head, value);
    buf_add(head, STR("\r\n"));
}

static void add_status(struct buf *head, int status)
{
    buf_add(head, STR("HTTP/1.1 "));
    buf_add_int(head, status);
    add_line(head, STR(" "), str_from(http_status_words(status)));
}

static void add_len(struct buf *head, const struct response *response)
{
    if (response->events || response->status == 204 || response->status == 304)
        return;
    buf_add(head, STR("Content-Length: "));
    buf_add_int(head, body_len(response));
    buf_add(head, STR("\r\n"));
}

/* The lines about the body. Its length comes last: see after_len. */
static void add_about_body(struct buf *head, const struct response *response)
{
    bool has_body = body_len(response) || response->events;
    if (has_body && response->type)
        add_line(head, STR("Content-Type: "), str_from(response->type));
    if (has_body && response->coding)
        add_line(head, STR("Content-Encoding: "), str_from(response->coding));
    add_len(head, response);
}

/* The rest of a head behind those: what a 304 repeats. */
static struct str after_len(struct str head)
{
    size_t len = str_find(head, STR("\r\nContent-Length: "));
    struct str rest = str_slice(head, len == STR_NONE ? head.len : len + 2, head.len);
    return str_slice(rest, str_find_char(rest, '\n') + 1, rest.len);
}

static void add_about_part(struct buf *head, int status, const struct ranges *ranges, int64_t len)
{
    if (status == 206)
        buf_addf(head, "Content-Range: bytes %lld-%lld/%lld\r\n", (long long)ranges->rows[0].from,
                 (long long)ranges->rows[0].to - 1, (long long)len);
    else if (status == 416)
        buf_addf(head, "Content-Range: bytes */%lld\r\n", (long long)len);
}

static void add_about_answer(struct buf *head, const struct response *response)
{
    const char *keeping = response->etag.len ? "private, no-cache" : "no-store";
    add_line(head, STR("Cache-Control: "), str_from(response->cache ? response->cache : keeping));
    if (response->vary)
        add_line(head, STR("Vary: "), str_from(response->vary));
    if (response->etag.len)
        add_line(head, STR("ETag: "), response->etag);
    if (response->retry_s)
        buf_addf(head, "Retry-After: %d\r\n", response->retry_s);
    buf_add(head, said_always);
    bool is_ours = response->type && !response->outflow;
    for (size_t i = 0; is_ours && i < sizeof said_with / sizeof *said_with; i++)
        if (str_starts(str_from(response->type), said_with[i].type))
            buf_add(head, said_with[i].said);
    buf_add(head, buf_str(&response->headers));
}

/* The names that clients read today, more of them than the newer RateLimit and RateLimit-Policy. */
static void add_rate(struct buf *head, const struct response_rate *rate)
{
    if (rate->tokens)
        buf_addf(head,
                 "RateLimit-Limit: %lld\r\nRateLimit-Remaining: %lld\r\nRateLimit-Reset: %lld\r\n",
                 (long long)rate->tokens, (long long)rate->remaining, (long long)rate->reset_s);
}

/* The lines that are this request's alone, and the empty one. */
static void add_about_request(struct buf *head, const struct request *request)
{
    char date[HTTP_DATE_LEN + 1];
    http_date_format(clock_now_us(request->ctx->clock), date);
    add_line(head, STR("Date: "), str_make(date, HTTP_DATE_LEN));
    if (request->secure)
        buf_add(head, said_if_secure);
    add_rate(head, &request->response.rate);
    if (request->response.close || !request->head->keep_alive)
        buf_add(head, STR("Connection: close\r\n"));
    else if (request->head->old)
        buf_add(head, STR("Connection: keep-alive\r\n"));
    buf_add(head, STR("\r\n"));
}

/* HEAD is told all of it and sent nothing. */
static void end_head(struct request *request, struct buf *head)
{
    add_about_request(head, request);
    if (request->head->method != HTTP_HEAD)
        return;
    request->response.bytes = (struct str){0};
    request->response.events = NULL;
    request->response.outflow = NULL;
}

void response_head(struct request *request, struct buf *head)
{
    struct response *response = &request->response;
    struct ranges ranges;
    bool is_fixed = response->body.len == 0;
    response->bytes = response->fixed;
    int64_t len = body_len(response);
    settle(request, response->etag, is_fixed, &ranges);
    add_status(head, response->status);
    add_about_body(head, response);
    add_about_part(head, response->status, &ranges, len);
    if (is_fixed && response->etag.len)
        buf_add(head, STR("Accept-Ranges: bytes\r\n"));
    add_about_answer(head, response);
    end_head(request, head);
}

static void add_part(struct buf *key, struct str part)
{
    buf_addc(key, '\n');
    buf_add(key, part);
}

void response_key(const struct request *request, struct buf *key)
{
    buf_add(key, request->path);
    add_part(key, request->head->query);
    add_part(key, str_from(request->ctx->language->code));
    add_part(key, str_from(coding_name(wanted_coding(request))));
}

void response_keep(const struct request *request, struct page_cache *cache, struct str key,
                   uint64_t drops)
{
    const struct response *response = &request->response;
    if (!is_for_all(request) || !response->etag.len)
        return;
    struct buf head;
    struct response whole = *response;
    whole.bytes = whole.fixed;
    buf_init(&head, request->ctx->arena, RESPONSE_HEAD_MAX);
    add_status(&head, whole.status);
    add_about_body(&head, &whole);
    add_about_answer(&head, &whole);
    if (buf_err(&head))
        return;
    page_cache_keep(
        cache, key,
        &(struct kept_page){
            .head = buf_str(&head),
            .body = whole.fixed,
            .etag = whole.etag,
            .until_us = clock_tick_us(request->ctx->clock) + request->route->cache_s * SECOND_US,
            .drops = drops,
        });
}

void response_kept(struct request *request, const struct kept_page *page, struct buf *head)
{
    struct response *response = &request->response;
    struct ranges ranges;
    response->bytes = page->body;
    settle(request, page->etag, false, &ranges);
    if (response->status == 200) {
        buf_add(head, page->head);
    } else {
        add_status(head, response->status);
        add_len(head, response);
        buf_add(head, after_len(page->head));
    }
    end_head(request, head);
}
