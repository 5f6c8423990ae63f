/* Leads a request to its handler, past all that may stand in the way. */
#include "web/exchange.h"

#include <string.h>

#include "text/language.h"
#include "web/asset.h"
#include "web/server_inside.h"
#include "web/url.h"

/* What a head that cannot be read is answered by. */
static const struct http_head no_head = {.keep_alive = false};

void desk_init(struct desk *desk, struct server *server)
{
    server_chance *chance = server->options.chance;
    desk->server = server;
    desk->rand = chance ? chance() : rand_system();
    arena_init(&desk->arena, SERVER_ARENA_MAX);
}

void desk_release(struct desk *desk)
{
    arena_release(&desk->arena);
}

/* The one who asks, as far as the proxies that are trusted vouch for it. */
static void look_behind(struct request *request, struct address peer,
                        const struct address_nets *proxies)
{
    request->client = peer;
    if (!proxies || !address_nets_have(proxies, peer))
        return;
    struct str forwarded = http_header_last(request->head, STR("X-Forwarded-For"));
    struct str scheme = http_header_last(request->head, STR("X-Forwarded-Proto"));
    request->client = address_behind(proxies, peer, forwarded);
    request->secure = str_equal_nocase(scheme, STR("https"));
}

static const struct language *reader_language(const struct request *request)
{
    const struct language *chosen = language_find(request_cookie(request, STR("language")));
    return chosen ? chosen : language_negotiate(request_header(request, STR("Accept-Language")));
}

void exchange_begin(struct desk *desk, struct connection *connection, struct intake *intake)
{
    struct server *server = desk->server;
    struct request *request = &desk->request;
    desk->connection = connection;
    desk->intake = intake;
    desk->methods = 0;
    desk->errors.count = 0;
    arena_clear(&desk->arena);
    desk->ctx = (struct ctx){.arena = &desk->arena,
                             .clock = server->clock,
                             .rand = &desk->rand,
                             .ids = server->ids,
                             .log = server->log,
                             .deadline_us = intake->begun_us + SERVER_REQUEST_MS * MS_US};
    *request = (struct request){.ctx = &desk->ctx,
                                .head = intake->has_head ? &intake->head : &no_head,
                                .body = intake_body(intake),
                                .ports = server->options.ports,
                                .site = server->options.site,
                                .server = server,
                                .connection = connection,
                                .parked_us = intake->parked_us};
    desk->ctx.language = reader_language(request);
    look_behind(request, connection->peer, server->options.proxies);
    response_init(request);
}

enum err exchange_refuse(struct desk *desk, int status, enum err code, const char *words)
{
    desk->request.response.status = status;
    return err_fail(&desk->ctx.err, code, words, "refused by the server");
}

/* "/contact/" is a slip of the pen for "/contact". */
static enum err find_without_slash(struct desk *desk)
{
    struct request *request = &desk->request;
    const struct http_head *head = request->head;
    struct str path = str_slice(request->path, 0, request->path.len - 1);
    struct str sent = str_slice(head->path, 0, head->path.len - 1);
    struct route_match match;
    if (path.len > 1 && str_ends(request->path, STR("/")) && str_ends(head->path, STR("/")))
        router_find(desk->server->router, head->method, path, &match);
    else
        match.methods = 0;
    if (!match.methods || str_starts(sent, STR("//")))
        return err_fail(&desk->ctx.err, ERR_MISSING, "There is no such page.", "no route");
    TRY(respond_redirect(request, STR_FMT "%s" STR_FMT, STR_ARG(sent), head->query.len ? "?" : "",
                         STR_ARG(head->query)));
    respond_status(request, 308);
    return ERR_OK;
}

/* No row has this method and path. */
static enum err find_otherwise(struct desk *desk)
{
    struct request *request = &desk->request;
    enum http_method method = request->head->method;
    const struct asset *const *const *assets = desk->server->options.assets;
    bool fetches = method == HTTP_GET || method == HTTP_HEAD;
    if (!desk->methods && !fetches && assets && asset_has_path(request->path, assets))
        desk->methods = 1U << HTTP_GET | 1U << HTTP_HEAD | 1U << HTTP_OPTIONS;
    if (desk->methods && method == HTTP_OPTIONS) {
        respond_status(request, 204);
        return ERR_OK;
    }
    if (desk->methods)
        return exchange_refuse(desk, 405, ERR_INPUT, "This cannot be done here.");
    enum err err = assets && fetches ? asset_answer(request, assets) : ERR_MISSING;
    return err == ERR_MISSING ? find_without_slash(desk) : err;
}

enum err exchange_find(struct desk *desk)
{
    struct request *request = &desk->request;
    struct route_match match;
    if (str_equal(request->head->path, STR("*"))) { /* OPTIONS for the whole server */
        respond_status(request, 204);
        desk->methods = ~0U;
        return ERR_OK;
    }
    enum err err = url_path(&desk->arena, request->head->path, &request->path);
    if (err == ERR_MEMORY)
        return err_memory(&desk->ctx.err);
    if (err) {
        request->response.close = true; /* as with all of a head that cannot be read */
        return exchange_refuse(desk, 400, ERR_INPUT, "The address cannot be read.");
    }
    router_find(desk->server->router, request->head->method, request->path, &match);
    desk->methods = match.methods;
    if (!match.route)
        return find_otherwise(desk);
    request->route = match.route;
    request->room = match.room;
    request->show_error = match.show_error;
    request->route_number = match.number;
    memcpy(request->parts, match.parts, sizeof request->parts);
    return ERR_OK;
}

static bool is_safe(enum http_method method)
{
    return method == HTTP_GET || method == HTTP_HEAD || method == HTTP_OPTIONS;
}

/* What stands behind the scheme must be the host that was asked. */
static bool origin_is_host(struct str origin, struct str host)
{
    size_t at = str_find(origin, STR("://"));
    return at != STR_NONE && str_equal_nocase(str_slice(origin, at + 3, origin.len), host);
}

/* A browser says where a request comes from, and a site cannot keep it from doing so; programs say
 * nothing and carry no cookies that somebody else could use. */
static enum err check_site(struct desk *desk)
{
    const struct request *request = &desk->request;
    struct str origin = request_header(request, STR("Origin"));
    struct str site = request_header(request, STR("Sec-Fetch-Site"));
    if (is_safe(request->head->method))
        return ERR_OK;
    bool foreign = (origin.ptr && !origin_is_host(origin, request->head->host)) ||
                   str_equal_nocase(site, STR("cross-site"));
    return foreign ? exchange_refuse(desk, 403, ERR_FORBIDDEN,
                                     "This was sent by another site, and was not done.")
                   : ERR_OK;
}

/* A visitor who opens a page that is not for visitors is asked who they are, and brought back. */
static enum err lead_to_sign_in(struct desk *desk)
{
    struct request *request = &desk->request;
    const struct http_head *head = request->head;
    struct buf next;
    buf_init(&next, &desk->arena, RESPONSE_HEADERS_MAX);
    url_add_part(&next, head->path);
    url_add_part(&next, head->query.len ? STR("?") : STR(""));
    url_add_part(&next, head->query);
    TRY(buf_err(&next) ? err_memory(&desk->ctx.err) : ERR_OK);
    err_clear(&desk->ctx.err);
    return respond_redirect(request, "%s?next=" STR_FMT, desk->server->options.sign_in,
                            STR_ARG(buf_str(&next)));
}

static bool opens_page(const struct desk *desk)
{
    const struct request *request = &desk->request;
    struct str answers = str_from(request->route->answers);
    return desk->server->options.sign_in && is_safe(request->head->method) &&
           !request_wants_json(request) &&
           (str_equal(answers, STR("page")) || str_equal(answers, STR("redirect")));
}

static enum err decode_and_handle(struct desk *desk)
{
    struct request *request = &desk->request;
    void *input = NULL;
    if (request->route->input_size) {
        input = arena_alloc(&desk->arena, request->route->input_size);
        if (!input)
            return err_memory(&desk->ctx.err);
    }
    TRY(route_decode(request, input, &desk->errors));
    desk->drops = page_cache_drops(desk->server->pages);
    return request->route->handler(request, input);
}

/* A person is shown the form again, with what was typed. What is read for it may fail and be tried
 * again, so the mistake does not stay in ctx->err alone. */
static enum err show_again(struct desk *desk)
{
    struct request *request = &desk->request;
    struct err_record *found = ARENA_NEW(&desk->arena, struct err_record);
    if (!found)
        return err_memory(&desk->ctx.err);
    *found = desk->ctx.err;
    if (desk->errors.count == 0 && found->field[0]) { /* a mistake that the handler itself found */
        desk->errors.rows[0] = (struct field_error){found->field, str_from(found->user)};
        desk->errors.count = 1;
    }
    const struct response_rate rate = request->response.rate;
    response_init(request);
    request->response.rate = rate;
    respond_status(request, 400);
    enum err err = request->route->again(request, &desk->errors);
    if (err)
        respond_status(request, 200); /* it is this failure that is told, not the form's */
    return err;
}

enum err exchange_run(struct desk *desk)
{
    struct request *request = &desk->request;
    const struct server_options *options = &desk->server->options;
    TRY(check_site(desk));
    if (options->admit && !request->parked_us)
        TRY(options->admit(request));
    if (options->identify && !(request->route->flags & (ROUTE_INLINE | ROUTE_QUICK)))
        TRY(options->identify(request));
    enum err err = request_check(request, request->route->permission);
    if (err == ERR_SIGNED_OUT && opens_page(desk))
        return lead_to_sign_in(desk);
    TRY(err);
    err = decode_and_handle(desk);
    bool again = err == ERR_INPUT && request->route->again && !request_wants_json(request) &&
                 (desk->errors.count || desk->ctx.err.field[0]);
    return again ? show_again(desk) : err;
}
