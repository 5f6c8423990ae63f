/* Checks and composes a mail, and has the driver of the URL carry it. */
#include "ports/mail/mail.h"

#include "base/mem.h"
#include "ports/mail/driver.h"

struct mailer {
    const struct mail_driver *driver;
    struct mail_carrier *carrier;
    struct arena arena; /* of what is below */
    struct mail_address from;
    const char *from_address;
    struct counter sent, failed, under_way;
};

enum { MAILER_ARENA_MAX = 64 << 10 };

static const struct mail_driver *find_driver(struct str url)
{
    struct str scheme;
    str_cut(&url, ':', &scheme);
    for (const struct mail_driver *const *at = mail_drivers; *at; at++)
        if (url.ptr && str_equal(scheme, str_from((*at)->scheme)))
            return *at;
    return NULL;
}

static enum err read_from(struct ctx *ctx, struct str text, struct mailer *mailer)
{
    struct str copy;
    if (str_copy(&mailer->arena, text, &copy))
        return err_memory(&ctx->err);
    if (!mail_read_address(copy, &mailer->from) || mailer->from.name.len > MAIL_NAME_MAX ||
        !str_is_utf8(copy))
        return err_input(&ctx->err, "MAIL_FROM",
                         "must be an address like ada@example.com or Ada <ada@example.com>");
    for (size_t i = 0; i < copy.len; i++)
        if ((unsigned char)copy.ptr[i] < ' ')
            return err_input(&ctx->err, "MAIL_FROM", "must be one line");
    return str_cstr(&mailer->arena, mailer->from.address, &mailer->from_address)
               ? err_memory(&ctx->err)
               : ERR_OK;
}

static enum err open_all(struct ctx *ctx, const struct mailer_options *options,
                         struct mailer *mailer)
{
    mailer->driver = find_driver(options->url);
    if (!mailer->driver)
        return err_input(&ctx->err, "MAIL_URL", "must begin with outbox:, smtp:// or smtps://");
    TRY(read_from(ctx, options->from, mailer));
    return mailer->driver->open(ctx, options, &mailer->carrier);
}

static void hang(struct mailer *mailer, struct counter_registry *counters)
{
    counter_register(counters, &mailer->sent, COUNTER_TOTAL, "mail_sent_total",
                     "Mails that were taken by the server or the folder.");
    counter_register(counters, &mailer->failed, COUNTER_TOTAL, "mail_failed_total",
                     "Mails that were not, or perhaps not.");
    counter_register(counters, &mailer->under_way, COUNTER_LEVEL, "mail_under_way",
                     "Mails that are being sent.");
}

enum err mail_open(struct ctx *ctx, const struct mailer_options *options, struct mailer **opened)
{
    struct mailer *mailer = mem_alloc(sizeof *mailer);
    *opened = NULL;
    if (!mailer)
        return err_memory(&ctx->err);
    arena_init(&mailer->arena, MAILER_ARENA_MAX);
    enum err err = open_all(ctx, options, mailer);
    if (err) {
        mail_close(mailer);
        return err;
    }
    if (options->counters)
        hang(mailer, options->counters);
    *opened = mailer;
    return ERR_OK;
}

void mail_close(struct mailer *mailer)
{
    if (!mailer)
        return;
    if (mailer->carrier)
        mailer->driver->close(mailer->carrier);
    arena_release(&mailer->arena);
    mem_free(mailer);
}

enum err mail_send(struct mailer *mailer, struct ctx *ctx, const struct mail *mail)
{
    struct buf composed;
    char id[ID_TEXT_MAX];
    const char *to;
    buf_init(&composed, ctx->arena, MAIL_COMPOSED_MAX);
    TRY(mail_compose(ctx, mail, &mailer->from, &composed));
    if (str_cstr(ctx->arena, mail->to.address, &to))
        return err_memory(&ctx->err);
    id_format(mail->id, "mail", id);
    const struct mail_letter letter = {
        .id = id, .from = mailer->from_address, .to = to, .composed = buf_str(&composed)};
    counter_add(&mailer->under_way, 1);
    enum err err = mailer->driver->send(mailer->carrier, ctx, &letter);
    counter_add(&mailer->under_way, -1);
    counter_add(err ? &mailer->failed : &mailer->sent, 1);
    return err;
}

enum err mail_reach(struct mailer *mailer, struct ctx *ctx)
{
    return mailer->driver->reach(mailer->carrier, ctx, mailer->from_address);
}

struct mail_counts mail_count(const struct mailer *mailer)
{
    return (struct mail_counts){.sent = counter_value(&mailer->sent),
                                .failed = counter_value(&mailer->failed),
                                .under_way = counter_value(&mailer->under_way),
                                .keeps = mailer->driver->list != NULL};
}

static enum err refuse_to_read(struct ctx *ctx, const struct mailer *mailer)
{
    return err_fail(&ctx->err, ERR_MISSING, "Mails that were sent are not kept here.",
                    "MAIL_URL is %s: only outbox: keeps them", mailer->driver->scheme);
}

enum err mail_list(struct mailer *mailer, struct ctx *ctx, struct str before,
                   struct mail_row rows[], size_t room, size_t *count)
{
    *count = 0;
    if (!mailer->driver->list)
        return refuse_to_read(ctx, mailer);
    return mailer->driver->list(mailer->carrier, ctx, before, rows,
                                room < MAIL_PAGE_MAX ? room : MAIL_PAGE_MAX, count);
}

enum err mail_read(struct mailer *mailer, struct ctx *ctx, struct str id, struct str *composed)
{
    struct id parsed;
    char text[ID_TEXT_MAX];
    *composed = STR("");
    if (!mailer->driver->read)
        return refuse_to_read(ctx, mailer);
    if (id_parse(id, "mail", &parsed))
        return err_fail(&ctx->err, ERR_MISSING, "There is no such mail.", "it is no id");
    id_format(parsed, "mail", text);
    return mailer->driver->read(mailer->carrier, ctx, text, composed);
}
