/* Lists, sizes and distances in time, in every language. */
#include "text/phrase.h"

#include "base/clock.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "unit/text_says.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

TEST(lists_are_joined)
{
    static const struct str names[] = {{"Ada", 3}, {"Grace", 5}, {"Joan", 4}, {"Isa", 3}};
    struct buf *out = new_buf(t);
    SAYS(text_list(out, EN, names, 0), "");
    SAYS(text_list(out, EN, names, 1), "Ada");
    SAYS(text_list(out, EN, names, 2), "Ada and Grace");
    SAYS(text_list(out, EN, names, 3), "Ada, Grace, and Joan");
    SAYS(text_list(out, DE, names, 3), "Ada, Grace und Joan");
    SAYS(text_list(out, FR, names, 2), "Ada et Grace");
    SAYS(text_list(out, ES, names, 3), "Ada, Grace y Joan");
    SAYS(text_list(out, ES, names, 4), "Ada, Grace, Joan e Isa");
    SAYS(text_list(out, AR, names, 3), FSI "Ada" PDI " و" FSI "Grace" PDI " و" FSI "Joan" PDI);
}

TEST(spanish_says_e_before_the_sound_of_i)
{
    static const struct {
        const char *word;
        bool is_e;
    } rows[] = {
        {"iglesias", true}, {"Isabel", true}, {"índice", true}, {"Índice", true}, {"hijos", true},
        {"HIJOS", true},    {"i", true},      {"hí", true},     {"hielo", false}, {"hiato", false},
        {"Iago", true},     {"yo", false},    {"h", false},     {"", false},      {"ah", false},
    };
    struct buf *out = new_buf(t);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str pair[] = {STR("x"), str_from(rows[i].word)};
        test_note(t, "word %s", rows[i].word);
        buf_clear(out);
        text_list(out, ES, pair, 2);
        CHECK(str_starts(buf_str(out), rows[i].is_e ? STR("x e ") : STR("x y ")));
    }
}

TEST(sizes_are_said_in_the_unit_that_fits)
{
    struct buf *out = new_buf(t);
    SAYS(text_bytes(out, EN, 0), "0" NBSP "bytes");
    SAYS(text_bytes(out, EN, 1), "1" NBSP "byte");
    SAYS(text_bytes(out, FR, 999), "999" NBSP "octets");
    SAYS(text_bytes(out, EN, 1000), "1" NBSP "kB");
    SAYS(text_bytes(out, EN, 1049), "1" NBSP "kB");
    SAYS(text_bytes(out, EN, 1050), "1.1" NBSP "kB");
    SAYS(text_bytes(out, EN, 999949), "999.9" NBSP "kB");
    SAYS(text_bytes(out, EN, 999950), "1" NBSP "MB");
    SAYS(text_bytes(out, DE, 1530000), "1,5" NBSP "MB");
    SAYS(text_bytes(out, FR, 10000000000), "10" NNBSP "Go");
    SAYS(text_bytes(out, AR, 2500000), "2.5" NBSP "ميغابايت");
    SAYS(text_bytes(out, EN, INT64_MAX), "9,223,372" NBSP "TB");
}

TEST(relative_times_are_rounded_to_the_unit_that_fits)
{
    static const struct {
        int64_t ahead_us;
        const char *said;
    } rows[] = {
        {0, "now"},
        {SECOND_US / 2 - 1, "now"},
        {-SECOND_US / 2, "1 second ago"},
        {59 * SECOND_US, "in 59 seconds"},
        {59 * SECOND_US + SECOND_US / 2, "in 1 minute"},
        {-60 * SECOND_US, "1 minute ago"},
        {-89 * SECOND_US, "1 minute ago"},
        {-90 * SECOND_US, "2 minutes ago"},
        {59 * MINUTE_US, "in 59 minutes"},
        {HOUR_US, "in 1 hour"},
        {23 * HOUR_US + 59 * MINUTE_US, "in 1 day"},
        {3 * DAY_US - 1, "in 3 days"},
        {-30 * DAY_US, "30 days ago"},
        {-31 * DAY_US, "1 month ago"},
        {330 * DAY_US, "in 11 months"},
        {365 * DAY_US, "in 1 year"},
        {-3653 * DAY_US, "10 years ago"},
        {CLOCK_MAX_US - CLOCK_MIN_US, "in 9,999 years"},
    };
    struct buf *out = new_buf(t);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_note(t, "row %zu", i);
        SAYS(text_relative(out, EN, CLOCK_MIN_US + rows[i].ahead_us, CLOCK_MIN_US), rows[i].said);
    }
    SAYS(text_relative(out, DE, 0, 5 * MINUTE_US), "vor 5 Minuten");
    SAYS(text_relative(out, FR, 2 * DAY_US, 0), "dans 2 jours");
    SAYS(text_relative(out, ES, 0, 60 * DAY_US), "hace 2 meses");
    SAYS(text_relative(out, AR, 0, 2 * HOUR_US), "قبل ساعتين");
    SAYS(text_relative(out, AR, 11 * DAY_US, 0), "خلال 11 يومًا");
}

TEST(phrases_keep_to_the_limit_of_the_buffer)
{
    static const struct str names[] = {{"Ada", 3}, {"Grace", 5}};
    struct buf out;
    buf_init(&out, t->arena, STR("Ada and Grac").len);
    text_list(&out, EN, names, COUNT(names));
    CHECK_ERR(buf_err(&out), ERR_LIMIT);
}

/* Long enough for the buffer to grow several times. */
static enum err say_much(struct test *t, void *arg __attribute__((unused)))
{
    struct arena arena;
    struct buf out;
    arena_init(&arena, 1 << 20);
    buf_init(&out, &arena, 1 << 19);
    for (int i = 0; i < 2000; i++) {
        text_relative(&out, &languages[i % LANGUAGE_COUNT], i * HOUR_US, 0);
        text_bytes(&out, &languages[i % LANGUAGE_COUNT], INT64_C(1000) * i);
    }
    enum err err = buf_err(&out);
    if (!err)
        CHECK(out.len > 40000);
    arena_release(&arena);
    return err;
}

TEST(phrases_survive_a_lack_of_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, say_much, NULL);
}
