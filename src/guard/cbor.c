/* CBOR: a strict reader. */
#include "guard/cbor.h"

struct reader {
    struct ctx *ctx;
    const unsigned char *bytes;
    size_t len, at;
    int values;
};

static enum err read_value(struct reader *in, int depth, struct cbor *value);

static enum err wrong(struct reader *in, enum err err, const char *what)
{
    return err_fail(&in->ctx->err, err, "This data cannot be read.", "CBOR, byte %zu: %s", in->at,
                    what);
}

/* The number behind the first byte's kind: 5 bits, or 1, 2, 4 or 8 bytes, in the shortest form. */
static enum err read_number(struct reader *in, unsigned info, uint64_t *number)
{
    static const uint64_t least[] = {24, 1 << 8, 1 << 16, UINT64_C(1) << 32};
    if (info < 24) {
        *number = info;
        return ERR_OK;
    }
    if (info > 27)
        return wrong(in, ERR_INPUT, "a length that is not definite");
    size_t size = (size_t)1 << (info - 24);
    if (in->len - in->at < size)
        return wrong(in, ERR_INPUT, "it ends within a number");
    *number = 0;
    for (size_t i = 0; i < size; i++)
        *number = *number << 8 | in->bytes[in->at++];
    return *number < least[info - 24] ? wrong(in, ERR_INPUT, "not the shortest form") : ERR_OK;
}

static enum err read_int(struct reader *in, bool negative, uint64_t number, struct cbor *value)
{
    if (number > INT64_MAX)
        return wrong(in, ERR_LIMIT, "a number beyond 63 bits");
    value->kind = CBOR_INT;
    value->number = negative ? -1 - (int64_t)number : (int64_t)number;
    return ERR_OK;
}

static enum err read_string(struct reader *in, bool text, uint64_t len, struct cbor *value)
{
    if (len > in->len - in->at)
        return wrong(in, ERR_INPUT, "it ends within a text");
    value->kind = text ? CBOR_TEXT : CBOR_BYTES;
    value->bytes = str_make((const char *)in->bytes + in->at, (size_t)len);
    if (text && !str_is_utf8(value->bytes))
        return wrong(in, ERR_INPUT, "a text that is not UTF-8");
    in->at += (size_t)len;
    return ERR_OK;
}

static bool same_key(const struct cbor *a, const struct cbor *b)
{
    return a->kind == b->kind && a->number == b->number && str_equal(a->bytes, b->bytes);
}

static enum err read_key(struct reader *in, const struct cbor *map, int depth, struct cbor *key)
{
    TRY(read_value(in, depth, key));
    if (key->kind != CBOR_INT && key->kind != CBOR_TEXT)
        return wrong(in, ERR_INPUT, "a key that is neither a number nor a text");
    for (const struct cbor *other = map->first; other; other = other->next)
        if (same_key(other->key, key))
            return wrong(in, ERR_INPUT, "a key that comes twice");
    return ERR_OK;
}

/* Every value takes a byte at least: a count beyond what is left is refused before any is read. */
static enum err read_members(struct reader *in, uint64_t count, int depth, struct cbor *value)
{
    struct cbor **end = &value->first;
    if (depth >= CBOR_DEPTH_MAX)
        return wrong(in, ERR_LIMIT, "too deep");
    if (count > in->len - in->at)
        return wrong(in, ERR_INPUT, "it ends within a list");
    value->count = (uint32_t)count;
    for (uint64_t i = 0; i < count; i++) {
        struct cbor *member = ARENA_NEW(in->ctx->arena, struct cbor);
        struct cbor *key = value->kind == CBOR_MAP ? ARENA_NEW(in->ctx->arena, struct cbor) : NULL;
        if (!member || (!key && value->kind == CBOR_MAP))
            return err_memory(&in->ctx->err);
        member->key = key;
        if (key)
            TRY(read_key(in, value, depth + 1, key));
        TRY(read_value(in, depth + 1, member));
        *end = member;
        end = &member->next;
    }
    return ERR_OK;
}

static enum err read_simple(struct reader *in, unsigned info, struct cbor *value)
{
    if (info < 20 || info > 22)
        return wrong(in, ERR_INPUT, "a simple value that is not false, true or null");
    value->kind = info == 20 ? CBOR_FALSE : info == 21 ? CBOR_TRUE : CBOR_NULL;
    return ERR_OK;
}

static enum err read_kind(struct reader *in, unsigned major, unsigned info, int depth,
                          struct cbor *value)
{
    uint64_t number = 0;
    if (major == 7)
        return read_simple(in, info, value);
    TRY(read_number(in, info, &number));
    switch (major) {
    case 0:
    case 1:
        return read_int(in, major == 1, number, value);
    case 2:
    case 3:
        return read_string(in, major == 3, number, value);
    case 4:
    case 5:
        value->kind = major == 5 ? CBOR_MAP : CBOR_ARRAY;
        return read_members(in, number, depth, value);
    default:
        return wrong(in, ERR_INPUT, "a tag");
    }
}

static enum err read_value(struct reader *in, int depth, struct cbor *value)
{
    if (in->at == in->len)
        return wrong(in, ERR_INPUT, "it ends where a value is due");
    if (++in->values > CBOR_VALUES_MAX)
        return wrong(in, ERR_LIMIT, "too many values");
    unsigned char first = in->bytes[in->at++];
    return read_kind(in, first >> 5, first & 31, depth, value);
}

enum err cbor_read(struct ctx *ctx, struct str *rest, struct cbor **root)
{
    struct reader in = {.ctx = ctx, .bytes = (const unsigned char *)rest->ptr, .len = rest->len};
    if (in.len > CBOR_SIZE_MAX)
        return wrong(&in, ERR_LIMIT, "too long");
    *root = ARENA_NEW(ctx->arena, struct cbor);
    if (!*root)
        return err_memory(&ctx->err);
    TRY(read_value(&in, 0, *root));
    *rest = str_slice(*rest, in.at, rest->len);
    return ERR_OK;
}

static const struct cbor *find(const struct cbor *map, const struct cbor *key)
{
    if (map && map->kind == CBOR_MAP)
        for (const struct cbor *value = map->first; value; value = value->next)
            if (same_key(value->key, key))
                return value;
    return NULL;
}

const struct cbor *cbor_get(const struct cbor *map, const char *name)
{
    return find(map, &(struct cbor){.kind = CBOR_TEXT, .bytes = str_from(name)});
}

const struct cbor *cbor_at(const struct cbor *map, int64_t key)
{
    return find(map, &(struct cbor){.kind = CBOR_INT, .number = key});
}

enum err cbor_int(const struct cbor *value, int64_t *number)
{
    if (!value || value->kind != CBOR_INT)
        return ERR_INPUT;
    *number = value->number;
    return ERR_OK;
}

static enum err string_of(const struct cbor *value, enum cbor_kind kind, struct str *bytes)
{
    if (!value || value->kind != kind)
        return ERR_INPUT;
    *bytes = value->bytes;
    return ERR_OK;
}

enum err cbor_bytes(const struct cbor *value, struct str *bytes)
{
    return string_of(value, CBOR_BYTES, bytes);
}

enum err cbor_text(const struct cbor *value, struct str *text)
{
    return string_of(value, CBOR_TEXT, text);
}
