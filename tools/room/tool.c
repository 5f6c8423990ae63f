/* Finds the files of a folder and writes what C and ninja read. */
#include "tool.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void fail(const char *about, const char *why)
{
    fprintf(stderr, "%s: %s\n", about, why);
    exit(1);
}

void *tool_alloc(struct arena *arena, size_t count, size_t size)
{
    void *memory = arena_array(arena, count, size);
    if (!memory)
        fail("memory", "there is none left");
    return memory;
}

const char *tool_text(struct arena *arena, const char *format, ...)
{
    struct buf text;
    va_list args;
    buf_init(&text, arena, TOOL_OUTPUT_MAX);
    va_start(args, format);
    buf_addv(&text, format, args);
    va_end(args);
    buf_addc(&text, '\0');
    if (buf_err(&text))
        fail("memory", "there is none left");
    return text.ptr;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void tool_list(struct arena *arena, const char *folder, const char *ending,
               struct tool_files *files)
{
    *files = (struct tool_files){.folder = folder};
    DIR *dir = opendir(folder);
    if (!dir && errno != ENOENT)
        fail(folder, "the folder cannot be read");
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.' || !str_ends(str_from(entry->d_name), str_from(ending)))
            continue;
        if (files->count == TOOL_FILES_MAX)
            fail(folder, "there are too many files; raise TOOL_FILES_MAX");
        files->paths[files->count++] = tool_text(arena, "%s/%s", folder, entry->d_name);
    }
    if (dir)
        closedir(dir);
    qsort(files->paths, files->count, sizeof *files->paths, compare_paths);
    for (size_t i = 0; i < files->count; i++)
        files->names[i] = str_from(files->paths[i] + strlen(folder) + 1);
}

void tool_add_string(struct buf *out, struct str text)
{
    buf_addc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n')
            buf_add(out, i + 1 < text.len ? STR("\\n\"\n        \"") : STR("\\n"));
        else if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", c);
        else
            buf_addc(out, c);
    }
    buf_addc(out, '"');
}

void tool_add_broken(struct buf *out, struct str text, const char *indent)
{
    struct str rest = text, piece;
    size_t column = 0;
    for (bool first = true; str_cut(&rest, ',', &piece); first = false) {
        size_t need = piece.len + 1;
        piece = first ? piece : str_trim(piece);
        if (!first)
            buf_addc(out, ',');
        if (!first && column + need > TOOL_COLUMNS) {
            buf_addf(out, "\n%s", indent);
            column = str_from(indent).len;
        } else if (!first) {
            buf_addc(out, ' ');
        }
        buf_add(out, piece);
        column += need;
    }
}

void tool_add_file(struct buf *depfile, const char *path)
{
    buf_addc(depfile, ' ');
    for (const char *c = path; *c; c++) {
        if (*c == ' ' || *c == '#')
            buf_addc(depfile, '\\');
        buf_addc(depfile, *c);
    }
}

void tool_add_files(struct buf *depfile, const struct tool_files *files)
{
    if (files->count)
        tool_add_file(depfile, files->folder);
    for (size_t i = 0; i < files->count; i++)
        tool_add_file(depfile, files->paths[i]);
}
