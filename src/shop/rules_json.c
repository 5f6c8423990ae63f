/* The JSON of the shop's rules: the bands of a shipping method, the terms of a promotion. */
#include <stddef.h>

#include "base/hash.h"
#include "base/json.h"
#include "shop/rules.h"

struct id rules_mark(struct str name)
{
    char prefix[ID_PREFIX_MAX + 1];
    size_t at = str_find_char(name, '_');
    struct id id;
    if (at < sizeof prefix) {
        for (size_t i = 0; i < at; i++)
            prefix[i] = name.ptr[i];
        prefix[at] = '\0';
        if (id_parse(name, prefix, &id) == ERR_OK)
            return id;
    }
    return (struct id){hash_str(&(struct hash_key){.low = 1}, name),
                       hash_str(&(struct hash_key){.low = 2}, name)};
}

/* The whole numbers of an object, by their names. */
struct number_field {
    const char *name;
    size_t offset;
};

static enum err read_number(struct ctx *ctx, const struct json *member,
                            const struct number_field fields[], void *into, bool *known)
{
    for (; fields->name; fields++)
        if (str_equal(member->name, str_from(fields->name))) {
            *known = true;
            if (json_int(member, (int64_t *)(void *)((char *)into + fields->offset)))
                return err_input(&ctx->err, fields->name, "must be a whole number");
        }
    return ERR_OK;
}

static enum err read_numbers(struct ctx *ctx, const struct json *object,
                             const struct number_field fields[], void *into)
{
    if (object->kind != JSON_OBJECT)
        return err_input(&ctx->err, "", "must be an object");
    for (const struct json *member = object->first; member; member = member->next) {
        bool known = false;
        TRY(read_number(ctx, member, fields, into, &known));
        if (!known)
            return err_input(&ctx->err, "", STR_FMT " is no name that is known",
                             STR_ARG(member->name));
    }
    return ERR_OK;
}

static enum err check_list(struct ctx *ctx, const char *name, const struct json *list, size_t max)
{
    if (list->kind != JSON_ARRAY || list->count > max)
        return err_input(&ctx->err, name, "must be a list of %zu at most", max);
    return ERR_OK;
}

enum err rules_read_bands(struct ctx *ctx, struct str json, struct total_method *method)
{
    static const struct number_field fields[] = {
        {"weight", offsetof(struct total_band, weight_g)},
        {"goods", offsetof(struct total_band, goods_minor)},
        {"quantity", offsetof(struct total_band, quantity)},
        {"price", offsetof(struct total_band, price_minor)},
        {0}};
    struct json *list;
    TRY(json_read(ctx, json, &list));
    TRY(check_list(ctx, "bands", list, TOTAL_BANDS_MAX));
    struct total_band *bands = ARENA_ARRAY(ctx->arena, list->count, struct total_band);
    if (!bands)
        return err_memory(&ctx->err);
    size_t count = 0;
    for (const struct json *band = list->first; band; band = band->next)
        TRY(read_numbers(ctx, band, fields, &bands[count++]));
    method->bands = bands;
    method->band_count = count;
    return ERR_OK;
}

static enum err read_effect(struct ctx *ctx, const struct json *value,
                            struct total_promotion *promotion)
{
    static const char *const effects[] = {[TOTAL_PERCENT] = "percent",
                                          [TOTAL_EACH] = "each",
                                          [TOTAL_ORDER] = "order",
                                          [TOTAL_BUY_GET] = "buy_get",
                                          [TOTAL_SHIPPING] = "shipping"};
    struct str name;
    if (json_str(value, &name) == ERR_OK)
        for (size_t i = 0; i < TOTAL_EFFECTS; i++)
            if (str_equal(name, str_from(effects[i]))) {
                promotion->effect = (enum total_effect)i;
                return ERR_OK;
            }
    return err_input(&ctx->err, "effect", "must be percent, each, order, buy_get or shipping");
}

static enum err read_tiers(struct ctx *ctx, const struct json *list,
                           struct total_promotion *promotion)
{
    static const struct number_field fields[] = {{"from", offsetof(struct total_tier, from)},
                                                 {"value", offsetof(struct total_tier, value)},
                                                 {0}};
    TRY(check_list(ctx, "tiers", list, TOTAL_TIERS_MAX));
    struct total_tier *tiers = ARENA_ARRAY(ctx->arena, list->count, struct total_tier);
    if (!tiers)
        return err_memory(&ctx->err);
    size_t count = 0;
    for (const struct json *tier = list->first; tier; tier = tier->next)
        TRY(read_numbers(ctx, tier, fields, &tiers[count++]));
    promotion->tiers = tiers;
    promotion->tier_count = count;
    return ERR_OK;
}

static enum err read_marks(struct ctx *ctx, const char *name, const struct json *list,
                           struct total_ids *ids)
{
    TRY(check_list(ctx, name, list, TOTAL_IDS_MAX));
    struct id *marks = ARENA_ARRAY(ctx->arena, list->count, struct id);
    if (!marks)
        return err_memory(&ctx->err);
    size_t count = 0;
    for (const struct json *mark = list->first; mark; mark = mark->next) {
        struct str words;
        if (json_str(mark, &words))
            return err_input(&ctx->err, name, "must be a list of texts");
        marks[count++] = rules_mark(words);
    }
    *ids = (struct total_ids){marks, count};
    return ERR_OK;
}

static enum err read_currency(struct ctx *ctx, const struct json *value,
                              struct total_promotion *promotion)
{
    struct str code = {0};
    if (json_str(value, &code) == ERR_OK)
        promotion->currency = currency_find(code);
    if (!promotion->currency)
        return err_input(&ctx->err, "currency", "must be a currency, as EUR");
    return ERR_OK;
}

static enum err read_priority(struct ctx *ctx, const struct json *value,
                              struct total_promotion *promotion)
{
    int64_t priority;
    if (json_int(value, &priority) || priority < INT32_MIN || priority > INT32_MAX)
        return err_input(&ctx->err, "priority", "must be a whole number");
    promotion->priority = (int)priority;
    return ERR_OK;
}

/* One that is no number: *known says whether it is any. */
static enum err read_other(struct ctx *ctx, const struct json *member,
                           struct total_promotion *promotion, bool *known)
{
    const struct {
        const char *name;
        struct total_ids *ids;
    } lists[] = {{"get_on", &promotion->get_on},
                 {"on", &promotion->on},
                 {"not_on", &promotion->not_on},
                 {"groups", &promotion->groups}};
    const struct {
        const char *name;
        bool *yes;
    } bools[] = {{"tiers_by_amount", &promotion->tiers_by_amount},
                 {"is_exclusive", &promotion->is_exclusive}};
    static const struct {
        const char *name;
        enum err (*read)(struct ctx *ctx, const struct json *value,
                         struct total_promotion *promotion);
    } others[] = {{"effect", read_effect},
                  {"tiers", read_tiers},
                  {"currency", read_currency},
                  {"priority", read_priority}};
    *known = true;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (str_equal(member->name, str_from(lists[i].name)))
            return read_marks(ctx, lists[i].name, member, lists[i].ids);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_equal(member->name, str_from(others[i].name)))
            return others[i].read(ctx, member, promotion);
    for (size_t i = 0; i < sizeof bools / sizeof *bools; i++)
        if (str_equal(member->name, str_from(bools[i].name)))
            return json_bool(member, bools[i].yes)
                       ? err_input(&ctx->err, bools[i].name, "must be true or false")
                       : ERR_OK;
    *known = false;
    return ERR_OK;
}

enum err rules_read_terms(struct ctx *ctx, struct str json, struct total_promotion *promotion)
{
    static const struct number_field fields[] = {
        {"value", offsetof(struct total_promotion, value)},
        {"buy", offsetof(struct total_promotion, buy)},
        {"get", offsetof(struct total_promotion, get)},
        {"sets_max", offsetof(struct total_promotion, sets_max)},
        {"begin_us", offsetof(struct total_promotion, begin_us)},
        {"end_us", offsetof(struct total_promotion, end_us)},
        {"minimum_quantity", offsetof(struct total_promotion, minimum_quantity)},
        {"minimum_minor", offsetof(struct total_promotion, minimum_minor)},
        {"uses_by_customer",
         offsetof(struct total_promotion, uses_by_customer) + offsetof(struct total_uses, max)},
        {0}};
    struct json *terms;
    TRY(json_read(ctx, json, &terms));
    if (!json_get(terms, "effect"))
        return err_input(&ctx->err, "effect", "must be said");
    for (const struct json *member = terms->first; member; member = member->next) {
        bool known = false;
        TRY(read_number(ctx, member, fields, promotion, &known));
        if (!known)
            TRY(read_other(ctx, member, promotion, &known));
        if (!known)
            return err_input(&ctx->err, "", STR_FMT " is no name that is known",
                             STR_ARG(member->name));
    }
    if (promotion->begin_us < 0 || promotion->begin_us > CLOCK_MAX_US)
        return err_input(&ctx->err, "begin_us", "is no time");
    return ERR_OK;
}
