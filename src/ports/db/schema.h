/* The shape of a room's tables, as gen_schema compiled its tables.tbl, and its migrations.
 *
 *     sample_item              # A table; its name begins with the room's.
 *       id       id       key
 *       name     text          # what stands behind a # is what the documentation says
 *       price    money
 *       note     text?         # may be null
 *       shelf    ref sample_shelf
 *       made     time
 *       unique   name
 *       index    made id
 *
 * `sample_entry by_key` is a table that SQLite keeps in the order of its key and nowhere else: for
 * small rows that are read in that order. Its migration ends in `) @strict_by_key;`.
 *
 * Kinds: id text int bool real blob money time json, and `ref TABLE`, the id of a table above.
 * What is described is what must be: after the migrations ran, `stoa check` compares the database
 * with this. A new table or column needs a migration as well: migrations/0002_item_note.sql. */
#ifndef STOA_PORTS_DB_SCHEMA_H
#define STOA_PORTS_DB_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ports/db/query.h"

struct schema_column {
    const char *name;
    const char *kind;  /* as in tables.tbl: "money"; of a ref it is "id" */
    enum db_type type; /* as it travels */
    bool null, key;
    const char *refers; /* the table whose id it is, or NULL */
};

struct schema_index {
    const char *name; /* "sample_item_made_id": the table's and the columns' */
    bool unique;
    const char *const *columns; /* ends with NULL */
};

struct schema_table {
    const char *name;
    const struct schema_column *columns;
    size_t column_count;
    const struct schema_index *indexes;
    size_t index_count;
};

/* One step forward; there is none back. A released one never changes: its checksum says so. */
struct migration {
    int number;                    /* from 1, without a gap */
    const char *name;              /* "0001_begin" */
    const char *sqlite, *postgres; /* the whole text, for each engine */
    uint64_t checksum;             /* of both texts */
};

struct schema {
    const char *room; /* "sample" */
    const struct schema_table *tables;
    size_t table_count;
    const struct migration *migrations;
    size_t migration_count;
};

#endif
