/* Fuzzes CBOR: what is read is, written again, the very bytes that it was. */
#include "guard/cbor.h"

#include "base/assert.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ARENA_MAX = 16 << 20 };

static void write_head(struct buf *out, unsigned major, uint64_t number)
{
    static const struct {
        uint64_t below;
        unsigned info, size;
    } forms[] = {
        {1 << 8, 24, 1}, {1 << 16, 25, 2}, {UINT64_C(1) << 32, 26, 4}, {UINT64_MAX, 27, 8}};
    size_t form = 0;
    if (number < 24) {
        buf_addc(out, (char)(major << 5 | number));
        return;
    }
    while (number >= forms[form].below)
        form++;
    buf_addc(out, (char)(major << 5 | forms[form].info));
    for (unsigned i = forms[form].size; i > 0; i--)
        buf_addc(out, (char)(number >> (8 * (i - 1)) & 255));
}

static void write_value(struct buf *out, const struct cbor *value)
{
    static const unsigned simple[] = {[CBOR_FALSE] = 20, [CBOR_TRUE] = 21, [CBOR_NULL] = 22};
    if (value->kind == CBOR_INT) {
        bool negative = value->number < 0;
        write_head(out, negative, (uint64_t)(negative ? -1 - value->number : value->number));
    } else if (value->kind == CBOR_BYTES || value->kind == CBOR_TEXT) {
        write_head(out, value->kind == CBOR_TEXT ? 3 : 2, value->bytes.len);
        buf_add(out, value->bytes);
    } else if (value->kind == CBOR_ARRAY || value->kind == CBOR_MAP) {
        write_head(out, value->kind == CBOR_MAP ? 5 : 4, value->count);
        for (const struct cbor *member = value->first; member; member = member->next) {
            if (value->kind == CBOR_MAP)
                write_value(out, member->key);
            write_value(out, member);
        }
    } else {
        write_head(out, 7, simple[value->kind]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena};
    struct str sent = str_make((const char *)bytes, size), rest = sent;
    struct cbor *root;
    struct buf out;
    arena_init(&arena, ARENA_MAX);
    enum err err = cbor_read(&ctx, &rest, &root);
    if (err) {
        ASSERT((err == ERR_INPUT || err == ERR_LIMIT) && ctx.err.code == err);
    } else {
        buf_init(&out, &arena, CBOR_SIZE_MAX);
        write_value(&out, root);
        ASSERT(!buf_err(&out));
        ASSERT(str_equal(buf_str(&out), str_slice(sent, 0, size - rest.len)));
    }
    arena_release(&arena);
    return 0;
}
