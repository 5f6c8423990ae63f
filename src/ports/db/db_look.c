/* Asks a database what it says of itself. */
#include "ports/db/look.h"

static const enum db_type texts[] = {DB_TEXT, DB_TEXT};

static const struct query look = {
    .name = "db_look",
    .sqlite = "SELECT 'engine', 'SQLite ' || sqlite_version()",
    .postgres = "SELECT 'engine', 'PostgreSQL ' || current_setting('server_version')"
                " UNION ALL SELECT name, reset_val FROM pg_settings WHERE name IN"
                " ('server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit')",
    .column_types = texts,
    .column_count = 2,
};

static enum err take_fact(struct tx *tx, const struct db_value row[], void *into)
{
    struct db_facts *facts = into;
    struct str name, value;
    TRY(tx_keep(tx, &row[0], &name));
    TRY(tx_keep(tx, &row[1], &value));
    if (str_equal(name, STR("engine")))
        facts->engine = value;
    else if (facts->count < DB_FACTS_MAX) {
        facts->list[facts->count].name = name;
        facts->list[facts->count++].value = value;
    }
    return ERR_OK;
}

static enum err read_facts(struct tx *tx, void *arg)
{
    struct db_facts *facts = arg;
    *facts = (struct db_facts){.count = 0};
    return tx_query(tx, &look, NULL, take_fact, facts);
}

enum err db_look(struct db *db, struct ctx *ctx, struct db_facts *facts)
{
    return db_read(db, ctx, read_facts, facts);
}

struct str db_fact(const struct db_facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->count; i++)
        if (str_equal(facts->list[i].name, str_from(name)))
            return facts->list[i].value;
    return STR("");
}
