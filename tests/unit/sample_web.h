/* Requests to the sample room (sample_routes.tbl), without a server.
 *
 *     struct sample_call call;
 *     sample_call(t->ctx, &call, HTTP_POST, "/contact", SAMPLE_FORM, STR("name=Ada"));
 *     CHECK_ERR(call.err, ERR_INPUT);
 *     CHECK_STR(sample_errors(&call), "email: This field is required. …");
 *
 * The route is found, and what was sent decoded into call.input. */
#ifndef STOA_TESTS_SAMPLE_WEB_H
#define STOA_TESTS_SAMPLE_WEB_H

#include "sample_routes.h"

#define SAMPLE_FORM      "application/x-www-form-urlencoded"
#define SAMPLE_JSON      "application/json"
#define SAMPLE_MULTIPART "multipart/form-data; boundary=cut"

struct sample_call {
    struct request request;
    struct http_head head;
    struct field_errors errors;
    const void *input;
    enum err err; /* route_decode's, or ERR_MISSING where there is no such route */
};

extern const struct room_routes sample_rooms[];

void sample_call(struct ctx *ctx, struct sample_call *call, enum http_method method,
                 const char *target, const char *content_type, struct str body);

/* "name: words; name: words", of all that is wrong. */
struct str sample_errors(const struct sample_call *call);

#endif
