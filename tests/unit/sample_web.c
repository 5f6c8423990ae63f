/* The handlers of the sample room, and requests to it. */
#include "sample_web.h"

#include "base/assert.h"

enum { ERRORS_MAX = 64 << 10 };

const struct room_routes sample_rooms[] = {{"sample", sample_routes, NULL, NULL}, {0}};

enum err sample_front(struct request *request)
{
    respond_body(request, "text/html; charset=utf-8");
    return ERR_OK;
}

enum err contact_show(struct request *request, const struct contact_show_input *input)
{
    buf_add(respond_body(request, "text/plain"), input->id);
    return ERR_OK;
}

enum err contact_send(struct request *request, const struct contact_send_input *input)
{
    return str_equal(input->name, STR("Nobody"))
               ? err_input(&request->ctx->err, "name", "Say who you are.")
               : ERR_OK;
}

enum err contact_send_again(struct request *request, const struct field_errors *errors)
{
    buf_addf(respond_body(request, "text/plain"), "%zu", errors->count);
    return ERR_OK;
}

enum err message_list(struct request *request, const struct message_list_input *input)
{
    static const struct message_list_output_messages_marks marks[] = {{STR("red \"1\"")},
                                                                      {STR("new")}};
    const struct message_list_output_messages messages[] = {
        {.id = STR("msg_01KAH0XVK4A9N3FYJ0T8Q5RWZC"),
         .made_us = 1768478400 * SECOND_US,
         .topic = 1,
         .phone = STR("123"),
         .has_phone = true,
         .marks = {marks, 2}},
        {.id = STR("msg_01KAH0XVK4A9N3FYJ0T8Q5RWZD"), .made_us = -1},
    };
    struct message_list_output output = {
        .messages = {messages, 2}, .total = input->limit, .more = true, .paid_minor = -1999};
    return message_list_answer(request, &output);
}

enum err order_place(struct request *request, const struct order_place_input *input)
{
    ASSERT(input->lines.count);
    return order_place_answer(request,
                              &(struct order_place_output){STR("ord_01KAH0XVK4A9N3FYJ0T8Q5RWZC")});
}

enum err sample_upload(struct request *request, const struct sample_upload_input *input)
{
    buf_add(respond_body(request, "text/plain"), input->name);
    return ERR_OK;
}

enum err contact_forget(struct request *request, const struct contact_forget_input *input)
{
    return str_starts(input->id, STR("msg_")) ? ERR_OK : err_memory(&request->ctx->err);
}

enum err sample_health(struct request *request)
{
    buf_add(respond_body(request, "application/json"), STR("{}"));
    return ERR_OK;
}

static enum err find_route(struct sample_call *call, struct str path)
{
    struct request *request = &call->request;
    struct router *router;
    struct route_match match;
    TRY(router_open(request->ctx, sample_rooms, &router));
    router_find(router, call->head.method, path, &match);
    request->route = match.route;
    memcpy(request->parts, match.parts, sizeof match.parts);
    return match.route ? ERR_OK
                       : err_fail(&request->ctx->err, ERR_MISSING, "There is no such page.", "%s",
                                  "no route");
}

static enum err decode(struct sample_call *call)
{
    struct request *request = &call->request;
    void *input = arena_alloc(request->ctx->arena, request->route->input_size);
    if (!input)
        return err_memory(&request->ctx->err);
    call->input = input;
    return route_decode(request, input, &call->errors);
}

void sample_call(struct ctx *ctx, struct sample_call *call, enum http_method method,
                 const char *target, const char *content_type, struct str body)
{
    struct str query = str_from(target), path;
    str_cut(&query, '?', &path);
    *call = (struct sample_call){
        .head = {.method = method, .path = path, .query = query},
        .request = {.ctx = ctx, .path = path, .body = body, .response.status = 200},
    };
    call->request.head = &call->head;
    if (content_type)
        call->head.headers[call->head.header_count++] = (struct http_header){
            STR("Content-Type"), str_from(content_type)};
    buf_init(&call->request.response.body, ctx->arena, RESPONSE_BODY_MAX);
    call->err = find_route(call, path);
    if (!call->err)
        call->err = decode(call);
}

struct str sample_errors(const struct sample_call *call)
{
    struct buf out;
    buf_init(&out, call->request.ctx->arena, ERRORS_MAX);
    for (size_t i = 0; i < call->errors.count; i++)
        buf_addf(&out, "%s%s: " STR_FMT, i ? "; " : "", call->errors.rows[i].field,
                 STR_ARG(call->errors.rows[i].words));
    return buf_str(&out);
}
