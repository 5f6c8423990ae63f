/* What the tools that read a room's folder share: its files, memory, C strings, and a depfile.
 *
 *     struct tool_files files;
 *     tool_list(&arena, "src/shop/sql", ".sql", &files);        sorted by name
 *     for (size_t i = 0; i < files.count; i++)
 *         read(files.paths[i]);
 *     tool_add_files(&depfile, &files);
 *
 * A folder is itself something the build depends on: a file that is new there is seen. */
#ifndef STOA_TOOLS_ROOM_TOOL_H
#define STOA_TOOLS_ROOM_TOOL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum {
    TOOL_FILES_MAX = 1000,
    TOOL_OUTPUT_MAX = 16 << 20,
    TOOL_MEMORY_MAX = 1 << 30,
    TOOL_COLUMNS = 96, /* of generated code */
};

struct tool_files {
    const char *folder;
    struct str names[TOOL_FILES_MAX]; /* "item.sql" */
    const char *paths[TOOL_FILES_MAX];
    size_t count;
};

/* Zeroed memory; ends the tool where there is none. */
void *tool_alloc(struct arena *arena, size_t count, size_t size);

/* A path or another text of parts, ended by NUL. */
const char *tool_text(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The folder's files whose names end so, sorted. A folder that is not there has none. */
void tool_list(struct arena *arena, const char *folder, const char *ending,
               struct tool_files *files);

/* The text as C writes it, a line of it on a line of its own: "…" */
void tool_add_string(struct buf *out, struct str text);

/* A list with commas, going on below at `indent` where the line is full. */
void tool_add_broken(struct buf *out, struct str text, const char *indent);

/* The folder and its files, behind "target:". */
void tool_add_files(struct buf *depfile, const struct tool_files *files);
void tool_add_file(struct buf *depfile, const char *path);

#endif
