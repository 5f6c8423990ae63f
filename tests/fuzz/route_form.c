/* Fuzzes forms through a route: what is taken keeps its rules, and reads the same as JSON. */
#include <string.h>

#include "base/assert.h"
#include "base/json.h"
#include "text/language.h"
#include "unit/sample_web.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { INPUT_MAX = 64 << 10, ARENA_MAX = 64 << 20, BODY_MAX = 1 << 20 };

static void add_str(struct json_writer *w, struct str name, struct str value)
{
    json_key(w, name);
    json_add_str(w, value);
}

static struct str write_json(struct ctx *ctx, const struct contact_send_input *input)
{
    static const char *const topics[] = {"order", "returns", "other"};
    struct buf out;
    struct json_writer w;
    buf_init(&out, ctx->arena, BODY_MAX);
    json_writer_init(&w, &out);
    json_begin_object(&w);
    add_str(&w, STR("name"), input->name);
    add_str(&w, STR("email"), input->email);
    add_str(&w, STR("words"), input->words);
    add_str(&w, STR("topic"), str_from(topics[input->topic]));
    if (input->has_phone)
        add_str(&w, STR("phone"), input->phone);
    json_key(&w, STR("copy"));
    json_add_bool(&w, input->copy);
    json_key(&w, STR("budget"));
    if (input->has_budget)
        json_add_int(&w, input->budget_minor);
    else
        json_add_null(&w);
    json_end_object(&w);
    ASSERT(!buf_err(&out));
    return buf_str(&out);
}

static void check_again(struct ctx *ctx, const struct contact_send_input *input)
{
    struct sample_call call;
    sample_call(ctx, &call, HTTP_POST, "/contact", SAMPLE_JSON, write_json(ctx, input));
    const struct contact_send_input *again = call.input;
    ASSERT(call.err == ERR_OK);
    ASSERT(str_equal(again->name, input->name) && str_equal(again->email, input->email));
    ASSERT(str_equal(again->words, input->words) && str_equal(again->phone, input->phone));
    ASSERT(again->topic == input->topic && again->copy == input->copy);
    ASSERT(again->has_phone == input->has_phone && again->has_budget == input->has_budget);
    ASSERT(again->budget_minor == input->budget_minor);
}

static void check_refusal(const struct sample_call *call, enum err err)
{
    ASSERT(call->err == ERR_INPUT || call->err == ERR_LIMIT);
    ASSERT(err == call->err);
    for (size_t i = 0; i < call->errors.count; i++) {
        ASSERT(call->errors.rows[i].words.len && str_is_utf8(call->errors.rows[i].words));
        ASSERT(str_is_utf8(route_typed(&call->request, call->errors.rows[i].field)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena, .language = &languages[size % LANGUAGE_COUNT]};
    struct sample_call call;
    if (size > INPUT_MAX)
        return 0;
    arena_init(&arena, ARENA_MAX);
    sample_call(&ctx, &call, HTTP_POST, "/contact", SAMPLE_FORM,
                str_make((const char *)bytes, size));
    if (call.err)
        check_refusal(&call, ctx.err.code);
    else
        check_again(&ctx, call.input);
    arena_release(&arena);
    return 0;
}
