/* Sitemaps: the addresses that search engines are told of, as sitemaps.org has it. */
#include <inttypes.h>

#include "base/buf.h"
#include "base/hash.h"
#include "shop/catalog.h"
#include "shop/shelf.h"
#include "shop/shop_routes.h"
#include "shop/shop_sql.h"

enum { SITEMAP_PAGE = 1000, SITEMAP_COLLECTIONS_MAX = 1000, ROBOTS_MAX = 4096, ETAG_MAX = 32 };

#define SITEMAP_TYPE  "application/xml; charset=utf-8"
#define SITEMAP_SPACE "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

struct sitemap {
    struct request *request;
    struct buf *out;
    int64_t page;
    size_t pages;
};

/* What belongs to one person alone, or is found in another way. */
static const char nothing_for_robots[] = "User-agent: *\n"
                                         "Disallow: /account\n"
                                         "Disallow: /admin\n"
                                         "Disallow: /cart\n"
                                         "Disallow: /checkout\n"
                                         "Disallow: /orders\n"
                                         "Disallow: /search\n";

static struct shelf *shelf_of(const struct sitemap *sitemap)
{
    return ((const struct shop *)sitemap->request->room)->shelf;
}

static void begin(struct sitemap *sitemap, const char *element)
{
    sitemap->out = respond_body(sitemap->request, SITEMAP_TYPE);
    buf_addf(sitemap->out,
             SITEMAP_SPACE "<%s xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n", element);
}

/* Addresses hold nothing but what is percent-encoded, and a time none. */
static void add_place(struct sitemap *sitemap, struct str path, int64_t changed_us)
{
    char changed[CLOCK_TEXT_MAX];
    buf_add(sitemap->out, STR("<url><loc>"));
    html_add_text(sitemap->out, sitemap->request->ports->site_url);
    html_add_text(sitemap->out, path);
    buf_add(sitemap->out, STR("</loc>"));
    if (changed_us > 0) {
        clock_format(changed_us, changed);
        buf_addf(sitemap->out, "<lastmod>%s</lastmod>", changed);
    }
    buf_add(sitemap->out, STR("</url>\n"));
}

static enum err count_pages(struct tx *tx, void *arg)
{
    struct sitemap *sitemap = arg;
    TRY(shelf_freshen(tx, shelf_of(sitemap)));
    sitemap->pages = 1 + (shelf_count(shelf_of(sitemap)) + SITEMAP_PAGE - 1) / SITEMAP_PAGE;
    return ERR_OK;
}

enum err sitemap_index(struct request *request)
{
    struct sitemap sitemap = {.request = request};
    TRY(db_read(request->ports->db, request->ctx, count_pages, &sitemap));
    begin(&sitemap, "sitemapindex");
    for (size_t i = 0; i < sitemap.pages; i++) {
        buf_add(sitemap.out, STR("<sitemap><loc>"));
        html_add_text(sitemap.out, request->ports->site_url);
        buf_addf(sitemap.out, "/sitemaps/%zu</loc></sitemap>\n", i);
    }
    buf_add(sitemap.out, STR("</sitemapindex>\n"));
    return buf_err(sitemap.out);
}

static enum err add_lists(struct tx *tx, struct sitemap *sitemap)
{
    struct catalog_tree tree;
    struct collection_list_rows rows;
    TRY(catalog_tree(tx, &tree));
    TRY(collection_list(tx, str_from(tx->ctx->language->code), SITEMAP_COLLECTIONS_MAX, &rows));
    add_place(sitemap, STR("/"), 0);
    for (size_t i = 0; i < tree.count; i++)
        add_place(sitemap, tree.rows[i].path, 0);
    for (size_t i = 0; i < rows.count; i++)
        add_place(sitemap, catalog_path(tx->ctx->arena, "/collections/", rows.rows[i].slug), 0);
    return ERR_OK;
}

static enum err add_products(struct tx *tx, struct sitemap *sitemap)
{
    struct str *ids;
    size_t count;
    TRY(shelf_freshen(tx, shelf_of(sitemap)));
    TRY(shelf_slice(tx->ctx, shelf_of(sitemap), (size_t)(sitemap->page - 1) * SITEMAP_PAGE,
                    SITEMAP_PAGE, &ids, &count));
    for (size_t i = 0; i < count; i++) {
        struct product_place_row row;
        enum err err = product_place(tx, ids[i], &row);
        if (err == ERR_MISSING) {
            err_clear(&tx->ctx->err);
            continue;
        }
        TRY(err);
        add_place(sitemap, catalog_path(tx->ctx->arena, "/p/", row.slug), row.changed_us);
    }
    return ERR_OK;
}

static enum err add_places(struct tx *tx, void *arg)
{
    struct sitemap *sitemap = arg;
    begin(sitemap, "urlset");
    TRY(sitemap->page == 0 ? add_lists(tx, sitemap) : add_products(tx, sitemap));
    buf_add(sitemap->out, STR("</urlset>\n"));
    return buf_err(sitemap->out);
}

enum err sitemap_show(struct request *request, const struct sitemap_show_input *input)
{
    struct sitemap sitemap = {.request = request, .page = input->page};
    return db_read(request->ports->db, request->ctx, add_places, &sitemap);
}

enum err sitemap_robots(struct request *request)
{
    static const struct hash_key none = {0};
    struct buf text, etag;
    buf_init(&text, request->ctx->arena, ROBOTS_MAX);
    buf_init(&etag, request->ctx->arena, ETAG_MAX);
    buf_addf(&text, "%s\nSitemap: " STR_FMT "/sitemap.xml\n", nothing_for_robots,
             STR_ARG(request->ports->site_url));
    buf_addf(&etag, "\"%016" PRIx64 "\"", hash_str(&none, buf_str(&text)));
    if (buf_err(&text) || buf_err(&etag))
        return err_memory(&request->ctx->err);
    respond_cache(request, "public, max-age=3600");
    return respond_fixed(request, "text/plain; charset=utf-8", buf_str(&text), buf_str(&etag));
}
