/* What the files of payments share: a payment as it is, what is written of it, and signatures.
 *
 *     struct payment_found found = {.id = id};
 *     TRY(db_read(db, ctx, payment_find, &found));
 *     TRY(payment_fill(ctx, shop, &found, &payment));            as drivers are shown it */
#ifndef STOA_SHOP_PAYMENT_INSIDE_H
#define STOA_SHOP_PAYMENT_INSIDE_H

#include "shop/payment.h"
#include "shop/shop_sql.h"

enum { PAYMENT_TOLERANCE_S = 300, PAYMENT_SIGNATURE_HEX = 65 };

struct payment_found {
    struct str id;
    struct payment_load_row row;
};

enum err payment_find(struct tx *tx, void *arg); /* a struct payment_found; ERR_MISSING */
enum err payment_fill(struct ctx *ctx, const struct shop *shop, const struct payment_found *found,
                      struct payment *payment);

/* Asks the provider by one of its driver's functions, writes what it says, and captures what is
 * authorised. One that does not answer leaves all as it is. */
typedef enum err payment_ask_fn(struct ctx *ctx, const struct shop *shop,
                                const struct payment *payment, struct payment_told *told);
enum err payment_ask(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                     payment_ask_fn *ask, struct payment_next *next);

/* Where the browser goes with what is known. */
enum err payment_tell(struct ctx *ctx, const struct payment *payment, enum payment_state state,
                      struct str why, struct payment_next *next);

/* Nothing is known anew: it is looked at later. */
enum err payment_delay(struct tx *tx, void *arg); /* a struct payment_found */

const char *payment_state_name(enum payment_state state);
enum payment_state payment_state_of(struct str name); /* PAYMENT_STATES where it is none */
bool payment_is_over(enum payment_state state);       /* captured, declined or void */

/* When a payment is looked at again, of which there is no news. */
int64_t payment_look_us(const struct payment_load_row *row, enum payment_state state,
                        int64_t now_us);

/* Whether a header like "t=1795300000,v1=…,v1=…" signs the body, by one of the secrets (words with
 * spaces between: the new and the old one while keys turn), at most PAYMENT_TOLERANCE_S ago or
 * ahead. ERR_FORBIDDEN, in any case in the same words. */
enum err payment_check_signature(struct ctx *ctx, struct str header, struct str secrets,
                                 struct str body);

/* What v1 is of it: HMAC-SHA-256 of "t.body", in hexadecimal. */
void payment_sign(struct str secret, int64_t time_s, struct str body,
                  char hex[PAYMENT_SIGNATURE_HEX]);

/* The provider "test": what its page says. */
enum err payment_test_decide(struct ctx *ctx, const struct shop *shop, struct str id,
                             bool approved);

/* What it signs its webhooks with. */
enum { PAYMENT_TEST_SECRET = 65 };
enum err payment_test_secret(struct ctx *ctx, const struct shop *shop,
                             char secret[PAYMENT_TEST_SECRET]);

#endif
