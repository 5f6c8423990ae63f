/* What a database says of itself: its engine, its version, and settings that its promises hang on.
 *
 *     struct db_facts facts;
 *     TRY(db_look(db, ctx, &facts));
 *     facts.engine                                   "PostgreSQL 15.14"
 *     db_fact(&facts, "fsync")                       "on"
 *
 * The names are PostgreSQL's own: fsync, full_page_writes, synchronous_commit (as the server would
 * have it; a session of this program turns it on), server_version_num. SQLite has none of them to
 * set; of what it has every connection sets what it needs. */
#ifndef STOA_PORTS_DB_LOOK_H
#define STOA_PORTS_DB_LOOK_H

#include "ports/db/db.h"

enum { DB_FACTS_MAX = 8 };

struct db_facts {
    struct str engine;
    struct {
        struct str name, value;
    } list[DB_FACTS_MAX];
    size_t count;
};

/* The texts are in ctx->arena. */
enum err db_look(struct db *db, struct ctx *ctx, struct db_facts *facts);

/* The value of a fact; empty where this engine has no such thing. */
struct str db_fact(const struct db_facts *facts, const char *name);

#endif
