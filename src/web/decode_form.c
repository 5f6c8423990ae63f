/* Reads what a query, a form or a form with files holds for a route's fields, as it was typed. */
#include "text/common.h"
#include "web/decode.h"
#include "web/multipart.h"
#include "web/url.h"

enum { TYPED_MAX = REQUEST_BODY_MAX };

/* The place of the field among the route's, or STR_NONE. */
static size_t find_field(const struct route_field *fields, struct str name, bool is_body)
{
    for (size_t i = 0; fields[i].name; i++) {
        bool fits = is_body ? decode_is_body(&fields[i]) : fields[i].place == ROUTE_QUERY;
        if (fits && str_equal(name, str_from(fields[i].name)))
            return i;
    }
    return STR_NONE;
}

/* What is no field of ours (a token, a button) is somebody else's. */
static void keep(struct decoder *in, struct str name, struct str value, bool is_body)
{
    struct request *request = in->request;
    size_t i = find_field(request->route->fields, name, is_body);
    if (i == STR_NONE)
        return;
    if (request->typed[i].ptr) {
        text_error_doubled(decode_words(in), in->language);
        decode_blame(in, name);
        return;
    }
    request->typed[i] = value.ptr ? value : STR("");
}

enum err decode_read_pairs(struct decoder *in, struct str sent, bool is_body)
{
    struct url_pairs pairs = url_pairs(in->ctx->arena, sent);
    struct str name, value;
    while (url_next_pair(&pairs, &name, &value))
        keep(in, name, value, is_body);
    if (pairs.err == ERR_MEMORY)
        return err_memory(&in->ctx->err);
    if (pairs.err == ERR_LIMIT)
        return err_fail(&in->ctx->err, ERR_LIMIT, "There are too many fields.",
                        "more than %d pairs", URL_PAIRS_MAX);
    if (pairs.err)
        return err_input(&in->ctx->err, "",
                         "What stands behind a %% is not two hex digits, or the "
                         "text is not UTF-8.");
    return ERR_OK;
}

/* One part that is a field: its bytes come in pieces. */
static enum err end_part(struct decoder *in, const struct multipart *parts, const struct buf *value)
{
    if (parts->filename.ptr)
        return ERR_OK; /* a file has no place in an input struct */
    if (buf_err(value))
        return buf_err(value) == ERR_MEMORY ? err_memory(&in->ctx->err) : buf_err(value);
    if (!str_is_utf8(buf_str(value)))
        return err_input(&in->ctx->err, "", "A field of the form is not UTF-8.");
    keep(in, parts->name, buf_str(value), true);
    return ERR_OK;
}

static enum err read_parts(struct decoder *in, struct multipart *parts)
{
    struct str rest = in->request->body, data;
    struct buf value;
    buf_init(&value, in->ctx->arena, TYPED_MAX);
    for (;;)
        switch (multipart_read(parts, &rest, &data)) {
        case MULTIPART_PART:
            buf_init(&value, in->ctx->arena, TYPED_MAX);
            break;
        case MULTIPART_DATA:
            if (!parts->filename.ptr)
                buf_add(&value, data);
            break;
        case MULTIPART_PART_END:
            TRY(end_part(in, parts, &value));
            break;
        case MULTIPART_BAD:
            return err_input(&in->ctx->err, "", "%s", parts->reason);
        case MULTIPART_MORE:
            if (!multipart_is_whole(parts))
                return err_input(&in->ctx->err, "", "The form ends before its last boundary.");
            return ERR_OK;
        }
}

enum err decode_read_multipart(struct decoder *in, struct str content_type)
{
    struct multipart *parts = ARENA_NEW(in->ctx->arena, struct multipart);
    if (!parts)
        return err_memory(&in->ctx->err);
    if (multipart_init(parts, content_type))
        return err_input(&in->ctx->err, "", "The Content-Type has no proper boundary.");
    return read_parts(in, parts);
}
