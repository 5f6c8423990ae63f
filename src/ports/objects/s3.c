/* Objects in an S3 store, spoken to by the HTTP client. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ports/objects/s3_inside.h"

static void s3_close(struct objects_store *store)
{
    sodium_memzero(store, sizeof *store);
    mem_free(store);
}

static enum err s3_open(struct ctx *ctx, const struct objects_options *options,
                        struct objects_store **opened)
{
    if (!options->http || sodium_init() < 0)
        return err_fail(&ctx->err, ERR_INTERNAL, "Files cannot be reached.",
                        "the S3 store was opened without an HTTP client, or without libsodium");
    struct objects_store *store = mem_alloc(sizeof *store);
    if (!store)
        return err_memory(&ctx->err);
    store->http = options->http;
    enum err err = s3_url_read(ctx, options->url, store);
    if (err)
        s3_close(store);
    else
        *opened = store;
    return err;
}

static enum err put_bytes(struct objects_store *store, struct ctx *ctx, struct str name,
                          const struct objects_put *put, struct str bytes,
                          struct objects_info *info)
{
    struct s3_call call = {.method = "PUT", .name = name, .body = bytes};
    struct http_client_answer answer;
    s3_put_headers(&call, ctx->arena, put);
    TRY(s3_send(store, ctx, &call, &answer));
    TRY(s3_check(ctx, &answer));
    TRY(s3_info(ctx, name, &answer, info));
    info->size = (int64_t)bytes.len;
    return ERR_OK;
}

/* What is streamed and longer than one part. The buffer holds the first part. */
struct streamed {
    struct objects_store *store;
    struct ctx *ctx;
    struct str name, upload;
    const struct objects_body *body;
    struct objects_part *parts;
    size_t count;
    int64_t done;
    char *buffer;
};

static enum err send_parts(struct streamed *streamed, size_t got)
{
    struct ctx *ctx = streamed->ctx;
    while (got || !streamed->count) {
        struct objects_body part = {.bytes = str_make(streamed->buffer, got)};
        struct objects_part *next = &streamed->parts[streamed->count];
        if (streamed->count == OBJECTS_PARTS_MAX)
            return err_fail(&ctx->err, ERR_LIMIT, "This is too large to be kept.",
                            "a streamed object has more than %d parts", OBJECTS_PARTS_MAX);
        next->number = (int)++streamed->count;
        TRY(s3_part(streamed->store, ctx, streamed->name, streamed->upload, next->number, &part,
                    &next->etag));
        TRY(objects_body_fill(ctx, streamed->body, &streamed->done, streamed->buffer, S3_PART_BYTES,
                              &got));
    }
    return ERR_OK;
}

static enum err put_parts(struct streamed *streamed, const struct objects_put *put,
                          struct objects_info *info)
{
    struct ctx *ctx = streamed->ctx;
    struct objects_store *store = streamed->store;
    streamed->parts = ARENA_ARRAY(ctx->arena, OBJECTS_PARTS_MAX, struct objects_part);
    if (!streamed->parts)
        return err_memory(&ctx->err);
    TRY(s3_begin(store, ctx, streamed->name, put, &streamed->upload));
    enum err err = send_parts(streamed, S3_PART_BYTES);
    if (!err)
        err = s3_complete(store, ctx, streamed->name, streamed->upload, streamed->parts,
                          streamed->count, info);
    if (err) {
        struct err_record record = ctx->err; /* what is told is why, not how the rest went */
        (void)s3_abort(store, ctx, streamed->name, streamed->upload);
        ctx->err = record;
    }
    info->size = streamed->done;
    return err;
}

/* A part is kept in memory, so that it can be sent again. */
static enum err s3_put(struct objects_store *store, struct ctx *ctx, struct str name,
                       const struct objects_put *put, const struct objects_body *body,
                       struct objects_info *info)
{
    struct streamed streamed = {.store = store, .ctx = ctx, .name = name, .body = body};
    size_t got = 0;
    if (!body->read && body->bytes.len <= S3_PART_BYTES)
        return put_bytes(store, ctx, name, put, body->bytes, info);
    streamed.buffer = mem_alloc(S3_PART_BYTES);
    if (!streamed.buffer)
        return err_memory(&ctx->err);
    enum err err = objects_body_fill(ctx, body, &streamed.done, streamed.buffer, S3_PART_BYTES,
                                     &got);
    if (!err && got < S3_PART_BYTES)
        err = put_bytes(store, ctx, name, put, str_make(streamed.buffer, got), info);
    else if (!err)
        err = put_parts(&streamed, put, info);
    mem_free(streamed.buffer);
    return err;
}

/* The sink that was given, behind the client's. */
struct taking {
    struct ctx *ctx;
    struct str name;
    objects_sink_fn *sink;
    void *arg;
    struct objects_info *info;
    int64_t taken;
};

static enum err take(void *arg, const struct http_client_answer *answer, struct str bytes)
{
    struct taking *taking = arg;
    if (!taking->taken)
        TRY(s3_info(taking->ctx, taking->name, answer, taking->info));
    taking->taken += (int64_t)bytes.len;
    return taking->sink(taking->ctx, taking->arg, bytes);
}

static enum err make_query(struct ctx *ctx, const char *pair, struct str value, struct str *query)
{
    struct buf out;
    buf_init(&out, ctx->arena, S3_URL_MAX);
    if (value.len)
        s3_add_pair(&out, pair, value);
    *query = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err make_range(struct ctx *ctx, const struct objects_range *range, struct s3_call *call)
{
    struct buf out;
    buf_init(&out, ctx->arena, S3_TEXT_MAX);
    if (!range->from && !range->length)
        return ERR_OK;
    buf_add(&out, STR("bytes="));
    buf_add_int(&out, range->from);
    buf_addc(&out, '-');
    if (range->length)
        buf_add_int(&out, range->from + (range->length - 1));
    s3_header(call, STR("Range"), buf_str(&out));
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err s3_get(struct objects_store *store, struct ctx *ctx, struct str name,
                       const struct objects_range *range, objects_sink_fn *sink, void *arg,
                       struct objects_info *info)
{
    struct taking taking = {ctx, name, sink, arg, info, 0};
    struct s3_call call = {.method = "GET", .name = name, .sink = take, .arg = &taking};
    struct http_client_answer answer;
    if (range->from > OBJECTS_SIZE_MAX || range->length > OBJECTS_SIZE_MAX)
        return err_input(&ctx->err, "range", "must begin before the end");
    TRY(make_query(ctx, "versionId", range->version, &call.query));
    TRY(make_range(ctx, range, &call));
    TRY(s3_send(store, ctx, &call, &answer));
    if (answer.status == 416)
        return err_input(&ctx->err, "range", "must begin before the end");
    TRY(s3_check(ctx, &answer));
    return taking.taken ? ERR_OK : s3_info(ctx, name, &answer, info);
}

static enum err s3_head(struct objects_store *store, struct ctx *ctx, struct str name,
                        struct objects_info *info)
{
    struct s3_call call = {.method = "HEAD", .name = name};
    struct http_client_answer answer;
    TRY(s3_send(store, ctx, &call, &answer));
    TRY(s3_check(ctx, &answer));
    return s3_info(ctx, name, &answer, info);
}

static enum err s3_delete(struct objects_store *store, struct ctx *ctx, struct str name)
{
    struct s3_call call = {.method = "DELETE", .name = name};
    struct http_client_answer answer;
    TRY(s3_send(store, ctx, &call, &answer));
    enum err err = s3_check(ctx, &answer);
    if (err == ERR_MISSING && str_equal(s3_find_text(ctx, answer.body, "Code"), STR("NoSuchKey"))) {
        err_clear(&ctx->err);
        return ERR_OK;
    }
    return err;
}

const struct objects_driver objects_s3 = {
    .scheme = "s3",
    .open = s3_open,
    .close = s3_close,
    .put = s3_put,
    .get = s3_get,
    .head = s3_head,
    .delete = s3_delete,
    .list = s3_list,
    .versions = s3_versions,
    .delete_version = s3_delete_version,
    .undelete = s3_undelete,
    .begin = s3_begin,
    .part = s3_part,
    .complete = s3_complete,
    .abort = s3_abort,
    .link = s3_link,
};
