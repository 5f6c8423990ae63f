/* Fuzzes JSON through a route: what is taken keeps the route's rules, and a refusal says where. */
#include "base/assert.h"
#include "text/language.h"
#include "unit/sample_web.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { INPUT_MAX = 64 << 10, ARENA_MAX = 64 << 20 };

static void check_line(const struct order_place_input_lines *line)
{
    ASSERT(line->article.len == 30 && str_starts(line->article, STR("art_")));
    ASSERT(line->quantity >= -5 && line->quantity <= 1000);
    ASSERT(line->price_minor >= 0 && (line->has_price || !line->price_minor));
    ASSERT(line->parts.count <= 4);
    for (size_t i = 0; i < line->parts.count; i++) {
        ASSERT(line->parts.rows[i].word.len > 0 && str_is_utf8(line->parts.rows[i].word));
        ASSERT(line->parts.rows[i].level <= 9);
    }
}

static void check_input(const struct order_place_input *input)
{
    ASSERT(input->shop == 1 && input->number == 7 && !input->dry);
    ASSERT(input->has_email == (input->email.len > 0) && input->has_note == (input->note.len > 0));
    ASSERT(input->due_us >= CLOCK_MIN_US && input->due_us <= CLOCK_MAX_US);
    ASSERT(input->tip_minor >= 0 && input->tip_minor <= 100000);
    ASSERT(input->lines.count >= 1 && input->lines.count <= 50);
    for (size_t i = 0; i < input->lines.count; i++)
        check_line(&input->lines.rows[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena, .language = &languages[size % LANGUAGE_COUNT]};
    struct sample_call call;
    if (size > INPUT_MAX)
        return 0;
    arena_init(&arena, ARENA_MAX);
    sample_call(&ctx, &call, HTTP_PUT, "/api/orders/berlin/7", SAMPLE_JSON,
                str_make((const char *)bytes, size));
    if (call.err == ERR_OK)
        check_input(call.input);
    else
        ASSERT((call.err == ERR_INPUT || call.err == ERR_LIMIT) && ctx.err.code == call.err);
    for (size_t i = 0; i < call.errors.count; i++)
        ASSERT(call.errors.rows[i].words.len && str_is_utf8(str_from(call.errors.rows[i].field)));
    arena_release(&arena);
    return 0;
}
