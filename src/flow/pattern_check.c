/* One entry of a pattern's list: reads it, and says whether it holds for a value. */
#include <math.h>

#include "flow/pattern_inside.h"

/* From the first digit that is not 0 to the last. */
static size_t significant_digits(struct str number)
{
    size_t seen = 0, digits = 0;
    for (size_t i = 0; i < number.len && (number.ptr[i] | 0x20) != 'e'; i++) {
        if (number.ptr[i] < '0' || number.ptr[i] > '9' || (number.ptr[i] == '0' && !seen))
            continue;
        seen++;
        digits = number.ptr[i] == '0' ? digits : seen;
    }
    return digits;
}

static enum err read_number(struct pattern_reader *r, const struct json *value, double *number)
{
    if (value->kind != JSON_NUMBER)
        return pattern_refuse(r, "there must be a number");
    if (significant_digits(value->text) > PATTERN_DIGITS_MAX || json_real(value, number))
        return pattern_refuse(r, "a number has at most 15 digits and is not too large");
    return ERR_OK;
}

_Static_assert(PATTERN_DIGITS_MAX == 15, "the words say 15");

static enum err read_exact(struct pattern_reader *r, const struct json *value,
                           struct pattern_check *check)
{
    if (value->kind == JSON_STRING) {
        *check = (struct pattern_check){.verb = PATTERN_TEXT, .text = value->text};
        return ERR_OK;
    }
    if (value->kind == JSON_NUMBER) {
        double number = 0;
        TRY(read_number(r, value, &number));
        *check = (struct pattern_check){.verb = PATTERN_NUMBER, .range = {number, number, 0, 0}};
        return ERR_OK;
    }
    *check = (struct pattern_check){.verb = PATTERN_WORD, .word = value->kind};
    return ERR_OK;
}

static enum err read_any_case(struct pattern_reader *r, const struct json *value,
                              struct pattern_check *check)
{
    *check = (struct pattern_check){.verb = PATTERN_TEXT, .any_case = true};
    if (json_str(value, &check->text))
        return pattern_refuse(r, "\"equals-ignore-case\" takes a text");
    return ERR_OK;
}

static enum err read_affix(struct pattern_reader *r, const struct json *value,
                           enum pattern_verb verb, struct pattern_check *check)
{
    const struct json *inner = value->kind == JSON_OBJECT && value->count == 1
                                   ? json_get(value, "equals-ignore-case")
                                   : NULL;
    *check = (struct pattern_check){.verb = verb, .any_case = inner != NULL};
    if (json_str(inner ? inner : value, &check->text))
        return pattern_refuse(r, "\"prefix\" and \"suffix\" take a text, or "
                                 "{\"equals-ignore-case\": a text}");
    return ERR_OK;
}

static enum err read_prefix(struct pattern_reader *r, const struct json *value,
                            struct pattern_check *check)
{
    return read_affix(r, value, PATTERN_PREFIX, check);
}

static enum err read_suffix(struct pattern_reader *r, const struct json *value,
                            struct pattern_check *check)
{
    return read_affix(r, value, PATTERN_SUFFIX, check);
}

/* Takes the piece before the next star off the front of `rest`, its escapes undone into `out`. */
static enum err cut_piece(struct pattern_reader *r, struct str *rest, struct buf *out)
{
    size_t i = 0;
    for (; i < rest->len && rest->ptr[i] != '*'; i++) {
        if (rest->ptr[i] == '\\') {
            if (++i == rest->len || (rest->ptr[i] != '*' && rest->ptr[i] != '\\'))
                return pattern_refuse(r, "in a \"wildcard\" a backslash stands before * or \\");
        }
        buf_addc(out, rest->ptr[i]);
    }
    *rest = i < rest->len ? str_slice(*rest, i + 1, rest->len) : (struct str){0};
    return ERR_OK;
}

static enum err read_wildcard(struct pattern_reader *r, const struct json *value,
                              struct pattern_check *check)
{
    struct str rest, *pieces;
    struct buf out;
    if (json_str(value, &rest))
        return pattern_refuse(r, "\"wildcard\" takes a text");
    rest = rest.ptr ? rest : STR("");
    pieces = ARENA_ARRAY(r->ctx->arena, rest.len + 1, struct str);
    buf_init(&out, r->ctx->arena, rest.len + 1);
    if (!pieces || !buf_reserve(&out, rest.len + 1))
        return err_memory(&r->ctx->err);
    *check = (struct pattern_check){.verb = PATTERN_WILDCARD, .pieces = pieces};
    while (rest.ptr) {
        size_t from = out.len;
        TRY(cut_piece(r, &rest, &out));
        pieces[check->count++] = str_make(out.ptr + from, out.len - from);
        if (check->count > 2 && pieces[check->count - 2].len == 0)
            return pattern_refuse(r, "a \"wildcard\" has no two * side by side");
    }
    return ERR_OK;
}

static const struct sign {
    struct str text;
    bool is_low, is_high, is_open; /* which bound it sets, and whether that is left out */
} signs[] = {
    {{"=", 1}, true, true, false}, {{">", 1}, true, false, true},   {{">=", 2}, true, false, false},
    {{"<", 1}, false, true, true}, {{"<=", 2}, false, true, false},
};

static const struct sign *find_sign(const struct json *value)
{
    if (value->kind == JSON_STRING)
        for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
            if (str_equal(value->text, signs[i].text))
                return &signs[i];
    return NULL;
}

/* Sets what one sign and its number say. */
static enum err read_bound(struct pattern_reader *r, const struct sign *sign,
                           const struct json *value, struct pattern_range *range)
{
    double number = 0;
    TRY(read_number(r, value, &number));
    if (sign->is_low) {
        range->low = number;
        range->above_low = sign->is_open;
    }
    if (sign->is_high) {
        range->high = number;
        range->below_high = sign->is_open;
    }
    return ERR_OK;
}

static enum err read_numeric(struct pattern_reader *r, const struct json *value,
                             struct pattern_check *check)
{
    static const char right[] = "\"numeric\" takes [sign, number] with = > >= < or <=, or a range "
                                "such as [\">\", 0, \"<=\", 5]";
    *check = (struct pattern_check){.verb = PATTERN_NUMBER,
                                    .range = {-INFINITY, INFINITY, false, false}};
    if (value->kind != JSON_ARRAY || (value->count != 2 && value->count != 4))
        return pattern_refuse(r, right);
    const struct json *second = value->count == 4 ? value->first->next->next : NULL;
    const struct sign *low = find_sign(value->first), *high = second ? find_sign(second) : low;
    if (!low || !high)
        return pattern_refuse(r, right);
    TRY(read_bound(r, low, value->first->next, &check->range));
    if (!second)
        return ERR_OK;
    if (low->is_high || high->is_low)
        return pattern_refuse(r, "a \"numeric\" range says > or >= first, then < or <=");
    TRY(read_bound(r, high, second->next, &check->range));
    if (!(check->range.low < check->range.high))
        return pattern_refuse(r, "a \"numeric\" range begins below its end");
    return ERR_OK;
}

static enum err read_cidr(struct pattern_reader *r, const struct json *value,
                          struct pattern_check *check)
{
    struct address_nets *nets = ARENA_NEW(r->ctx->arena, struct address_nets);
    struct str text;
    if (!nets)
        return err_memory(&r->ctx->err);
    if (json_str(value, &text) || str_find_char(text, ' ') != STR_NONE ||
        address_nets_parse(r->ctx, "pattern", text, nets) || nets->count != 1)
        return pattern_refuse(r, "\"cidr\" takes a network such as \"10.0.0.0/8\" or "
                                 "\"2001:db8::/32\", without a bit set behind its prefix");
    *check = (struct pattern_check){.verb = PATTERN_CIDR, .nets = nets};
    return ERR_OK;
}

static enum err read_exists(struct pattern_reader *r, const struct json *value,
                            struct pattern_check *check)
{
    *check = (struct pattern_check){.verb = PATTERN_EXISTS};
    if (value->kind != JSON_TRUE)
        return pattern_refuse(r, "\"exists\" takes true or false");
    return ERR_OK;
}

static enum err read_none_of(struct pattern_reader *r, const struct json *value,
                             struct pattern_check *check);

typedef enum err read_verb(struct pattern_reader *r, const struct json *value,
                           struct pattern_check *check);

static const struct {
    const char *name;
    read_verb *read;
    bool within; /* of anything-but */
} verbs[] = {
    {"prefix", read_prefix, true},     {"suffix", read_suffix, true},
    {"wildcard", read_wildcard, true}, {"equals-ignore-case", read_any_case, true},
    {"numeric", read_numeric, false},  {"cidr", read_cidr, false},
    {"exists", read_exists, false},    {"anything-but", read_none_of, false},
};

/* The function that reads what an object of one member holds. */
static read_verb *find_verb(const struct json *entry, bool within)
{
    if (entry->kind == JSON_OBJECT && entry->count == 1)
        for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
            if ((verbs[i].within || !within) && json_get(entry, verbs[i].name))
                return verbs[i].read;
    return NULL;
}

static enum err read_none_of(struct pattern_reader *r, const struct json *value,
                             struct pattern_check *check)
{
    static const char right[] = "\"anything-but\" takes a text, a number, a list of either, or "
                                "{\"prefix\": …} and the like";
    read_verb *read = find_verb(value, true);
    const struct json *what = read ? value->first : value;
    bool is_list = what->kind == JSON_ARRAY;
    size_t count = is_list ? what->count : 1;
    struct pattern_check *checks = ARENA_ARRAY(r->ctx->arena, count, struct pattern_check);
    if (!checks)
        return err_memory(&r->ctx->err);
    if (!count)
        return pattern_refuse(r, right);
    const struct json *entry = is_list ? what->first : what;
    enum json_kind kind = entry->kind;
    if (!read && kind != JSON_STRING && kind != JSON_NUMBER)
        return pattern_refuse(r, right);
    for (size_t i = 0; i < count; i++, entry = entry->next) {
        if (!read && entry->kind != kind)
            return pattern_refuse(r, right);
        TRY((read ? read : read_exact)(r, entry, &checks[i]));
    }
    *check = (struct pattern_check){
        .verb = PATTERN_NONE_OF, .checks = checks, .count = (uint32_t)count};
    return ERR_OK;
}

enum err pattern_check_read(struct pattern_reader *r, const struct json *entry,
                            struct pattern_check *check)
{
    if (entry->kind < JSON_ARRAY)
        return read_exact(r, entry, check);
    read_verb *read = find_verb(entry, false);
    if (!read)
        return pattern_refuse(r, "an entry is a text, a number, true, false, null, or an object "
                                 "of one of prefix, suffix, equals-ignore-case, wildcard, "
                                 "numeric, cidr, exists and anything-but");
    return read(r, entry->first, check);
}

static bool same(const struct pattern_check *check, struct str part)
{
    return check->any_case ? str_equal_nocase(part, check->text) : str_equal(part, check->text);
}

/* The first piece is a prefix, the last a suffix; those between are taken where they come first. */
static bool wildcard_holds(const struct pattern_check *check, struct str text)
{
    const struct str *first = check->pieces, *last = first + check->count - 1;
    if (first == last)
        return str_equal(text, *first);
    if (text.len < first->len + last->len || !str_starts(text, *first) || !str_ends(text, *last))
        return false;
    text = str_slice(text, first->len, text.len - last->len);
    for (const struct str *piece = first + 1; piece < last; piece++) {
        size_t at = str_find(text, *piece);
        if (at == STR_NONE)
            return false;
        text = str_slice(text, at + piece->len, text.len);
    }
    return true;
}

static bool text_holds(const struct pattern_check *check, struct str text)
{
    struct address address;
    size_t len = check->text.len;
    switch (check->verb) {
    case PATTERN_TEXT:
        return same(check, text);
    case PATTERN_PREFIX:
        return text.len >= len && same(check, str_slice(text, 0, len));
    case PATTERN_SUFFIX:
        return text.len >= len && same(check, str_slice(text, text.len - len, text.len));
    case PATTERN_WILDCARD:
        return wildcard_holds(check, text);
    default:
        return check->verb == PATTERN_CIDR && !address_parse(text, &address) &&
               address_nets_have(check->nets, address);
    }
}

static bool number_holds(const struct pattern_range *range, const struct json *value)
{
    double number = 0;
    if (json_real(value, &number))
        return false;
    return (range->above_low ? number > range->low : number >= range->low) &&
           (range->below_high ? number < range->high : number <= range->high);
}

bool pattern_check_holds(const struct pattern_check *check, const struct json *value)
{
    switch (check->verb) {
    case PATTERN_EXISTS:
        return true;
    case PATTERN_WORD:
        return value->kind == check->word;
    case PATTERN_NUMBER:
        return value->kind == JSON_NUMBER && number_holds(&check->range, value);
    case PATTERN_NONE_OF:
        for (size_t i = 0; i < check->count; i++)
            if (pattern_check_holds(&check->checks[i], value))
                return false;
        return true;
    default:
        return value->kind == JSON_STRING && text_holds(check, value->text);
    }
}
