/* URLs: what was sent, decoded strictly, and what is ours, encoded.
 *
 *     TRY(url_path(ctx->arena, head->path, &path));         "/a/%C3%A4/../b" is "/a/b"
 *
 *     struct url_pairs pairs = url_pairs(ctx->arena, head->query);
 *     while (url_next_pair(&pairs, &name, &value))          "a=1&b=%20+" is a: "1", b: "  "
 *         …
 *     TRY(pairs.err);                                       asked once, at the end
 *
 * Nothing is repaired: a "%" without two hex digits, a NUL and text that is not UTF-8 are
 * ERR_INPUT. What holds nothing to decode is not copied: it points into what was sent. */
#ifndef STOA_WEB_URL_H
#define STOA_WEB_URL_H

#include "base/buf.h"

enum { URL_PAIRS_MAX = 256 };

/* Decodes a path that begins with "/". "." and ".." are resolved, "%2E" for one of their dots and
 * "%2F" for "/" as well; "//" stays. ERR_INPUT also for a path that climbs above its beginning, and
 * for a control in it. */
enum err url_path(struct arena *arena, struct str sent, struct str *path);

/* True for a path of this site that one may be sent on to: "//host" and "/\host" lead elsewhere. */
bool url_is_own_path(struct str path);

/* The pairs of a query or of a form that is application/x-www-form-urlencoded. */
struct url_pairs {
    struct arena *arena;
    struct str rest;
    size_t count;
    enum err err; /* what ended it: ERR_INPUT, ERR_MEMORY, ERR_LIMIT beyond URL_PAIRS_MAX */
};
struct url_pairs url_pairs(struct arena *arena, struct str sent);

/* The next pair, decoded; "a" alone is "a" with an empty value. False at the end, or for an err. */
bool url_next_pair(struct url_pairs *pairs, struct str *name, struct str *value);

/* Adds a part of a path or of a query: all but letters, digits and - . _ ~ is percent-encoded. */
void url_add_part(struct buf *out, struct str text);

#endif
