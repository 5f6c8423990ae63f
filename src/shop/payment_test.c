/* The provider "test": takes no money, and plays what real ones do, well and badly. */
#include <sodium.h>

#include "base/json.h"
#include "flow/queue.h"
#include "ports/secrets/secrets.h"
#include "shop/payment_inside.h"
#include "shop/shop.h"
#include "web/request.h"

enum { LATE_S = 5, EVENT_MAX = 96 };

#define SECRET_PURPOSE   "payment_test"
#define SIGNATURE_HEADER "Test-Signature"

/* What it plays: the word behind the + of the customer's address, anna+late@example.com. */
static const struct outcome {
    const char *word;
    enum payment_state first;
    bool half;    /* captured at first: the rest when it is asked to capture */
    bool silent;  /* the first answer is lost */
    int webhooks; /* after the page: so many of the same event */
    int delay_s;  /* of them; until then, who looks is told that it is on its way */
    bool before;  /* one comes before the browser is back */
} outcomes[] = {
    {.word = "success", .first = PAYMENT_CAPTURED},
    {.word = "decline", .first = PAYMENT_DECLINED},
    {.word = "challenge", .first = PAYMENT_CHALLENGE},
    {.word = "late", .first = PAYMENT_CHALLENGE, .webhooks = 1, .delay_s = LATE_S},
    {.word = "twice", .first = PAYMENT_CHALLENGE, .webhooks = 2},
    {.word = "early", .first = PAYMENT_CHALLENGE, .before = true},
    {.word = "timeout", .first = PAYMENT_CAPTURED, .silent = true},
    {.word = "parts", .first = PAYMENT_AUTHORISED, .half = true},
};

enum { OUTCOMES = sizeof outcomes / sizeof *outcomes };

static const struct outcome *outcome_of(struct str word)
{
    for (size_t i = 0; i < OUTCOMES; i++)
        if (str_equal(word, str_from(outcomes[i].word)))
            return &outcomes[i];
    return &outcomes[0];
}

static struct str word_of(struct str email)
{
    struct str local, name;
    if (!str_cut(&email, '@', &local) || !str_cut(&local, '+', &name))
        return STR("");
    return local;
}

/* One thing that it is asked, in a transaction of its own: as if it were far away. */
struct playing {
    const struct payment *payment;
    struct payment_test_load_row row;
    bool fresh;    /* it was not known before */
    bool approved; /* by its page */
    int64_t minor, refunded_minor;
    struct str asked;
};

static enum err save(struct tx *tx, const struct playing *playing)
{
    const struct payment_test_load_row *row = &playing->row;
    return payment_test_put(tx, playing->payment->id, row->outcome, row->state, row->captured_minor,
                            row->told);
}

static enum err begin_it(struct tx *tx, void *arg)
{
    struct playing *playing = arg;
    const struct payment *payment = playing->payment;
    enum err err = payment_test_load(tx, payment->id, &playing->row);
    playing->fresh = err == ERR_MISSING;
    if (!playing->fresh)
        return err;
    err_clear(&tx->ctx->err);
    const struct outcome *outcome = outcome_of(word_of(payment->email));
    bool holds = payment->holds && outcome->first == PAYMENT_CAPTURED;
    enum payment_state first = holds ? PAYMENT_AUTHORISED : outcome->first;
    int64_t captured_minor = first == PAYMENT_CAPTURED ? payment->amount_minor
                             : outcome->half           ? payment->amount_minor / 2
                                                       : 0;
    playing->row = (struct payment_test_load_row){
        .outcome = str_from(outcome->word),
        .state = str_from(payment_state_name(first)),
        .captured_minor = captured_minor,
    };
    return save(tx, playing);
}

/* It knows nothing of what it was never asked: that is as good as begun. */
static enum err find_it(struct tx *tx, void *arg)
{
    struct playing *playing = arg;
    struct payment_test_refunded_row back;
    enum err err = payment_test_load(tx, playing->payment->id, &playing->row);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        playing->row.state = STR("begun");
        return ERR_OK;
    }
    TRY(err);
    TRY(payment_test_refunded(tx, playing->payment->id, &back));
    playing->refunded_minor = back.amount_minor;
    return ERR_OK;
}

static enum err capture_it(struct tx *tx, void *arg)
{
    struct playing *playing = arg;
    TRY(find_it(tx, arg));
    if (payment_state_of(playing->row.state) != PAYMENT_AUTHORISED)
        return ERR_OK;
    playing->row.state = STR("captured");
    playing->row.captured_minor = playing->payment->amount_minor;
    return save(tx, playing);
}

static enum err cancel_it(struct tx *tx, void *arg)
{
    struct playing *playing = arg;
    TRY(find_it(tx, arg));
    if (payment_is_over(payment_state_of(playing->row.state)))
        return ERR_OK;
    playing->row.state = STR("void");
    return save(tx, playing);
}

static enum err refund_it(struct tx *tx, void *arg)
{
    struct playing *playing = arg;
    TRY(find_it(tx, arg));
    TRY(payment_test_refund_add(tx, playing->asked, playing->payment->id, playing->minor));
    TRY(find_it(tx, arg));
    if (playing->refunded_minor > playing->row.captured_minor)
        return err_input(&tx->ctx->err, "amount", "That is more than was captured.");
    return ERR_OK;
}

static enum err tell(struct ctx *ctx, const struct playing *playing, struct payment_told *told)
{
    const struct payment_test_load_row *row = &playing->row;
    struct buf place;
    buf_init(&place, ctx->arena, PAYMENT_PLACE_MAX);
    told->state = payment_state_of(row->state);
    told->captured_minor = row->captured_minor;
    if (told->state == PAYMENT_CAPTURED && outcome_of(row->outcome)->delay_s && !row->told) {
        told->state = PAYMENT_PENDING;
        told->captured_minor = 0;
    }
    if (told->state == PAYMENT_CHALLENGE)
        buf_addf(&place, "/payments/test/" STR_FMT, STR_ARG(playing->payment->id));
    told->place = buf_str(&place);
    told->why = told->state == PAYMENT_DECLINED ? STR("The card was declined.") : STR("");
    return buf_err(&place) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err begin(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                      struct payment_told *told)
{
    struct playing playing = {.payment = payment};
    TRY(db_write(shop->ports->db, ctx, begin_it, &playing));
    if (playing.fresh && outcome_of(playing.row.outcome)->silent)
        return err_fail(&ctx->err, ERR_TIMEOUT, "The provider did not answer.", "it plays so");
    return tell(ctx, &playing, told);
}

static enum err look(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                     struct payment_told *told)
{
    struct playing playing = {.payment = payment};
    TRY(db_read(shop->ports->db, ctx, find_it, &playing));
    return tell(ctx, &playing, told);
}

static enum err capture(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                        struct payment_told *told)
{
    struct playing playing = {.payment = payment};
    TRY(db_write(shop->ports->db, ctx, capture_it, &playing));
    return tell(ctx, &playing, told);
}

static enum err cancel(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                       struct payment_told *told)
{
    struct playing playing = {.payment = payment};
    TRY(db_write(shop->ports->db, ctx, cancel_it, &playing));
    return tell(ctx, &playing, told);
}

static enum err refund(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                       int64_t minor, struct str key, struct payment_told *told)
{
    struct playing playing = {.payment = payment, .minor = minor, .asked = key};
    TRY(db_write(shop->ports->db, ctx, refund_it, &playing));
    TRY(tell(ctx, &playing, told));
    told->refunded_minor = playing.refunded_minor;
    return ERR_OK;
}

enum err payment_test_secret(struct ctx *ctx, const struct shop *shop,
                             char secret[PAYMENT_TEST_SECRET])
{
    uint8_t key[SECRETS_KEY_SIZE];
    _Static_assert(PAYMENT_TEST_SECRET == 2 * sizeof key + 1, "two digits a byte, and a NUL");
    TRY(secrets_key(shop->ports->secrets, ctx, SECRET_PURPOSE, key));
    sodium_bin2hex(secret, PAYMENT_TEST_SECRET, key, sizeof key);
    sodium_memzero(key, sizeof key);
    return ERR_OK;
}

/* {"id":"evt_1","payment":"pay_…","state":"captured","captured":1999} */
static enum err read_hook(struct ctx *ctx, struct str body, struct payment_told *told)
{
    struct json *root;
    struct str state = {0};
    TRY(json_read(ctx, body, &root));
    bool whole = !json_str(json_get(root, "id"), &told->event) &&
                 !json_str(json_get(root, "payment"), &told->payment) &&
                 !json_str(json_get(root, "state"), &state);
    told->state = payment_state_of(state);
    if (!whole || told->state == PAYMENT_STATES)
        told->payment = STR("");
    if (json_int(json_get(root, "captured"), &told->captured_minor) || told->captured_minor < 0)
        told->captured_minor = 0;
    return ERR_OK;
}

static enum err hear(struct request *request, const struct shop *shop, struct payment_told *told)
{
    char secret[PAYMENT_TEST_SECRET];
    TRY(payment_test_secret(request->ctx, shop, secret));
    TRY(payment_check_signature(request->ctx, request_header(request, STR(SIGNATURE_HEADER)),
                                str_from(secret), request->body));
    return read_hook(request->ctx, request->body, told);
}

static enum err put_webhooks(struct tx *tx, const struct playing *playing,
                             const struct outcome *outcome)
{
    struct queue_options options = queue_usual;
    struct queue queue;
    if (!outcome->webhooks)
        return ERR_OK;
    options.name = STR(SHOP_QUEUE_TEST);
    TRY(queue_make(tx, &options, &queue));
    for (int i = 0; i < outcome->webhooks; i++) {
        struct queue_sending sending = QUEUE_SENDING(playing->payment->id);
        sending.delay_s = outcome->delay_s;
        TRY(queue_send(tx, &queue, &sending));
    }
    return ERR_OK;
}

/* Who decides a second time changes nothing. */
static enum err decide_it(struct tx *tx, void *arg)
{
    struct playing *playing = arg;
    TRY(find_it(tx, arg));
    if (payment_state_of(playing->row.state) != PAYMENT_CHALLENGE)
        return ERR_OK;
    bool takes = playing->approved && !playing->payment->holds;
    playing->row.state = takes               ? STR("captured")
                         : playing->approved ? STR("authorised")
                                             : STR("declined");
    playing->row.captured_minor = takes ? playing->payment->amount_minor : 0;
    TRY(save(tx, playing));
    return put_webhooks(tx, playing, outcome_of(playing->row.outcome));
}

static enum err mark_told(struct tx *tx, void *arg)
{
    struct playing *playing = arg;
    TRY(find_it(tx, arg));
    playing->row.told = true;
    return save(tx, playing);
}

/* As a webhook of its own would: the event is the same however often it is told. */
static enum err tell_webhook(struct ctx *ctx, const struct shop *shop,
                             const struct payment *payment)
{
    struct playing playing = {.payment = payment};
    struct payment_told told = {0};
    struct payment_settling settling = {
        .payment = payment->id, .provider = payment->provider, .told = &told};
    struct buf event;
    TRY(db_write(shop->ports->db, ctx, mark_told, &playing));
    TRY(tell(ctx, &playing, &told));
    buf_init(&event, ctx->arena, EVENT_MAX);
    buf_addf(&event, "evt_" STR_FMT, STR_ARG(payment->id));
    told.event = buf_str(&event);
    TRY(buf_err(&event) ? err_memory(&ctx->err) : ERR_OK);
    return db_write(shop->ports->db, ctx, payment_settle, &settling);
}

static enum err open_it(struct ctx *ctx, const struct shop *shop, struct str id,
                        struct payment *payment)
{
    struct payment_found found = {.id = id};
    TRY(db_read(shop->ports->db, ctx, payment_find, &found));
    return payment_fill(ctx, shop, &found, payment);
}

enum err payment_test_decide(struct ctx *ctx, const struct shop *shop, struct str id, bool approved)
{
    struct payment payment;
    TRY(open_it(ctx, shop, id, &payment));
    struct playing playing = {.payment = &payment, .approved = approved};
    TRY(db_write(shop->ports->db, ctx, decide_it, &playing));
    return outcome_of(playing.row.outcome)->before ? tell_webhook(ctx, shop, &payment) : ERR_OK;
}

enum err shop_play(struct ctx *ctx, const struct shop *shop, const struct queue_message *message)
{
    struct payment payment;
    TRY(open_it(ctx, shop, message->body, &payment));
    return tell_webhook(ctx, shop, &payment);
}

const struct payment_driver payment_test = {.name = "test",
                                            .begin = begin,
                                            .look = look,
                                            .capture = capture,
                                            .cancel = cancel,
                                            .refund = refund,
                                            .hear = hear};
