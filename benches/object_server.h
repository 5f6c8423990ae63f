/* The folder of object_server, as it and the benchmark open it: for the one that puts files there,
 * and the one that makes links to them.
 *
 *     TRY(object_server_open(ctx, folder, false, &objects));
 *     TRY(objects_link(objects, ctx, OBJECTS_LINK_GET, STR("4k"), 3600, &url)); */
#ifndef STOA_BENCHES_OBJECT_SERVER_H
#define STOA_BENCHES_OBJECT_SERVER_H

#include "ports/objects/objects.h"

enum { OBJECT_SMALL = 4096, OBJECT_LARGE = 1 << 20, OBJECT_URL_MAX = 512 };

static inline enum err object_server_open(struct ctx *ctx, const char *folder, bool seals,
                                          struct objects **objects)
{
    static const unsigned char keys[1][OBJECTS_KEY_BYTES] = {"the key of a benchmark"};
    struct buf url;
    buf_init(&url, ctx->arena, OBJECT_URL_MAX);
    buf_addf(&url, "dir:%s/%s", folder, seals ? "sealed" : "open");
    return objects_open(ctx,
                        &(struct objects_options){.url = buf_str(&url),
                                                  .seal_keys = keys,
                                                  .seal_key_count = seals,
                                                  .link_key = keys[0],
                                                  .link_base = STR("/objects/")},
                        objects);
}

#endif
