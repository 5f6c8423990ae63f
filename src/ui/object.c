/* Files by link: what whoever has one gets, and puts. What a browser does with a file that somebody
 * else wrote is settled here: it shows pictures and papers, keeps all else, and runs nothing. */
#include "base/mem.h"
#include "ports/objects/objects.h"
#include "ui/frame.h"
#include "ui/ui_msg.h"
#include "ui/ui_pages.h"
#include "ui/ui_routes.h"
#include "web/outflow.h"
#include "web/url.h"

enum { ETAG_MAX = 80, SAID_MAX = 3 * OBJECTS_NAME_MAX + 256 };

static const char alone[] = "default-src 'none'; sandbox";

/* What is shown in its place. A viewer of papers does not work in a sandbox, and runs by itself. */
static const struct {
    struct str type;
    const char *policy;
} shown[] = {
    {STR("image/png"), alone},
    {STR("image/jpeg"), alone},
    {STR("image/gif"), alone},
    {STR("image/webp"), alone},
    {STR("image/avif"), alone},
    {STR("application/pdf"), "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"},
};

struct download {
    struct outflow outflow;
    struct objects_reader *reader;
};

static enum err next_piece(struct outflow *outflow, struct ctx *ctx, int64_t from,
                           struct outflow_piece *piece)
{
    const struct download *download = (const struct download *)outflow;
    struct objects_piece read;
    TRY(objects_read(download->reader, ctx, from, &read));
    *piece = (struct outflow_piece){
        .bytes = read.bytes, .fd = read.fd, .at = read.at, .len = read.len};
    return ERR_OK;
}

static void download_close(struct outflow *outflow)
{
    struct download *download = (struct download *)outflow;
    objects_reader_close(download->reader);
    mem_free(download);
}

/* The name as a program may keep it: the last part, in plain letters and as it is. */
static void add_filename(struct buf *out, struct str name)
{
    struct str part = {0};
    while (str_cut(&name, '/', &part))
        ;
    buf_add(out, STR("; filename=\""));
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        buf_addc(out, plain || c == '.' || c == '-' ? c : '_');
    }
    buf_add(out, STR("\"; filename*=UTF-8''"));
    url_add_part(out, part);
}

static enum err say_how(struct request *request, const struct objects_info *info)
{
    struct buf said;
    const char *policy = NULL;
    for (size_t i = 0; i < sizeof shown / sizeof *shown && !policy; i++)
        if (str_equal_nocase(info->type, shown[i].type))
            policy = shown[i].policy;
    buf_init(&said, request->ctx->arena, SAID_MAX);
    buf_add(&said, policy ? STR("inline") : STR("attachment"));
    add_filename(&said, info->name);
    if (buf_err(&said))
        return err_memory(&request->ctx->err);
    respond_header(request, "Content-Disposition", buf_str(&said));
    respond_header(request, "Content-Security-Policy", str_from(policy ? policy : alone));
    return ERR_OK;
}

static enum err say_etag(struct ctx *ctx, const struct objects_info *info, struct str *etag)
{
    struct buf out;
    buf_init(&out, ctx->arena, ETAG_MAX);
    buf_addf(&out, "\"" STR_FMT "\"", STR_ARG(info->etag));
    *etag = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err answer(struct request *request, struct objects_reader *reader,
                       const struct objects_info *info)
{
    struct str etag;
    const char *type;
    struct ctx *ctx = request->ctx;
    TRY(say_how(request, info));
    TRY(say_etag(ctx, info, &etag));
    if (str_cstr(ctx->arena, info->type, &type))
        return err_memory(&ctx->err);
    struct download *download = mem_alloc(sizeof *download);
    if (!download)
        return err_memory(&ctx->err);
    download->reader = reader;
    download->outflow = (struct outflow){
        .size = info->size, .next = next_piece, .close = download_close};
    return respond_outflow(request, type, etag, &download->outflow);
}

/* A person is told what they can do about it. */
static enum err show_bad_link(struct request *request)
{
    struct ui_error page = {.frame = ui_frame(request, NULL),
                            .status = 403,
                            .title = ui_words(request, text_wrong_link),
                            .words = ui_words(request, text_wrong_link_hint)};
    err_clear(&request->ctx->err);
    respond_status(request, page.status);
    ui_error(respond_page(request), &page);
    return ERR_OK;
}

enum err object_get(struct request *request, const struct object_get_input *input)
{
    struct objects *objects = request->ports->objects;
    struct str name = request->parts[0]; /* as it was signed: the input's is trimmed */
    struct objects_reader *reader;
    struct objects_info info;
    (void)input;
    enum err err = objects_link_check(objects, request->ctx, OBJECTS_LINK_GET, name,
                                      request->head->query);
    if (err == ERR_FORBIDDEN && !request_wants_json(request))
        return show_bad_link(request);
    TRY(err);
    TRY(objects_reader_open(objects, request->ctx, name, &info, &reader));
    err = answer(request, reader, &info);
    if (err)
        objects_reader_close(reader);
    return err;
}

static enum err take(struct ctx *ctx, void *arg, char *bytes, size_t size, size_t *got)
{
    (void)ctx;
    return request_read(arg, bytes, size, got);
}

enum err object_put(struct request *request, const struct object_put_input *input)
{
    struct objects *objects = request->ports->objects;
    const struct http_head *head = request->head;
    struct str name = request->parts[0];
    struct objects_put put = {.type = request_header(request, STR("Content-Type"))};
    struct objects_body body = {
        .read = take, .arg = request, .sized = !head->chunked, .size = head->body_len};
    (void)input;
    TRY(objects_link_check(objects, request->ctx, OBJECTS_LINK_PUT, name, head->query));
    TRY(objects_put(objects, request->ctx, name, &put, &body, NULL));
    respond_status(request, 204);
    return ERR_OK;
}
