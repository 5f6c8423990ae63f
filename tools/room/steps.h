/* A room's migrations as files, and the check that they make what tables.tbl says.
 *
 *     struct steps *steps = steps_read(&arena, "src/shop/migrations");
 *     steps_check(steps, shape);
 *
 * A step is NNNN_name.sql, and NNNN_name.pg.sql where PostgreSQL needs other words. Types are
 * written by their kind, @money, behind the column's name, and @strict or @strict_by_key behind a
 * table. */
#ifndef STOA_TOOLS_ROOM_STEPS_H
#define STOA_TOOLS_ROOM_STEPS_H

#include "sql.h"

enum { STEPS_MAX = 999, STEP_DIGITS = 4 };

struct step {
    struct source source; /* of the .sql file */
    struct str name;      /* "0001_begin" */
    struct str words;     /* the first line of its opening comment */
    const char *texts[3]; /* by enum sql_engine */
};

struct steps {
    struct tool_files files;
    struct step list[STEPS_MAX];
    size_t count;
};

struct steps *steps_read(struct arena *arena, const char *folder);

/* Runs the steps on an empty database, in memory, and compares. */
void steps_check(struct arena *arena, const struct steps *steps, const struct shape *shape);

/* Of what both engines are given. */
uint64_t steps_checksum(const struct step *step);

#endif
