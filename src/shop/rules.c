/* The rules as a process knows them: read whole, checked row by row, and copied for each cart. */
#include "shop/rules.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "shop/shop_sql.h"

enum {
    RULES_MEMORY_MAX = 32 << 20,
    RULES_COUNTRIES_MAX = 512, /* characters of a method's list */
    LEFT_TOLD_MAX = 20,
};

/* All that was read, in an arena of its own. */
struct reading {
    struct arena arena;
    struct rules all;      /* the methods and promotions that are active */
    struct str *countries; /* of each method, with spaces between; empty: everywhere */

    struct left {
        struct str id, why;
    } left[LEFT_TOLD_MAX]; /* the first rows that were left out */
    size_t left_count;
    uint64_t left_hash; /* of all that were */
};

struct shop_rules {
    struct db *db;
    struct str country;
    _Atomic int64_t next_us; /* when it is time to read again, by the tick */
    pthread_rwlock_t lock;   /* of what follows */
    struct reading now;
};

struct rows {
    struct rule_rates_rows rates;
    struct rule_methods_rows methods;
    struct rule_promotions_rows promotions;
};

static enum err read_rows(struct tx *tx, void *arg)
{
    struct rows *rows = arg;
    TRY(rule_rates(tx, TOTAL_RATES_MAX, &rows->rates));
    TRY(rule_methods(tx, RULES_METHODS_MAX, &rows->methods));
    return rule_promotions(tx, RULES_PROMOTIONS_MAX, &rows->promotions);
}

/* True for a row that is left out; memory that ran out is no row's fault. */
static bool leaves_out(struct ctx *ctx, struct reading *made, enum err err, struct str id)
{
    struct str why;
    if (err == ERR_OK || err == ERR_MEMORY || str_copy(ctx->arena, str_from(ctx->err.user), &why))
        return false;
    made->left_hash = made->left_hash * 31 +
                      (hash_str(&(struct hash_key){0}, id) ^ hash_str(&(struct hash_key){0}, why));
    if (made->left_count < LEFT_TOLD_MAX)
        made->left[made->left_count++] = (struct left){id, why};
    err_clear(&ctx->err);
    return true;
}

/* They are told of once, not whenever they are read again. */
static void tell_left(struct ctx *ctx, const struct shop_rules *rules, const struct reading *made)
{
    if (made->left_hash == rules->now.left_hash)
        return;
    for (size_t i = 0; i < made->left_count; i++)
        log_warn(ctx, "a rule of the shop was left out", field_str("id", made->left[i].id),
                 field_str("why", made->left[i].why));
}

/* Whether a total can be worked out with it: of an empty cart. */
static enum err try_out(struct ctx *ctx, const struct total_cart *cart)
{
    struct arena_mark mark = arena_mark(ctx->arena);
    struct total_cart empty = *cart;
    struct total *total;
    empty.currency = currency_find(STR("EUR")); /* any: no amount of it is looked at */
    enum err err = total_compute(ctx, &empty, &total);
    arena_rewind(ctx->arena, mark);
    return err;
}

static enum err take_rates(struct ctx *ctx, const struct rule_rates_rows *rows,
                           struct reading *made)
{
    struct rules *all = &made->all;
    struct total_rate *rates = ARENA_ARRAY(ctx->arena, rows->count, struct total_rate);
    all->rates = ARENA_ARRAY(ctx->arena, rows->count, struct str);
    if (!rates || !all->rates)
        return err_memory(&ctx->err);
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct rule_rates_row *row = &rows->rows[i];
        struct total_rate *rate = &rates[count];
        *rate = (struct total_rate){.id = rules_mark(row->id),
                                    .area = {row->country, row->state, row->postcode},
                                    .tax_class = row->tax_class,
                                    .step = (int)row->step,
                                    .rate_ppm = row->rate,
                                    .is_compound = row->compound};
        enum err err = ERR_OK;
        if (row->rate < 0 || row->rate > TOTAL_RATE_MAX_PPM)
            err = err_input(&ctx->err, "rate", "must be from 0 to %d", TOTAL_RATE_MAX_PPM);
        if (row->step < 0 || row->step >= TOTAL_STEPS_MAX)
            err = err_input(&ctx->err, "step", "must be from 0 to %d", TOTAL_STEPS_MAX - 1);
        if (leaves_out(ctx, made, err, row->id))
            continue;
        TRY(err);
        all->rates[count++] = row->name;
    }
    all->tax.rates = rates;
    all->tax.rate_count = count;
    return ERR_OK;
}

static enum err make_method(struct ctx *ctx, const struct rule_methods_row *row,
                            struct total_method *method)
{
    *method = (struct total_method){.id = rules_mark(row->id),
                                    .free_from_minor = row->free_from_minor};
    if (row->countries.len > RULES_COUNTRIES_MAX)
        return err_input(&ctx->err, "countries", "are too many");
    if (!row->country_null) {
        struct total_region *place = ARENA_NEW(ctx->arena, struct total_region);
        if (!place)
            return err_memory(&ctx->err);
        *place = (struct total_region){.country = row->country, .postcode = row->postcode};
        method->pickup_at = place;
    }
    TRY(rules_read_bands(ctx, row->bands, method));
    struct total_shipping shipping = {.methods = method, .method_count = 1};
    struct total_cart cart = {.shipping = &shipping};
    return try_out(ctx, &cart);
}

static enum err take_methods(struct ctx *ctx, const struct rule_methods_rows *rows,
                             struct reading *made)
{
    struct total_method *methods = ARENA_ARRAY(ctx->arena, rows->count, struct total_method);
    struct rules_method *words = ARENA_ARRAY(ctx->arena, rows->count, struct rules_method);
    made->countries = ARENA_ARRAY(ctx->arena, rows->count, struct str);
    if (!methods || !words || !made->countries)
        return err_memory(&ctx->err);
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct rule_methods_row *row = &rows->rows[i];
        enum err err = make_method(ctx, row, &methods[count]);
        if (leaves_out(ctx, made, err, row->id))
            continue;
        TRY(err);
        words[count] = (struct rules_method){.id = row->id,
                                             .name = row->name,
                                             .days_min = row->days_min,
                                             .days_max = row->days_max,
                                             .pickup = !row->country_null};
        made->countries[count++] = row->countries;
    }
    made->all.shipping = (struct total_shipping){.methods = methods, .method_count = count};
    made->all.methods = words;
    return ERR_OK;
}

static enum err make_promotion(struct ctx *ctx, const struct rule_promotions_row *row,
                               struct total_promotion *promotion)
{
    *promotion = (struct total_promotion){.id = rules_mark(row->id),
                                          .code = str_trim(row->code),
                                          .uses = {.count = row->used, .max = row->used_max}};
    TRY(rules_read_terms(ctx, row->terms, promotion));
    struct total_cart cart = {.promotions = promotion, .promotion_count = 1};
    return try_out(ctx, &cart);
}

/* Of those without a code a cart must have room for all. */
static enum err take_promotions(struct ctx *ctx, const struct rule_promotions_rows *rows,
                                struct reading *made)
{
    struct rules *all = &made->all;
    size_t free_ones = 0;
    all->promotions = ARENA_ARRAY(ctx->arena, rows->count, struct total_promotion);
    all->names = ARENA_ARRAY(ctx->arena, rows->count, struct rules_promotion);
    if (!all->promotions || !all->names)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < rows->count; i++) {
        const struct rule_promotions_row *row = &rows->rows[i];
        struct total_promotion *promotion = &all->promotions[all->promotion_count];
        enum err err = make_promotion(ctx, row, promotion);
        if (!err && !promotion->code.len && ++free_ones > TOTAL_PROMOTIONS_MAX - RULES_CODES_MAX)
            err = err_input(&ctx->err, "code", "must be said: too many have none");
        if (leaves_out(ctx, made, err, row->id))
            continue;
        TRY(err);
        all->names[all->promotion_count++] = (struct rules_promotion){row->id, row->name};
    }
    return ERR_OK;
}

static enum err take_rows(struct ctx *ctx, const struct shop_rules *rules, const struct rows *rows,
                          struct reading *made)
{
    made->all.tax = (struct total_tax){
        .is_included = true, .home = rules->country, .shipping = TOTAL_SHIPPING_SHARED};
    TRY(take_rates(ctx, &rows->rates, made));
    TRY(take_methods(ctx, &rows->methods, made));
    return take_promotions(ctx, &rows->promotions, made);
}

static enum err read_all(struct ctx *ctx, struct shop_rules *rules)
{
    struct rows rows = {0};
    struct reading made = {0}, before;
    struct ctx own = *ctx;
    own.arena = &made.arena;
    arena_init(&made.arena, RULES_MEMORY_MAX);
    enum err err = db_read(rules->db, &own, read_rows, &rows);
    if (!err)
        err = take_rows(&own, rules, &rows, &made);
    ctx->err = own.err;
    if (err) {
        arena_release(&made.arena);
        return err;
    }
    tell_left(ctx, rules, &made);
    pthread_rwlock_wrlock(&rules->lock);
    before = rules->now;
    rules->now = made;
    pthread_rwlock_unlock(&rules->lock);
    arena_release(&before.arena);
    return ERR_OK;
}

enum err rules_open(struct ctx *ctx, struct db *db, struct str country, struct shop_rules **opened)
{
    struct shop_rules *rules = mem_alloc(sizeof *rules);
    *opened = NULL;
    if (!rules)
        return err_memory(&ctx->err);
    *rules = (struct shop_rules){.db = db, .country = country};
    pthread_rwlock_init(&rules->lock, NULL);
    arena_init(&rules->now.arena, RULES_MEMORY_MAX);
    atomic_store(&rules->next_us, clock_tick_us(ctx->clock) + RULES_KEPT_US);
    enum err err = read_all(ctx, rules);
    if (err) {
        rules_close(rules);
        return err;
    }
    *opened = rules;
    return ERR_OK;
}

void rules_close(struct shop_rules *rules)
{
    if (!rules)
        return;
    arena_release(&rules->now.arena);
    pthread_rwlock_destroy(&rules->lock);
    mem_free(rules);
}

/* Of several at once, the one that moves the time on reads. */
void rules_refresh(struct ctx *ctx, struct shop_rules *rules)
{
    int64_t now_us = clock_tick_us(ctx->clock), next_us = atomic_load(&rules->next_us);
    if (now_us < next_us ||
        !atomic_compare_exchange_strong(&rules->next_us, &next_us, now_us + RULES_KEPT_US))
        return;
    if (read_all(ctx, rules)) {
        log_failure(ctx, "the rules of the shop were not read");
        err_clear(&ctx->err);
    }
}

bool rules_has_word(struct str words, struct str sought)
{
    struct str word;
    while (str_cut(&words, ' ', &word))
        if (word.len && str_equal_nocase(word, sought))
            return true;
    return false;
}

static bool goes_to(const struct reading *now, size_t method, struct str country)
{
    struct str countries = str_trim(now->countries[method]);
    return !countries.len || rules_has_word(countries, country);
}

bool rules_send_to(struct shop_rules *rules, struct str country)
{
    bool sent = false;
    pthread_rwlock_rdlock(&rules->lock);
    for (size_t i = 0; i < rules->now.all.shipping.method_count && !sent; i++)
        sent = goes_to(&rules->now, i, country);
    pthread_rwlock_unlock(&rules->lock);
    return sent;
}

bool rules_know_code(struct shop_rules *rules, struct str code)
{
    bool known = false;
    pthread_rwlock_rdlock(&rules->lock);
    for (size_t i = 0; i < rules->now.all.promotion_count && !known; i++) {
        struct str own = rules->now.all.promotions[i].code;
        known = own.len && str_equal_nocase(own, code);
    }
    pthread_rwlock_unlock(&rules->lock);
    return known;
}

static enum err copy_texts(struct ctx *ctx, struct str *const texts[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_copy(ctx->arena, *texts[i], texts[i]))
            return err_memory(&ctx->err);
    return ERR_OK;
}

static enum err copy_rates(struct ctx *ctx, const struct rules *from, struct str country,
                           struct rules *copy)
{
    size_t count = from->tax.rate_count, kept = 0;
    struct total_rate *rates = ARENA_ARRAY(ctx->arena, count, struct total_rate);
    copy->rates = ARENA_ARRAY(ctx->arena, count, struct str);
    copy->tax = from->tax;
    if (!rates || !copy->rates)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < count; i++) {
        const struct total_rate *rate = &from->tax.rates[i];
        if (rate->area.country.len && !str_equal_nocase(rate->area.country, country))
            continue;
        struct total_rate *own = &rates[kept];
        *own = *rate;
        copy->rates[kept] = from->rates[i];
        TRY(copy_texts(ctx,
                       (struct str *[]){&own->area.country, &own->area.state, &own->area.postcode,
                                        &own->tax_class, &copy->rates[kept]},
                       5));
        kept++;
    }
    copy->tax.rates = rates;
    copy->tax.rate_count = kept;
    return ERR_OK;
}

static enum err copy_method(struct ctx *ctx, struct total_method *method,
                            struct rules_method *words)
{
    struct total_band *bands = ARENA_ARRAY(ctx->arena, method->band_count, struct total_band);
    if (!bands)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < method->band_count; i++)
        bands[i] = method->bands[i];
    method->bands = bands;
    if (method->pickup_at) {
        struct total_region *place = ARENA_NEW(ctx->arena, struct total_region);
        if (!place)
            return err_memory(&ctx->err);
        *place = *method->pickup_at;
        TRY(copy_texts(ctx, (struct str *[]){&place->country, &place->state, &place->postcode}, 3));
        method->pickup_at = place;
    }
    return copy_texts(ctx, (struct str *[]){&words->id, &words->name}, 2);
}

static enum err copy_methods(struct ctx *ctx, const struct reading *from, struct str country,
                             struct rules *copy)
{
    size_t count = from->all.shipping.method_count, kept = 0;
    struct total_method *methods = ARENA_ARRAY(ctx->arena, count, struct total_method);
    copy->methods = ARENA_ARRAY(ctx->arena, count, struct rules_method);
    if (!methods || !copy->methods)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < count; i++) {
        if (!goes_to(from, i, country))
            continue;
        methods[kept] = from->all.shipping.methods[i];
        copy->methods[kept] = from->all.methods[i];
        TRY(copy_method(ctx, &methods[kept], &copy->methods[kept]));
        kept++;
    }
    copy->shipping = (struct total_shipping){.methods = methods, .method_count = kept};
    return ERR_OK;
}

static enum err copy_ids(struct ctx *ctx, struct total_ids *ids)
{
    struct id *list = ARENA_ARRAY(ctx->arena, ids->count, struct id);
    if (!list)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < ids->count; i++)
        list[i] = ids->list[i];
    ids->list = list;
    return ERR_OK;
}

static enum err copy_promotion(struct ctx *ctx, struct total_promotion *promotion,
                               struct rules_promotion *words)
{
    struct total_tier *tiers = ARENA_ARRAY(ctx->arena, promotion->tier_count, struct total_tier);
    if (!tiers)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < promotion->tier_count; i++)
        tiers[i] = promotion->tiers[i];
    promotion->tiers = tiers;
    TRY(copy_ids(ctx, &promotion->get_on));
    TRY(copy_ids(ctx, &promotion->on));
    TRY(copy_ids(ctx, &promotion->not_on));
    TRY(copy_ids(ctx, &promotion->groups));
    return copy_texts(ctx, (struct str *[]){&promotion->code, &words->id, &words->name}, 3);
}

static enum err copy_promotions(struct ctx *ctx, const struct rules *from, struct str codes,
                                struct rules *copy)
{
    size_t count = from->promotion_count, kept = 0;
    size_t most = count < TOTAL_PROMOTIONS_MAX ? count : TOTAL_PROMOTIONS_MAX;
    copy->promotions = ARENA_ARRAY(ctx->arena, most, struct total_promotion);
    copy->names = ARENA_ARRAY(ctx->arena, most, struct rules_promotion);
    if (!copy->promotions || !copy->names)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < count && kept < most; i++) {
        const struct total_promotion *promotion = &from->promotions[i];
        if (promotion->code.len && !rules_has_word(codes, promotion->code))
            continue;
        copy->promotions[kept] = *promotion;
        copy->names[kept] = from->names[i];
        TRY(copy_promotion(ctx, &copy->promotions[kept], &copy->names[kept]));
        kept++;
    }
    copy->promotion_count = kept;
    return ERR_OK;
}

static enum err copy_all(struct ctx *ctx, const struct reading *now, struct str country,
                         struct str codes, struct rules *copy)
{
    TRY(copy_rates(ctx, &now->all, country, copy));
    TRY(copy_methods(ctx, now, country, copy));
    return copy_promotions(ctx, &now->all, codes, copy);
}

enum err rules_copy(struct ctx *ctx, struct shop_rules *rules, struct str country, struct str codes,
                    struct rules **copy)
{
    *copy = ARENA_NEW(ctx->arena, struct rules);
    if (!*copy)
        return err_memory(&ctx->err);
    pthread_rwlock_rdlock(&rules->lock);
    enum err err = copy_all(ctx, &rules->now, country, codes, *copy);
    pthread_rwlock_unlock(&rules->lock);
    return err;
}
