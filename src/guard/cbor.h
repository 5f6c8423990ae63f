/* CBOR as security keys write it: RFC 8949 with what CTAP2 leaves of it, read into an arena.
 *
 *     struct str rest = bytes;
 *     struct cbor *root;
 *     TRY(cbor_read(ctx, &rest, &root));                    rest is what follows the first value
 *     TRY(cbor_bytes(cbor_get(root, "authData"), &data));
 *     TRY(cbor_int(cbor_at(key, -1), &curve));
 *
 * Lengths are definite and written in their shortest form; keys are whole numbers or texts, and a
 * key that comes twice is refused, because readers disagree on which one counts. Tags, floating
 * point and numbers beyond 63 bits are refused: nothing that is read here has them. Texts and bytes
 * point into what was read, which must live as long as the tree. */
#ifndef STOA_GUARD_CBOR_H
#define STOA_GUARD_CBOR_H

#include "base/ctx.h"
#include "base/str.h"

enum {
    CBOR_DEPTH_MAX = 8,       /* values within each other; CTAP2 itself allows 4 */
    CBOR_VALUES_MAX = 1024,   /* in one tree, keys too */
    CBOR_SIZE_MAX = 64 << 10, /* bytes that are looked at */
};

enum cbor_kind {
    CBOR_INT,
    CBOR_BYTES,
    CBOR_TEXT,
    CBOR_ARRAY,
    CBOR_MAP,
    CBOR_FALSE,
    CBOR_TRUE,
    CBOR_NULL
};

/* A value, and its place among its siblings. */
struct cbor {
    enum cbor_kind kind;
    uint32_t count;   /* an array's values, a map's pairs */
    int64_t number;   /* of CBOR_INT */
    struct str bytes; /* of CBOR_BYTES and CBOR_TEXT */
    struct cbor *first;
    struct cbor *key; /* as a map's value */
    struct cbor *next;
};

/* Takes the first value off the front of `rest`. ERR_INPUT for what is none, ERR_LIMIT beyond a
 * limit, both with the place in the operator's words; ERR_MEMORY. */
enum err cbor_read(struct ctx *ctx, struct str *rest, struct cbor **root);

/* The map's value of that key, or NULL: also where `map` is NULL or no map. */
const struct cbor *cbor_get(const struct cbor *map, const char *name);
const struct cbor *cbor_at(const struct cbor *map, int64_t key);

/* ERR_INPUT, with nothing recorded, where the kind is another or the value is NULL. */
enum err cbor_int(const struct cbor *value, int64_t *number);
enum err cbor_bytes(const struct cbor *value, struct str *bytes);
enum err cbor_text(const struct cbor *value, struct str *text);

#endif
