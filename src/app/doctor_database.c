/* The doctor's look at the database: whether it answers, fits this release, and keeps its word. */
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "app/database.h"
#include "app/doctor.h"
#include "ports/db/look.h"
#include "ports/db/migrate.h"

enum { ANSWER_MS = 5000 }; /* for all that is asked of it */

static const char subject[] = "database";

static const struct {
    const char *name, *value, *words, *mend;
} dangers[] = {
    {"fsync", "off", "fsync is off: a crash of the machine can destroy all of it",
     "Set fsync = on in postgresql.conf, then \"SELECT pg_reload_conf()\"."},
    {"full_page_writes", "off", "full_page_writes is off: a power cut can leave half a page",
     "Set full_page_writes = on in postgresql.conf, then \"SELECT pg_reload_conf()\"."},
    {"synchronous_commit", "off",
     "synchronous_commit is off: Stoa turns it on for itself, but what other programs commit here "
     "can be lost",
     "Set synchronous_commit = on in postgresql.conf, then \"SELECT pg_reload_conf()\"."},
};

static void report_dangers(struct report *report, const struct db_facts *facts)
{
    for (size_t i = 0; i < sizeof dangers / sizeof *dangers; i++)
        if (str_equal(db_fact(facts, dangers[i].name), str_from(dangers[i].value)))
            report_add(report, subject, WARNING, dangers[i].mend, "%s", dangers[i].words);
}

/* What the port advises is overwritten by its next failure. */
static const char *keep(struct report *report, const char *words)
{
    const char *kept;
    return str_cstr(&report->app->arena, str_from(words), &kept) ? "End other programs." : kept;
}

static void report_migrations(struct report *report, struct db *db)
{
    struct ctx *ctx = &report->app->ctx;
    struct migrate_plan *plan = ARENA_NEW(ctx->arena, struct migrate_plan);
    enum err err = plan ? migrate_plan(db, ctx, plan) : err_memory(&ctx->err);
    if (err)
        report_add(report, subject, BROKEN, keep(report, ctx->err.user), "%s", ctx->err.operator);
    else if (plan->count)
        report_add(report, subject, WARNING, "\"stoa migrate\" runs them; --plan names them.",
                   "%zu migrations of this release have not run", plan->count);
    else
        report_add(report, subject, FINE, "", "its tables are as this release wants them");
}

static void report_broken(struct report *report, bool is_file)
{
    const struct err_record *err = &report->app->ctx.err;
    if (err->code == ERR_TIMEOUT)
        return report_add(report, subject, BROKEN,
                          "Look at the load of its server and the way there, or correct "
                          "DATABASE_URL.",
                          "did not answer within %d s", ANSWER_MS / 1000);
    report_add(report, subject, BROKEN,
               is_file ? "Give the file to this user, restore a backup, or correct DATABASE_URL."
                       : "See that the server runs and lets this user in, or correct DATABASE_URL.",
               "cannot be used: %s", err->operator[0] ? err->operator: err->user);
}

static void look_at(struct report *report, struct db *db, bool is_file)
{
    struct ctx *ctx = &report->app->ctx;
    struct db_facts facts;
    int64_t begun_us = clock_tick_us(ctx->clock);
    if (db_look(db, ctx, &facts)) {
        report_broken(report, is_file);
        return;
    }
    int64_t took_us = clock_tick_us(ctx->clock) - begun_us;
    report_add(report, subject, FINE, "", STR_FMT " answers after %" PRId64 ".%" PRId64 " ms",
               STR_ARG(facts.engine), took_us / 1000, took_us % 1000 / 100);
    report_dangers(report, &facts);
    report_migrations(report, db);
}

/* What lies in the data folder has been looked at with it. */
static void report_disk(struct report *report, struct str file)
{
    const char *folder;
    struct str data = report->app->settings.stoa_data, rest = file, name;
    while (str_find_char(rest, '/') != STR_NONE)
        str_cut(&rest, '/', &name);
    struct str place = str_slice(file, 0, file.len - rest.len);
    if (str_starts(file, data) && place.len == data.len + 1)
        return;
    if (str_cstr(&report->app->arena, place.len ? place : STR("."), &folder))
        return;
    int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        return; /* what cannot be opened is found out by who opens the file */
    report_file_system(report, subject, "Move it to a local disk, and name it in DATABASE_URL.",
                       opened);
    report_space(report, " where the database lies",
                 "Free some, or move the database to a larger disk.", opened);
    close(opened);
}

void report_database(struct report *report)
{
    struct ctx *ctx = &report->app->ctx;
    struct db_options options;
    struct db *db;
    if (!report->settings_loaded)
        return;
    ctx->deadline_us = clock_tick_us(ctx->clock) + ANSWER_MS * INT64_C(1000);
    enum err err = database_locate(report->app, &options);
    struct str file = err ? STR("") : database_file(&options);
    options.only_looks = true;
    if (file.len)
        report_disk(report, file);
    if (!err)
        err = db_open(ctx, &options, &db);
    if (err == ERR_MISSING)
        report_add(report, subject, FINE, "", "there is none yet; \"stoa migrate\" makes it");
    else if (err)
        report_broken(report, file.len > 0);
    else {
        look_at(report, db, file.len > 0);
        db_close(db);
    }
    ctx->deadline_us = 0;
}
