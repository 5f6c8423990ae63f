/* Rooms of a few lines, made to see what the tools say of them.
 *
 *     struct process_result result = room_compile(t, "gen_schema", (struct room_file[]){
 *         {"tables.tbl", "try_item\n  id id key\n"}, {0}});
 *     CHECK(room_says(&result, "tables.tbl:1: …"));
 *
 * The room is called try, and what the tool wrote lies in its folder. */
#ifndef STOA_TESTS_ROOM_H
#define STOA_TESTS_ROOM_H

#include <stdbool.h>

#include "harness/process.h"

struct test;

/* A file below the room's folder; the list ends with a NULL path. */
struct room_file {
    const char *path, *text;
};

struct process_result room_compile(struct test *t, const char *tool,
                                   const struct room_file files[]);

/* The tool failed, and what it said ends so. */
bool room_says(const struct process_result *result, const char *words);

/* What it wrote: "try_schema.md". */
struct str room_read(struct test *t, const char *tool, const char *name);

#endif
