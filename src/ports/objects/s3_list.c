/* Lists of an S3 store: names, and the versions of one. */
#include <string.h>

#include "ports/objects/s3_inside.h"
#include "ports/objects/xml.h"

/* What comes before nothing: the names in a folder are passed over by asking for those behind it
 * and the highest letter there is. */
static const char behind_all[] = "\xf4\x8f\xbf\xbf";

/* One entry of an answer, as its elements fill it. */
struct listed {
    struct str prefix, key, version, etag, changed, latest;
    int64_t size;
};

static void take_text(struct listed *listed, const struct xml *xml)
{
    const struct {
        const char *name;
        struct str *into;
    } texts[] = {{"Key", &listed->key},
                 {"Prefix", &listed->prefix},
                 {"VersionId", &listed->version},
                 {"ETag", &listed->etag},
                 {"LastModified", &listed->changed},
                 {"IsLatest", &listed->latest}};
    struct str element = xml_above(xml, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (str_equal(element, str_from(texts[i].name)))
            *texts[i].into = xml->text;
    if (str_equal(element, STR("Size")) &&
        str_to_int(xml->text, 0, OBJECTS_SIZE_MAX, &listed->size))
        listed->size = 0;
}

typedef enum err entry_fn(struct ctx *ctx, void *arg, struct str element,
                          const struct listed *listed);

static enum err bad_answer(struct ctx *ctx)
{
    return err_fail(&ctx->err, ERR_PEER, "Files cannot be reached.",
                    "the store's answer is not the XML that it should be");
}

/* Each element below the outermost is an entry, or says something of the list itself. */
static enum err read_list(struct ctx *ctx, struct str answer, entry_fn *take, void *arg)
{
    struct xml xml = {.rest = answer, .arena = ctx->arena};
    struct listed listed = {.size = 0};
    enum xml_event event;
    while (xml_next(&xml, &event)) {
        if (event == XML_OPEN && xml.depth == 2)
            listed = (struct listed){.size = 0};
        if (event == XML_TEXT && xml.depth == 3)
            take_text(&listed, &xml);
        if (event == XML_TEXT && xml.depth == 2)
            listed.key = xml.text;
        if (event == XML_CLOSE && xml.depth == 2)
            TRY(take(ctx, arg, xml_above(&xml, 0), &listed));
    }
    return xml.err == ERR_MEMORY ? err_memory(&ctx->err) : xml.err ? bad_answer(ctx) : ERR_OK;
}

struct listing {
    struct objects_page *page;
    size_t limit;
    struct str name;   /* of the versions; else empty */
    struct str marker; /* the version of a delete that is the latest */
};

static enum err fill(struct ctx *ctx, struct str name, const struct listed *listed,
                     struct objects_info *info)
{
    *info = (struct objects_info){.size = listed->size, .version = listed->version};
    info->is_latest = str_equal(listed->latest, STR("true"));
    if (listed->changed.len && clock_parse(listed->changed, &info->changed_us))
        info->changed_us = 0;
    if (str_copy(ctx->arena, name, &info->name) ||
        str_copy(ctx->arena, s3_unquote(listed->etag), &info->etag))
        return err_memory(&ctx->err);
    return ERR_OK;
}

/* Names and folders come apart, each in order: they are merged as they come. */
static enum err add_in_order(struct ctx *ctx, struct listing *listing, struct str name,
                             bool is_folder, const struct listed *listed)
{
    struct objects_page *page = listing->page;
    size_t at = page->count;
    if (page->count == listing->limit)
        return bad_answer(ctx);
    while (at && str_compare(name, page->items[at - 1].name) < 0)
        at--;
    memmove(&page->items[at + 1], &page->items[at], (page->count - at) * sizeof *page->items);
    page->count++;
    TRY(fill(ctx, name, listed, &page->items[at]));
    page->items[at].is_folder = is_folder;
    return ERR_OK;
}

static enum err take_name(struct ctx *ctx, void *arg, struct str element,
                          const struct listed *listed)
{
    struct listing *listing = arg;
    if (str_equal(element, STR("IsTruncated")))
        listing->page->more = str_equal(listed->key, STR("true"));
    if (str_equal(element, STR("Contents")))
        return add_in_order(ctx, listing, listed->key, false, listed);
    if (str_equal(element, STR("CommonPrefixes")))
        return add_in_order(ctx, listing, listed->prefix, true, listed);
    return ERR_OK;
}

static enum err name_query(struct ctx *ctx, const struct objects_query *query, struct str *text)
{
    struct buf out, after, limit;
    buf_init(&out, ctx->arena, HTTP_CLIENT_URL_MAX);
    buf_init(&after, ctx->arena, OBJECTS_NAME_MAX + sizeof behind_all);
    buf_init(&limit, ctx->arena, S3_TEXT_MAX);
    buf_add(&after, query->after);
    if (query->folders && str_ends(query->after, STR("/")))
        buf_add(&after, str_from(behind_all));
    buf_add_int(&limit, (int64_t)query->limit);
    if (query->folders)
        s3_add_pair(&out, "delimiter", STR("/"));
    s3_add_pair(&out, "list-type", STR("2"));
    s3_add_pair(&out, "max-keys", buf_str(&limit));
    if (query->prefix.len)
        s3_add_pair(&out, "prefix", query->prefix);
    if (after.len)
        s3_add_pair(&out, "start-after", buf_str(&after));
    *text = buf_str(&out);
    return buf_err(&out) || buf_err(&after) || buf_err(&limit) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err page_begin(struct ctx *ctx, size_t limit, struct objects_page *page)
{
    *page = (struct objects_page){.items = ARENA_ARRAY(ctx->arena, limit + 1, struct objects_info)};
    return page->items ? ERR_OK : err_memory(&ctx->err);
}

enum err s3_list(struct objects_store *store, struct ctx *ctx, const struct objects_query *query,
                 struct objects_page *page)
{
    struct s3_call call = {.method = "GET"};
    struct http_client_answer answer;
    struct listing listing = {.page = page, .limit = query->limit};
    TRY(page_begin(ctx, query->limit, page));
    TRY(name_query(ctx, query, &call.query));
    TRY(s3_send(store, ctx, &call, &answer));
    TRY(s3_check(ctx, &answer));
    return read_list(ctx, answer.body, take_name, &listing);
}

static enum err take_version(struct ctx *ctx, void *arg, struct str element,
                             const struct listed *listed)
{
    struct listing *listing = arg;
    struct objects_page *page = listing->page;
    if (!str_equal(listed->key, listing->name))
        return ERR_OK;
    if (str_equal(element, STR("DeleteMarker")) && str_equal(listed->latest, STR("true")))
        return str_copy(ctx->arena, listed->version, &listing->marker) ? err_memory(&ctx->err)
                                                                       : ERR_OK;
    if (!str_equal(element, STR("Version")))
        return ERR_OK;
    return page->count == listing->limit
               ? bad_answer(ctx)
               : fill(ctx, listing->name, listed, &page->items[page->count++]);
}

/* Those of the name come first: all others that begin with it are longer. */
static enum err list_versions(struct objects_store *store, struct ctx *ctx, struct listing *listing)
{
    struct s3_call call = {.method = "GET"};
    struct http_client_answer answer;
    struct buf query;
    buf_init(&query, ctx->arena, HTTP_CLIENT_URL_MAX);
    s3_add_pair(&query, "max-keys", STR("1000"));
    s3_add_pair(&query, "prefix", listing->name);
    s3_add_pair(&query, "versions", STR(""));
    if (buf_err(&query))
        return err_memory(&ctx->err);
    call.query = buf_str(&query);
    TRY(page_begin(ctx, listing->limit, listing->page));
    TRY(s3_send(store, ctx, &call, &answer));
    TRY(s3_check(ctx, &answer));
    return read_list(ctx, answer.body, take_version, listing);
}

enum err s3_versions(struct objects_store *store, struct ctx *ctx, struct str name,
                     struct objects_page *page)
{
    struct listing listing = {.page = page, .limit = OBJECTS_VERSIONS_MAX, .name = name};
    return list_versions(store, ctx, &listing);
}

enum err s3_delete_version(struct objects_store *store, struct ctx *ctx, struct str name,
                           struct str version)
{
    struct s3_call call = {.method = "DELETE", .name = name};
    struct http_client_answer answer;
    struct buf query;
    buf_init(&query, ctx->arena, S3_URL_MAX);
    s3_add_pair(&query, "versionId", version);
    if (buf_err(&query))
        return err_input(&ctx->err, "version", "must be as the store told it");
    call.query = buf_str(&query);
    TRY(s3_send(store, ctx, &call, &answer));
    return s3_check(ctx, &answer);
}

/* A delete is a mark before the versions: without it the newest is the latest again. */
enum err s3_undelete(struct objects_store *store, struct ctx *ctx, struct str name)
{
    struct objects_page page = {0};
    struct listing listing = {.page = &page, .limit = OBJECTS_VERSIONS_MAX, .name = name};
    TRY(list_versions(store, ctx, &listing));
    if (!page.count)
        return err_fail(&ctx->err, ERR_MISSING, "There is no such version.", "no version");
    return listing.marker.len ? s3_delete_version(store, ctx, name, listing.marker) : ERR_OK;
}
