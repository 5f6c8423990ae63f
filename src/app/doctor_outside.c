/* The doctor's look at the outside: the master key, and whether each port's engine answers. */
#include <inttypes.h>

#include "app/doctor.h"
#include "app/outside.h"
#include "app/secret.h"
#include "base/address.h"
#include "ports/cache/cache.h"
#include "ports/mail/mail.h"
#include "ports/objects/objects.h"
#include "ports/sms/sms.h"

enum { ANSWER_MS = 5000 }; /* for each of them */

static const char none_yet[] = "there is none yet; it is made when it is needed";

static enum err reach_cache(const struct ports *ports, struct ctx *ctx)
{
    return cache_reach(ports->cache, ctx);
}

static enum err reach_mail(const struct ports *ports, struct ctx *ctx)
{
    return mail_reach(ports->mail, ctx);
}

static enum err reach_sms(const struct ports *ports, struct ctx *ctx)
{
    return sms_reach(ports->sms, ctx);
}

static enum err reach_files(const struct ports *ports, struct ctx *ctx)
{
    return objects_reach(ports->objects, ctx);
}

/* Outboxes and folders call nobody: then the client, and its TLS, need not be got ready. */
static enum err open_calls(struct app *app, const struct outside_how *how, struct ports *ports)
{
    struct address_nets allowed;
    bool calls = !str_starts(app->settings.sms_url, STR("outbox:")) ||
                 !str_starts(app->settings.objects_url, STR("dir:"));
    return calls ? outside_open_http(app, how, ports)
                 : address_nets_parse(&app->ctx, "OUTBOUND_ALLOWED", app->settings.outbound_allowed,
                                      &allowed);
}

/* In the order of outside.h. Without `reach` it is there for those behind it. */
static const struct row {
    const char *subject;
    enum err (*open)(struct app *app, const struct outside_how *how, struct ports *ports);
    enum err (*reach)(const struct ports *ports, struct ctx *ctx);
    const char *mend;
} rows[] = {
    {"cache", outside_open_cache, reach_cache,
     "See that Redis runs and lets us in, or correct CACHE_URL."},
    {"mail", outside_open_mail, reach_mail,
     "See that the mail server or the outbox can be used from here, or correct MAIL_URL."},
    {"calls", open_calls, NULL, "Correct OUTBOUND_ALLOWED."},
    {"sms", outside_open_sms, reach_sms,
     "See that the provider or the outbox can be used from here (OUTBOUND_ALLOWED), or correct "
     "SMS_URL."},
    {"files", outside_open_files, reach_files,
     "See that the store or the folder can be used from here (OUTBOUND_ALLOWED), or correct "
     "OBJECTS_URL."},
};

static const char *error_words(const struct err_record *err)
{
    return err->operator[0] ? err->operator: err->user;
}

/* True where it can be opened: what else there is may need it. */
static bool report_key(struct report *report, struct ports *ports)
{
    const struct err_record *err = &report->app->ctx.err;
    if (secret_look(report->app, &ports->secrets)) {
        report_add(report, "master key", BROKEN,
                   "See \"Secrets\" in docs/ports.md, which has each of these cases.", "%s (%s)",
                   err->user, err->operator);
        return false;
    }
    report_add(report, "master key", FINE, "",
               secrets_are_new(ports->secrets)
                   ? "nothing is sealed yet; the first start begins it"
                   : "it is its owner's alone, and opens what is sealed");
    return true;
}

static void report_failure(struct report *report, const struct row *row)
{
    const struct err_record *err = &report->app->ctx.err;
    if (err->code == ERR_INPUT)
        report_add(report, row->subject, BROKEN,
                   "Change or unset the variable; \"stoa settings\" has the rules.", "%s %s",
                   err->field, err->user);
    else if (err->code == ERR_TIMEOUT)
        report_add(report, row->subject, BROKEN, row->mend, "did not answer in time: %s",
                   error_words(err));
    else
        report_add(report, row->subject, BROKEN, row->mend, "cannot be used: %s", error_words(err));
}

/* False where those behind it cannot be opened without it. */
static bool report_row(struct report *report, const struct row *row, struct ports *ports)
{
    static const struct outside_how how = {.only_looks = true};
    struct ctx *ctx = &report->app->ctx;
    int64_t begun_us = clock_tick_us(ctx->clock);
    ctx->deadline_us = begun_us + ANSWER_MS * INT64_C(1000);
    enum err err = row->open(report->app, &how, ports);
    bool is_new = err == ERR_MISSING;
    if (!err && row->reach)
        err = row->reach(ports, ctx);
    ctx->deadline_us = 0;
    int64_t took_us = clock_tick_us(ctx->clock) - begun_us;
    if (is_new)
        report_add(report, row->subject, FINE, "", none_yet);
    else if (err)
        report_failure(report, row);
    else if (row->reach)
        report_add(report, row->subject, FINE, "",
                   "can be used; that took %" PRId64 ".%" PRId64 " ms", took_us / 1000,
                   took_us % 1000 / 100);
    return !err || row->reach;
}

/* Without the secrets nobody can log in anywhere, and the first finding says all. */
void report_outside(struct report *report)
{
    struct ports ports = {.db = NULL};
    bool is_open = report->settings_loaded && report_key(report, &ports);
    for (size_t i = 0; i < sizeof rows / sizeof *rows && is_open; i++)
        is_open = report_row(report, &rows[i], &ports);
    outside_close(&ports);
}
