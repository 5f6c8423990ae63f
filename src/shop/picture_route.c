/* Serves the drawings. */
#include "base/hash.h"
#include "shop/picture.h"
#include "shop/shop_routes.h"

enum { KEY_MAX = 64, ETAG_MAX = 24 };

/* "loaf-7.svg" is "drawn:loaf:7". */
static enum err find_key(struct str name, struct buf *key)
{
    struct str kind, seed;
    if (!str_ends(name, STR(".svg")))
        return ERR_MISSING;
    seed = str_slice(name, 0, name.len - 4);
    if (!str_cut(&seed, '-', &kind))
        return ERR_MISSING;
    buf_addf(key, "drawn:" STR_FMT ":" STR_FMT, STR_ARG(kind), STR_ARG(seed));
    return buf_err(key) ? ERR_MISSING : ERR_OK;
}

static enum err draw(struct request *request, struct str name, struct buf *svg)
{
    char text[KEY_MAX];
    struct buf key;
    buf_init_fixed(&key, text, sizeof text);
    buf_init(svg, request->ctx->arena, PICTURE_MAX);
    TRY(find_key(name, &key));
    return picture_draw(svg, buf_str(&key));
}

enum err picture_show(struct request *request, const struct picture_show_input *input)
{
    static const struct hash_key none = {0};
    struct buf svg, etag;
    enum err err = draw(request, input->name, &svg);
    if (err == ERR_MISSING)
        return err_fail(&request->ctx->err, ERR_MISSING, "There is no such picture.",
                        "no kind of drawing, or no seed");
    if (err)
        return err_memory(&request->ctx->err);
    buf_init(&etag, request->ctx->arena, ETAG_MAX);
    buf_addf(&etag, "\"%016llx\"", (unsigned long long)hash_str(&none, buf_str(&svg)));
    TRY(buf_err(&etag));
    respond_cache(request, "public, max-age=31536000, immutable");
    return respond_fixed(request, "image/svg+xml", buf_str(&svg), buf_str(&etag));
}
