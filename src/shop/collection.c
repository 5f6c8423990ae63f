/* The pages of collections: products that are shown together, in an order of their own. */
#include "shop/listing.h"
#include "shop/shop_routes.h"
#include "shop/shop_sql.h"

enum { COLLECTED_MAX = 2000 };

static enum err read_collection(struct tx *tx, void *arg)
{
    struct listing *listing = arg;
    struct collection_of_slug_row row;
    struct collection_products_rows rows;
    TRY(shelf_freshen(tx, listing->shop->shelf));
    TRY(collection_of_slug(tx, listing->slug, str_from(tx->ctx->language->code), &row));
    TRY(collection_products(tx, row.id, COLLECTED_MAX, &rows));
    struct str *ids = ARENA_ARRAY(tx->ctx->arena, rows.count, struct str);
    if (!ids)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < rows.count; i++)
        ids[i] = rows.rows[i].product;
    listing->title = row.name;
    listing->lead = row.words;
    listing->crumb_count = 1;
    listing->crumbs[0] = (struct ui_link){.path = listing->path, .words = row.name, .here = true};
    listing->ask.among = ids;
    listing->ask.among_count = rows.count;
    return listing_read(tx, listing);
}

enum err collection_show(struct request *request, const struct collection_show_input *input)
{
    const struct listing_said said = {input->from, input->to, input->sort, input->page, true};
    struct listing *listing;
    TRY(listing_take(request, &said, &listing));
    listing->slug = input->slug;
    enum err err = db_read(request->ports->db, request->ctx, read_collection, listing);
    return listing_show(request, err, listing);
}
