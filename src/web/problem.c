/* Makes the answer to a request that failed. */
#include "web/problem.h"

#include "base/json.h"
#include "base/log.h"
#include "web/route.h"

static void add_error(struct json_writer *w, struct str field, struct str words)
{
    json_begin_object(w);
    json_key(w, STR("field"));
    json_add_str(w, field);
    json_key(w, STR("detail"));
    json_add_str(w, words);
    json_end_object(w);
}

static void add_errors(struct json_writer *w, const struct err_record *record,
                       const struct field_errors *errors)
{
    size_t count = errors ? errors->count : 0;
    if (!count && !record->field[0])
        return;
    json_key(w, STR("errors"));
    json_begin_array(w);
    for (size_t i = 0; i < count; i++)
        add_error(w, str_from(errors->rows[i].field), errors->rows[i].words);
    if (!count)
        add_error(w, str_from(record->field), str_from(record->user));
    json_end_array(w);
}

static void write_json(struct request *request, const struct field_errors *errors, int status)
{
    const struct err_record *record = &request->ctx->err;
    struct str path = request->head->path;
    struct json_writer w;
    json_writer_init(&w, respond_body(request, "application/problem+json"));
    json_begin_object(&w);
    json_key(&w, STR("type"));
    json_add_str(&w, STR("about:blank"));
    json_key(&w, STR("title"));
    json_add_str(&w, str_from(http_status_words(status)));
    json_key(&w, STR("status"));
    json_add_int(&w, status);
    json_key(&w, STR("code"));
    json_add_str(&w, str_from(err_name(record->code)));
    json_key(&w, STR("detail"));
    json_add_str(&w, str_from(record->user));
    if (path.len && str_is_utf8(path)) {
        json_key(&w, STR("instance"));
        json_add_str(&w, path);
    }
    add_errors(&w, record, errors);
    json_end_object(&w);
}

static const char plain_text[] = "text/plain; charset=utf-8";

static void write_line(struct request *request)
{
    struct buf *body = respond_body(request, plain_text);
    buf_add(body, str_from(request->ctx->err.user));
    buf_addc(body, '\n');
}

/* Forgets what was said. What the buffers hold is kept for them: there may be no other memory. */
static void forget(struct request *request, int status)
{
    struct response old = request->response;
    request->response = (struct response){
        .status = status,
        .retry_s = old.retry_s,
        .rate = old.rate,
        .headers = old.headers,
        .body = old.body,
        .close = old.close,
    };
    buf_clear(&request->response.headers);
    buf_clear(&request->response.body);
}

static bool is_written(const struct response *response)
{
    return response->body.len && !buf_err(&response->body) && !buf_err(&response->headers);
}

/* The words of the status are the program's own: they need no memory. */
static void write_certain(struct request *request, int status)
{
    forget(request, status);
    request->response.type = plain_text;
    request->response.fixed = str_from(http_status_words(status));
}

/* What is wrong here. A method or a version that is not known is the asker's mistake, and an
 * overload, which each one who asks meets, must not fill the log. */
static void log_problem(const struct ctx *ctx, int status)
{
    static const char event[] = "request failed";
    if (status < 500 || status == 501 || status == 505)
        return;
    if (status == 503)
        log_failure_rarely(ctx, event);
    else
        log_failure(ctx, event);
}

void problem_answer(struct request *request, const struct field_errors *errors, problem_page *page)
{
    struct response *response = &request->response;
    int status = response->status >= 400 ? response->status
                                         : err_http_status(request->ctx->err.code);
    log_problem(request->ctx, status);
    if (!response->retry_s && (status == 429 || status == 503))
        response->retry_s = PROBLEM_RETRY_S;
    forget(request, status);
    if (request->show_error)
        request->show_error(request, status);
    else if (request_wants_json(request))
        write_json(request, errors, status);
    else if (page)
        page(request, status);
    else
        write_line(request);
    response->status = status;
    if (!is_written(response) && page) {
        forget(request, status);
        write_line(request);
    }
    if (!is_written(response))
        write_certain(request, status);
}
