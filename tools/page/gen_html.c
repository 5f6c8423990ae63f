/* Makes C functions of a room's pages.
 *
 *     gen_html front src/front build/src/front src/ui
 *
 * reads pages/ of the room's folder, and writes front_pages.h, front_pages.c and front_pages.d
 * (what the build must look at) into the third. Parts of the rooms that follow may be used. What
 * is wrong with a page stops the build at its line and column. */
#include <stdio.h>

#include "page.h"

static void write_depfile(const struct pages *pages, const char *stem)
{
    struct buf out;
    buf_init(&out, pages->arena, TOOL_OUTPUT_MAX);
    buf_addf(&out, "%s.h:", stem);
    for (size_t i = 0; i < pages->folder_count; i++)
        tool_add_files(&out, &pages->files[i]);
    buf_addc(&out, '\n');
    source_write(tool_text(pages->arena, "%s.d", stem), &out);
}

int main(int argc, char **argv)
{
    struct arena arena;
    arena_init(&arena, TOOL_MEMORY_MAX);
    if (argc < 4) {
        fprintf(stderr, "usage: gen_html ROOM FOLDER OUTPUT-FOLDER [OTHER-ROOM-FOLDER …]\n");
        return 2;
    }
    struct pages *pages = pages_read(&arena, argv[1], argv[2]);
    const char *stem = tool_text(&arena, "%s/%s_pages", argv[3], argv[1]);
    for (int i = 4; i < argc; i++)
        pages_read_parts(pages, argv[i]);
    pages_write(pages, stem);
    write_depfile(pages, stem);
    arena_release(&arena);
    return 0;
}
