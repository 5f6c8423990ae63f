/* Tests of src/guard/secret.c. */
#include "guard/secret.h"

#include <string.h>

#include "harness/test.h"

TEST(secret_is_chance_and_its_hash_is_sha256)
{
    char a[SECRET_TEXT], b[SECRET_TEXT], hash[SECRET_TEXT];
    secret_new(t->ctx->rand, a);
    secret_new(t->ctx->rand, b);
    CHECK_INT(strlen(a), SECRET_LEN);
    CHECK(strcmp(a, b) != 0);
    secret_hash(STR("abc"), hash);
    CHECK_TEXT(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(secret_tells_the_two_texts_of_a_hash_apart)
{
    char a[SECRET_TEXT], b[SECRET_TEXT];
    secret_hash_pair(STR("a"), STR("bc"), a);
    secret_hash_pair(STR("ab"), STR("c"), b);
    CHECK(strcmp(a, b) != 0);
    secret_hash_pair(STR("a"), STR("bc"), b);
    CHECK_TEXT(a, b);
}

TEST(secret_word_is_typed_without_look_alikes)
{
    char word[SECRET_WORD_TEXT];
    for (int i = 0; i < 100; i++) {
        secret_word(t->ctx->rand, word);
        CHECK_INT(strlen(word), SECRET_WORD_TEXT - 1);
        CHECK(!strpbrk(word, "ILOU") && word[5] == '-' && word[11] == '-' && word[17] == '-');
    }
}
