/* Objects in parts, as S3 has them. */
#include "ports/objects/s3_inside.h"

static enum err upload_query(struct ctx *ctx, int number, struct str upload, struct str *query)
{
    struct buf out, digits;
    buf_init(&out, ctx->arena, S3_URL_MAX);
    buf_init(&digits, ctx->arena, S3_TEXT_MAX);
    if (number) {
        buf_add_int(&digits, number);
        s3_add_pair(&out, "partNumber", buf_str(&digits));
    }
    s3_add_pair(&out, "uploadId", upload);
    *query = buf_str(&out);
    return buf_err(&out) || buf_err(&digits) ? err_memory(&ctx->err) : ERR_OK;
}

enum err s3_begin(struct objects_store *store, struct ctx *ctx, struct str name,
                  const struct objects_put *put, struct str *upload)
{
    struct s3_call call = {
        .method = "POST", .name = name, .query = STR("uploads="), .not_idempotent = true};
    struct http_client_answer answer;
    s3_put_headers(&call, ctx->arena, put);
    TRY(s3_send(store, ctx, &call, &answer));
    TRY(s3_check(ctx, &answer));
    *upload = s3_find_text(ctx, answer.body, "UploadId");
    if (!upload->len || upload->len > S3_URL_MAX / 4)
        return err_fail(&ctx->err, ERR_PEER, "Files cannot be reached.",
                        "the store told no upload that can be used");
    return ERR_OK;
}

/* A body that is read goes through: it is sent once. */
struct passing {
    struct ctx *ctx;
    const struct objects_body *body;
    int64_t done;
};

static enum err pass(void *arg, int64_t offset, char *bytes, size_t size, size_t *len)
{
    struct passing *passing = arg;
    if (offset != passing->done)
        return err_fail(&passing->ctx->err, ERR_BUSY,
                        "Files cannot be reached just now. Please try again.",
                        "the connection went while a part was sent");
    return objects_body_fill(passing->ctx, passing->body, &passing->done, bytes, size, len);
}

enum err s3_part(struct objects_store *store, struct ctx *ctx, struct str name, struct str upload,
                 int number, const struct objects_body *body, struct str *etag)
{
    struct s3_call call = {.method = "PUT", .name = name, .body = body->bytes};
    struct http_client_answer answer;
    struct passing passing = {.ctx = ctx, .body = body};
    if (body->read) {
        call.source = pass;
        call.source_len = body->size;
        call.arg = &passing;
    }
    TRY(upload_query(ctx, number, upload, &call.query));
    s3_header(&call, STR("Content-Type"), STR("application/octet-stream"));
    TRY(s3_send(store, ctx, &call, &answer));
    TRY(s3_check(ctx, &answer));
    *etag = s3_unquote(http_client_answer_header(&answer, STR("ETag")));
    return ERR_OK;
}

static bool is_etag(struct str etag)
{
    for (size_t i = 0; i < etag.len; i++)
        if (etag.ptr[i] <= ' ' || etag.ptr[i] > '~' || etag.ptr[i] == '<' || etag.ptr[i] == '&')
            return false;
    return etag.len > 0 && etag.len <= S3_TEXT_MAX;
}

static enum err write_parts(struct ctx *ctx, const struct objects_part parts[], size_t count,
                            struct str *text)
{
    struct buf out;
    buf_init(&out, ctx->arena, S3_ANSWER_MAX);
    buf_add(&out, STR("<CompleteMultipartUpload>"));
    for (size_t i = 0; i < count; i++) {
        if (!is_etag(parts[i].etag))
            return err_fail(&ctx->err, ERR_CONFLICT,
                            "A part of the upload is not there; send it again.",
                            "part %d has no etag that may be", parts[i].number);
        buf_addf(&out, "<Part><PartNumber>%d</PartNumber><ETag>\"" STR_FMT "\"</ETag></Part>",
                 parts[i].number, STR_ARG(parts[i].etag));
    }
    buf_add(&out, STR("</CompleteMultipartUpload>"));
    *text = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

/* A store may begin to answer before it knows how it ends: 200, and then an error. */
static enum err check_completed(struct ctx *ctx, struct http_client_answer *answer)
{
    if (answer->status == 200 && s3_find_text(ctx, answer->body, "Code").len)
        answer->status = 500;
    return s3_check(ctx, answer);
}

enum err s3_complete(struct objects_store *store, struct ctx *ctx, struct str name,
                     struct str upload, const struct objects_part parts[], size_t count,
                     struct objects_info *info)
{
    struct s3_call call = {.method = "POST", .name = name, .not_idempotent = true};
    struct http_client_answer answer;
    TRY(upload_query(ctx, 0, upload, &call.query));
    TRY(write_parts(ctx, parts, count, &call.body));
    s3_header(&call, STR("Content-Type"), STR("application/xml"));
    TRY(s3_send(store, ctx, &call, &answer));
    TRY(check_completed(ctx, &answer));
    TRY(s3_info(ctx, name, &answer, info));
    info->etag = s3_unquote(s3_find_text(ctx, answer.body, "ETag"));
    return ERR_OK;
}

enum err s3_abort(struct objects_store *store, struct ctx *ctx, struct str name, struct str upload)
{
    struct s3_call call = {.method = "DELETE", .name = name};
    struct http_client_answer answer;
    TRY(upload_query(ctx, 0, upload, &call.query));
    TRY(s3_send(store, ctx, &call, &answer));
    return s3_check(ctx, &answer);
}
