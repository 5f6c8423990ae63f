/* Backup, check and restore, for every engine. */
#include "ports/db/backup.h"

#include <string.h>

#include "ports/db/db_inside.h"
#include "ports/db/migrate.h"

enum err db_backup(struct db *db, struct ctx *ctx, const char *path)
{
    return db->driver->backup(db->engine, ctx, path);
}

enum err db_restore(struct ctx *ctx, const struct db_options *options, const char *path)
{
    const struct db_driver *driver;
    struct db_engine *engine;
    TRY(db_open_engine(ctx, options, &driver, &engine));
    enum err err = driver->restore(engine, ctx, path);
    driver->close(engine);
    return err;
}

/* A table of a schema beside the table that is there. */
struct comparison {
    const struct schema_table *table;
    struct buf *findings;
    size_t seen; /* columns that are there */
};

static const struct schema_column *find_column(const struct schema_table *table, struct str name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (str_equal(str_from(table->columns[i].name), name))
            return &table->columns[i];
    return NULL;
}

/* A column that the schema does not know is the release's before, and is dropped one later. */
static enum err compare_column(struct tx *tx, const struct db_value row[], void *into)
{
    struct comparison *comparison = into;
    const struct schema_table *table = comparison->table;
    const struct schema_column *column = find_column(table, row[0].bytes);
    (void)tx;
    if (!column)
        return ERR_OK;
    comparison->seen++;
    if ((row[2].number != 0) != column->null)
        buf_addf(comparison->findings, "%s.%s: may%s be null\n", table->name, column->name,
                 column->null ? " not" : "");
    if ((row[3].number != 0) != column->key)
        buf_addf(comparison->findings, "%s.%s: is %s key\n", table->name, column->name,
                 column->key ? "no" : "a");
    return ERR_OK;
}

static enum err compare_tables(struct tx *tx, void *arg)
{
    struct comparison *comparison = arg;
    comparison->seen = 0;
    TRY(tx->driver->describe(tx, comparison->table->name, compare_column, comparison));
    if (comparison->seen < comparison->table->column_count)
        buf_addf(comparison->findings, "%s: %zu of %zu columns are there\n",
                 comparison->table->name, comparison->seen, comparison->table->column_count);
    return ERR_OK;
}

static enum err compare_schemas(struct db *db, struct ctx *ctx, struct buf *findings)
{
    for (const struct schema *const *schema = db->schemas; schema && *schema; schema++)
        for (size_t i = 0; i < (*schema)->table_count; i++) {
            struct comparison comparison = {&(*schema)->tables[i], findings, 0};
            TRY(db_read(db, ctx, compare_tables, &comparison));
        }
    return ERR_OK;
}

static enum err check_migrations(struct db *db, struct ctx *ctx, struct buf *findings)
{
    struct migrate_plan *plan = ARENA_NEW(ctx->arena, struct migrate_plan);
    if (!plan)
        return err_memory(&ctx->err);
    enum err err = migrate_plan(db, ctx, plan);
    if (err == ERR_CONFLICT) {
        buf_addf(findings, "migrations: %s\n", ctx->err.operator);
        return ERR_OK;
    }
    TRY(err);
    for (size_t i = 0; i < plan->count; i++)
        buf_addf(findings, "migrations: step %d of %s (%s) has not run\n",
                 plan->steps[i].migration->number, plan->steps[i].schema->room,
                 plan->steps[i].migration->name);
    return ERR_OK;
}

enum err db_check(struct db *db, struct ctx *ctx, struct buf *findings)
{
    TRY(db->driver->check(db->engine, ctx, findings));
    TRY(check_migrations(db, ctx, findings));
    return compare_schemas(db, ctx, findings);
}
