/* What a handler asks of its request. */
#include "web/request.h"

#include "text/accept.h"
#include "web/cookie.h"
#include "web/server_inside.h"

struct str request_header(const struct request *request, struct str name)
{
    return http_header(request->head, name);
}

struct str request_cookie(const struct request *request, struct str name)
{
    return cookie_find(http_header(request->head, STR("Cookie")), name);
}

enum err request_check(struct request *request, const char *permission)
{
    const struct server_options *options = &request->server->options;
    if (str_equal(str_from(permission), STR("anyone")))
        return ERR_OK;
    if (options->may)
        return options->may(request, permission);
    return err_fail(&request->ctx->err, ERR_FORBIDDEN, "You may not do this.",
                    "nobody grants anything");
}

bool request_may(struct request *request, const char *permission)
{
    struct err_record before = request->ctx->err;
    bool may = request_check(request, permission) == ERR_OK;
    request->ctx->err = before;
    return may;
}

static bool is_json(struct str type)
{
    struct str media = {0};
    str_cut(&type, ';', &media);
    return str_equal_nocase(str_trim(media), STR("application/json"));
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* Who takes both alike, as curl does, gets what the route answers or what was sent to it. */
bool request_wants_json(const struct request *request)
{
    struct str accept = request_header(request, STR("Accept"));
    int html = accept_quality(accept, STR("text/html"));
    int json = larger(accept_quality(accept, STR("application/json")),
                      accept_quality(accept, STR("application/problem+json")));
    if (json != html)
        return json > html;
    return (request->route && str_equal(str_from(request->route->answers), STR("json"))) ||
           is_json(request_header(request, STR("Content-Type")));
}
