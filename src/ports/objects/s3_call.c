/* Calls to an S3 store: the URL, the signature, and what its answers say. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/percent.h"
#include "ports/objects/s3_inside.h"
#include "ports/objects/xml.h"

void s3_add_pair(struct buf *query, const char *name, struct str value)
{
    if (query->len)
        buf_addc(query, '&');
    buf_add(query, str_from(name));
    buf_addc(query, '=');
    percent_add(query, value, "");
}

void s3_header(struct s3_call *call, struct str name, struct str value)
{
    call->headers[call->header_count++] = (struct http_client_header){name, value};
}

void s3_put_headers(struct s3_call *call, struct arena *arena, const struct objects_put *put)
{
    s3_header(call, STR("Content-Type"),
              put->type.len ? put->type : STR("application/octet-stream"));
    for (size_t i = 0; i < put->meta_count; i++) {
        struct buf name;
        buf_init(&name, arena, OBJECTS_META_NAME_MAX + 16);
        buf_add(&name, STR("x-amz-meta-"));
        buf_add(&name, put->meta[i].name);
        if (!buf_err(&name))
            s3_header(call, buf_str(&name), put->meta[i].value);
    }
}

static enum err make_url(const struct objects_store *store, struct ctx *ctx,
                         const struct s3_call *call, struct str *url)
{
    struct buf out;
    buf_init(&out, ctx->arena, HTTP_CLIENT_URL_MAX);
    buf_add(&out, str_from(store->base));
    buf_addc(&out, '/');
    percent_add(&out, call->name, "/");
    if (call->query.len) {
        buf_addc(&out, '?');
        buf_add(&out, call->query);
    }
    *url = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

/* The hash of the body is signed too, where the body is at hand. */
static enum err add_hash(struct ctx *ctx, struct s3_call *call)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(ctx->arena, 2 * sizeof hash + 1);
    if (!hex)
        return err_memory(&ctx->err);
    crypto_hash_sha256(hash, (const unsigned char *)call->body.ptr, call->body.len);
    sodium_bin2hex(hex, 2 * sizeof hash + 1, hash, sizeof hash);
    s3_header(call, STR("x-amz-content-sha256"), str_from(hex));
    return ERR_OK;
}

enum err s3_send(struct objects_store *store, struct ctx *ctx, const struct s3_call *call,
                 struct http_client_answer *answer)
{
    struct s3_call signed_call = *call;
    struct str url;
    struct http_client_signing signing = {str_from(store->key), str_from(store->secret),
                                          str_from(store->region), STR("s3")};
    TRY(make_url(store, ctx, &signed_call, &url));
    if (!signed_call.source)
        TRY(add_hash(ctx, &signed_call));
    struct http_client_call sent = {
        .method = signed_call.method,
        .url = url,
        .headers = signed_call.headers,
        .header_count = signed_call.header_count,
        .body = signed_call.body,
        .source = signed_call.source,
        .source_len = signed_call.source_len,
        .sink = signed_call.sink,
        .arg = signed_call.arg,
        .answer_max = signed_call.sink ? OBJECTS_SIZE_MAX : S3_ANSWER_MAX,
        .timeout_ms = S3_TIMEOUT_MS,
        .idempotent = !signed_call.not_idempotent && !signed_call.source,
        .once = signed_call.source != NULL,
        .signing = &signing};
    return http_client_send(store->http, ctx, &sent, answer);
}

/* What the store's word says here; what is not in the table goes by the status. */
static const struct {
    const char *word;
    enum err err;
    const char *user;
} words[] = {
    {"NoSuchKey", ERR_MISSING, "There is no such file."},
    {"NoSuchVersion", ERR_MISSING, "There is no such version."},
    {"NoSuchUpload", ERR_MISSING, "There is no such upload."},
    {"InvalidPart", ERR_CONFLICT, "A part of the upload is not there; send it again."},
    {"InvalidPartOrder", ERR_CONFLICT, "A part of the upload is not there; send it again."},
    {"EntityTooSmall", ERR_CONFLICT, "A part of the upload is too small."},
    {"EntityTooLarge", ERR_LIMIT, "This is too large to be kept."},
    {"SlowDown", ERR_BUSY, "Files cannot be reached just now. Please try again."},
    {"NoSuchBucket", ERR_PEER, "Files cannot be reached."},
    {"SignatureDoesNotMatch", ERR_PEER, "Files cannot be reached."},
};

static const struct {
    int status;
    enum err err;
    const char *user;
} statuses[] = {
    {404, ERR_MISSING, "There is no such file."},
    {409, ERR_CONFLICT, "The file was changed meanwhile. Please try again."},
    {412, ERR_CONFLICT, "The file was changed meanwhile. Please try again."},
    {503, ERR_BUSY, "Files cannot be reached just now. Please try again."},
};

struct str s3_find_text(struct ctx *ctx, struct str text, const char *name)
{
    struct xml xml = {.rest = text, .arena = ctx->arena};
    enum xml_event event;
    while (xml_next(&xml, &event))
        if (event == XML_TEXT && str_equal(xml_above(&xml, 0), str_from(name)))
            return xml.text;
    return STR("");
}

enum err s3_check(struct ctx *ctx, const struct http_client_answer *answer)
{
    int status = answer->status;
    enum err err = ERR_PEER;
    const char *user = "Files cannot be reached.";
    if (status / 100 == 2)
        return ERR_OK;
    struct str word = s3_find_text(ctx, answer->body, "Code");
    struct str message = s3_find_text(ctx, answer->body, "Message");
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].status == status) {
            err = statuses[i].err;
            user = statuses[i].user;
        }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_equal(word, str_from(words[i].word))) {
            err = words[i].err;
            user = words[i].user;
        }
    return err_fail(&ctx->err, err, user, "the store answers %d " STR_FMT ": " STR_FMT, status,
                    STR_ARG(word), STR_ARG(str_slice(message, 0, S3_TEXT_MAX)));
}

struct str s3_unquote(struct str etag)
{
    if (etag.len >= 2 && etag.ptr[0] == '"' && etag.ptr[etag.len - 1] == '"')
        return str_slice(etag, 1, etag.len - 1);
    return etag;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT"; 0 where it is none. */
static int64_t read_date(struct str text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const struct {
        size_t at, len;
    } places[] = {{5, 2}, {12, 4}, {17, 2}, {20, 2}, {23, 2}};
    int64_t numbers[5] = {0}, time_us = 0;
    struct str month = str_slice(text, 8, 11);
    size_t at = str_find(STR("JanFebMarAprMayJunJulAugSepOctNovDec"), month);
    if (text.len != 29 || month.len != 3 || at == STR_NONE || at % 3 || at >= sizeof months)
        return 0;
    for (size_t i = 0; i < 5; i++)
        for (size_t n = 0; n < places[i].len; n++)
            numbers[i] = numbers[i] * 10 + (text.ptr[places[i].at + n] - '0');
    struct civil civil = {.year = (int)numbers[1],
                          .month = (int)(at / 3) + 1,
                          .day = (int)numbers[0],
                          .hour = (int)numbers[2],
                          .minute = (int)numbers[3],
                          .second = (int)numbers[4]};
    return civil_to_us(&civil, &time_us) ? 0 : time_us;
}

/* Of a part it is told behind the range: "bytes 5-9/100". */
static int64_t read_size(const struct http_client_answer *answer)
{
    struct str range = http_client_answer_header(answer, STR("Content-Range"));
    struct str text = http_client_answer_header(answer, STR("Content-Length"));
    size_t at = str_find_char(range, '/');
    int64_t size = 0;
    if (at != STR_NONE)
        text = str_slice(range, at + 1, range.len);
    return str_to_int(text, 0, OBJECTS_SIZE_MAX, &size) ? 0 : size;
}

static void take_meta(const struct http_client_header *header, struct objects_info *info)
{
    struct str prefix = STR("x-amz-meta-");
    if (info->meta_count < OBJECTS_META_MAX &&
        str_equal_nocase(str_slice(header->name, 0, prefix.len), prefix))
        info->meta[info->meta_count++] = (struct objects_meta){
            str_slice(header->name, prefix.len, header->name.len), header->value};
}

/* Names of headers come in any case. */
static enum err lower(struct ctx *ctx, struct str *name)
{
    char *copy = arena_bytes(ctx->arena, name->len);
    if (!copy)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < name->len; i++) {
        char c = name->ptr[i];
        copy[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    name->ptr = copy;
    return ERR_OK;
}

enum err s3_info(struct ctx *ctx, struct str name, const struct http_client_answer *answer,
                 struct objects_info *info)
{
    *info = (struct objects_info){
        .name = name,
        .type = http_client_answer_header(answer, STR("Content-Type")),
        .version = http_client_answer_header(answer, STR("x-amz-version-id")),
        .etag = s3_unquote(http_client_answer_header(answer, STR("ETag"))),
        .size = read_size(answer),
        .changed_us = read_date(http_client_answer_header(answer, STR("Last-Modified"))),
    };
    for (size_t i = 0; i < answer->header_count; i++)
        take_meta(&answer->headers[i], info);
    for (size_t i = 0; i < info->meta_count; i++)
        TRY(lower(ctx, &info->meta[i].name));
    return ERR_OK;
}
