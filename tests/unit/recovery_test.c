/* Tests recovery codes: that they are chance, and found again however they are typed. */
#include "guard/recovery.h"

#include <string.h>

#include "harness/test.h"

static bool hash_as(struct test *t, const char *person, const char *typed,
                    char hash[RECOVERY_HASH_TEXT])
{
    enum err err = recovery_hash(str_from(person), str_from(typed), hash);
    CHECK(err == ERR_OK || err == ERR_INPUT);
    return err == ERR_OK;
}

TEST(recovery_codes_are_ten_different_ones)
{
    char codes[RECOVERY_CODES][RECOVERY_TEXT_SIZE];
    recovery_make(t->ctx->rand, codes);
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        CHECK_INT(strlen(codes[i]), RECOVERY_TEXT_SIZE - 1);
        CHECK(codes[i][4] == '-' && codes[i][9] == '-' && codes[i][14] == '-');
        for (size_t j = 0; j < i; j++)
            CHECK(strcmp(codes[i], codes[j]) != 0);
    }
}

TEST(recovery_codes_are_found_however_they_are_typed)
{
    static const char *const spellings[] = {"0123-4567-89AB-CDEF", "0123456789abcdef",
                                            " oi23 4567 89ab cdef ", "OL23-4567-89AB-CDEF"};
    char expected[RECOVERY_HASH_TEXT], hash[RECOVERY_HASH_TEXT];
    REQUIRE(hash_as(t, "per_1", "0123-4567-89AB-CDEF", expected));
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        test_note(t, "%s", spellings[i]);
        CHECK(hash_as(t, "per_1", spellings[i], hash));
        CHECK(strcmp(hash, expected) == 0);
    }
    CHECK(hash_as(t, "per_2", "0123-4567-89AB-CDEF", hash));
    CHECK(strcmp(hash, expected) != 0);
    CHECK(hash_as(t, "per_1", "0123-4567-89AB-CDEG", hash));
    CHECK(strcmp(hash, expected) != 0);
}

TEST(recovery_refuses_what_is_no_code)
{
    static const char *const texts[] = {"", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEF0",
                                        "0123-4567-89AB-CDEU", "0123_4567_89AB_CDEF"};
    char hash[RECOVERY_HASH_TEXT];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        test_note(t, "%s", texts[i]);
        CHECK(!hash_as(t, "per_1", texts[i], hash));
    }
}
