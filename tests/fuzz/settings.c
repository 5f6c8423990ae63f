/* Fuzzes settings: a value that is taken is shown as a text that is taken for the same. */
#include "base/settings.h"

#include <string.h>

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ARENA_MAX = 1 << 20, VALUE_MAX = 4096 };

union place {
    struct str text;
    int64_t number;
    bool yes;
};

static const struct setting table[] = {
    {"A", SETTING_TEXT, "", 0, 0, "", false, "", 0},
    {"B", SETTING_INT, "0", INT64_MIN, INT64_MAX, "", false, "", 0},
    {"C", SETTING_BOOL, "no", 0, 0, "", false, "", 0},
    {"D", SETTING_SIZE, "0", 0, INT64_MAX, "", false, "", 0},
    {"E", SETTING_DURATION, "0s", 0, INT64_MAX, "", false, "", 0},
    {"F", SETTING_CHOICE, "a", 0, 0, "a bc def", false, "", 0},
    {"G", SETTING_URL, "a:", 0, 0, "a bc def", false, "", 0},
};

static const char *give(void *source, const char *name)
{
    (void)name;
    return source;
}

static void check(struct ctx *ctx, const struct setting *setting, char *value)
{
    union place place = {0}, again = {0};
    struct buf shown;
    const char *text;
    if (setting_load(ctx, setting, give, value, &place)) {
        ASSERT(ctx->err.code == ERR_INPUT && ctx->err.user[0]);
        return;
    }
    buf_init(&shown, ctx->arena, 2 * VALUE_MAX);
    setting_show(&shown, setting, &place);
    ASSERT(buf_err(&shown) == ERR_OK);
    ASSERT(str_cstr(ctx->arena, buf_str(&shown), &text) == ERR_OK);
    ASSERT(setting_load(ctx, setting, give, (char *)text, &again) == ERR_OK);
    if (setting->kind == SETTING_TEXT || setting->kind == SETTING_URL)
        ASSERT(str_equal(place.text, again.text));
    else if (setting->kind == SETTING_BOOL)
        ASSERT(place.yes == again.yes);
    else
        ASSERT(place.number == again.number);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena};
    char value[VALUE_MAX];
    if (size >= sizeof value)
        return 0;
    memcpy(value, bytes, size);
    value[size] = '\0';
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        check(&ctx, &table[i], value);
    arena_release(&arena);
    return 0;
}
