/* Keeps the shelf as the database is. */
#include "base/buf.h"
#include "shop/shelf_inside.h"
#include "shop/shop_sql.h"

#define LOOK_AGAIN_US (SECOND_US / 4)

/* What stands between the attributes that the query puts together, and within one. */
enum { PAIR_ENDS = 30, NAME_ENDS = 31 };

/* One more than can be put is read over. */
static void read_pairs(struct str text, struct shelf_product *product,
                       struct shelf_pair pairs[SHELF_FACETS_EACH])
{
    struct str pair, name;
    while (product->attribute_count < SHELF_FACETS_EACH && str_cut(&text, PAIR_ENDS, &pair))
        if (str_cut(&pair, NAME_ENDS, &name) && pair.ptr)
            pairs[product->attribute_count++] = (struct shelf_pair){name, pair};
    product->attributes = pairs;
}

static bool is_there(struct shelf *shelf, const struct shelf_news_row *row)
{
    pthread_rwlock_rdlock(&shelf->lock);
    uint32_t item = shelf_item_of(shelf, row->id);
    bool same = item != SHELF_NONE && shelf->items[item].changed_us == row->changed_us;
    pthread_rwlock_unlock(&shelf->lock);
    return same;
}

static enum err put_row(struct tx *tx, struct shelf *shelf, const struct shelf_news_row *row)
{
    struct shelf_pair pairs[SHELF_FACETS_EACH];
    struct shelf_product product = {.id = row->id,
                                    .category = row->category,
                                    .name = row->name,
                                    .brand = row->brand,
                                    .words = row->words,
                                    .names = row->names,
                                    .price_minor = row->price_minor,
                                    .made_us = row->made_us,
                                    .changed_us = row->changed_us,
                                    .listed = str_equal(row->state, STR("listed"))};
    if (is_there(shelf, row))
        return ERR_OK;
    read_pairs(row->attributes, &product, pairs);
    return shelf_put(tx->ctx, shelf, &product);
}

/* From behind a moment on, batch by batch. What another's clock made in time to come is read again
 * until it has come: else all before it would be missed. */
static enum err read_from(struct tx *tx, struct shelf *shelf, int64_t from_us)
{
    struct shelf_news_rows news;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    char id[ID_TEXT_MAX] = "";
    do {
        struct arena_mark mark = arena_mark(tx->ctx->arena);
        TRY(shelf_news(tx, from_us, str_from(id), SHELF_BATCH, &news));
        for (size_t i = 0; i < news.count; i++)
            TRY(put_row(tx, shelf, &news.rows[i]));
        if (news.count > 0) {
            struct buf last;
            buf_init_fixed(&last, id, sizeof id);
            buf_add(&last, news.rows[news.count - 1].id);
            buf_addc(&last, '\0');
            TRY(buf_err(&last));
            from_us = news.rows[news.count - 1].changed_us;
        }
        if (from_us > shelf->seen_us)
            shelf->seen_us = from_us < now_us ? from_us : now_us;
        arena_rewind(tx->ctx->arena, mark);
        TRY(ctx_check_deadline(tx->ctx));
    } while (news.count == SHELF_BATCH);
    return ERR_OK;
}

/* Once most of what the search holds is of former times, all is read anew. */
static enum err start_anew(struct ctx *ctx, struct shelf *shelf)
{
    struct search *search;
    TRY(search_open(ctx, &search));
    pthread_rwlock_wrlock(&shelf->lock);
    search_close(shelf->search);
    shelf->search = search;
    for (size_t i = 0; i < shelf->item_count; i++) {
        shelf->items[i].changed_us = 0;
        shelf->items[i].text = SHELF_NONE;
        shelf->categories[i] = 0;
    }
    shelf->text_count = 0;
    pthread_rwlock_unlock(&shelf->lock);
    shelf->seen_us = 0;
    return ERR_OK;
}

static enum err look(struct tx *tx, struct shelf *shelf)
{
    struct shelf_newest_rows newest;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    TRY(shelf_newest(tx, &newest));
    int64_t changed_us = newest.count > 0 ? newest.rows[0].changed_us : 0;
    bool may_be_late = now_us - shelf->seen_us < 2 * SHELF_LATE_US &&
                       now_us - shelf->looked_us > LOOK_AGAIN_US;
    if (shelf->whole && changed_us <= shelf->seen_us && !may_be_late)
        return ERR_OK;
    shelf->whole = false;
    shelf->looked_us = now_us;
    if (shelf->text_count > 2 * shelf->item_count + SHELF_BATCH)
        TRY(start_anew(tx->ctx, shelf));
    TRY(read_from(tx, shelf, shelf->seen_us - SHELF_LATE_US));
    shelf->whole = true;
    return ERR_OK;
}

enum err shelf_freshen(struct tx *tx, struct shelf *shelf)
{
    if (!shelf->is_loaded)
        pthread_mutex_lock(&shelf->freshen);
    else if (pthread_mutex_trylock(&shelf->freshen) != 0)
        return ERR_OK;
    enum err err = look(tx, shelf);
    shelf->is_loaded |= !err;
    pthread_mutex_unlock(&shelf->freshen);
    return err;
}
