/* What the makers of the demo company share: chance, lists, ids and texts. */
#include <string.h>

#include "base/hash.h"
#include "shop/demo_inside.h"

enum { MILLISECOND_US = 1000, ID_TIME_SHIFT = 16 };

const char *const demo_languages[DEMO_LANGUAGES] = {"en", "de", "fr", "es", "ar"};

static uint64_t draw(struct demo *demo)
{
    static const struct hash_key seed = {1852, 1};
    char bytes[sizeof demo->chance];
    memcpy(bytes, &demo->chance, sizeof bytes);
    demo->chance = hash_str(&seed, str_make(bytes, sizeof bytes));
    return demo->chance;
}

uint64_t demo_below(struct demo *demo, uint64_t bound)
{
    return draw(demo) % bound;
}

int64_t demo_from_to(struct demo *demo, int64_t from, int64_t to)
{
    return from + (int64_t)demo_below(demo, (uint64_t)(to - from) + 1);
}

struct str demo_pick(const char *list, char separator, size_t n)
{
    struct str rest = str_from(list), found = {0};
    for (size_t i = 0; i <= n && str_cut(&rest, separator, &found); i++)
        ;
    return found;
}

size_t demo_count(const char *list, char separator)
{
    size_t count = *list != '\0';
    for (; *list; list++)
        count += *list == separator;
    return count;
}

bool demo_has(const char *words, struct str word)
{
    struct str rest = str_from(words), one;
    while (word.len && str_cut(&rest, ' ', &one))
        if (str_equal(one, word))
            return true;
    return false;
}

enum err demo_make_id(struct demo *demo, const char *prefix, int64_t at_us, struct id *id,
                      struct str *text)
{
    char letters[ID_TEXT_MAX];
    uint64_t ms = (uint64_t)(at_us / MILLISECOND_US), number = demo->ids++;
    *id = (struct id){ms << ID_TIME_SHIFT | (number & UINT16_MAX), draw(demo)};
    id_format(*id, prefix, letters);
    return str_copy(demo->ctx->arena, str_from(letters), text) ? err_memory(&demo->ctx->err)
                                                               : ERR_OK;
}

enum err demo_text(struct demo *demo, struct str *text, const char *format, ...)
{
    va_list args;
    struct buf out;
    buf_init(&out, demo->ctx->arena, DEMO_TEXT_MAX);
    va_start(args, format);
    buf_addv(&out, format, args);
    va_end(args);
    *text = buf_str(&out);
    return buf_err(&out) ? err_memory(&demo->ctx->err) : ERR_OK;
}

enum err demo_plain(struct demo *demo, struct str text, char separator, struct str *plain)
{
    static const char *const marked[] = {"àáâäã", "a", "èéêë", "e", "ìíîï", "i", "òóôöõ", "o",
                                         "ùúûü",  "u", "ñ",    "n", "ç",    "c", "ß",     "s"};
    struct buf out;
    buf_init(&out, demo->ctx->arena, DEMO_TEXT_MAX);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool capital = c >= 'A' && c <= 'Z';
        for (size_t k = 0; (unsigned char)c >= 0xc0 && k < sizeof marked / sizeof *marked; k += 2)
            if (str_find(str_from(marked[k]), str_slice(text, i, i + 2)) != STR_NONE)
                buf_add(&out, str_from(marked[k + 1]));
        if (letter || capital)
            buf_addc(&out, capital ? (char)(c + 'a' - 'A') : c);
        else if ((unsigned char)c <= 0x7f && out.len && out.ptr[out.len - 1] != separator)
            buf_addc(&out, separator);
    }
    *plain = buf_str(&out);
    return buf_err(&out) ? err_memory(&demo->ctx->err) : ERR_OK;
}

void demo_barcode(int64_t number, char barcode[EAN_DIGITS + 1])
{
    int sum = 0;
    for (int i = EAN_DIGITS - 2; i >= 2; i--, number /= 10)
        barcode[i] = (char)('0' + number % 10);
    barcode[0] = '2';
    barcode[1] = '0';
    for (int i = 0; i < EAN_DIGITS - 1; i++)
        sum += (barcode[i] - '0') * (i % 2 ? 3 : 1);
    barcode[EAN_DIGITS - 1] = (char)('0' + (10 - sum % 10) % 10);
    barcode[EAN_DIGITS] = '\0';
}
