/* The Stripe driver and servers that are made like Stripe, which stripe_peers.sh starts: one that
 * looks at every field of a request, and one that remembers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "harness/folder.h"
#include "harness/test.h"
#include "ports/http/client.h"
#include "ports/secrets/secrets.h"
#include "shop/payment.h"
#include "shop/shop.h"
#include "web/request.h"

enum { URL_MAX = 512, AMOUNT = 1999 };

static const char *a_key(void *source, const char *name)
{
    (void)source;
    return strcmp(name, "STOA_SECRET_STRIPE_KEY") == 0 ? "sk_test_123" : NULL;
}

struct peer {
    struct test *t;
    struct ports ports;
    struct shop shop;
    struct clock clock;
};

static void peer_open(struct test *t, const char *address_name, struct peer *peer)
{
    const char *address = getenv(address_name); /* set by stripe_peers.sh */
    struct http_client_options http = {.ca_file = NULL};
    char *url = arena_alloc(t->arena, URL_MAX);
    REQUIRE(address && url);
    *peer = (struct peer){.t = t, .clock = clock_system()};
    t->ctx->clock = &peer->clock;
    REQUIRE(address_nets_parse(t->ctx, "OUTBOUND_ALLOWED", STR("127.0.0.0/8"), &http.allowed) ==
            ERR_OK);
    REQUIRE(http_client_open(t->ctx, &http, &peer->ports.http) == ERR_OK);
    const struct secrets_options secrets = {.folder = test_folder(t, "clients/stripe"),
                                            .lookup = a_key};
    REQUIRE(secrets_open(t->ctx, &secrets, &peer->ports.secrets) == ERR_OK);
    snprintf(url, URL_MAX, "http://%s", address);
    peer->shop = (struct shop){.ports = &peer->ports, .stripe_url = str_from(url)};
}

static void peer_close(struct peer *peer)
{
    secrets_close(peer->ports.secrets);
    http_client_close(peer->ports.http);
}

static struct payment payment_of(struct peer *peer, struct str reference)
{
    struct test *t = peer->t;
    char *id = arena_alloc(t->arena, ID_TEXT_MAX);
    REQUIRE(id != NULL);
    id_format(id_new(t->ctx->ids), "pay", id);
    return (struct payment){.id = str_from(id),
                            .order = STR("ord_01KAH0XVK4A9N3FYJ0T8Q5RWZC"),
                            .provider = STR("stripe"),
                            .reference = reference.len ? reference : str_from(id),
                            .email = STR("ada@stoa.example"),
                            .code = STR("K7Q2-M9PX"),
                            .return_to = STR("https://stoa.example/payments/x/return"),
                            .amount_minor = AMOUNT,
                            .made_us = clock_now_us(t->ctx->clock),
                            .currency = currency_find(STR("EUR"))};
}

/* It refuses a field that Stripe does not have, or that is no number where one must be. */
TEST(stripe_takes_each_of_our_requests)
{
    struct peer peer;
    struct payment_told told = {0};
    peer_open(t, "STRIPE_MOCK_ADDRESS", &peer);
    struct payment payment = payment_of(&peer, STR(""));
    CHECK_ERR(payment_stripe.begin(t->ctx, &peer.shop, &payment, &told), ERR_OK);
    CHECK(str_starts(told.reference, STR("cs_")));
    CHECK_STR(told.payment, payment.id.ptr);
    CHECK(told.state != PAYMENT_DECLINED);
    payment = payment_of(&peer, STR(""));
    payment.holds = true;
    CHECK_ERR(payment_stripe.begin(t->ctx, &peer.shop, &payment, &told), ERR_OK);
    CHECK(told.state != PAYMENT_DECLINED);
    static const char *const references[] = {"cs_test_1", "pi_1", NULL};
    for (const char *const *reference = references; *reference; reference++) {
        test_note(t, "%s", *reference);
        payment = payment_of(&peer, str_from(*reference));
        CHECK_ERR(payment_stripe.look(t->ctx, &peer.shop, &payment, &told), ERR_OK);
        CHECK_ERR(payment_stripe.capture(t->ctx, &peer.shop, &payment, &told), ERR_OK);
        CHECK_ERR(payment_stripe.cancel(t->ctx, &peer.shop, &payment, &told), ERR_OK);
    }
    CHECK_ERR(payment_stripe.refund(t->ctx, &peer.shop, &payment, 500, STR("rfd_1"), &told),
              ERR_OK);
    peer_close(&peer);
}

/* What the customer's browser does there, done by hand. */
static struct json *do_there(struct peer *peer, const char *path, const char *body)
{
    struct test *t = peer->t;
    struct http_client_answer answer = {0};
    struct json *root = NULL;
    char url[URL_MAX];
    snprintf(url, sizeof url, STR_FMT "%s", STR_ARG(peer->shop.stripe_url), path);
    const struct http_client_header headers[] = {
        {STR("Authorization"), STR("Bearer sk_test_123")},
        {STR("Content-Type"), STR("application/x-www-form-urlencoded")}};
    const struct http_client_call call = {.method = "POST",
                                          .url = str_from(url),
                                          .headers = headers,
                                          .header_count = 2,
                                          .body = str_from(body)};
    REQUIRE(http_client_send(peer->ports.http, t->ctx, &call, &answer) == ERR_OK);
    REQUIRE(json_read(t->ctx, answer.body, &root) == ERR_OK);
    return root;
}

/* An intent that is paid, or tried to be, with a card of this number. */
static struct str pay_there(struct peer *peer, const char *card, const char *more)
{
    struct test *t = peer->t;
    struct str method = {0}, intent = {0};
    char body[URL_MAX];
    snprintf(body, sizeof body,
             "type=card&card[number]=%s&card[exp_month]=12&card[exp_year]=2030&card[cvc]=123",
             card);
    REQUIRE(!json_str(json_get(do_there(peer, "/v1/payment_methods", body), "id"), &method));
    snprintf(body, sizeof body, "amount=%d&currency=eur&payment_method=" STR_FMT "%s", AMOUNT,
             STR_ARG(method), more);
    REQUIRE(!json_str(json_get(do_there(peer, "/v1/payment_intents", body), "id"), &intent));
    snprintf(body, sizeof body, "/v1/payment_intents/" STR_FMT "/confirm", STR_ARG(intent));
    do_there(peer, body, "");
    return intent;
}

TEST(stripe_tells_what_came_of_an_intent)
{
    struct peer peer;
    struct payment_told told = {0};
    peer_open(t, "STRIPE_STATE_ADDRESS", &peer);
    struct payment payment = payment_of(&peer, pay_there(&peer, "4242424242424242",
                                                         "&capture_method=manual"
                                                         "&metadata[payment]=pay_1"));
    CHECK_ERR(payment_stripe.look(t->ctx, &peer.shop, &payment, &told), ERR_OK);
    CHECK_INT(told.state, PAYMENT_AUTHORISED);
    CHECK_STR(told.payment, "pay_1");
    CHECK_INT(told.captured_minor, 0);
    for (int i = 0; i < 2; i++) { /* the second time there is nothing to capture: it is looked at */
        CHECK_ERR(payment_stripe.capture(t->ctx, &peer.shop, &payment, &told), ERR_OK);
        CHECK_INT(told.state, PAYMENT_CAPTURED);
        CHECK_INT(told.captured_minor, AMOUNT);
    }
    CHECK_ERR(payment_stripe.cancel(t->ctx, &peer.shop, &payment, &told), ERR_OK);
    CHECK_INT(told.state, PAYMENT_CAPTURED);
    CHECK_ERR(payment_stripe.refund(t->ctx, &peer.shop, &payment, 500, STR("rfd_1"), &told),
              ERR_OK);
    peer_close(&peer);
}

TEST(stripe_tells_what_was_not_paid)
{
    struct peer peer;
    struct payment_told told = {0};
    peer_open(t, "STRIPE_STATE_ADDRESS", &peer);
    struct payment payment = payment_of(&peer, pay_there(&peer, "4000000000000341", ""));
    CHECK_ERR(payment_stripe.look(t->ctx, &peer.shop, &payment, &told), ERR_OK);
    CHECK_INT(told.state, PAYMENT_CHALLENGE); /* another card may be tried on its page */
    CHECK(told.why.len > 0);
    CHECK_ERR(payment_stripe.refund(t->ctx, &peer.shop, &payment, 500, STR("rfd_2"), &told),
              ERR_INPUT);
    for (int i = 0; i < 2; i++) {
        CHECK_ERR(payment_stripe.cancel(t->ctx, &peer.shop, &payment, &told), ERR_OK);
        CHECK_INT(told.state, PAYMENT_VOID);
    }
    payment = payment_of(&peer, STR("pi_nobody"));
    CHECK_ERR(payment_stripe.look(t->ctx, &peer.shop, &payment, &told), ERR_INPUT);
    peer_close(&peer);
}
