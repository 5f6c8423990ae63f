/* Makes typed C of a room's routes: gen_routes ROOM routes.tbl ROOM_routes.h ROOM_routes.c. */
#include <stdio.h>

#include "rows.h"

int main(int argc, char **argv)
{
    static struct table table;
    struct arena arena;
    if (argc != 5 || !source_is_name(str_from(argv[1]))) {
        fprintf(stderr, "usage: gen_routes ROOM IN.tbl OUT.h OUT.c\n");
        return 2;
    }
    arena_init(&arena, ROWS_MEMORY_MAX);
    table_read(&table, &arena, argv[1], argv[2]);
    table_check(&table);
    table_write(&table, argv[3], argv[4]);
    arena_release(&arena);
    return 0;
}
