/* Makes a shop whose provider can be made to fail. */
#include "pay_place.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "flow/queue.h"
#include "harness/folder.h"
#include "ports/secrets/secrets.h"
#include "shop/payment_inside.h"
#include "web/http.h"

enum { BODY_MAX = 1024, REFUNDS_MAX = 100 };

static enum pay_fault fault;

static enum err die(struct ctx *ctx)
{
    return err_fail(&ctx->err, ERR_INTERNAL, "The process was killed.", "it plays so");
}

typedef enum err ask_fn(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                        struct payment_told *told);

static enum err ask(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                    struct payment_told *told, ask_fn *fn)
{
    enum pay_fault now = fault;
    fault = PAY_WELL;
    if (now == PAY_BEFORE)
        return die(ctx);
    TRY(fn(ctx, shop, payment, told));
    if (now == PAY_SILENT)
        return err_fail(&ctx->err, ERR_TIMEOUT, "Nothing came.", "it plays so");
    return now == PAY_BEHIND ? die(ctx) : ERR_OK;
}

static enum err begin(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                      struct payment_told *told)
{
    return ask(ctx, shop, payment, told, payment_test.begin);
}

static enum err look(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                     struct payment_told *told)
{
    return ask(ctx, shop, payment, told, payment_test.look);
}

static enum err capture(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                        struct payment_told *told)
{
    return ask(ctx, shop, payment, told, payment_test.capture);
}

static enum err cancel(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                       struct payment_told *told)
{
    return ask(ctx, shop, payment, told, payment_test.cancel);
}

static enum err refund(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                       int64_t minor, struct str key, struct payment_told *told)
{
    enum pay_fault now = fault;
    fault = PAY_WELL;
    if (now == PAY_BEFORE)
        return die(ctx);
    TRY(payment_test.refund(ctx, shop, payment, minor, key, told));
    return now == PAY_WELL ? ERR_OK : die(ctx);
}

static enum err hear(struct request *request, const struct shop *shop, struct payment_told *told)
{
    return payment_test.hear(request, shop, told);
}

static const struct payment_driver failing = {.name = "test",
                                              .begin = begin,
                                              .look = look,
                                              .capture = capture,
                                              .cancel = cancel,
                                              .refund = refund,
                                              .hear = hear};

static const struct payment_driver *const on[] = {&failing, &payment_bank, NULL};

void pay_place_open(struct test *t, const struct engine *engine, struct pay_place *place)
{
    memset(place, 0, sizeof *place);
    fault = PAY_WELL;
    shop_place_open(t, engine, &place->place);
    place->t = t;
    place->ctx = t->ctx;
    const struct secrets_options options = {.folder = test_folder(t, "shop/payments")};
    REQUIRE(secrets_open(t->ctx, &options, &place->ports.secrets) == ERR_OK);
    place->ports.db = place->place.db;
    place->ports.site_url = STR("https://stoa.example");
    place->shop = (struct shop){
        .ports = &place->ports, .currency = currency_find(STR("EUR")), .payments = on};
}

void pay_place_close(struct pay_place *place)
{
    secrets_close(place->ports.secrets);
    shop_place_close(&place->place);
}

void pay_place_fail(struct pay_place *place, enum pay_fault next)
{
    (void)place;
    fault = next;
}

struct str pay_place_order(struct pay_place *place, const char *email)
{
    struct str id = shop_place_id(&place->place, "ord", ++place->orders);
    int64_t now_us = clock_now_us(place->ctx->clock);
    shop_place_do(&place->place,
                  "INSERT INTO shop_order (id, code, cart, customer, email, state, language, "
                  "currency, name, street, more, postcode, city, region, country, method, payment, "
                  "goods, off, shipping, tax, gross, captured, refunded, terms, tracking, score, "
                  "held, placed, changed) VALUES ('" STR_FMT "', 'C%" PRId64 "', 'K%" PRId64
                  "', NULL, '%s', 'placed', 'en', 'EUR', '', '', '', '', '', '', 'DE', '', 'test', "
                  "%d, 0, 0, 0, %d, 0, 0, '{}', '', 0, %" PRId64 ", %" PRId64 ", %" PRId64 ")",
                  STR_ARG(id), place->orders, place->orders, email, PAY_GROSS, PAY_GROSS,
                  now_us + HOUR_US, now_us, now_us);
    return id;
}

enum err pay_place_hook_raw(struct pay_place *place, const char *signature, const char *body)
{
    struct http_head head = {
        .headers = {{STR("Test-Signature"), str_from(signature)}},
        .header_count = 1,
    };
    struct request request = {.ctx = place->ctx, .head = &head, .body = str_from(body)};
    return payment_hear(&request, &place->shop, STR("test"));
}

enum err pay_place_hook(struct pay_place *place, struct str payment, const char *state,
                        int64_t captured_minor, int64_t age_s)
{
    struct test *t = place->t;
    char secret[PAYMENT_TEST_SECRET], hex[PAYMENT_SIGNATURE_HEX];
    struct buf body, header;
    const char *body_text, *header_text;
    int64_t time_s = clock_now_us(place->ctx->clock) / SECOND_US - age_s;
    buf_init(&body, t->arena, BODY_MAX);
    buf_init(&header, t->arena, BODY_MAX);
    buf_addf(&body,
             "{\"id\":\"evt_" STR_FMT "\",\"payment\":\"" STR_FMT
             "\",\"state\":\"%s\",\"captured\":%" PRId64 "}",
             STR_ARG(payment), STR_ARG(payment), state, captured_minor);
    REQUIRE(payment_test_secret(place->ctx, &place->shop, secret) == ERR_OK);
    payment_sign(str_from(secret), time_s, buf_str(&body), hex);
    buf_addf(&header, "t=%" PRId64 ",v1=%s", time_s, hex);
    REQUIRE(str_cstr(t->arena, buf_str(&body), &body_text) == ERR_OK);
    REQUIRE(str_cstr(t->arena, buf_str(&header), &header_text) == ERR_OK);
    return pay_place_hook_raw(place, header_text, body_text);
}

struct taking {
    struct queue queue;
    struct queue_messages got;
};

static enum err take(struct tx *tx, void *arg)
{
    struct taking *taking = arg;
    enum err err = queue_find(tx, STR(SHOP_QUEUE_REFUNDS), &taking->queue);
    taking->got.count = 0;
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    TRY(err);
    return queue_receive(tx, &taking->queue, &(struct queue_want){.max = 1, .visibility_s = 30},
                         &taking->got);
}

static enum err end(struct tx *tx, void *arg)
{
    const struct taking *taking = arg;
    return queue_delete(tx, &taking->queue, &taking->got.list[0].receipt);
}

static enum err give_up(struct tx *tx, void *arg)
{
    const struct taking *taking = arg;
    return queue_hide(tx, &taking->queue, &taking->got.list[0].receipt, 0);
}

int pay_place_refund_all(struct pay_place *place)
{
    struct test *t = place->t;
    struct taking taking = {.got = {.count = 0}};
    int done = 0;
    for (int i = 0; i < REFUNDS_MAX; i++) {
        REQUIRE(db_write(place->place.db, place->ctx, take, &taking) == ERR_OK);
        if (!taking.got.count)
            return done;
        enum err err = shop_refund(place->ctx, &place->shop, &taking.got.list[0]);
        err_clear(&place->ctx->err);
        done += err == ERR_OK;
        REQUIRE(db_write(place->place.db, place->ctx, err ? give_up : end, &taking) == ERR_OK);
    }
    return done;
}
