/* Writes numbers and money, and knows the symbols of currencies. */
#include "text/number.h"

#include "base/assert.h"

enum { GROUP_LEN = 3, NUMBER_LEN_MAX = 20 };

#define NBSP  "\u00a0"
#define NNBSP "\u202f"
#define RLM   "\u200f"

/* What each language calls a currency, in the order of the table of languages; where it has no
 * symbol of its own, the code says it. From CLDR. */
static const struct {
    char code[4];
    const char *symbols[LANGUAGE_COUNT];
} symbols[] = {
    {"AED", {NULL, NULL, NULL, NULL, "د.إ." RLM}},
    {"ARS", {NULL, NULL, "$AR", NULL, NULL}},
    {"AUD", {"A$", "AU$", "$AU", NULL, "AU$"}},
    {"BHD", {NULL, NULL, NULL, NULL, "د.ب." RLM}},
    {"BMD", {NULL, NULL, "$BM", NULL, NULL}},
    {"BND", {NULL, NULL, "$BN", NULL, NULL}},
    {"BRL", {"R$", "R$", "R$", NULL, "R$"}},
    {"BZD", {NULL, NULL, "$BZ", NULL, NULL}},
    {"CAD", {"CA$", "CA$", "$CA", NULL, "CA$"}},
    {"CLP", {NULL, NULL, "$CL", NULL, NULL}},
    {"CNY", {"CN¥", "CN¥", NULL, NULL, "CN¥"}},
    {"COP", {NULL, NULL, "$CO", NULL, NULL}},
    {"DZD", {NULL, NULL, NULL, NULL, "د.ج." RLM}},
    {"EGP", {NULL, NULL, NULL, NULL, "ج.م." RLM}},
    {"EUR", {"€", "€", "€", "€", "€"}},
    {"FJD", {NULL, NULL, "$FJ", NULL, NULL}},
    {"FKP", {NULL, NULL, "£FK", NULL, NULL}},
    {"GBP", {"£", "£", "£GB", NULL, "UK£"}},
    {"GIP", {NULL, NULL, "£GI", NULL, NULL}},
    {"HKD", {"HK$", "HK$", NULL, NULL, "HK$"}},
    {"ILS", {"₪", "₪", "₪", NULL, "₪"}},
    {"INR", {"₹", "₹", "₹", NULL, "₹"}},
    {"IQD", {NULL, NULL, NULL, NULL, "د.ع." RLM}},
    {"IRR", {NULL, NULL, NULL, NULL, "ر.إ."}},
    {"JOD", {NULL, NULL, NULL, NULL, "د.أ." RLM}},
    {"JPY", {"¥", "¥", NULL, NULL, "JP¥"}},
    {"KRW", {"₩", "₩", "₩", NULL, "₩"}},
    {"KWD", {NULL, NULL, NULL, NULL, "د.ك." RLM}},
    {"LBP", {NULL, NULL, "£LB", NULL, "ل.ل." RLM}},
    {"LYD", {NULL, NULL, NULL, NULL, "د.ل." RLM}},
    {"MAD", {NULL, NULL, NULL, NULL, "د.م." RLM}},
    {"MRU", {NULL, NULL, NULL, NULL, "أ.م."}},
    {"MXN", {"MX$", "MX$", "$MX", NULL, "MX$"}},
    {"NAD", {NULL, NULL, "$NA", NULL, NULL}},
    {"NZD", {"NZ$", "NZ$", "$NZ", NULL, "NZ$"}},
    {"OMR", {NULL, NULL, NULL, NULL, "ر.ع." RLM}},
    {"PHP", {"₱", NULL, NULL, NULL, NULL}},
    {"QAR", {NULL, NULL, NULL, NULL, "ر.ق." RLM}},
    {"SAR", {NULL, NULL, NULL, NULL, "ر.س." RLM}},
    {"SBD", {NULL, NULL, "$SB", NULL, NULL}},
    {"SDG", {NULL, NULL, NULL, NULL, "ج.س."}},
    {"SGD", {NULL, NULL, "$SG", NULL, NULL}},
    {"SRD", {NULL, NULL, "$SR", NULL, NULL}},
    {"SYP", {NULL, NULL, NULL, NULL, "ل.س." RLM}},
    {"THB", {NULL, "฿", NULL, "฿", "฿"}},
    {"TND", {NULL, NULL, NULL, NULL, "د.ت." RLM}},
    {"TTD", {NULL, NULL, "$TT", NULL, NULL}},
    {"TWD", {"NT$", "NT$", NULL, NULL, "NT$"}},
    {"USD", {"$", "$", "$US", "US$", "US$"}},
    {"UYU", {NULL, NULL, "$UY", NULL, NULL}},
    {"VND", {"₫", "₫", "₫", "₫", "₫"}},
    {"WST", {NULL, NULL, "$WS", NULL, NULL}},
    {"XAF", {"FCFA", "FCFA", "FCFA", NULL, "FCFA"}},
    {"XCD", {"EC$", "EC$", NULL, NULL, "EC$"}},
    {"XCG", {"Cg.", "Cg.", "Cg.", "Cg.", "Cg."}},
    {"XOF", {"F" NNBSP "CFA", "F" NNBSP "CFA", "F" NNBSP "CFA", NULL, "F" NNBSP "CFA"}},
    {"XPF", {"CFPF", "CFPF", "FCFP", "CFPF", "CFPF"}},
    {"YER", {NULL, NULL, NULL, NULL, "ر.ي." RLM}},
};

static struct str currency_symbol(const struct language *language, const struct currency *currency)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (str_equal(str_from(symbols[i].code), str_from(currency->code))) {
            const char *symbol = symbols[i].symbols[language - languages];
            return str_from(symbol ? symbol : currency->code);
        }
    return str_from(currency->code);
}

static void add_grouped(struct buf *out, const struct language *language, struct str digits)
{
    bool is_grouped = digits.len >= GROUP_LEN + (size_t)language->group_min;
    size_t head = is_grouped ? digits.len % GROUP_LEN : digits.len;
    buf_add(out, str_slice(digits, 0, head));
    for (size_t at = head; at < digits.len; at += GROUP_LEN) {
        if (at > 0)
            buf_add(out, str_from(language->group));
        buf_add(out, str_slice(digits, at, at + GROUP_LEN));
    }
}

/* The number without its sign. */
static void add_absolute(struct buf *out, const struct language *language, int64_t scaled,
                         int digits)
{
    ASSERT(digits >= 0 && digits <= TEXT_DIGITS_MAX);
    char text[NUMBER_LEN_MAX];
    size_t at = sizeof text;
    uint64_t rest = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
    while (rest || at >= sizeof text - (size_t)digits) {
        text[--at] = (char)('0' + rest % 10);
        rest /= 10;
    }
    struct str number = str_make(text + at, sizeof text - at);
    size_t whole = number.len - (size_t)digits;
    add_grouped(out, language, str_slice(number, 0, whole));
    if (digits) {
        buf_add(out, str_from(language->decimal));
        buf_add(out, str_slice(number, whole, number.len));
    }
}

void text_decimal(struct buf *out, const struct language *language, int64_t scaled, int digits)
{
    if (scaled < 0)
        buf_add(out, str_from(language->minus));
    add_absolute(out, language, scaled, digits);
}

void text_int(struct buf *out, const struct language *language, int64_t number)
{
    text_decimal(out, language, number, 0);
}

void text_percent(struct buf *out, const struct language *language, int64_t scaled, int digits)
{
    text_decimal(out, language, scaled, digits);
    buf_add(out, str_from(language->percent));
}

/* A symbol of letters needs a space before the digits: "CHF 5", but "CA$5" and "€5". */
static bool ends_in_letter(struct str symbol)
{
    char last = symbol.ptr[symbol.len - 1];
    return (last >= 'A' && last <= 'Z') || last == '.';
}

void text_money(struct buf *out, const struct language *language, int64_t minor,
                const struct currency *currency)
{
    struct str symbol = currency_symbol(language, currency);
    buf_add(out, str_from(language->money_mark));
    if (minor < 0)
        buf_add(out, str_from(language->minus));
    if (language->symbol_first) {
        buf_add(out, symbol);
        if (ends_in_letter(symbol))
            buf_add(out, STR(NBSP));
    }
    add_absolute(out, language, minor, currency->digits);
    if (!language->symbol_first) {
        buf_add(out, STR(NBSP));
        buf_add(out, symbol);
    }
}
