/* Makes typed C functions of a room's queries.
 *
 *     gen_sql sample tests/db/sample build/tests/db/sample
 *
 * reads tables.tbl and sql/ of the room's folder, and writes sample_sql.h, sample_sql.c and
 * sample_sql.d (what the build must look at) into the last. Each query is prepared on the room's
 * empty tables first; what is wrong with one stops the build at its line. */
#include <stdio.h>

#include "calls.h"

static void write_depfile(const struct calls *calls, const char *stem)
{
    struct buf out;
    buf_init(&out, calls->arena, TOOL_OUTPUT_MAX);
    buf_addf(&out, "%s.h:", stem);
    tool_add_file(&out, calls->shape->source.path);
    tool_add_files(&out, &calls->files);
    buf_addc(&out, '\n');
    source_write(tool_text(calls->arena, "%s.d", stem), &out);
}

int main(int argc, char **argv)
{
    struct arena arena;
    arena_init(&arena, TOOL_MEMORY_MAX);
    if (argc != 4) {
        fprintf(stderr, "usage: gen_sql ROOM FOLDER OUTPUT-FOLDER\n");
        return 2;
    }
    struct shape *shape = shape_read(&arena, argv[1], tool_text(&arena, "%s/tables.tbl", argv[2]));
    struct calls *calls = calls_read(&arena, shape, tool_text(&arena, "%s/sql", argv[2]));
    const char *stem = tool_text(&arena, "%s/%s_sql", argv[3], argv[1]);
    calls_check(calls);
    calls_write(calls, tool_text(&arena, "%s.h", stem), tool_text(&arena, "%s.c", stem));
    write_depfile(calls, stem);
    arena_release(&arena);
    return 0;
}
