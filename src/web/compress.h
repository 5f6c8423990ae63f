/* Compressing what was just made, and choosing what a reader takes.
 *
 *     struct str packed;
 *     if (compress_pays(type, body.len) && coding_choose(accept, CODING_HAS_GZIP) == CODING_GZIP &&
 *         compress_gzip(arena, body, &packed))
 *         body = packed;
 *
 * Pages are compressed as fast as can be; what can be compressed once, at the build, is there as
 * brotli too (asset.h). */
#ifndef STOA_WEB_COMPRESS_H
#define STOA_WEB_COMPRESS_H

#include "base/arena.h"
#include "base/str.h"

enum { COMPRESS_MIN = 1 << 10 }; /* bytes: below that it fits into a packet or two anyway */

/* The better one last. */
enum coding { CODING_NONE, CODING_GZIP, CODING_BROTLI, CODING_COUNT };
enum { CODING_HAS_GZIP = 1 << CODING_GZIP, CODING_HAS_BROTLI = 1 << CODING_BROTLI };

/* What an Accept-Encoding header likes best of what there is: `has` is a sum of the above. Of
 * equals the better one. */
enum coding coding_choose(struct str accept_encoding, unsigned has);
const char *coding_name(enum coding coding); /* "gzip"; CODING_NONE is "identity" */

/* Whether so much of a type is worth it. */
bool compress_pays(const char *type, size_t len);

/* False where there is no memory, or it would not be smaller. The text is in the arena; the work
 * takes up to 170 KB more of it and gives them back. */
bool compress_gzip(struct arena *arena, struct str text, struct str *packed);

#endif
