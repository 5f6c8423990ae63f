/* A request, and the answer to it: what a handler sees.
 *
 *     enum err contact_show(struct request *request, const struct contact_show_input *input)
 *     {
 *         struct contact_page page = {.id = input->id};
 *         TRY(db_read(request->ports->db, request->ctx, find, &page));
 *         contact_page(respond_page(request), &page);        the page, compiled from HTML
 *         return ERR_OK;
 *     }
 *
 * A handler is straight-line code on one thread, in one arena. What it returns as an error becomes
 * the answer: a page for people, problem+json (RFC 9457) for programs, in the reader's language and
 * with the status of err.h. What it wrote until then is forgotten. Everything here lives until the
 * answer was sent. */
#ifndef STOA_WEB_REQUEST_H
#define STOA_WEB_REQUEST_H

#include "base/address.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "web/html.h"
#include "web/http.h"

enum {
    RESPONSE_BODY_MAX = 16 << 20, /* a page or a document that is made in memory */
    RESPONSE_HEADERS_MAX = 3 * HTTP_TARGET_MAX + (4 << 10), /* a place, encoded, and the others */
    REQUEST_BODY_MAX = 1 << 20, /* of a body that is decoded; a route may ask for less or stream */
    REQUEST_PATH_PARTS_MAX = 8,
};

struct cache;
struct channel; /* events.h */
struct connection;
struct db;
struct flow;        /* flow/flow.h */
struct guard;       /* guard/guard.h */
struct http_client; /* ports/http/client.h */
struct later;       /* later.h */
struct mailer;      /* ports/mail/mail.h */
struct objects;
struct outflow; /* outflow.h */
struct route;
struct secrets;    /* ports/secrets/secrets.h */
struct sms_sender; /* ports/sms/sms.h */
struct server;
struct ui_site;

struct request;

/* Tells the one who asks what ctx->err says. */
typedef void problem_page(struct request *request, int status);

/* The outside, as the program was wired to it. */
struct ports {
    struct db *db;
    struct flow *flow;
    struct guard *guard;
    struct http_client *http;
    struct cache *cache;
    struct mailer *mail;
    struct objects *objects;
    struct secrets *secrets;
    struct sms_sender *sms;
    struct str site_url; /* what links in mails begin with: "https://stoa.example" */
};

/* Who is signed in, as far as pages show it: guard's to fill in. */
struct who {
    struct str name;
    struct str form_token; /* what their forms must carry */
};

/* What a handler said, by the functions below; response.h makes the answer of it. */
struct response {
    int status;  /* 200 until somebody says otherwise */
    int retry_s; /* Retry-After; 0 is none */
    struct response_rate {
        int64_t tokens; /* 0: nothing is said of it */
        int64_t remaining, reset_s;
    } rate;             /* RateLimit-Limit, -Remaining and -Reset */
    const char *type;   /* of the body: "text/html; charset=utf-8" */
    const char *cache;  /* Cache-Control; NULL is "no-store", beside an ETag "private, no-cache" */
    const char *vary;   /* the headers that it was chosen by; NULL where there are none */
    const char *coding; /* of the body: "gzip"; NULL where it is as it was written */
    struct str etag;    /* with its quotes; empty where there is none */
    struct buf headers; /* the others: whole lines, each ended by CR LF */
    struct buf body;    /* in the request's arena */
    struct str fixed;   /* or a body that outlives the request: an asset */
    struct outflow *outflow; /* or one that is taken piece by piece, from .. to */
    int64_t from, to;
    struct channel *events; /* or events, from now on */
    int64_t events_after;   /* the number of the last one that the reader knows */
    struct later *later;    /* or nothing yet: later.h */
    bool close;             /* this is the connection's last answer */
    struct str bytes;       /* what is sent behind the head, once that is written */
};

struct request {
    struct ctx *ctx;
    const struct http_head *head;
    struct str path;                          /* decoded; "/contact/msg_01K…" */
    struct str parts[REQUEST_PATH_PARTS_MAX]; /* what stood for the route's {names}, decoded */
    struct str body;                          /* whole, where the route does not stream */
    struct str *typed;                        /* route_typed's: one a field of the route */
    struct address client;                    /* who asks, looked up behind the trusted proxies */
    bool secure;                              /* came by TLS, as the trusted proxy says */
    const struct who *who;                    /* NULL is a visitor */
    const struct route *route;
    uint16_t route_number; /* from 1 in the order of the wiring; 0 where there is none */
    const struct ports *ports;
    const struct ui_site *site; /* what the program's pages have in common: ui/frame.h */
    struct server *server;
    struct connection *connection; /* the server's */
    int64_t parked_us;             /* when it was first put off, by the tick; 0: later.h */
    void *room;                    /* what the wiring gave with the room's routes */
    problem_page *show_error;      /* the same; NULL where failures are told as everywhere */
    struct response response;
    struct request_stream *stream; /* of a route that streams */
    struct outflow *outflow;       /* what is to be closed, whatever becomes of the answer */
    struct html_out page;          /* respond_page's */
};

/* The value of a header or a cookie; empty where there is none. */
struct str request_header(const struct request *request, struct str name);
struct str request_cookie(const struct request *request, struct str name);

/* Whether who asks has this permission: ERR_FORBIDDEN, or ERR_SIGNED_OUT where nobody said who they
 * are. request_may records nothing. */
enum err request_check(struct request *request, const char *permission);
bool request_may(struct request *request, const char *permission);

/* True for programs: who asks for JSON rather than HTML. */
bool request_wants_json(const struct request *request);

/* A field of the form that was sent, whatever the route takes: for what is checked before it is
 * decoded. Empty where there is none, and of a body that is no form or is streamed. */
struct str request_form_field(const struct request *request, struct str name);

/* The next piece of a streamed body; *got is 0 at its end. ERR_TIMEOUT for who sends too slowly,
 * ERR_PEER for who left, ERR_INPUT for a coding that is broken. */
enum err request_read(struct request *request, char *bytes, size_t size, size_t *got);

void respond_status(struct request *request, int status);

/* Adds a header. Neither name nor value may hold a control, and the name is none of those that the
 * server writes by itself (Content-Length, Cache-Control …): that is our own mistake, and asserted.
 */
void respond_header(struct request *request, const char *name, struct str value);

/* The body, to be written; its type stays the last one said. */
struct buf *respond_body(struct request *request, const char *type);

/* Who may keep the answer, and how long: "public, max-age=3600". Where nothing is said, nobody. */
void respond_cache(struct request *request, const char *control);

/* An HTML page, to be handed to the page's function: in the reader's language, not to be cached. */
struct html_out *respond_page(struct request *request);

/* "303 See Other" to a place of our own, which begins with "/" and one alone; else ERR_INPUT, which
 * is 414 for more than HTTP_TARGET_MAX. What a URL may not hold is percent-encoded. */
enum err respond_redirect(struct request *request, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes that stay, as does their `etag`, which has its quotes: 304 and a range as they are asked
 * for. */
enum err respond_fixed(struct request *request, const char *type, struct str bytes,
                       struct str etag);

/* A body that is taken as its reader takes it (outflow.h), with conditions and parts as they are
 * asked for. `outflow` is the server's from now on. Not of a route that is inline. */
enum err respond_outflow(struct request *request, const char *type, struct str etag,
                         struct outflow *outflow);

/* Keeps the connection open and sends what is published there from now on (events.h), or from
 * behind number `after` on, where that is not 0; what the reader says that it saw goes before. */
enum err respond_events(struct request *request, struct channel *channel, int64_t after);

/* Sets a cookie for this site alone: Path=/, HttpOnly, SameSite=Lax, and Secure behind TLS.
 * max_age_s of 0 forgets it. */
void respond_cookie(struct request *request, const char *name, struct str value, int64_t max_age_s);

#endif
