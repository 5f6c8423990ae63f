/* What a handler says of its answer. */
#include <string.h>

#include "base/assert.h"
#include "web/cookie.h"
#include "web/outflow.h"
#include "web/route.h"

enum { PAGE_SIZE_USUAL = 16 << 10 }; /* room that a page has from the start, not to be moved */

/* What response.c and the server write by themselves. */
static const char *const own_headers[] = {
    "Cache-Control", "Connection",  "Content-Encoding",  "Content-Length", "Content-Type", "Date",
    "ETag",          "Retry-After", "Transfer-Encoding", "Content-Range",  "Vary",
};

static bool is_clean(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == '\x7f')
            return false;
    return true;
}

static bool is_own(const char *name)
{
    for (size_t i = 0; i < sizeof own_headers / sizeof *own_headers; i++)
        if (str_equal_nocase(str_from(name), str_from(own_headers[i])))
            return true;
    return false;
}

void respond_status(struct request *request, int status)
{
    ASSERT(status >= 200 && status <= 599);
    request->response.status = status;
}

void respond_header(struct request *request, const char *name, struct str value)
{
    ASSERT(cookie_is_name(str_from(name)) && is_clean(value) && !is_own(name));
    struct buf *headers = &request->response.headers;
    buf_add(headers, str_from(name));
    buf_add(headers, STR(": "));
    buf_add(headers, value);
    buf_add(headers, STR("\r\n"));
}

void respond_cache(struct request *request, const char *control)
{
    request->response.cache = control;
}

struct buf *respond_body(struct request *request, const char *type)
{
    request->response.type = type;
    return &request->response.body;
}

struct html_out *respond_page(struct request *request)
{
    struct ctx *ctx = request->ctx;
    struct buf *body = respond_body(request, "text/html; charset=utf-8");
    (void)buf_reserve(body, PAGE_SIZE_USUAL); /* where there is no memory, it says so itself */
    html_out_init(&request->page, body, ctx->arena, ctx->language, clock_now_us(ctx->clock));
    return &request->page;
}

/* What stands in a URL as it is; a "%" was put there by who encoded a part. */
static bool is_url_char(char c)
{
    return c > ' ' && c < '\x7f' && !strchr("\"<>\\^`{|}", c);
}

static void add_url(struct buf *out, struct str url)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.ptr[i];
        if (is_url_char(url.ptr[i]))
            buf_addc(out, url.ptr[i]);
        else
            buf_add(out, str_make((char[]){'%', digits[c >> 4], digits[c & 15]}, 3));
    }
}

enum err respond_redirect(struct request *request, const char *format, ...)
{
    struct buf place, *headers = &request->response.headers;
    buf_init(&place, request->ctx->arena, HTTP_TARGET_MAX + 1); /* and the NUL of its making */
    va_list args;
    va_start(args, format);
    buf_addv(&place, format, args);
    va_end(args);
    if (buf_err(&place) == ERR_MEMORY)
        return err_memory(&request->ctx->err);
    if (buf_err(&place)) {
        respond_status(request, 414);
        return err_input(&request->ctx->err, "", "The address to go on to is too long.");
    }
    if (!str_starts(buf_str(&place), STR("/")) || str_starts(buf_str(&place), STR("//")))
        return err_input(&request->ctx->err, "",
                         "The address to go on to is not one of this site.");
    respond_status(request, 303);
    buf_add(headers, STR("Location: "));
    add_url(headers, buf_str(&place));
    buf_add(headers, STR("\r\n"));
    return ERR_OK;
}

enum err respond_fixed(struct request *request, const char *type, struct str bytes, struct str etag)
{
    ASSERT(!etag.len || (etag.len > 2 && str_ends(etag, STR("\""))));
    request->response.type = type;
    request->response.fixed = bytes;
    request->response.etag = etag;
    return ERR_OK;
}

enum err respond_outflow(struct request *request, const char *type, struct str etag,
                         struct outflow *outflow)
{
    ASSERT(!request->outflow && etag.len > 2 && str_ends(etag, STR("\"")));
    ASSERT(!request->route || !(request->route->flags & ROUTE_INLINE));
    request->outflow = request->response.outflow = outflow;
    request->response.to = outflow->size;
    request->response.type = type;
    request->response.etag = etag;
    return ERR_OK;
}

/* The connection ends with the events: how long they are nobody knows. */
enum err respond_events(struct request *request, struct channel *channel, int64_t after)
{
    struct response *response = &request->response;
    if (!channel)
        return err_memory(&request->ctx->err);
    response->events = channel;
    response->type = "text/event-stream";
    response->close = true;
    response->events_after = after;
    str_to_int(request_header(request, STR("Last-Event-ID")), 0, INT64_MAX,
               &response->events_after);
    return ERR_OK;
}

void respond_cookie(struct request *request, const char *name, struct str value, int64_t max_age_s)
{
    ASSERT(cookie_is_name(str_from(name)) && cookie_is_value(value) && max_age_s >= 0);
    struct buf *headers = &request->response.headers;
    buf_addf(headers,
             "Set-Cookie: %s=" STR_FMT "; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s\r\n", name,
             STR_ARG(value), (long long)max_age_s, request->secure ? "; Secure" : "");
}
