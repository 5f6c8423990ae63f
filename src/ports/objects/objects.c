/* The port of objects: what is asked is checked here, and a driver does it. */
#include "ports/objects/objects.h"

#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "ports/objects/driver.h"

struct objects {
    const struct objects_driver *driver;
    struct objects_store *store;
};

static const struct objects_driver *find_driver(struct str url)
{
    struct str scheme;
    if (str_find_char(url, ':') == STR_NONE || !str_cut(&url, ':', &scheme))
        return NULL;
    for (size_t i = 0; objects_drivers[i]; i++)
        if (str_equal(scheme, str_from(objects_drivers[i]->scheme)))
            return objects_drivers[i];
    return NULL;
}

enum err objects_open(struct ctx *ctx, const struct objects_options *options,
                      struct objects **opened)
{
    const struct objects_driver *driver = find_driver(options->url);
    if (!driver)
        return err_input(&ctx->err, "OBJECTS_URL",
                         "must begin with dir: or s3: as in dir:objects or s3://host/bucket");
    struct objects *objects = mem_alloc(sizeof *objects);
    if (!objects)
        return err_memory(&ctx->err);
    objects->driver = driver;
    enum err err = driver->open(ctx, options, &objects->store);
    if (err)
        mem_free(objects);
    else
        *opened = objects;
    return err;
}

void objects_close(struct objects *objects)
{
    objects->driver->close(objects->store);
    mem_free(objects);
}

enum err objects_reach(struct objects *objects, struct ctx *ctx)
{
    static const struct objects_query one = {.limit = 1};
    struct objects_page page;
    return objects->driver->reach ? objects->driver->reach(objects->store, ctx)
                                  : objects->driver->list(objects->store, ctx, &one, &page);
}

/* Controls of ASCII and of Latin-1, which UTF-8 writes as C2 80 to C2 9F. */
static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        unsigned char next = i + 1 < text.len ? (unsigned char)text.ptr[i + 1] : 0xff;
        if (c < 0x20 || c == 0x7f || (c == 0xc2 && next < 0xa0))
            return true;
    }
    return false;
}

static bool has_bad_part(struct str name)
{
    struct str part;
    while (str_cut(&name, '/', &part))
        if (!part.len || str_equal(part, STR(".")) || str_equal(part, STR("..")))
            return true;
    return false;
}

enum err objects_name_check(struct ctx *ctx, struct str name)
{
    if (!name.len || name.len > OBJECTS_NAME_MAX)
        return err_input(&ctx->err, "name", "must have 1 to %d bytes", OBJECTS_NAME_MAX);
    if (!str_is_utf8(name) || has_control(name))
        return err_input(&ctx->err, "name", "must be UTF-8 without control characters");
    if (has_bad_part(name))
        return err_input(&ctx->err, "name",
                         "must have parts between its slashes, none of them empty, . or ..");
    return ERR_OK;
}

static bool is_printable(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < ' ' || text.ptr[i] > '~')
            return false;
    return true;
}

static bool is_meta_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!name.ptr[i] || !strchr("abcdefghijklmnopqrstuvwxyz0123456789-", name.ptr[i]))
            return false;
    return name.len > 0 && name.len <= OBJECTS_META_NAME_MAX;
}

/* Stores trim what surrounds a value. */
static bool is_meta_value(struct str value)
{
    return value.len > 0 && value.len <= OBJECTS_META_VALUE_MAX && is_printable(value) &&
           value.ptr[0] != ' ' && value.ptr[value.len - 1] != ' ';
}

static enum err put_check(struct ctx *ctx, const struct objects_put *put)
{
    if (put->type.len > OBJECTS_TYPE_MAX || !is_printable(put->type))
        return err_input(&ctx->err, "type", "must be printable, of at most %d bytes",
                         OBJECTS_TYPE_MAX);
    if (put->meta_count > OBJECTS_META_MAX)
        return err_input(&ctx->err, "meta", "must be at most %d pairs", OBJECTS_META_MAX);
    for (size_t i = 0; i < put->meta_count; i++) {
        if (!is_meta_name(put->meta[i].name))
            return err_input(&ctx->err, "meta", "must have names of a-z, 0-9 and -, of at most %d",
                             OBJECTS_META_NAME_MAX);
        if (!is_meta_value(put->meta[i].value))
            return err_input(&ctx->err, "meta",
                             "must have printable values of 1 to %d bytes, with no space around",
                             OBJECTS_META_VALUE_MAX);
    }
    return ERR_OK;
}

static enum err part_body_check(struct ctx *ctx, const struct objects_body *body)
{
    if (body->read && !body->sized)
        return err_input(&ctx->err, "size", "must be told of a part that is read");
    return ERR_OK;
}

static enum err body_check(struct ctx *ctx, const struct objects_body *body)
{
    if (body->sized && (body->size < 0 || body->size > OBJECTS_SIZE_MAX))
        return err_input(&ctx->err, "size", "must be from 0 to 5 TiB");
    return ERR_OK;
}

/* A body of bytes, as one that is read. */
static size_t take_bytes(const struct objects_body *body, int64_t done, char *bytes, size_t size)
{
    struct str rest = str_slice(body->bytes, (size_t)done, body->bytes.len);
    size_t got = rest.len < size ? rest.len : size;
    if (got)
        memcpy(bytes, rest.ptr, got);
    return got;
}

static enum err check_size(struct ctx *ctx, const struct objects_body *body, int64_t done,
                           bool ended)
{
    if (done > OBJECTS_SIZE_MAX)
        return err_fail(&ctx->err, ERR_LIMIT, "This is too large to be kept.",
                        "an object has at most 5 TiB");
    if (body->read && body->sized && (done > body->size || (ended && done < body->size)))
        return err_input(&ctx->err, "size", "must be the number of bytes that come");
    return ERR_OK;
}

enum err objects_body_fill(struct ctx *ctx, const struct objects_body *body, int64_t *done,
                           char *bytes, size_t size, size_t *got)
{
    bool ended = false;
    for (*got = 0; *got < size && !ended;) {
        size_t more = 0;
        TRY(ctx_check_deadline(ctx));
        if (body->read)
            TRY(body->read(ctx, body->arg, bytes + *got, size - *got, &more));
        else
            more = take_bytes(body, *done, bytes + *got, size - *got);
        ASSERT(more <= size - *got);
        *got += more;
        *done += (int64_t)more;
        ended = more == 0;
        TRY(check_size(ctx, body, *done, ended));
    }
    return ERR_OK;
}

enum err objects_put(struct objects *objects, struct ctx *ctx, struct str name,
                     const struct objects_put *put, const struct objects_body *body,
                     struct objects_info *info)
{
    struct objects_info unasked;
    TRY(objects_name_check(ctx, name));
    TRY(put_check(ctx, put));
    TRY(body_check(ctx, body));
    return objects->driver->put(objects->store, ctx, name, put, body, info ? info : &unasked);
}

enum err objects_get(struct objects *objects, struct ctx *ctx, struct str name,
                     const struct objects_range *range, objects_sink_fn *sink, void *arg,
                     struct objects_info *info)
{
    struct objects_info unasked;
    static const struct objects_range all;
    TRY(objects_name_check(ctx, name));
    if (range && (range->from < 0 || range->length < 0))
        return err_input(&ctx->err, "range", "must not be below 0");
    return objects->driver->get(objects->store, ctx, name, range ? range : &all, sink, arg,
                                info ? info : &unasked);
}

enum err objects_reader_open(struct objects *objects, struct ctx *ctx, struct str name,
                             struct objects_info *info, struct objects_reader **reader)
{
    TRY(objects_name_check(ctx, name));
    if (!objects->driver->reader_open)
        return err_fail(&ctx->err, ERR_CONFLICT, "This file is not kept here.",
                        "links to this store lead to the store itself");
    TRY(objects->driver->reader_open(objects->store, ctx, name, info, reader));
    (*reader)->driver = objects->driver;
    return ERR_OK;
}

void objects_reader_close(struct objects_reader *reader)
{
    reader->driver->reader_close(reader);
}

enum err objects_read(struct objects_reader *reader, struct ctx *ctx, int64_t from,
                      struct objects_piece *piece)
{
    *piece = (struct objects_piece){.fd = -1};
    return reader->driver->read(reader, ctx, from, piece);
}

static enum err take_piece(struct ctx *ctx, void *arg, struct str bytes)
{
    struct buf *into = arg;
    buf_add(into, bytes);
    if (buf_err(into) == ERR_LIMIT)
        return err_fail(&ctx->err, ERR_LIMIT, "This is larger than expected.",
                        "an object of more than %zu bytes", into->limit);
    return buf_err(into) ? err_memory(&ctx->err) : ERR_OK;
}

enum err objects_get_bytes(struct objects *objects, struct ctx *ctx, struct str name, size_t limit,
                           struct str *bytes)
{
    struct buf into;
    buf_init(&into, ctx->arena, limit);
    TRY(objects_get(objects, ctx, name, NULL, take_piece, &into, NULL));
    *bytes = buf_str(&into);
    return ERR_OK;
}

enum err objects_head(struct objects *objects, struct ctx *ctx, struct str name,
                      struct objects_info *info)
{
    TRY(objects_name_check(ctx, name));
    return objects->driver->head(objects->store, ctx, name, info);
}

enum err objects_delete(struct objects *objects, struct ctx *ctx, struct str name)
{
    TRY(objects_name_check(ctx, name));
    return objects->driver->delete (objects->store, ctx, name);
}

static enum err query_text_check(struct ctx *ctx, const char *field, struct str text)
{
    if (text.len > OBJECTS_NAME_MAX || has_control(text))
        return err_input(&ctx->err, field, "must have at most %d bytes and no control characters",
                         OBJECTS_NAME_MAX);
    return ERR_OK;
}

enum err objects_list(struct objects *objects, struct ctx *ctx, const struct objects_query *query,
                      struct objects_page *page)
{
    struct objects_query asked = *query;
    TRY(query_text_check(ctx, "prefix", query->prefix));
    TRY(query_text_check(ctx, "after", query->after));
    if (query->limit > OBJECTS_PAGE_MAX)
        return err_input(&ctx->err, "limit", "must be at most %d", OBJECTS_PAGE_MAX);
    asked.limit = query->limit ? query->limit : OBJECTS_PAGE_MAX;
    return objects->driver->list(objects->store, ctx, &asked, page);
}

enum err objects_versions(struct objects *objects, struct ctx *ctx, struct str name,
                          struct objects_page *page)
{
    TRY(objects_name_check(ctx, name));
    return objects->driver->versions(objects->store, ctx, name, page);
}

enum err objects_delete_version(struct objects *objects, struct ctx *ctx, struct str name,
                                struct str version)
{
    TRY(objects_name_check(ctx, name));
    return objects->driver->delete_version(objects->store, ctx, name, version);
}

enum err objects_undelete(struct objects *objects, struct ctx *ctx, struct str name)
{
    TRY(objects_name_check(ctx, name));
    return objects->driver->undelete(objects->store, ctx, name);
}

enum err objects_begin(struct objects *objects, struct ctx *ctx, struct str name,
                       const struct objects_put *put, struct str *upload)
{
    TRY(objects_name_check(ctx, name));
    TRY(put_check(ctx, put));
    return objects->driver->begin(objects->store, ctx, name, put, upload);
}

enum err objects_part(struct objects *objects, struct ctx *ctx, struct str name, struct str upload,
                      int number, const struct objects_body *body, struct str *etag)
{
    TRY(objects_name_check(ctx, name));
    TRY(part_body_check(ctx, body));
    TRY(body_check(ctx, body));
    if (number < 1 || number > OBJECTS_PARTS_MAX)
        return err_input(&ctx->err, "number", "must be from 1 to %d", OBJECTS_PARTS_MAX);
    return objects->driver->part(objects->store, ctx, name, upload, number, body, etag);
}

static enum err parts_check(struct ctx *ctx, const struct objects_part parts[], size_t count)
{
    if (!count || count > OBJECTS_PARTS_MAX)
        return err_input(&ctx->err, "parts", "must be 1 to %d", OBJECTS_PARTS_MAX);
    for (size_t i = 0; i < count; i++)
        if (parts[i].number < 1 || parts[i].number > OBJECTS_PARTS_MAX ||
            (i && parts[i].number <= parts[i - 1].number))
            return err_input(&ctx->err, "parts", "must be in the order of their numbers");
    return ERR_OK;
}

enum err objects_complete(struct objects *objects, struct ctx *ctx, struct str name,
                          struct str upload, const struct objects_part parts[], size_t count,
                          struct objects_info *info)
{
    struct objects_info unasked;
    TRY(objects_name_check(ctx, name));
    TRY(parts_check(ctx, parts, count));
    return objects->driver->complete(objects->store, ctx, name, upload, parts, count,
                                     info ? info : &unasked);
}

enum err objects_abort(struct objects *objects, struct ctx *ctx, struct str name, struct str upload)
{
    TRY(objects_name_check(ctx, name));
    return objects->driver->abort(objects->store, ctx, name, upload);
}

enum err objects_link(struct objects *objects, struct ctx *ctx, enum objects_link_use use,
                      struct str name, int64_t lasts_s, struct str *url)
{
    TRY(objects_name_check(ctx, name));
    if (lasts_s < 1 || lasts_s > OBJECTS_LINK_MAX_S)
        return err_input(&ctx->err, "lasts", "must be from 1 to %d seconds", OBJECTS_LINK_MAX_S);
    return objects->driver->link(objects->store, ctx, use, name, lasts_s, url);
}

enum err objects_link_check(struct objects *objects, struct ctx *ctx, enum objects_link_use use,
                            struct str name, struct str query)
{
    TRY(objects_name_check(ctx, name));
    if (!objects->driver->link_check)
        return err_fail(&ctx->err, ERR_FORBIDDEN, "This link is not valid, or not any more.",
                        "links to this store lead to the store itself");
    return objects->driver->link_check(objects->store, ctx, use, name, query);
}
