/* An arena: memory for one piece of work, given back all at once.
 *
 *     struct arena arena;
 *     arena_init(&arena, 1 << 20);                     never more than 1 MiB
 *     struct order *order = ARENA_NEW(&arena, struct order);
 *     if (!order)
 *         return err_memory(&ctx->err);
 *     arena_clear(&arena);                             ready for the next request
 *     arena_release(&arena);
 *
 * There is one arena a request, a job, a message; nothing in it is freed alone. Cost of an
 * allocation: an addition, a comparison and the zeroing. An arena belongs to one thread at a time.
 * Under AddressSanitizer what was not handed out, and a gap behind each allocation, is poisoned. */
#ifndef STOA_BASE_ARENA_H
#define STOA_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ARENA_BLOCK_MIN = 16 << 10, /* the first block; later ones double up to ARENA_BLOCK_MAX */
    ARENA_BLOCK_MAX = 1 << 20,
};

struct arena_block;

struct arena {
    struct arena_block *block; /* the newest; older ones hang behind it */
    char *next, *end;          /* the free rest of the newest */
    size_t taken;              /* bytes taken from the system, headers included */
    size_t limit;              /* `taken` never passes it */
};

/* A place to come back to: everything allocated since is given back by arena_rewind. */
struct arena_mark {
    struct arena_block *block;
    char *next;
};

void arena_init(struct arena *arena, size_t limit); /* takes no memory yet */
void arena_clear(struct arena *arena);              /* forgets all, keeps the newest block */
void arena_release(struct arena *arena);            /* gives everything back */

/* Zeroed memory aligned for anything; NULL when the limit or the memory is at its end. A size of
 * 0 gives a valid pointer to nothing. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((warn_unused_result));

/* As arena_alloc for `count` things of `size`; NULL also when their product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size)
    __attribute__((warn_unused_result));

/* As arena_alloc, but the bytes are whatever was there: for buffers that are filled at once. */
void *arena_bytes(struct arena *arena, size_t size) __attribute__((warn_unused_result));

/* Makes the newest allocation longer where it lies, if it is the newest and there is room. */
bool arena_extend(struct arena *arena, void *newest, size_t size, size_t new_size);

struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

#define ARENA_NEW(arena, type)          ((type *)arena_alloc(arena, sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_array(arena, count, sizeof(type)))

#endif
