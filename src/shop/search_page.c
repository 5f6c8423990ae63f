/* The page of the search. */
#include "base/buf.h"
#include "shop/catalog_msg.h"
#include "shop/listing.h"
#include "shop/shop_routes.h"

enum { TITLE_MAX = 4096 };

static enum err read_search(struct tx *tx, void *arg)
{
    struct listing *listing = arg;
    TRY(shelf_freshen(tx, listing->shop->shelf));
    return listing_read(tx, listing);
}

enum err search_show(struct request *request, const struct search_show_input *input)
{
    const struct listing_said said = {input->from, input->to, input->sort, input->page, true};
    struct ctx *ctx = request->ctx;
    struct listing *listing;
    struct buf title;
    TRY(listing_take(request, &said, &listing));
    listing->searches = true;
    listing->words = listing->ask.words = input->q;
    if (input->q.len)
        TRY(db_read(request->ports->db, ctx, read_search, listing));
    buf_init(&title, ctx->arena, TITLE_MAX);
    if (listing->cards.count)
        text_search_for(&title, ctx->language, input->q);
    else
        text_shop_search(&title, ctx->language);
    listing->title = buf_str(&title);
    return listing_show(request, buf_err(&title), listing);
}
