/* What a store does for the port. Private to ports/objects: a driver fills this table, objects.c
 * checks what is asked and calls it. Each function may be called by several threads at once, fails
 * as objects.h says, and records it in ctx->err.
 *
 *     TRY(objects_name_check(ctx, name));
 *     return driver->head(store, ctx, name, info); */
#ifndef STOA_PORTS_OBJECTS_DRIVER_H
#define STOA_PORTS_OBJECTS_DRIVER_H

#include "ports/objects/objects.h"

struct objects_store; /* a driver's own */

struct objects_driver {
    const char *scheme; /* "dir" */

    enum err (*open)(struct ctx *ctx, const struct objects_options *options,
                     struct objects_store **store);
    void (*close)(struct objects_store *store);
    /* NULL where a list of one name tells. */
    enum err (*reach)(struct objects_store *store, struct ctx *ctx);

    enum err (*put)(struct objects_store *store, struct ctx *ctx, struct str name,
                    const struct objects_put *put, const struct objects_body *body,
                    struct objects_info *info);
    enum err (*get)(struct objects_store *store, struct ctx *ctx, struct str name,
                    const struct objects_range *range, objects_sink_fn *sink, void *arg,
                    struct objects_info *info);
    enum err (*head)(struct objects_store *store, struct ctx *ctx, struct str name,
                     struct objects_info *info);
    /* NULL, all three, where links lead elsewhere. */
    enum err (*reader_open)(struct objects_store *store, struct ctx *ctx, struct str name,
                            struct objects_info *info, struct objects_reader **reader);
    void (*reader_close)(struct objects_reader *reader);
    enum err (*read)(struct objects_reader *reader, struct ctx *ctx, int64_t from,
                     struct objects_piece *piece);
    enum err (*delete)(struct objects_store *store, struct ctx *ctx, struct str name);
    enum err (*list)(struct objects_store *store, struct ctx *ctx,
                     const struct objects_query *query, struct objects_page *page);

    enum err (*versions)(struct objects_store *store, struct ctx *ctx, struct str name,
                         struct objects_page *page);
    enum err (*delete_version)(struct objects_store *store, struct ctx *ctx, struct str name,
                               struct str version);
    enum err (*undelete)(struct objects_store *store, struct ctx *ctx, struct str name);

    enum err (*begin)(struct objects_store *store, struct ctx *ctx, struct str name,
                      const struct objects_put *put, struct str *upload);
    enum err (*part)(struct objects_store *store, struct ctx *ctx, struct str name,
                     struct str upload, int number, const struct objects_body *body,
                     struct str *etag);
    enum err (*complete)(struct objects_store *store, struct ctx *ctx, struct str name,
                         struct str upload, const struct objects_part parts[], size_t count,
                         struct objects_info *info);
    enum err (*abort)(struct objects_store *store, struct ctx *ctx, struct str name,
                      struct str upload);

    enum err (*link)(struct objects_store *store, struct ctx *ctx, enum objects_link_use use,
                     struct str name, int64_t lasts_s, struct str *url);
    /* NULL where links lead elsewhere. */
    enum err (*link_check)(struct objects_store *store, struct ctx *ctx, enum objects_link_use use,
                           struct str name, struct str query);
};

/* What a driver's own reader begins with. */
struct objects_reader {
    const struct objects_driver *driver; /* objects_reader_open sets it */
};

extern const struct objects_driver objects_dir, objects_s3;

/* Those that this program has, ended by NULL. Each program defines it: app/wiring.c. */
extern const struct objects_driver *const objects_drivers[];

/* Fills `bytes` from a body that is read: *got is less than `size` at its end alone. `done` counts
 * what the body gave so far, and is the place of its next byte. */
enum err objects_body_fill(struct ctx *ctx, const struct objects_body *body, int64_t *done,
                           char *bytes, size_t size, size_t *got);

#endif
