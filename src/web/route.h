/* Routes: what can be asked for, as a table that carries its own types, bounds and documentation.
 *
 * A room's routes.tbl says it; tools/gen_routes makes the table, the input structs and the
 * prototypes of the handlers of it. docs/web.md shows how a row is written.
 *
 *     POST /contact contact_send                        a row of src/front/routes.tbl
 *       Takes a visitor's message.
 *       may    anyone
 *       rate   write
 *       form   name   text 1..80
 *       form   email  email
 *
 *     enum err contact_send(struct request *request, const struct contact_send_input *input);
 *
 * Before a handler is called its input was decoded and is within its bounds, the permission was
 * asked for, and a form from a foreign site was refused. One that takes nothing has no `input`. */
#ifndef STOA_WEB_ROUTE_H
#define STOA_WEB_ROUTE_H

#include "web/request.h"

enum {
    ROUTE_FIELDS_MAX = 64, /* of one route, or of one list's rows */
    ROUTE_LISTS_MAX = 3,   /* lists within each other */
    ROUTE_SEGMENTS_MAX = 16,
    ROUTE_PATH_MAX = 512,           /* characters of a row's path */
    ROUTE_TEXT_MAX = 1 << 20,       /* characters that a field may be allowed */
    ROUTE_ROWS_MAX = 10000,         /* that a list may be allowed */
    ROUTE_TOKEN_BODY_MAX = 4 << 10, /* of a form with no field of the route: its token */
};

/* What a field is, and what it becomes in the input struct. */
enum route_kind {
    ROUTE_TEXT,   /* struct str, trimmed, one line; min..max characters */
    ROUTE_LINES,  /* struct str, lines kept as LF */
    ROUTE_EMAIL,  /* struct str */
    ROUTE_ID,     /* struct str: an id with this prefix, checked */
    ROUTE_INT,    /* int64_t, min..max */
    ROUTE_BOOL,   /* bool; a checkbox that is not sent is false */
    ROUTE_CHOICE, /* int64_t, the place among `choices` from 0 */
    ROUTE_TIME,   /* int64_t …_us */
    ROUTE_MONEY,  /* int64_t …_minor: minor units in JSON, a decimal in a form or query */
    ROUTE_LIST,   /* struct { const T *rows; size_t count; }, min..max rows: JSON alone */
};

/* A form may also be sent as JSON, and JSON that has no list as a form: the two differ in what the
 * documentation names first. */
enum route_place { ROUTE_PATH, ROUTE_QUERY, ROUTE_FORM, ROUTE_JSON, ROUTE_OUT };

struct route_field {
    const char *name;
    enum route_place place;
    enum route_kind kind;
    bool optional;       /* absent: zero, and has_<name> is false */
    int64_t min, max;    /* of its value, its characters or its rows */
    const char *preset;  /* the value where it is not sent; NULL where there is none */
    const char *choices; /* "new read answered"; an id's prefix; the currency of money */
    const char *help;
    uint16_t offset;                  /* into the input struct, or the output's */
    uint16_t has_offset;              /* of bool has_<name>; 0 where there is none */
    const struct route_field *fields; /* of a list's rows; ends with a nameless one */
    uint16_t row_size;
};

enum route_rate { RATE_PAGE, RATE_WRITE, RATE_SIGN_IN, RATE_API, RATE_FREE };

enum {
    ROUTE_INLINE = 1, /* never blocks: answered by the reactor itself */
    ROUTE_STREAM = 2, /* the handler reads the body by request_read */
    ROUTE_LANE = 4,   /* health and admin: the reserved lane */
    ROUTE_QUICK = 8,  /* the reactor tries with ctx->never_waits, a worker again after ERR_BUSY; who
                         asks is not looked up */
    ROUTE_RAW = 16,   /* the handler reads request->body itself, which came whole */
};

struct field_errors;

typedef enum err route_handler(struct request *request, const void *input);

/* Shows a person the form again, with what was typed (route_typed) and what is wrong with it. The
 * server calls it where route_decode, or the handler with a field of its own, says ERR_INPUT, and
 * the request does not want JSON; the status is 400 until it says otherwise. */
typedef enum err route_again(struct request *request, const struct field_errors *errors);

struct route {
    enum http_method method;
    const char *path; /* "/contact/{id}" */
    const char *name; /* the handler's: "contact_send" */
    route_handler *handler;
    route_again *again;     /* NULL where there is none: the page for mistakes is shown then */
    const char *permission; /* "anyone", or what may() is asked; "a|b" is one of them */
    enum route_rate rate;
    unsigned flags;
    int cache_s;         /* its page may be shared by all readers so long; 0 is not at all */
    int64_t body_max;    /* of what it takes */
    const char *answers; /* "page", "json", "events", "redirect", "nothing" */
    const char *summary;
    const struct route_field *fields; /* path (in its order), query, body, out; a nameless one */
    uint16_t input_size;              /* 0 where nothing is taken */
};

/* A room's routes: generated, ends with a row of NULL. The wiring lists the rooms, what each finds
 * in request->room, and how it tells of failures. */
struct room_routes {
    const char *room;
    const struct route *routes;
    void *state;
    problem_page *show_error; /* of a protocol with failures of its own; NULL: as all others */
};

struct router;

/* Makes the index; `rooms` ends with a nameless one, and it and its routes live as long. Two rows
 * for one method and path, or two names for one part of a path, are our own mistake: asserted. */
enum err router_open(struct ctx *ctx, const struct room_routes *rooms, struct router **router);

struct route_match {
    const struct route *route; /* NULL where there is none */
    void *room;
    problem_page *show_error;
    unsigned methods; /* 1 << HTTP_GET | …: for Allow. 0 where there is no such path */
    uint16_t number;  /* of the route, from 1 in the order of the rooms; 0 is none */
    struct str parts[REQUEST_PATH_PARTS_MAX]; /* into the path */
};

/* Looks a decoded path up. HEAD finds GET's; HEAD and OPTIONS stand in `methods` besides the rows'
 * own. A literal segment goes before a {part}, which is never empty, and that before a {rest...},
 * which ends a path and stands for any number of segments. Costs a hash of the path where it has no
 * {part}, else one a segment. */
void router_find(const struct router *router, enum http_method method, struct str path,
                 struct route_match *match);

struct field_error {
    const char *field; /* "lines[2].quantity" within lists, counted from 0 */
    struct str words;  /* in the reader's language */
};
struct field_errors {
    struct field_error rows[ROUTE_FIELDS_MAX]; /* beyond that they are not told */
    size_t count;
};

/* Decodes what the route takes into `input`, zeroed and of route->input_size (NULL where that is
 * 0). ERR_INPUT where a field is wrong: the first is in ctx->err, all of them in `*errors`. It is
 * ERR_INPUT without a field where the body cannot be read, with response.status 415 where its type
 * is none that the route takes; ERR_MISSING where a part of the path cannot be. */
enum err route_decode(struct request *request, void *input, struct field_errors *errors);

/* What was typed into the field of that name of the query or the form, right or wrong, once it was
 * decoded. Empty where nothing was, and for JSON. */
struct str route_typed(const struct request *request, const char *name);

/* Answers with JSON: what the generated NAME_answer(request, &output) calls. */
enum err route_answer(struct request *request, const struct route_field *fields,
                      const void *output);

/* /openapi.json: OpenAPI 3.1 of every route of the rooms. */
void openapi_write(struct buf *out, const struct room_routes *rooms, struct str version);

#endif
