/* What the code of compiled pages calls, beyond html.h.
 *
 *     html_text(out, page->name)              between tags
 *     html_attribute(out, page->name)         in quotes
 *     html_url(out, page->path)               a whole URL
 *     html_url_part(out, page->query)         a part of one
 *     html_say(out, HTML_TEXT, text_cart_items, 3, name);        a message, escaped
 *
 * The macros choose by the type: struct str, const char *, whole numbers. struct html is taken by
 * html_text alone. */
#ifndef STOA_WEB_HTML_PAGE_H
#define STOA_WEB_HTML_PAGE_H

#include "base/clock.h"
#include "base/money.h"
#include "text/date.h"
#include "text/number.h"
#include "text/phrase.h"
#include "web/html.h"

enum html_place { HTML_TEXT, HTML_ATTRIBUTE, HTML_URL_PART };

void html_add_markup(struct buf *out, struct html html);
void html_add_text_c(struct buf *out, const char *text); /* NULL is no text */
void html_add_attribute_c(struct buf *out, const char *text);
void html_add_url_c(struct buf *out, const char *url);
void html_add_url_part_c(struct buf *out, const char *text);
void html_add_int(struct buf *out, int64_t number);
void html_add_unsigned(struct buf *out, uint64_t number);

/* clang-format off */

/* Rows of _Generic for the whole numbers but int; neither bool nor char is one. */
#define HTML_SIGNED(function) \
    signed char: function, short: function, long: function, long long: function
#define HTML_UNSIGNED(function)                                                     \
    unsigned char: function, unsigned short: function, unsigned: function,          \
    unsigned long: function, unsigned long long: function
#define HTML_NUMBERS \
    int: html_add_int, HTML_SIGNED(html_add_int), HTML_UNSIGNED(html_add_unsigned)

#define html_text(out, value)                           \
    _Generic((value),                                   \
        struct html: html_add_markup,                   \
        struct str: html_add_text,                      \
        char *: html_add_text_c,                        \
        const char *: html_add_text_c,                  \
        HTML_NUMBERS)((out)->buf, value)

#define html_attribute(out, value)                      \
    _Generic((value),                                   \
        struct str: html_add_attribute,                 \
        char *: html_add_attribute_c,                   \
        const char *: html_add_attribute_c,             \
        HTML_NUMBERS)((out)->buf, value)

#define html_url(out, value)                            \
    _Generic((value),                                   \
        struct str: html_add_url,                       \
        char *: html_add_url_c,                         \
        const char *: html_add_url_c)((out)->buf, value)

#define html_url_part(out, value)                       \
    _Generic((value),                                   \
        struct str: html_add_url_part,                  \
        char *: html_add_url_part_c,                    \
        const char *: html_add_url_part_c,              \
        HTML_NUMBERS)((out)->buf, value)

/* What {{if}} asks: a text is true where it is not empty, a number where it is not 0. */
#define html_is(value)                                  \
    _Generic((value),                                   \
        struct str: html_has_str,                       \
        struct html: html_has_markup,                   \
        char *: html_has_c,                             \
        const char *: html_has_c,                       \
        bool: html_has_unsigned,                        \
        int: html_has_int,                              \
        HTML_SIGNED(html_has_int),                      \
        HTML_UNSIGNED(html_has_unsigned),               \
        default: html_has_pointer)(value)

/* A part's struct str. */
#define html_str(value)                                 \
    _Generic((value),                                   \
        struct str: html_same_str,                      \
        char *: str_from,                               \
        const char *: str_from)(value)

/* What a message or a number takes: any whole number will do, and any text. */
#define html_arg(value)                                 \
    _Generic((value),                                   \
        struct str: html_same_str,                      \
        char *: str_from,                               \
        const char *: str_from,                         \
        int: html_same_digits,                          \
        HTML_SIGNED(html_same_int),                     \
        HTML_UNSIGNED(html_from_unsigned),              \
        struct civil *: html_same_civil,                \
        const struct civil *: html_same_civil,          \
        struct currency *: html_same_currency,          \
        const struct currency *: html_same_currency)(value)

/* clang-format on */

static inline bool html_has_str(struct str text)
{
    return text.len > 0;
}

static inline bool html_has_markup(struct html html)
{
    return html.markup.len > 0;
}

static inline bool html_has_c(const char *text)
{
    return text && *text;
}

static inline bool html_has_int(int64_t number)
{
    return number != 0;
}

static inline bool html_has_unsigned(uint64_t number)
{
    return number != 0;
}

static inline bool html_has_pointer(const void *pointer)
{
    return pointer != NULL;
}

static inline struct str html_same_str(struct str text)
{
    return text;
}

static inline int64_t html_same_int(int64_t number)
{
    return number;
}

static inline int html_same_digits(int digits)
{
    return digits;
}

static inline int64_t html_from_unsigned(uint64_t number)
{
    return number > INT64_MAX ? INT64_MAX : (int64_t)number;
}

static inline const struct civil *html_same_civil(const struct civil *civil)
{
    return civil;
}

static inline const struct currency *html_same_currency(const struct currency *currency)
{
    return currency;
}

/* Writes what text/ says (function(buf, language, …)), escaped for its place. */
#define html_say(out, place, function, ...)                   \
    do {                                                      \
        size_t say_at_ = (out)->buf->len;                     \
        function((out)->buf, (out)->language, ##__VA_ARGS__); \
        html_escape_since(out, say_at_, place);               \
    } while (0)

/* The same as a struct str: good until html_forget goes back to where the words were. */
#define html_keep(out, function, ...)                            \
    __extension__({                                              \
        size_t keep_at_ = (out)->words.len;                      \
        function(&(out)->words, (out)->language, ##__VA_ARGS__); \
        html_kept(out, keep_at_);                                \
    })

void html_escape_since(struct html_out *out, size_t at, enum html_place place);
struct str html_kept(struct html_out *out, size_t at);
void html_forget(struct html_out *out, size_t at);

/* In the shape that html_say takes. */
void html_date(struct buf *out, const struct language *language, int64_t time_us,
               enum date_width width);
void html_time(struct buf *out, const struct language *language, int64_t time_us);
void html_date_time(struct buf *out, const struct language *language, int64_t time_us,
                    enum date_width width);
void html_iso(struct buf *out, const struct language *language, int64_t time_us); /* for programs */
void html_language(struct buf *out, const struct language *language);             /* "en" */
void html_direction(struct buf *out, const struct language *language);            /* "ltr" */

#endif
