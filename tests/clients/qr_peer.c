/* Prints the QR code of its argument as SVG, for qr_peers.sh to have it read by others. */
#include "draw/qr.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

enum { SVG_MAX = 1 << 20 };

int main(int argc, char **argv)
{
    struct arena arena;
    struct buf svg;
    arena_init(&arena, 4 * SVG_MAX);
    buf_init(&svg, &arena, SVG_MAX);
    enum err err = argc == 2 ? qr_write(&svg, str_from(argv[1]), STR("A code")) : ERR_INPUT;
    if (!err)
        printf(STR_FMT "\n", STR_ARG(buf_str(&svg)));
    arena_release(&arena);
    return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
