/* Messages as they are said: the sample file and the common one. */
#include "text/message.h"

#include "harness/test.h"
#include "harness/torture.h"
#include "sample_text.h"
#include "text/common.h"
#include "unit/text_says.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

TEST(message_chooses_by_plural)
{
    static const struct {
        int64_t count;
        const char *said[LANGUAGE_COUNT];
    } rows[] = {
        {0,
         {"0 items in Ada's \"cart\" \\o/", "0 Artikel im Warenkorb von Ada",
          "0 article dans le panier de Ada", "0 artículos en la cesta de Ada",
          "لا منتجات في سلة " FSI "Ada" PDI}},
        {1,
         {"1 item in Ada's \"cart\" \\o/", "1 Artikel im Warenkorb von Ada",
          "1 article dans le panier de Ada", "1 artículo en la cesta de Ada",
          "منتج واحد في سلة " FSI "Ada" PDI}},
        {2,
         {"2 items in Ada's \"cart\" \\o/", "2 Artikel im Warenkorb von Ada",
          "2 articles dans le panier de Ada", "2 artículos en la cesta de Ada",
          "منتجان في سلة " FSI "Ada" PDI}},
        {1003,
         {"1,003 items in Ada's \"cart\" \\o/", "1.003 Artikel im Warenkorb von Ada",
          "1" NNBSP "003 articles dans le panier de Ada", "1003 artículos en la cesta de Ada",
          "1,003 منتجات في سلة " FSI "Ada" PDI}},
        {1000000,
         {"1,000,000 items in Ada's \"cart\" \\o/", "1.000.000 Artikel im Warenkorb von Ada",
          "1" NNBSP "000" NNBSP "000 d’articles dans le panier de Ada",
          "1.000.000 de artículos en la cesta de Ada", "1,000,000 منتج في سلة " FSI "Ada" PDI}},
    };
    struct buf *out = new_buf(t);
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t k = 0; k < LANGUAGE_COUNT; k++) {
            test_note(t, "%d in %s", (int)rows[i].count, languages[k].code);
            SAYS(text_sample_cart(out, &languages[k], rows[i].count, STR("Ada")), rows[i].said[k]);
        }
    SAYS(text_sample_cart(out, EN, -1, STR("")), "-1 item in 's \"cart\" \\o/");
    SAYS(text_sample_cart(out, DE, INT64_MIN, STR("Ada")),
         "-9.223.372.036.854.775.808 Artikel im Warenkorb von Ada");
}

TEST(message_writes_every_type)
{
    static const struct currency eur = {"EUR", 2};
    struct civil at = {.year = 2026, .month = 9, .day = 1, .hour = 15, .minute = 5, .weekday = 2};
    struct buf *out = new_buf(t);
    SAYS(text_sample_values(out, EN, 125, 1, 123450, &eur, &at, &at),
         "12.5% of €1,234.50, September 1, 2026, 3:05" NNBSP "PM #1 | 2");
    SAYS(text_sample_values(out, DE, 125, 1, 123450, &eur, &at, &at),
         "12,5" NBSP "% von 1.234,50" NBSP "€, 1. September 2026, 15:05");
    SAYS(text_sample_values(out, FR, 125, 1, 123450, &eur, &at, &at),
         "12,5" NNBSP "% de 1" NNBSP "234,50" NBSP "€, 1 septembre 2026, 15:05");
    SAYS(text_sample_values(out, AR, 125, 1, 123450, &eur, &at, &at),
         "1 سبتمبر 2026 3:05 م: " RLM "1,234.50" NBSP "€ 12.5");
}

TEST(message_branches_hold_parameters_or_nothing)
{
    struct buf *out = new_buf(t);
    SAYS(text_sample_branches(out, EN, 1, STR("cat"), 5), "cat.");
    SAYS(text_sample_branches(out, EN, 2, STR("cat"), 5), "2 of 5 " NBSP "cats.");
    SAYS(text_sample_branches(out, DE, 1, STR("cat"), 5), "+");
    SAYS(text_sample_branches(out, DE, 2, STR("cat"), 1), "2-");
    SAYS(text_sample_branches(out, FR, 0, STR("chat"), 1), "chat");
    SAYS(text_sample_branches(out, FR, 2, STR("chat"), 1), "chats");
    SAYS(text_sample_branches(out, ES, 2, STR("{who}|#"), 1), "{who}|#");
    SAYS(text_sample_branches(out, AR, 0, STR("x"), 1), FSI "x" PDI);
}

TEST(common_messages_are_said_in_every_language)
{
    struct buf *out = new_buf(t);
    SAYS(text_error_required(out, FR), "Ce champ est obligatoire.");
    SAYS(text_error_too_long(out, EN, 1), "Use at most 1 character.");
    SAYS(text_error_too_long(out, ES, 80), "Escriba como máximo 80 caracteres.");
    SAYS(text_error_too_long(out, AR, 2), "أدخل حرفين كحد أقصى.");
    SAYS(text_error_too_short(out, AR, 8), "أدخل 8 أحرف على الأقل.");
    SAYS(text_error_between(out, DE, 1, 65535), "Bitte eine Zahl von 1 bis 65.535 eingeben.");
    SAYS(text_error_not_amount(out, FR, 1999, 2), "Saisissez un montant, par exemple 19,99.");
    SAYS(text_error_not_date(out, AR, STR("2026-11-21")),
         "أدخل تاريخًا، مثل " FSI "2026-11-21" PDI ".");
    SAYS(text_error_not_email(out, EN, STR("name@example.com")),
         "Enter an email address such as name@example.com.");
    SAYS(text_page_of(out, ES, 3, 1200), "Página 3 de 1200");
}

TEST(messages_keep_to_the_limit_of_the_buffer)
{
    struct str whole = STR("1 item in Ada's \"cart\" \\o/");
    for (size_t limit = 0; limit <= whole.len; limit++) {
        struct buf out;
        buf_init(&out, t->arena, limit);
        text_sample_cart(&out, EN, 1, STR("Ada"));
        test_note(t, "limit %zu", limit);
        CHECK_ERR(buf_err(&out), limit < whole.len ? ERR_LIMIT : ERR_OK);
        CHECK(str_starts(whole, buf_str(&out)));
    }
}

/* Long enough for the buffer to grow several times. */
static enum err say_much(struct test *t, void *arg __attribute__((unused)))
{
    struct arena arena;
    struct buf out;
    arena_init(&arena, 1 << 20);
    buf_init(&out, &arena, 1 << 19);
    for (int i = 0; i < 2000; i++) {
        text_sample_cart(&out, &languages[i % LANGUAGE_COUNT], i, STR("Ada"));
        text_page_of(&out, &languages[i % LANGUAGE_COUNT], i, 2000);
    }
    enum err err = buf_err(&out);
    if (!err)
        CHECK(out.len > 80000);
    arena_release(&arena);
    return err;
}

TEST(messages_survive_a_lack_of_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, say_much, NULL);
}
