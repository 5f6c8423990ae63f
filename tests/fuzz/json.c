/* Fuzzes JSON: what is read is written into a text that reads, and is written, the same again. */
#include "base/json.h"

#include "base/assert.h"
#include "harness/json_equal.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    INPUT_MAX = 64 << 10,
    ARENA_MAX = 64 << 20,
    GROWTH_MAX = 6
}; /* a control character: \u001f */

static struct str write_tree(struct arena *arena, const struct json *tree, size_t size)
{
    struct buf out;
    buf_init(&out, arena, size * GROWTH_MAX);
    json_write(&out, tree);
    ASSERT(!buf_err(&out));
    return buf_str(&out);
}

/* A refusal says why, and where. */
static void check_refusal(const struct ctx *ctx, enum err err)
{
    ASSERT(err == ERR_INPUT || err == ERR_LIMIT);
    ASSERT(ctx->err.code == err);
    ASSERT(str_starts(str_from(ctx->err.user), STR("line ")));
}

static void check_values(const struct json *value)
{
    int64_t number;
    double real;
    if (value->kind == JSON_NUMBER && json_int(value, &number) == ERR_OK)
        ASSERT(json_real(value, &real) == ERR_OK);
    if (value->kind >= JSON_ARRAY)
        for (const struct json *member = value->first; member; member = member->next)
            check_values(member);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena};
    struct json *tree, *again;
    if (size > INPUT_MAX)
        return 0;
    arena_init(&arena, ARENA_MAX);
    enum err err = json_read(&ctx, str_make((const char *)bytes, size), &tree);
    if (err) {
        check_refusal(&ctx, err);
    } else {
        struct str written = write_tree(&arena, tree, size);
        ASSERT(json_read(&ctx, written, &again) == ERR_OK);
        ASSERT(json_equal(tree, again));
        ASSERT(str_equal(written, write_tree(&arena, again, size)));
        check_values(tree);
    }
    arena_release(&arena);
    return 0;
}
