/* Bump allocation out of blocks that double in size. */
#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"

/* clang says __has_feature, gcc defines the name. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(ARENA_POISONS)
#include <sanitizer/asan_interface.h>
enum { GAP = 16 }; /* poisoned bytes behind each allocation: an overrun is seen at once */
#else
#define ASAN_POISON_MEMORY_REGION(ptr, size)   ((void)(ptr), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(ptr, size) ((void)(ptr), (void)(size))
enum { GAP = 0 };
#endif

enum { ALIGN = alignof(max_align_t) };

struct arena_block {
    struct arena_block *older;
    size_t size; /* of the whole block, this header included */
    alignas(max_align_t) char bytes[];
};

/* What an allocation takes of a block. One of nothing takes some too: its pointer is its own. */
static size_t need_of(size_t size)
{
    return (size / ALIGN + (size % ALIGN > 0 || size == 0)) * ALIGN + GAP;
}

void arena_init(struct arena *arena, size_t limit)
{
    *arena = (struct arena){.limit = limit};
}

static void block_free(struct arena *arena, struct arena_block *block)
{
    arena->taken -= block->size;
    ASAN_UNPOISON_MEMORY_REGION(block, block->size);
    mem_free(block);
}

/* Makes `block` the newest, with all of its bytes free. */
static void block_open(struct arena *arena, struct arena_block *block)
{
    arena->block = block;
    arena->next = block->bytes;
    arena->end = (char *)block + block->size;
    ASAN_POISON_MEMORY_REGION(block->bytes, (size_t)(arena->end - arena->next));
}

void arena_clear(struct arena *arena)
{
    if (!arena->block)
        return;
    while (arena->block->older) {
        struct arena_block *older = arena->block->older;
        arena->block->older = older->older;
        block_free(arena, older);
    }
    block_open(arena, arena->block);
}

void arena_release(struct arena *arena)
{
    arena_rewind(arena, (struct arena_mark){0});
}

/* A block that holds `need` bytes: twice the last one's size within the bounds, more where one
 * allocation asks for more, less where the limit leaves less. */
static bool block_add(struct arena *arena, size_t need)
{
    size_t left = arena->limit - arena->taken;
    if (need + sizeof(struct arena_block) > left)
        return false;
    size_t size = arena->block ? arena->block->size * 2 : ARENA_BLOCK_MIN;
    size = size > ARENA_BLOCK_MAX ? ARENA_BLOCK_MAX : size;
    if (size < need + sizeof(struct arena_block))
        size = need + sizeof(struct arena_block);
    if (size > left)
        size = left;
    struct arena_block *block = mem_alloc(size);
    if (!block)
        return false;
    *block = (struct arena_block){.older = arena->block, .size = size};
    arena->taken += size;
    block_open(arena, block);
    return true;
}

void *arena_bytes(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size_t need = need_of(size);
    if (need > (size_t)(arena->end - arena->next) && !block_add(arena, need))
        return NULL;
    void *bytes = arena->next;
    arena->next += need;
    ASAN_UNPOISON_MEMORY_REGION(bytes, size);
    return bytes;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *bytes = arena_bytes(arena, size);
    return bytes ? memset(bytes, 0, size) : NULL;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    return __builtin_mul_overflow(count, size, &total) ? NULL : arena_alloc(arena, total);
}

bool arena_extend(struct arena *arena, void *newest, size_t size, size_t new_size)
{
    ASSERT(new_size >= size);
    char *start = newest;
    if (!newest || start + need_of(size) != arena->next || new_size > SIZE_MAX / 2 ||
        need_of(new_size) > (size_t)(arena->end - start))
        return false;
    arena->next = start + need_of(new_size);
    ASAN_UNPOISON_MEMORY_REGION(start, new_size);
    return true;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){.block = arena->block, .next = arena->next};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->block != mark.block) {
        ASSERT(arena->block); /* else the mark was taken in another arena, or cleared away */
        struct arena_block *older = arena->block->older;
        block_free(arena, arena->block);
        arena->block = older;
    }
    arena->next = mark.next;
    arena->end = mark.block ? (char *)mark.block + mark.block->size : NULL;
    if (mark.block)
        ASAN_POISON_MEMORY_REGION(arena->next, (size_t)(arena->end - arena->next));
}
