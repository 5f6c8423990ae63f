/* Hands short messages to Twilio's Messages API: a form, signed in by the account and its token.
 *
 * The API has no key that would make a second try the same message: what met no answer is not tried
 * again here, and told as ERR_IO. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/percent.h"
#include "ports/http/client.h"
#include "ports/sms/driver.h"

enum {
    CARRIER_ARENA_MAX = 16 << 10,
    PART_MAX = 1 << 10,
    PARTS_MAX = 2 * PART_MAX, /* of a part and what comes with it */
    FORM_MAX = 3 * 4 * SMS_TEXT_MAX + PART_MAX,
    STATUS_OK = 200,
    STATUS_CREATED = 201,
};

struct sms_carrier {
    struct arena arena; /* of what is below */
    struct http_client *http;
    struct str url, login, from; /* the URL is the account's, without what is asked of it */
};

/* twilio://ACCOUNT@HOST?tls=no */
static enum err read_url(struct ctx *ctx, struct str text, struct str password,
                         struct sms_carrier *carrier)
{
    struct str rest = str_slice(text, STR("twilio://").len, text.len), account, host;
    struct buf url, pair, login;
    bool whole = str_starts(text, STR("twilio://")) && str_cut(&rest, '@', &account);
    str_cut(&rest, '?', &host);
    if (!whole || !account.len || !host.len || (rest.len && !str_equal(rest, STR("tls=no"))))
        return err_input(&ctx->err, "SMS_URL", "must look like twilio://ACCOUNT@api.twilio.com");
    if (!password.len)
        return err_input(&ctx->err, "SMS_URL",
                         "needs the account's token: stoa secret set sms_password");
    buf_init(&url, &carrier->arena, PART_MAX);
    buf_init(&pair, &carrier->arena, PART_MAX);
    buf_init(&login, &carrier->arena, PARTS_MAX);
    buf_addf(&url, "%s://" STR_FMT "/2010-04-01/Accounts/", rest.len ? "http" : "https",
             STR_ARG(host));
    percent_add(&url, account, "");
    buf_addf(&pair, STR_FMT ":" STR_FMT, STR_ARG(account), STR_ARG(password));
    buf_add(&login, STR("Basic "));
    base64_add_padded(&login, buf_str(&pair));
    carrier->url = buf_str(&url);
    carrier->login = buf_str(&login);
    return buf_err(&url) || buf_err(&pair) || buf_err(&login) ? err_memory(&ctx->err) : ERR_OK;
}

static void twilio_close(struct sms_carrier *carrier)
{
    arena_release(&carrier->arena);
    mem_free(carrier);
}

static enum err twilio_open(struct ctx *ctx, const struct sms_options *options,
                            struct sms_carrier **opened)
{
    struct sms_carrier *carrier = mem_alloc(sizeof *carrier);
    if (!carrier)
        return err_memory(&ctx->err);
    carrier->http = options->http;
    arena_init(&carrier->arena, CARRIER_ARENA_MAX);
    enum err err = read_url(ctx, options->url, options->password, carrier);
    if (!err && str_copy(&carrier->arena, options->from, &carrier->from))
        err = err_memory(&ctx->err);
    if (err)
        twilio_close(carrier);
    else
        *opened = carrier;
    return err;
}

static void add_field(struct buf *form, const char *name, struct str value)
{
    buf_addf(form, "%s=", name);
    percent_add(form, value, "");
    buf_addc(form, '&');
}

/* The provider's own words are for the operator: they may name what a visitor is not to know. */
static enum err refuse(struct ctx *ctx, const struct http_client_answer *answer)
{
    struct json *root = NULL;
    struct str words = STR("");
    int64_t code = 0;
    int status = answer->status;
    if (json_read(ctx, answer->body, &root) == ERR_OK) {
        if (json_str(json_get(root, "message"), &words) == ERR_OK)
            words = str_slice(words, 0, PART_MAX);
        if (json_int(json_get(root, "code"), &code))
            code = 0;
    }
    enum err err = status == 400                    ? ERR_INPUT
                   : status == 429 || status == 503 ? ERR_BUSY
                   : status >= 500                  ? ERR_IO
                                                    : ERR_PEER;
    err_fail(&ctx->err, err,
             err == ERR_INPUT ? "is refused by the provider" : "The message was not sent.",
             "the provider answered %d: %" PRId64 " " STR_FMT, status, code, STR_ARG(words));
    if (err == ERR_INPUT)
        memcpy(ctx->err.field, "to", sizeof "to");
    return err;
}

static enum err make_url(struct ctx *ctx, const struct sms_carrier *carrier, const char *ending,
                         struct str *made)
{
    struct buf url;
    buf_init(&url, ctx->arena, PARTS_MAX);
    buf_addf(&url, STR_FMT "%s", STR_ARG(carrier->url), ending);
    *made = buf_str(&url);
    return buf_err(&url) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err twilio_reach(struct sms_carrier *carrier, struct ctx *ctx)
{
    struct http_client_answer answer;
    const struct http_client_header login = {STR("Authorization"), carrier->login};
    struct http_client_call call = {.method = "GET", .headers = &login, .header_count = 1};
    TRY(make_url(ctx, carrier, ".json", &call.url));
    TRY(http_client_send(carrier->http, ctx, &call, &answer));
    return answer.status == STATUS_OK ? ERR_OK : refuse(ctx, &answer);
}

static enum err twilio_send(struct sms_carrier *carrier, struct ctx *ctx, const char *id,
                            const struct sms *sms)
{
    struct http_client_answer answer;
    struct buf form;
    (void)id; /* the API takes none of ours */
    buf_init(&form, ctx->arena, FORM_MAX);
    add_field(&form, "To", sms->to);
    add_field(&form, "From", carrier->from);
    add_field(&form, "Body", sms->text);
    if (buf_err(&form))
        return err_memory(&ctx->err);
    const struct http_client_header headers[] = {
        {STR("Content-Type"), STR("application/x-www-form-urlencoded")},
        {STR("Authorization"), carrier->login}};
    struct http_client_call call = {.method = "POST",
                                    .headers = headers,
                                    .header_count = sizeof headers / sizeof *headers,
                                    .body = buf_str(&form)};
    TRY(make_url(ctx, carrier, "/Messages.json", &call.url));
    enum err err = http_client_send(carrier->http, ctx, &call, &answer);
    if (err == ERR_TIMEOUT || err == ERR_PEER)
        return err_fail(&ctx->err, ERR_IO, "It is not known whether the message was sent.",
                        "the provider's answer was lost");
    if (err)
        return err;
    return answer.status == STATUS_CREATED ? ERR_OK : refuse(ctx, &answer);
}

const struct sms_driver sms_twilio = {.scheme = "twilio",
                                      .open = twilio_open,
                                      .close = twilio_close,
                                      .send = twilio_send,
                                      .reach = twilio_reach};
