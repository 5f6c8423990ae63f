/* JSON: one order of 5.4 KB read, written, and both, beside jansson, json-c and cJSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "bench.h"
#include "json_reference.h"

enum { TEXT_MAX = 64 << 10, MEMORY_MAX = 4 << 20, REFERENCE_COUNT = 3 };

static const struct json_reference *const references[REFERENCE_COUNT] = {
    &json_reference_jansson, &json_reference_json_c, &json_reference_cjson};

struct bench_json {
    struct str text; /* ended by NUL, for those who want it */
    struct arena kept, arena;
    struct ctx ctx;    /* with the arena that is cleared for each call */
    struct json *tree; /* in `kept`, for those who only write */
    void *their_trees[REFERENCE_COUNT];
    const struct json_reference *reference; /* whose turn it is */
    void *their_tree;
};

static struct json *read_ours(struct bench_json *b)
{
    struct json *tree;
    arena_clear(&b->arena);
    if (json_read(&b->ctx, b->text, &tree))
        abort(); /* check_ours has read the same text */
    return tree;
}

static struct str write_ours(struct bench_json *b, const struct json *tree)
{
    struct buf out;
    buf_init(&out, &b->arena, TEXT_MAX);
    json_write(&out, tree);
    if (buf_err(&out))
        abort();
    return buf_str(&out);
}

static void ours_read(void *state)
{
    read_ours(state);
}

static void ours_write(void *state)
{
    struct bench_json *b = state;
    arena_clear(&b->arena);
    write_ours(b, b->tree);
}

static void ours_roundtrip(void *state)
{
    write_ours(state, read_ours(state));
}

static void theirs_read(void *state)
{
    struct bench_json *b = state;
    b->reference->release(b->reference->read(b->text.ptr, b->text.len));
}

static void theirs_write(void *state)
{
    struct bench_json *b = state;
    b->reference->forget(b->reference->write(b->their_tree));
}

static void theirs_roundtrip(void *state)
{
    struct bench_json *b = state;
    void *tree = b->reference->read(b->text.ptr, b->text.len);
    b->reference->forget(b->reference->write(tree));
    b->reference->release(tree);
}

static double their_rate(struct bench_json *b, int which, void (*once)(void *), int64_t round_us)
{
    b->reference = references[which];
    b->their_tree = b->their_trees[which];
    return bench_loop(once, b, round_us);
}

/* A side of each figure for each library: jansson_read, json_c_write, … */
#define OURS(verb)                                           \
    static double stoa_##verb(void *state, int64_t round_us) \
    {                                                        \
        return bench_loop(ours_##verb, state, round_us);     \
    }
#define THEIRS(library, which, verb)                              \
    static double library##_##verb(void *state, int64_t round_us) \
    {                                                             \
        return their_rate(state, which, theirs_##verb, round_us); \
    }
#define SIDES(verb)          \
    OURS(verb)               \
    THEIRS(jansson, 0, verb) \
    THEIRS(json_c, 1, verb)  \
    THEIRS(cjson, 2, verb)

SIDES(read)
SIDES(write)
SIDES(roundtrip)

static const struct bench_figure figures[] = {
    {"json_roundtrip",
     BENCH_US_EACH,
     {{"stoa", stoa_roundtrip},
      {"jansson", jansson_roundtrip},
      {"json-c", json_c_roundtrip},
      {"cJSON", cjson_roundtrip}}},
    {"json_read",
     BENCH_US_EACH,
     {{"stoa", stoa_read},
      {"jansson", jansson_read},
      {"json-c", json_c_read},
      {"cJSON", cjson_read}}},
    {"json_write",
     BENCH_US_EACH,
     {{"stoa", stoa_write},
      {"jansson", jansson_write},
      {"json-c", json_c_write},
      {"cJSON", cjson_write}}},
    {0},
};

static void close_json(void *state)
{
    struct bench_json *b = state;
    for (int i = 0; i < REFERENCE_COUNT; i++)
        if (b->their_trees[i])
            references[i]->release(b->their_trees[i]);
    arena_release(&b->arena);
    arena_release(&b->kept);
    free(b);
}

static bool load_text(struct bench_json *b, const char *path)
{
    char *bytes = arena_bytes(&b->kept, TEXT_MAX);
    FILE *file = fopen(path, "r");
    size_t len = file && bytes ? fread(bytes, 1, TEXT_MAX - 1, file) : 0;
    if (file)
        fclose(file);
    if (!len) {
        fprintf(stderr, "stoa-bench: cannot read %s\n", path);
        return false;
    }
    bytes[len] = '\0';
    b->text = str_make(bytes, len);
    return true;
}

static bool check_ours(struct bench_json *b)
{
    b->ctx.arena = &b->kept;
    enum err err = json_read(&b->ctx, b->text, &b->tree);
    b->ctx.arena = &b->arena;
    if (err)
        return false;
    struct str written = write_ours(b, b->tree);
    return json_reference_same(b->text.ptr, b->text.len, written.ptr, written.len);
}

static bool check_theirs(struct bench_json *b, int which)
{
    const struct json_reference *reference = references[which];
    void *tree = b->their_trees[which] = reference->read(b->text.ptr, b->text.len);
    const char *written = tree ? reference->write(tree) : NULL;
    if (!written)
        return false;
    bool same = json_reference_same(b->text.ptr, b->text.len, written, strlen(written));
    reference->forget(written);
    return same;
}

/* What is faster because it does something else would be no reference. */
static bool all_agree(struct bench_json *b)
{
    bool fine = check_ours(b);
    if (!fine)
        fprintf(stderr, "stoa-bench: stoa reads or writes another order\n");
    for (int i = 0; i < REFERENCE_COUNT && fine; i++) {
        fine = check_theirs(b, i);
        if (!fine)
            fprintf(stderr, "stoa-bench: %s reads or writes another order\n", references[i]->name);
    }
    return fine;
}

static void *open_json(void)
{
    struct bench_json *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    arena_init(&b->kept, MEMORY_MAX);
    arena_init(&b->arena, MEMORY_MAX);
    if (load_text(b, BENCH_DATA "/order.json") && all_agree(b))
        return b;
    close_json(b);
    return NULL;
}

const struct bench_group json_bench = {"json", open_json, close_json, figures};
