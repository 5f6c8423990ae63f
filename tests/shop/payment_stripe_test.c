/* What Stripe's objects and events mean for a payment, as their pages show them. */
#include "shop/payment_stripe.h"

#include "base/json.h"
#include "harness/test.h"
#include "shop/payment_inside.h"

struct told_row {
    const char *text;
    enum payment_state state;
    int64_t captured_minor, refunded_minor;
    const char *reference, *payment;
};

#define EVENT(type, object) \
    "{\"id\":\"evt_1\",\"type\":\"" type "\",\"data\":{\"object\":{" object "}}}"
#define SESSION                                                                          \
    "\"object\":\"checkout.session\",\"id\":\"cs_1\",\"client_reference_id\":\"pay_1\"," \
    "\"amount_total\":1999,\"url\":\"https://stripe.example/\","
#define INTENT                                                                            \
    "\"object\":\"payment_intent\",\"id\":\"pi_1\",\"metadata\":{\"payment\":\"pay_1\"}," \
    "\"amount\":1999,"

static const struct told_row events[] = {
    {EVENT("checkout.session.completed", SESSION
           "\"status\":\"complete\",\"payment_status\":\"paid\",\"payment_intent\":\"pi_1\""),
     PAYMENT_CAPTURED, 1999, 0, "pi_1", "pay_1"},
    {EVENT("checkout.session.completed", SESSION
           "\"status\":\"complete\",\"payment_status\":\"unpaid\",\"payment_intent\":\"pi_1\""),
     PAYMENT_PENDING, 0, 0, "pi_1", "pay_1"},
    {EVENT("checkout.session.async_payment_succeeded",
           SESSION "\"status\":\"complete\",\"payment_status\":\"paid\","
                   "\"payment_intent\":{\"id\":\"pi_1\"}"),
     PAYMENT_CAPTURED, 1999, 0, "pi_1", "pay_1"},
    {EVENT("checkout.session.async_payment_failed", SESSION
           "\"status\":\"complete\",\"payment_status\":\"unpaid\",\"payment_intent\":\"pi_1\""),
     PAYMENT_DECLINED, 0, 0, "pi_1", "pay_1"},
    {EVENT("checkout.session.expired",
           SESSION "\"status\":\"expired\",\"payment_status\":\"unpaid\",\"payment_intent\":null"),
     PAYMENT_VOID, 0, 0, "cs_1", "pay_1"},
    {EVENT("payment_intent.succeeded", INTENT "\"status\":\"succeeded\",\"amount_received\":1000"),
     PAYMENT_CAPTURED, 1000, 0, "pi_1", "pay_1"},
    {EVENT("payment_intent.amount_capturable_updated",
           INTENT "\"status\":\"requires_capture\",\"amount_received\":0"),
     PAYMENT_AUTHORISED, 0, 0, "pi_1", "pay_1"},
    {EVENT("payment_intent.processing", INTENT "\"status\":\"processing\",\"amount_received\":0"),
     PAYMENT_PENDING, 0, 0, "pi_1", "pay_1"},
    {EVENT("payment_intent.canceled", INTENT "\"status\":\"canceled\",\"amount_received\":0"),
     PAYMENT_VOID, 0, 0, "pi_1", "pay_1"},
    {EVENT("payment_intent.canceled", INTENT "\"status\":\"sings\",\"amount_received\":-5"),
     PAYMENT_BEGUN, 0, 0, "pi_1", "pay_1"},
    {EVENT("charge.refunded", "\"metadata\":{\"payment\":\"pay_1\"},\"amount_refunded\":300"),
     PAYMENT_BEGUN, 0, 300, "", "pay_1"},
    /* of another shop, of another kind, and none at all */
    {EVENT("payment_intent.succeeded", "\"object\":\"payment_intent\",\"status\":\"succeeded\""),
     PAYMENT_CAPTURED, 0, 0, "", ""},
    {EVENT("customer.created", "\"object\":\"customer\",\"id\":\"cus_1\""), PAYMENT_BEGUN, 0, 0, "",
     ""},
    {"{\"type\":\"charge.refunded\",\"data\":{\"object\":{\"metadata\":{\"payment\":\"pay_1\"}}}}",
     PAYMENT_BEGUN, 0, 0, "", ""},
    {"{\"id\":\"evt_1\",\"type\":\"charge.refunded\",\"data\":3}", PAYMENT_BEGUN, 0, 0, "", ""},
    {"[]", PAYMENT_BEGUN, 0, 0, "", ""},
};

TEST(payment_stripe_events_mean_what_they_say)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        const struct told_row *row = &events[i];
        struct payment_told told;
        struct json *root;
        test_note(t, "%s", row->text);
        REQUIRE(json_read(t->ctx, str_from(row->text), &root) == ERR_OK);
        CHECK_ERR(payment_stripe_read_event(t->ctx, root, &told), ERR_OK);
        CHECK_INT(told.state, row->state);
        CHECK_INT(told.captured_minor, row->captured_minor);
        CHECK_INT(told.refunded_minor, row->refunded_minor);
        CHECK_STR(told.reference, row->reference);
        CHECK_STR(told.payment, row->payment);
    }
}

TEST(payment_stripe_answers_that_are_strange_are_the_peers)
{
    static const char *const texts[] = {"{}", "[]", "3", "{\"object\":\"customer\"}", NULL};
    for (const char *const *text = texts; *text; text++) {
        struct payment_told told;
        struct json *root;
        REQUIRE(json_read(t->ctx, str_from(*text), &root) == ERR_OK);
        CHECK_ERR(payment_stripe_read(t->ctx, root, &told), ERR_PEER);
    }
}

/* By hand: printf '%s' '1768478400.{"id":1}' | openssl dgst -sha256 -hmac whsec_a */
TEST(payment_signatures_take_the_new_key_and_the_old)
{
    char hex[PAYMENT_SIGNATURE_HEX], header_bytes[256];
    struct buf header;
    struct str body = STR("{\"id\":1}");
    payment_sign(STR("whsec_a"), FAKE_NOW_US / SECOND_US, body, hex);
    CHECK_TEXT(hex, "61950467b7e9dcd82902f9a065653313c6b716efb9f74c1c75d6970f0d65f191");
    buf_init_fixed(&header, header_bytes, sizeof header_bytes);
    buf_addf(&header, "t=1768478400,v1=%064d,v0=ff,v1=%s", 0, hex);
    struct str signature = buf_str(&header);
    static const struct {
        const char *secrets;
        enum err err;
    } rows[] = {
        {"whsec_a", ERR_OK},          {"whsec_b whsec_a", ERR_OK}, {"whsec_a whsec_b", ERR_OK},
        {"whsec_b", ERR_FORBIDDEN},   {"", ERR_FORBIDDEN},         {" ", ERR_FORBIDDEN},
        {"whsec_a,b", ERR_FORBIDDEN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "\"%s\"", rows[i].secrets);
        CHECK_ERR(payment_check_signature(t->ctx, signature, str_from(rows[i].secrets), body),
                  rows[i].err);
    }
    CHECK_ERR(payment_check_signature(t->ctx, signature, STR("whsec_a"), STR("{\"id\":2}")),
              ERR_FORBIDDEN);
    fake_clock_turn(&t->clock, PAYMENT_TOLERANCE_S * SECOND_US);
    CHECK_ERR(payment_check_signature(t->ctx, signature, STR("whsec_a"), body), ERR_OK);
    fake_clock_turn(&t->clock, SECOND_US);
    CHECK_ERR(payment_check_signature(t->ctx, signature, STR("whsec_a"), body), ERR_FORBIDDEN);
}

TEST(payment_ways_are_those_that_are_named)
{
    struct shop shop = {.payments = NULL};
    CHECK_ERR(shop_set_payments(t->ctx, &shop, STR(" test  bank test")), ERR_OK);
    CHECK(shop.payments[0] == &payment_test && shop.payments[1] == &payment_bank);
    CHECK(shop.payments[2] == NULL);
    CHECK(payment_driver_of(&shop, STR("bank")) == &payment_bank);
    CHECK(payment_driver_of(&shop, STR("stripe")) == NULL);
    CHECK_ERR(shop_set_payments(t->ctx, &shop, STR("bank gold")), ERR_INPUT);
    CHECK_TEXT(t->ctx->err.field, "SHOP_PAYMENTS");
    CHECK_ERR(shop_set_payments(t->ctx, &shop, STR("")), ERR_OK);
    CHECK(shop.payments[0] == NULL);
}
