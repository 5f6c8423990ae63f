/* The pages of categories. */
#include "shop/listing.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "shop/shop_sql.h"

static enum err find_children(struct ctx *ctx, const struct catalog_tree *tree, struct str id,
                              struct listing *listing)
{
    listing->below = ARENA_ARRAY(ctx->arena, tree->count, struct catalog_category);
    listing->below_count = 0;
    if (!listing->below)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < tree->count; i++)
        if (str_equal(tree->rows[i].parent, id))
            listing->below[listing->below_count++] = tree->rows[i];
    return ERR_OK;
}

static enum err read_category(struct tx *tx, void *arg)
{
    struct listing *listing = arg;
    struct catalog_tree tree;
    struct category_words_row words;
    struct str *ids;
    TRY(shelf_freshen(tx, listing->shop->shelf));
    TRY(catalog_tree(tx, &tree));
    const struct catalog_category *category = catalog_find(&tree, listing->slug);
    if (!category)
        return err_fail(&tx->ctx->err, ERR_MISSING, "There is no such category.", "no such slug");
    TRY(category_words(tx, category->id, str_from(tx->ctx->language->code), &words));
    listing->title = category->name;
    listing->lead = words.words;
    listing->crumb_count = catalog_crumbs(&tree, category, listing->crumbs);
    listing->crumbs[listing->crumb_count - 1].here = true;
    TRY(find_children(tx->ctx, &tree, category->id, listing));
    TRY(catalog_below(tx->ctx, category, &ids, &listing->ask.category_count));
    listing->ask.categories = ids;
    return listing_read(tx, listing);
}

enum err category_show(struct request *request, const struct category_show_input *input)
{
    const struct listing_said said = {input->from, input->to, input->sort, input->page, false};
    struct listing *listing;
    TRY(listing_take(request, &said, &listing));
    listing->slug = input->slug;
    enum err err = db_read(request->ports->db, request->ctx, read_category, listing);
    return listing_show(request, err, listing);
}

static enum err read_tree(struct tx *tx, void *tree)
{
    return catalog_tree(tx, tree);
}

enum err category_list(struct request *request)
{
    struct catalog_tree tree;
    TRY(db_read(request->ports->db, request->ctx, read_tree, &tree));
    struct categories_page page = {
        .frame = ui_frame(request, "/c"),
        .canonical = catalog_url(request->ctx->arena, request->ports->site_url, STR("/c")),
        .tree = &tree};
    categories_page(respond_page(request), &page);
    return ERR_OK;
}
