/* How odd an order is before it is placed. */
#include "shop/checkout_score.h"

#include "base/log.h"
#include "shop/fraud.h"
#include "shop/shop_sql.h"

struct counting {
    struct str email;
    struct odd_counts_row row;
};

static enum err count(struct tx *tx, void *arg)
{
    struct counting *counting = arg;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    return odd_counts(tx, counting->email, now_us - HOUR_US, now_us - DAY_US, &counting->row);
}

enum err checkout_score(struct request *request, struct order_placing *placing, bool *refused)
{
    struct counting counting = {.email = placing->email};
    struct fraud_result result;
    TRY(db_read(request->ports->db, request->ctx, count, &counting));
    const struct odd_counts_row *row = &counting.row;
    struct fraud_order asked = {.email = placing->email,
                                .ship_to = placing->ship_to.country,
                                .amount_minor = placing->total->left_minor,
                                .is_first = !row->earlier,
                                .counts = {[FRAUD_EMAIL_HOUR] = row->email_hour,
                                           [FRAUD_EMAIL_DAY] = row->email_day,
                                           [FRAUD_DECLINED_DAY] = row->declined_day}};
    fraud_score(&fraud_usual, &asked, &result);
    placing->score = result.score;
    placing->review = result.verdict == FRAUD_REVIEW;
    *refused = result.verdict == FRAUD_REFUSE;
    if (*refused)
        log_info(request->ctx, "an order was refused", field_int("score", result.score));
    return ERR_OK;
}
