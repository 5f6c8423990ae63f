/* Reads the catalogue for pages: categories, cards, and where things have moved. */
#include "shop/catalog.h"

#include "base/buf.h"
#include "shop/picture.h"
#include "shop/shop_sql.h"
#include "web/url.h"

enum { ROOT_DEPTH = 1 };

struct str catalog_picture(struct arena *arena, struct str picture)
{
    struct buf path;
    buf_init(&path, arena, CATALOG_PATH_MAX);
    picture_add_path(&path, picture);
    return buf_err(&path) ? STR("") : buf_str(&path);
}

struct str catalog_path(struct arena *arena, const char *before, struct str slug)
{
    struct buf path;
    buf_init(&path, arena, CATALOG_PATH_MAX);
    buf_addf(&path, "%s", before);
    url_add_part(&path, slug);
    return buf_err(&path) ? STR("") : buf_str(&path);
}

struct str catalog_url(struct arena *arena, struct str site_url, struct str path)
{
    struct buf url;
    buf_init(&url, arena, CATALOG_URL_MAX);
    buf_add(&url, site_url);
    buf_add(&url, path);
    return buf_err(&url) ? path : buf_str(&url);
}

size_t catalog_crumbs(const struct catalog_tree *tree, const struct catalog_category *category,
                      struct ui_link crumbs[CATALOG_DEPTH_MAX + 1])
{
    size_t count = category ? category->depth : 0;
    for (size_t i = count; i > 0 && category; i--) {
        crumbs[i - 1] = (struct ui_link){.path = category->path, .words = category->name};
        category = catalog_of_id(tree, category->parent);
    }
    return count;
}

/* Those whose parent this is, behind it, each with what is below it. */
static void add_below(const struct category_tree_rows *rows, struct str parent, size_t depth,
                      struct arena *arena, struct catalog_tree *tree)
{
    for (size_t i = 0; i < rows->count && depth <= CATALOG_DEPTH_MAX; i++) {
        const struct category_tree_row *row = &rows->rows[i];
        if (!str_equal(row->parent, parent) || tree->count == rows->count)
            continue;
        size_t at = tree->count++;
        tree->rows[at] = (struct catalog_category){
            .id = row->id,
            .parent = row->parent,
            .slug = row->slug,
            .name = row->name,
            .path = catalog_path(arena, "/c/", row->slug),
            .picture = catalog_picture(arena, row->picture),
            .depth = depth,
        };
        add_below(rows, row->id, depth + 1, arena, tree);
        tree->rows[at].below = &tree->rows[at + 1];
        tree->rows[at].below_count = tree->count - at - 1;
    }
}

enum err catalog_tree(struct tx *tx, struct catalog_tree *tree)
{
    struct category_tree_rows rows;
    TRY(category_tree(tx, str_from(tx->ctx->language->code), CATALOG_CATEGORIES_MAX, &rows));
    tree->count = 0;
    tree->rows = ARENA_ARRAY(tx->ctx->arena, rows.count, struct catalog_category);
    if (!tree->rows)
        return err_memory(&tx->ctx->err);
    add_below(&rows, STR(""), ROOT_DEPTH, tx->ctx->arena, tree);
    return ERR_OK;
}

const struct catalog_category *catalog_find(const struct catalog_tree *tree, struct str slug)
{
    for (size_t i = 0; i < tree->count; i++)
        if (str_equal(tree->rows[i].slug, slug))
            return &tree->rows[i];
    return NULL;
}

const struct catalog_category *catalog_of_id(const struct catalog_tree *tree, struct str id)
{
    for (size_t i = 0; i < tree->count; i++)
        if (str_equal(tree->rows[i].id, id))
            return &tree->rows[i];
    return NULL;
}

enum err catalog_below(struct ctx *ctx, const struct catalog_category *top, struct str **ids,
                       size_t *count)
{
    *count = top->below_count + 1;
    *ids = ARENA_ARRAY(ctx->arena, *count, struct str);
    if (!*ids)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < *count; i++)
        (*ids)[i] = top[i].id;
    return ERR_OK;
}

enum err catalog_cards(struct tx *tx, const struct shop *shop, const struct str ids[], size_t count,
                       struct catalog_cards *cards)
{
    struct arena *arena = tx->ctx->arena;
    struct str language = str_from(tx->ctx->language->code);
    int64_t now_us = clock_now_us(tx->ctx->clock);
    *cards = (struct catalog_cards){.rows = ARENA_ARRAY(arena, count, struct catalog_card)};
    if (!cards->rows)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < count; i++) {
        struct product_card_row row;
        enum err err = product_card(tx, ids[i], language, str_from(shop->currency->code), now_us,
                                    &row);
        if (err == ERR_MISSING) {
            err_clear(&tx->ctx->err);
            continue;
        }
        TRY(err);
        cards->rows[cards->count++] = (struct catalog_card){
            .path = catalog_path(arena, "/p/", row.slug),
            .name = row.name,
            .brand = row.brand,
            .picture = catalog_picture(arena, row.picture),
            .price_minor = row.price_minor,
            .before_minor = row.before_minor > row.price_minor ? row.before_minor : 0,
            .from = row.most_minor > row.price_minor,
            .sold_out = !row.has,
            .currency = shop->currency,
        };
    }
    return ERR_OK;
}

static enum err find_place(struct tx *tx, void *arg)
{
    struct moved_to_row *row = arg;
    return moved_to(tx, row->place, row);
}

enum err catalog_send_on(struct request *request)
{
    struct moved_to_row row = {.place = request->path};
    TRY(db_read(request->ports->db, request->ctx, find_place, &row));
    TRY(respond_redirect(request, STR_FMT, STR_ARG(row.place)));
    respond_status(request, 301);
    return ERR_OK;
}
