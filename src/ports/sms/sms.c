/* Checks a short message, and has the driver of the URL carry it. */
#include "ports/sms/sms.h"

#include "base/mem.h"
#include "ports/sms/driver.h"

struct sms_sender {
    const struct sms_driver *driver;
    struct sms_carrier *carrier;
};

static const struct sms_driver *find_driver(struct str url)
{
    struct str scheme;
    str_cut(&url, ':', &scheme);
    for (const struct sms_driver *const *at = sms_drivers; *at; at++)
        if (str_equal(scheme, str_from((*at)->scheme)))
            return *at;
    return NULL;
}

bool sms_is_number(struct str text)
{
    if (text.len < 1 + SMS_DIGITS_MIN || text.len > 1 + SMS_DIGITS_MAX || text.ptr[0] != '+' ||
        text.ptr[1] == '0')
        return false;
    for (size_t i = 1; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return true;
}

static bool is_sender(struct str text)
{
    if (sms_is_number(text))
        return true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != ' ')
            return false;
    }
    return text.len > 0 && text.len <= SMS_SENDER_MAX;
}

static enum err open_all(struct ctx *ctx, const struct sms_options *options,
                         struct sms_sender *sender)
{
    sender->driver = find_driver(options->url);
    if (!sender->driver)
        return err_input(&ctx->err, "SMS_URL", "must begin with outbox: or twilio://");
    if (!is_sender(options->from))
        return err_input(&ctx->err, "SMS_FROM",
                         "must be a number like +4915112345678, or at most %d letters and digits",
                         SMS_SENDER_MAX);
    return sender->driver->open(ctx, options, &sender->carrier);
}

enum err sms_open(struct ctx *ctx, const struct sms_options *options, struct sms_sender **opened)
{
    struct sms_sender *sender = mem_alloc(sizeof *sender);
    *opened = NULL;
    if (!sender)
        return err_memory(&ctx->err);
    enum err err = open_all(ctx, options, sender);
    if (err)
        mem_free(sender);
    else
        *opened = sender;
    return err;
}

void sms_close(struct sms_sender *sender)
{
    if (!sender)
        return;
    sender->driver->close(sender->carrier);
    mem_free(sender);
}

enum err sms_send(struct sms_sender *sender, struct ctx *ctx, const struct sms *sms)
{
    char id[ID_TEXT_MAX];
    if (!sms_is_number(sms->to))
        return err_input(&ctx->err, "to", "must be a telephone number like +4915112345678");
    if (!sms->text.len || !str_is_utf8(sms->text) || str_find_char(sms->text, '\0') != STR_NONE)
        return err_input(&ctx->err, "text", "must be text in UTF-8");
    if (str_characters(sms->text) > SMS_TEXT_MAX)
        return err_input(&ctx->err, "text", "must have at most %d characters", SMS_TEXT_MAX);
    id_format(sms->id, "sms", id);
    return sender->driver->send(sender->carrier, ctx, id, sms);
}

enum err sms_reach(struct sms_sender *sender, struct ctx *ctx)
{
    return sender->driver->reach(sender->carrier, ctx);
}

enum err sms_list(struct sms_sender *sender, struct ctx *ctx, struct str before,
                  struct sms_row rows[], size_t room, size_t *count)
{
    *count = 0;
    if (!sender->driver->list)
        return err_fail(&ctx->err, ERR_MISSING, "Messages that were sent are not kept here.",
                        "SMS_URL is %s: only outbox: keeps them", sender->driver->scheme);
    return sender->driver->list(sender->carrier, ctx, before, rows,
                                room < SMS_PAGE_MAX ? room : SMS_PAGE_MAX, count);
}
