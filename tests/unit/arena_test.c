/* Tests of the arena: what it gives, what it refuses, and what it gives back. */
#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#include "harness/test.h"
#include "harness/torture.h"

/* Only AddressSanitizer marks what may not be touched. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(WITH_ASAN)
#include <sanitizer/asan_interface.h>
enum { POISON = 1 };
#else
#define __asan_address_is_poisoned(ptr) ((void)(ptr), 0)
enum { POISON = 0 };
#endif

static bool all_zero(const void *bytes, size_t size)
{
    const char *at = bytes;
    for (size_t i = 0; i < size; i++)
        if (at[i])
            return false;
    return true;
}

TEST(arena_gives_zeroed_memory_aligned_for_anything)
{
    for (size_t size = 1; size < 200000; size = size * 3 + 1) {
        char *bytes = arena_alloc(t->arena, size);
        REQUIRE(bytes);
        CHECK((uintptr_t)bytes % alignof(max_align_t) == 0);
        CHECK(all_zero(bytes, size));
        memset(bytes, 0xff, size);
    }
}

TEST(arena_zeroes_memory_that_was_used_before)
{
    char *bytes = arena_alloc(t->arena, 1000);
    REQUIRE(bytes);
    memset(bytes, 0xff, 1000);
    arena_clear(t->arena);
    char *again = arena_alloc(t->arena, 1000);
    CHECK(again == bytes);
    CHECK(all_zero(again, 1000));
}

TEST(arena_gives_a_pointer_to_nothing)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    char *first = arena_alloc(&arena, 0), *second = arena_bytes(&arena, 0);
    CHECK(first);
    CHECK(second);
    CHECK(first != second);
    CHECK(arena_array(&arena, 0, 100));
    arena_release(&arena);
}

TEST(arena_takes_no_memory_before_it_is_asked)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    CHECK_INT(arena.taken, 0);
    arena_clear(&arena);
    arena_release(&arena);
    CHECK_INT(arena.taken, 0);
}

TEST(arena_never_passes_its_limit)
{
    static const size_t limits[] = {0, 1, 40, 100, 5000, ARENA_BLOCK_MIN, 100000, 3 << 20};
    static const size_t sizes[] = {1, 16, 100, 7000};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            struct arena arena;
            arena_init(&arena, limits[i]);
            size_t given = 0;
            while (arena_alloc(&arena, sizes[k]))
                given += sizes[k];
            test_note(t, "limit %zu, size %zu", limits[i], sizes[k]);
            CHECK(given <= limits[i]);
            CHECK(arena.taken <= limits[i]);
            arena_release(&arena);
        }
}

TEST(arena_refuses_what_no_limit_allows)
{
    struct arena arena;
    arena_init(&arena, SIZE_MAX);
    CHECK(!arena_alloc(&arena, SIZE_MAX));
    CHECK(!arena_alloc(&arena, SIZE_MAX - 15));
    CHECK(!arena_alloc(&arena, SIZE_MAX / 2 + 1));
    CHECK(!arena_array(&arena, SIZE_MAX / 2, 3));
    CHECK(!arena_array(&arena, SIZE_MAX, SIZE_MAX));
    CHECK_INT(arena.taken, 0);
    arena_release(&arena);
}

TEST(arena_gives_one_block_to_what_is_larger_than_any)
{
    struct arena arena;
    arena_init(&arena, 4 << 20);
    char *large = arena_alloc(&arena, 3 << 20);
    REQUIRE(large);
    large[(3 << 20) - 1] = 1;
    CHECK(arena_alloc(&arena, 1000));
    CHECK(!arena_alloc(&arena, 3 << 20));
    arena_release(&arena);
}

TEST(arena_extend_grows_only_the_newest)
{
    char *first = arena_alloc(t->arena, 100), *second = arena_alloc(t->arena, 100);
    REQUIRE(first && second);
    memset(second, 'x', 100);
    CHECK(!arena_extend(t->arena, first, 100, 200));
    CHECK(!arena_extend(t->arena, NULL, 0, 200));
    CHECK(arena_extend(t->arena, second, 100, 1000));
    CHECK(second[99] == 'x');
    memset(second, 'y', 1000);
    char *third = arena_alloc(t->arena, 1);
    CHECK(third >= second + 1000);
    CHECK(!arena_extend(t->arena, second, 1000, 1001 + ARENA_BLOCK_MIN));
    CHECK(!arena_extend(t->arena, third, 1, SIZE_MAX));
    CHECK(!arena_extend(t->arena, third, 1, ARENA_BLOCK_MIN));
}

TEST(arena_clear_keeps_the_newest_block_alone)
{
    struct arena arena;
    arena_init(&arena, 8 << 20);
    for (int i = 0; i < 1000; i++)
        REQUIRE(arena_alloc(&arena, 1000));
    size_t before = arena.taken;
    arena_clear(&arena);
    CHECK(arena.taken < before);
    CHECK(arena.taken > 0);
    size_t kept = arena.taken;
    CHECK(arena_alloc(&arena, 1000));
    CHECK_INT(arena.taken, kept);
    arena_release(&arena);
}

TEST(arena_rewind_comes_back_to_its_mark)
{
    struct arena arena;
    arena_init(&arena, 8 << 20);
    struct arena_mark empty = arena_mark(&arena);
    char *kept = arena_alloc(&arena, 100);
    REQUIRE(kept);
    memset(kept, 'k', 100);
    struct arena_mark mark = arena_mark(&arena);
    size_t taken = arena.taken;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 500; i++)
            REQUIRE(arena_alloc(&arena, 1000));
        arena_rewind(&arena, mark);
        CHECK_INT(arena.taken, taken);
        CHECK(kept[0] == 'k' && kept[99] == 'k');
    }
    char *next = arena_alloc(&arena, 10);
    arena_rewind(&arena, mark);
    CHECK(arena_alloc(&arena, 10) == (void *)next);
    arena_rewind(&arena, empty);
    CHECK_INT(arena.taken, 0);
}

TEST(arena_poisons_what_it_did_not_give)
{
    char *bytes = arena_alloc(t->arena, 10);
    struct arena_mark mark = arena_mark(t->arena);
    char *next = arena_alloc(t->arena, 32);
    REQUIRE(bytes && next);
    CHECK_INT(__asan_address_is_poisoned(bytes + 9), 0);
    CHECK_INT(__asan_address_is_poisoned(bytes + 10), POISON);
    CHECK_INT(__asan_address_is_poisoned(next + 31), 0);
    CHECK_INT(__asan_address_is_poisoned(next + 32), POISON);
    arena_rewind(t->arena, mark);
    CHECK_INT(__asan_address_is_poisoned(next), POISON);
    arena_clear(t->arena);
    CHECK_INT(__asan_address_is_poisoned(bytes), POISON);
}

static enum err fill(struct test *t, void *arg)
{
    (void)arg;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    enum err err = ERR_OK;
    for (size_t i = 0; i < 200 && !err; i++) {
        size_t before = arena.taken;
        char *bytes = arena_alloc(&arena, 1000);
        if (!bytes) {
            CHECK_INT(arena.taken, before);
            err = ERR_MEMORY;
        }
    }
    arena_release(&arena);
    return err;
}

TEST(arena_stays_whole_when_memory_fails)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, fill, NULL);
}
