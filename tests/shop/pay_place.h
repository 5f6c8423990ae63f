/* A shop whose provider "test" can be made to fail: for the proofs of payments.
 *
 *     struct pay_place place;
 *     pay_place_open(t, engine, &place);
 *     struct str order = pay_place_order(&place, "ada+challenge@stoa.example");
 *     pay_place_fail(&place, PAY_BEFORE);                        the next call ends the process
 *     CHECK_ERR(payment_begin(place.ctx, &place.shop, order, STR("test"), &next), ERR_INTERNAL);
 *     pay_place_close(&place);
 *
 * What a process does that is killed is written up to there, and no further: that is what a call
 * does here that returns ERR_INTERNAL, before its provider was asked or behind it. */
#ifndef STOA_TESTS_SHOP_PAY_PLACE_H
#define STOA_TESTS_SHOP_PAY_PLACE_H

#include "place.h"
#include "shop/payment.h"
#include "web/request.h"

enum { PAY_GROSS = 1999 };

enum pay_fault {
    PAY_WELL,
    PAY_BEFORE, /* killed before the provider is asked */
    PAY_BEHIND, /* killed before what it said is written */
    PAY_SILENT, /* its answer is lost */
};

struct pay_place {
    struct shop_place place;
    struct ports ports;
    struct shop shop;
    struct ctx *ctx;
    struct test *t;
    int64_t orders;
};

void pay_place_open(struct test *t, const struct engine *engine, struct pay_place *place);
void pay_place_close(struct pay_place *place);

/* Fails the next call of the provider, and none after it. */
void pay_place_fail(struct pay_place *place, enum pay_fault next);

/* An order over PAY_GROSS that waits to be paid. */
struct str pay_place_order(struct pay_place *place, const char *email);

/* A webhook of the provider "test", signed so many seconds ago. */
enum err pay_place_hook(struct pay_place *place, struct str payment, const char *state,
                        int64_t captured_minor, int64_t age_s);
enum err pay_place_hook_raw(struct pay_place *place, const char *signature, const char *body);

/* Receives what waits in the queue of refunds, and does it; how many there were. */
int pay_place_refund_all(struct pay_place *place);

#endif
