/* Objects: named bytes of any size that outlive the process, in a folder or in an S3 store.
 *
 *     struct objects_put put = {.type = STR("application/pdf")};
 *     struct objects_body body = {.bytes = buf_str(&pdf)};
 *     TRY(objects_put(objects, ctx, STR("invoices/2026/inv_01K.pdf"), &put, &body, NULL));
 *     …
 *     TRY(objects_get(objects, ctx, name, NULL, send_piece, request, &info));
 *
 * When a put returns ERR_OK, the object is durable; whoever asks meanwhile gets the old one or the
 * new one, whole. A put that fails with ERR_IO or ERR_PEER may have done either, never something
 * between. Bytes are streamed both ways: memory is constant, whatever the size.
 *
 * What streaming promises: the folder's driver checks every piece before the sink gets it, so the
 * sink never sees a wrong byte. Only ERR_OK says that it saw all of them; ERR_IO in the middle
 * means that the copy on the disk is bad from there on, and whoever passes the pieces on has to
 * break off visibly (a server closes the connection).
 *
 * A name is 1 to OBJECTS_NAME_MAX bytes of UTF-8 without controls, in parts divided by "/", none of
 * them empty, "." or "..". Names are told apart by their bytes, "A" from "a" too, and listed in the
 * order of their bytes. A mistake in what is asked is ERR_INPUT and names the field.
 *
 * Any thread may call. Texts that are handed out lie in ctx->arena. */
#ifndef STOA_PORTS_OBJECTS_OBJECTS_H
#define STOA_PORTS_OBJECTS_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ctx.h"
#include "base/str.h"

struct http_client;
struct objects;

#define OBJECTS_SIZE_MAX (INT64_C(5) << 40) /* of one object: S3's limit */

enum {
    OBJECTS_NAME_MAX = 1024,
    OBJECTS_TYPE_MAX = 128,
    OBJECTS_META_MAX = 8, /* pairs of metadata */
    OBJECTS_META_NAME_MAX = 40,
    OBJECTS_META_VALUE_MAX = 200,
    OBJECTS_PAGE_MAX = 1000,     /* names of one page of a list */
    OBJECTS_VERSIONS_MAX = 1000, /* versions of one name that are told */
    OBJECTS_PARTS_MAX = 10000,
    OBJECTS_KEY_BYTES = 32,
    OBJECTS_KEYS_MAX = 64,
    OBJECTS_LINK_MAX_S = 7 * 24 * 3600, /* S3's limit */
};

struct objects_options {
    struct str url; /* "dir:/srv/stoa/objects?versions=yes", "s3://…": docs/ports.md */
    /* dir: objects are sealed with the last of these, and read with any; or none. An object keeps
     * its key's place, from 1: a new key is added behind the others. */
    const unsigned char (*seal_keys)[OBJECTS_KEY_BYTES];
    size_t seal_key_count;         /* at most OBJECTS_KEYS_MAX */
    struct http_client *http;      /* s3: what calls it; outlives the store */
    const unsigned char *link_key; /* dir: links are signed with these; or NULL: there are none */
    struct str link_base;          /* dir: what links begin with: "https://shop.example/objects/" */
    /* dir: makes and sweeps nothing, ERR_MISSING where there is no folder; for objects_reach. */
    bool only_looks;
};

/* Opens it; what an earlier process left half-done is swept. ERR_INPUT with the field OBJECTS_URL,
 * ERR_IO for a folder that cannot be used. The options may go afterwards. */
enum err objects_open(struct ctx *ctx, const struct objects_options *options,
                      struct objects **opened);
void objects_close(struct objects *objects);

/* Whether the store answers, and lets us in; a folder: whether files can be put in it. For who
 * looks after it; changes nothing. */
enum err objects_reach(struct objects *objects, struct ctx *ctx);

/* A pair of words kept beside the bytes: the name a-z, 0-9 and "-", the value printable ASCII. */
struct objects_meta {
    struct str name, value;
};

struct objects_put {
    struct str type; /* of the content; empty is application/octet-stream */
    const struct objects_meta *meta;
    size_t meta_count;
};

/* Gives the next bytes, at most `size`; *got is 0 at the end. */
typedef enum err objects_source_fn(struct ctx *ctx, void *arg, char *bytes, size_t size,
                                   size_t *got);
/* Takes the next bytes. An error ends the get. */
typedef enum err objects_sink_fn(struct ctx *ctx, void *arg, struct str bytes);

/* What is put: `bytes`, or where `read` is set, what it gives. */
struct objects_body {
    struct str bytes;
    objects_source_fn *read;
    void *arg;
    bool sized; /* `read` gives `size` bytes, and anything else is ERR_INPUT: nothing is put */
    int64_t size;
};

struct objects_info {
    struct str name, type;
    struct str version; /* which of the name's; empty where the store says none */
    struct str etag;    /* changes with the content; without quotes */
    int64_t size;
    int64_t changed_us;
    struct objects_meta meta[OBJECTS_META_MAX];
    size_t meta_count;
    bool is_folder; /* in a list: what follows the name, up to "/" and on, was left out */
    bool is_latest; /* in a list of versions: the one that the name gives */
    bool is_bad;    /* in a list: its copy is damaged, and only the name is known */
};

/* Puts an object in the place of any before; `info` may be NULL. */
enum err objects_put(struct objects *objects, struct ctx *ctx, struct str name,
                     const struct objects_put *put, const struct objects_body *body,
                     struct objects_info *info);

/* Which part of which version: `length` of 0 is up to the end. */
struct objects_range {
    struct str version; /* empty: the latest */
    int64_t from, length;
};

/* Streams it to the sink. `range` may be NULL: all of the latest. A `from` beyond the end is
 * ERR_INPUT with the field "range"; a length beyond it is cut. ERR_MISSING: no such object. `info`
 * is filled before the sink is first called, and may be NULL. */
enum err objects_get(struct objects *objects, struct ctx *ctx, struct str name,
                     const struct objects_range *range, objects_sink_fn *sink, void *arg,
                     struct objects_info *info);

/* An object that is read at the pace of who takes it, piece by piece and from anywhere: what a
 * server answers with. It stays the one that was opened, whatever is put or deleted meanwhile, and
 * outlives the ctx that opened it; one thread at a time. ERR_CONFLICT of a store whose links lead
 * elsewhere; with ctx->never_waits ERR_BUSY of what is large or not in the system's memory. Where
 * it returned ERR_OK, objects_reader_close closes it. */
struct objects_reader;

enum err objects_reader_open(struct objects *objects, struct ctx *ctx, struct str name,
                             struct objects_info *info, struct objects_reader **reader);
void objects_reader_close(struct objects_reader *reader);

/* What begins at a place of an object: bytes in ctx->arena, checked; or, of a large object that is
 * not sealed, so many bytes of a file as they lie on the disk, for sendfile(2) and unchecked. */
struct objects_piece {
    struct str bytes;
    int fd; /* where `bytes` is empty; the reader's */
    int64_t at;
    size_t len;
};

/* `from` is below the size. The first call of a reader goes with the ctx that opened it. */
enum err objects_read(struct objects_reader *reader, struct ctx *ctx, int64_t from,
                      struct objects_piece *piece);

/* The whole of a small one, in ctx->arena: ERR_LIMIT where it is larger than `limit`. */
enum err objects_get_bytes(struct objects *objects, struct ctx *ctx, struct str name, size_t limit,
                           struct str *bytes);

enum err objects_head(struct objects *objects, struct ctx *ctx, struct str name,
                      struct objects_info *info);

/* The name gives nothing any more. ERR_OK also where it gave nothing before. */
enum err objects_delete(struct objects *objects, struct ctx *ctx, struct str name);

/* A page of names in the order of their bytes, those that begin with `prefix` and come after
 * `after`: for the next page that is the last name of this one. With `folders` names are shown up
 * to the first "/" behind the prefix, once. A list is not one moment: what is put or deleted while
 * it is read may be in it or not. Metadata and type are not told by every store: see objects_head.
 */
struct objects_query {
    struct str prefix, after;
    bool folders;
    size_t limit; /* at most OBJECTS_PAGE_MAX; 0 is that */
};

struct objects_page {
    struct objects_info *items;
    size_t count;
    bool more;
};

enum err objects_list(struct objects *objects, struct ctx *ctx, const struct objects_query *query,
                      struct objects_page *page);

/* The versions of one name, the newest first, where the store keeps them; else the one that there
 * is. A deleted name has versions, and none is the latest. */
enum err objects_versions(struct objects *objects, struct ctx *ctx, struct str name,
                          struct objects_page *page);

/* Removes one version for good; of the latest, the one before becomes the latest. ERR_MISSING where
 * there is no such version. */
enum err objects_delete_version(struct objects *objects, struct ctx *ctx, struct str name,
                                struct str version);

/* Takes a delete back: the newest version is the latest again. ERR_OK also for a name that is not
 * deleted, ERR_MISSING where no version was kept. */
enum err objects_undelete(struct objects *objects, struct ctx *ctx, struct str name);

/* An object in parts: begin, any number of parts in any order, from several threads, the same one
 * again; then complete, or abort. Parts are numbered from 1 to OBJECTS_PARTS_MAX; S3 wants each but
 * the last to have 5 MiB. A part that is read says its size. `upload` is text to be kept by the
 * caller, in ctx->arena. What is neither completed nor aborted is swept after a week (S3: by the
 * bucket's own rule). */
enum err objects_begin(struct objects *objects, struct ctx *ctx, struct str name,
                       const struct objects_put *put, struct str *upload);

struct objects_part {
    int number;
    struct str etag; /* as objects_part told it */
};

enum err objects_part(struct objects *objects, struct ctx *ctx, struct str name, struct str upload,
                      int number, const struct objects_body *body, struct str *etag);

/* The parts in the order of their numbers become the object. ERR_CONFLICT where one is not there as
 * it is told; the upload then stands as it was. Of one that was completed before, a store tells
 * ERR_MISSING, or ERR_OK again. */
enum err objects_complete(struct objects *objects, struct ctx *ctx, struct str name,
                          struct str upload, const struct objects_part parts[], size_t count,
                          struct objects_info *info);
enum err objects_abort(struct objects *objects, struct ctx *ctx, struct str name,
                       struct str upload);

/* A link by which whoever has it gets or puts this one object, for 1 to OBJECTS_LINK_MAX_S seconds.
 * S3's leads to the store itself. The folder's begins with options.link_base, and the route that is
 * there asks objects_link_check with the name and the query as they came: ERR_FORBIDDEN for a link
 * that is not ours, is for another use, or is too old. ERR_CONFLICT where no link_key was given. */
enum objects_link_use { OBJECTS_LINK_GET, OBJECTS_LINK_PUT };

enum err objects_link(struct objects *objects, struct ctx *ctx, enum objects_link_use use,
                      struct str name, int64_t lasts_s, struct str *url);
enum err objects_link_check(struct objects *objects, struct ctx *ctx, enum objects_link_use use,
                            struct str name, struct str query);

/* ERR_INPUT, with the field "name", for a name that cannot be. */
enum err objects_name_check(struct ctx *ctx, struct str name);

#endif
