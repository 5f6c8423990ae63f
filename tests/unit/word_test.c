/* Tests of words: how they are cut and folded, and their distance beside the plain table of it. */
#include "shop/word.h"

#include "base/buf.h"
#include "harness/test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { RANDOM_WORDS = 2000, RANDOM_LEN = 12, TABLE = 16 };

TEST(word_next_leaves_capitals_and_accents_out)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"Crème BRÛLÉE", "creme brulee "},
        {"don't-stop", "dont stop "},
        {"Groß, Øl & Łódź", "gross ol lodz "},
        {"", ""},
        {" ... ", ""},
        {"ΑΒΓ Хлеб", "αβγ хлеб "},
        {"خُبْز، أرز", "خبز ارز "},
        {"a\xff"
         "b\xe2\x82",
         "a b "},
        {"0123456789012345678901234567890123456789", "01234567890123456789012345678901 "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str rest = str_from(rows[i].text);
        struct word word;
        struct buf out;
        buf_init(&out, t->arena, 256);
        while (word_next(&rest, &word)) {
            buf_add(&out, str_make(word.text, word.len));
            buf_addc(&out, ' ');
        }
        CHECK_STR(buf_str(&out), rows[i].words);
    }
}

/* The table of distances, as it is taught: with two neighbours swapped as one mistake. */
static int distance_by_table(struct str a, struct str b)
{
    int table[TABLE][TABLE] = {{0}};
    for (size_t i = 0; i <= a.len; i++)
        for (size_t j = 0; j <= b.len; j++) {
            int best = (int)(i + j);
            if (i > 0 && j > 0) {
                bool same = a.ptr[i - 1] == b.ptr[j - 1];
                int left = table[i - 1][j] + 1, up = table[i][j - 1] + 1;
                best = table[i - 1][j - 1] + !same;
                best = left < best ? left : best;
                best = up < best ? up : best;
                if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
                    a.ptr[i - 2] == b.ptr[j - 1] && table[i - 2][j - 2] + 1 < best)
                    best = table[i - 2][j - 2] + 1;
            }
            table[i][j] = best;
        }
    return table[a.len][b.len];
}

static struct str random_word(struct test *t, char text[RANDOM_LEN])
{
    size_t len = (size_t)rand_below(t->ctx->rand, RANDOM_LEN + 1);
    for (size_t i = 0; i < len; i++)
        text[i] = (char)('a' + rand_below(t->ctx->rand, 3));
    return str_make(text, len);
}

TEST(word_distance_is_that_of_the_table)
{
    for (int i = 0; i < RANDOM_WORDS; i++) {
        char first[RANDOM_LEN], second[RANDOM_LEN];
        struct str a = random_word(t, first), b = random_word(t, second);
        struct word_pattern pattern;
        word_pattern(&pattern, a);
        test_note(t, STR_FMT " and " STR_FMT, STR_ARG(a), STR_ARG(b));
        CHECK_INT(word_distance(&pattern, b), distance_by_table(a, b));
    }
}
