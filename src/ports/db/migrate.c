/* Takes a database, step by step, to the tables of this release. */
#include "ports/db/migrate.h"

#include "base/log.h"
#include "ports/db/db_inside.h"
#include "ports/db/pause.h"

/* What a writer of PostgreSQL holds while it migrates, once: a lock outlives the rollback of a try.
 * SQLite's turn to write is lock enough. */
#define LOCK_KEY "83846665"

/* A step that waits for a table holds up all who come behind it: so it waits for a moment only,
 * lets them pass for a second, and tries again. */
#define TABLE_WAIT_MS "2000"
#define TABLE_TIMEOUT "55P03" /* PostgreSQL's word where it was in vain */
enum { TABLE_TRIES_MAX = 10 };

static const enum db_type an_int[] = {DB_INT};
static const enum db_type step_types[] = {DB_TEXT, DB_INT, DB_TEXT, DB_INT, DB_INT};

static const struct query lock = {
    .name = "migrate_lock",
    .sqlite = "SELECT 1",
    .postgres = "SELECT CAST(1 AS bigint) FROM (SELECT pg_advisory_lock(" LOCK_KEY ") WHERE NOT"
                " EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = " LOCK_KEY
                " AND pid = pg_backend_pid())) AS l",
    .column_types = an_int,
    .column_count = 1,
};

static const struct query unlock = {
    .name = "migrate_unlock",
    .sqlite = "SELECT 1",
    .postgres = "SELECT CAST(1 AS bigint) FROM pg_advisory_unlock(" LOCK_KEY ")",
    .column_types = an_int,
    .column_count = 1,
};

static const struct query wait_shortly = {
    .name = "migrate_wait_shortly",
    .sqlite = "SELECT 1",
    .postgres = "SELECT CAST(1 AS bigint) FROM set_config('lock_timeout', '" TABLE_WAIT_MS
                "', true)",
    .column_types = an_int,
    .column_count = 1,
};

static const struct query make_table = {
    .name = "migrate_make_table",
    .sqlite = "CREATE TABLE IF NOT EXISTS stoa_migration (room TEXT NOT NULL, "
              "number INTEGER NOT NULL, name TEXT NOT NULL, checksum INTEGER NOT NULL, "
              "at INTEGER NOT NULL, PRIMARY KEY (room, number)) STRICT",
    .postgres = "CREATE TABLE IF NOT EXISTS stoa_migration (room text COLLATE \"C\" NOT NULL, "
                "number bigint NOT NULL, name text COLLATE \"C\" NOT NULL, "
                "checksum bigint NOT NULL, at bigint NOT NULL, PRIMARY KEY (room, number))",
    .writes = true,
};

static const struct query list = {
    .name = "migrate_list",
    .sqlite = "SELECT room, number, name, checksum, at FROM stoa_migration "
              "ORDER BY room, number LIMIT 1025",
    .postgres = "SELECT room, number, name, checksum, at FROM stoa_migration "
                "ORDER BY room, number LIMIT 1025",
    .column_types = step_types,
    .column_count = 5,
};

static const struct query add = {
    .name = "migrate_add",
    .sqlite = "INSERT INTO stoa_migration (room, number, name, checksum, at) "
              "VALUES (?1, ?2, ?3, ?4, ?5)",
    .postgres = "INSERT INTO stoa_migration (room, number, name, checksum, at) "
                "VALUES ($1, $2, $3, $4, $5)",
    .param_types = step_types,
    .param_count = 5,
    .writes = true,
};

/* Compares what ran with what this release has. */
struct survey {
    const struct schema *const *schemas;
    struct migrate_plan *plan; /* begins as every step; what ran is marked by a NULL */
    size_t rows;
};

static enum err list_steps(struct survey *survey, struct ctx *ctx)
{
    struct migrate_plan *plan = survey->plan;
    plan->count = 0;
    survey->rows = 0;
    for (const struct schema *const *at = survey->schemas; at && *at; at++)
        for (size_t i = 0; i < (*at)->migration_count; i++) {
            if (plan->count == MIGRATE_STEPS_MAX)
                return err_fail(&ctx->err, ERR_LIMIT, "There are too many migrations.",
                                "more than %d steps", MIGRATE_STEPS_MAX);
            plan->steps[plan->count++] = (struct migrate_step){*at, &(*at)->migrations[i]};
        }
    return ERR_OK;
}

static struct migrate_step *find_step(struct migrate_plan *plan, struct str room, int64_t number)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->steps[i].migration && plan->steps[i].migration->number == number &&
            str_equal(str_from(plan->steps[i].schema->room), room))
            return &plan->steps[i];
    return NULL;
}

static enum err take_row(struct tx *tx, const struct db_value row[], void *into)
{
    struct survey *survey = into;
    struct str room = row[0].bytes, name = row[2].bytes;
    struct migrate_step *step = find_step(survey->plan, room, row[1].number);
    survey->rows++;
    if (!step)
        return err_fail(&tx->ctx->err, ERR_CONFLICT,
                        "The database is newer than this release. Run the release that made it, "
                        "or restore a backup from before.",
                        "step %d of " STR_FMT " (" STR_FMT ") ran here and is not known",
                        (int)row[1].number, STR_ARG(room), STR_ARG(name));
    if ((int64_t)step->migration->checksum != row[3].number)
        return err_fail(&tx->ctx->err, ERR_CONFLICT,
                        "A migration was changed after it ran here. Give it back its text, and "
                        "put the change into a new one.",
                        "step %d of " STR_FMT " (" STR_FMT ") has another checksum",
                        (int)row[1].number, STR_ARG(room), STR_ARG(name));
    step->migration = NULL;
    return ERR_OK;
}

static enum err note_column(struct tx *tx, const struct db_value row[], void *into)
{
    bool *exists = into;
    (void)tx, (void)row;
    *exists = true;
    return ERR_OK;
}

static void drop_marked(struct migrate_plan *plan)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->count; i++)
        if (plan->steps[i].migration)
            plan->steps[kept++] = plan->steps[i];
    plan->count = kept;
}

static enum err take_survey(struct tx *tx, void *arg)
{
    struct survey *survey = arg;
    bool exists = false;
    TRY(list_steps(survey, tx->ctx));
    TRY(tx->driver->describe(tx, "stoa_migration", note_column, &exists));
    if (exists)
        TRY(tx_query(tx, &list, NULL, take_row, survey));
    if (survey->rows > MIGRATE_STEPS_MAX)
        return err_fail(&tx->ctx->err, ERR_LIMIT, "There are too many migrations.",
                        "more than %d steps ran", MIGRATE_STEPS_MAX);
    drop_marked(survey->plan);
    return ERR_OK;
}

enum err migrate_plan(struct db *db, struct ctx *ctx, struct migrate_plan *plan)
{
    struct survey survey = {.schemas = db->schemas, .plan = plan};
    return db_read(db, ctx, take_survey, &survey);
}

/* The first step that is left, as of this transaction: another process may have taken some. */
struct next_step {
    struct survey survey;
    struct migrate_step tried, taken; /* .migration is NULL where none was left */
};

static enum err ignore_row(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx, (void)row, (void)into;
    return ERR_OK;
}

static enum err take_step(struct tx *tx, void *arg)
{
    struct next_step *next = arg;
    next->taken = next->tried = (struct migrate_step){NULL, NULL};
    TRY(tx_query(tx, &wait_shortly, NULL, ignore_row, NULL));
    TRY(tx_exec(tx, &make_table, NULL, NULL));
    TRY(take_survey(tx, &next->survey));
    if (!next->survey.plan->count)
        return ERR_OK;
    struct migrate_step step = next->tried = next->survey.plan->steps[0];
    TRY(tx->driver->script(tx, tx->driver == &db_postgres ? step.migration->postgres
                                                          : step.migration->sqlite));
    struct db_value row[] = {
        db_text(str_from(step.schema->room)),    db_int(step.migration->number),
        db_text(str_from(step.migration->name)), db_int((int64_t)step.migration->checksum),
        db_int(clock_now_us(tx->ctx->clock)),
    };
    next->taken = step;
    return tx_exec(tx, &add, row, NULL);
}

static bool is_held_up(const struct ctx *ctx, const struct next_step *next)
{
    return next->tried.migration && ctx->err.code == ERR_BUSY &&
           str_find(str_from(ctx->err.operator), STR(TABLE_TIMEOUT)) != STR_NONE;
}

static enum err fail_held_up(struct ctx *ctx, const struct migrate_step *step)
{
    return err_fail(&ctx->err, ERR_BUSY,
                    "The database is busy with something long. Please try again later.",
                    "step %d of %s (%s) waited for a table that a long transaction holds; end that "
                    "one: SELECT pid, xact_start, query FROM pg_stat_activity WHERE datname = "
                    "current_database() ORDER BY xact_start",
                    step->migration->number, step->schema->room, step->migration->name);
}

/* Where the deadline comes while it waits, what it waits for is the better answer. */
static enum err take_step_or_wait(struct db *db, struct ctx *ctx, struct next_step *next)
{
    struct err_record held = {.code = ERR_OK};
    for (int tried = 0; tried < TABLE_TRIES_MAX; tried++) {
        if (tried)
            pause_before_retry(ctx, PAUSE_DOUBLINGS_MAX);
        enum err err = db_write(db, ctx, take_step, next);
        if (err == ERR_TIMEOUT && held.code)
            break;
        if (!err || !is_held_up(ctx, next))
            return err;
        fail_held_up(ctx, &next->tried);
        held = ctx->err;
        log_failure(ctx, "a migration waits");
    }
    ctx->err = held;
    return held.code;
}

static enum err take_all(struct db *db, struct ctx *ctx, struct next_step *next,
                         struct migrate_plan *done)
{
    for (done->count = 0; done->count < MIGRATE_STEPS_MAX;) {
        TRY(take_step_or_wait(db, ctx, next));
        if (!next->taken.migration)
            return ERR_OK;
        done->steps[done->count++] = next->taken;
        log_info(ctx, "migrated", field_text("room", next->taken.schema->room),
                 field_int("step", next->taken.migration->number),
                 field_text("name", next->taken.migration->name));
    }
    return ERR_OK;
}

static enum err run_lock(struct tx *tx, void *arg)
{
    return tx_query(tx, arg ? &lock : &unlock, NULL, ignore_row, NULL);
}

/* The lock belongs to the writer's session, and is given back even when the time is up. */
static void give_lock(struct db *db, const struct ctx *ctx)
{
    struct ctx late = *ctx;
    late.deadline_us = 0;
    if (db_write(db, &late, run_lock, NULL))
        log_failure(&late, "giving back the lock of migrations");
}

enum err migrate_run(struct db *db, struct ctx *ctx, struct migrate_plan *done)
{
    bool locks = true;
    struct migrate_plan *left = ARENA_NEW(ctx->arena, struct migrate_plan);
    done->count = 0;
    if (!left)
        return err_memory(&ctx->err);
    struct next_step next = {.survey = {.schemas = db->schemas, .plan = left}};
    TRY(db_write(db, ctx, run_lock, &locks));
    enum err err = take_all(db, ctx, &next, done);
    give_lock(db, ctx);
    return err;
}
