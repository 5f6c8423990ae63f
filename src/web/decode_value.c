/* Turns the text of one field into its value, and says what is wrong with it. */
#include <string.h>

#include "base/assert.h"
#include "base/id.h"
#include "base/money.h"
#include "text/common.h"
#include "text/number.h"
#include "web/decode.h"

enum { FIELD_PATH_MAX = 4 << 10 };

void decode_init(struct decoder *in, struct request *request, struct field_errors *errors)
{
    *in = (struct decoder){.request = request,
                           .ctx = request->ctx,
                           .language = request->ctx->language,
                           .errors = errors};
    errors->count = 0;
}

/* Once no more is told, nothing is written either: a hostile body makes many mistakes. */
static bool is_full(const struct decoder *in)
{
    return in->errors->count == ROUTE_FIELDS_MAX;
}

struct buf *decode_words(struct decoder *in)
{
    buf_init(&in->words, in->ctx->arena, is_full(in) ? 0 : DECODE_WORDS_MAX);
    return &in->words;
}

/* "lines[2].", from the outermost list on. */
static void add_rows(struct buf *out, const struct decoded_row *row)
{
    if (!row)
        return;
    add_rows(out, row->outer);
    buf_addf(out, "%s[%zu].", row->list, row->number);
}

/* A member's name may be as long as its sender likes: it is told as far as an error record goes. */
static struct str shorten(struct str name, size_t max)
{
    size_t len = name.len < max ? name.len : max;
    while (len > 0 && len < name.len && ((unsigned char)name.ptr[len] & 0xc0) == 0x80)
        len--;
    return str_slice(name, 0, len);
}

void decode_blame(struct decoder *in, struct str field)
{
    struct buf path;
    const char *text = NULL;
    if (is_full(in))
        return;
    buf_init(&path, in->ctx->arena, FIELD_PATH_MAX);
    add_rows(&path, in->row);
    buf_add(&path, shorten(field, ERR_FIELD_MAX - 1));
    if (!field.len && path.len) /* a row itself, without the dot before its fields */
        buf_rewind(&path, path.len - 1);
    for (size_t i = 0; i < path.len; i++) /* a NUL in a member's name */
        if (!path.ptr[i])
            path.ptr[i] = '?';
    if (buf_err(&path) || buf_err(&in->words) || str_cstr(in->ctx->arena, buf_str(&path), &text)) {
        in->failed = true;
        return;
    }
    in->errors->rows[in->errors->count++] = (struct field_error){text, buf_str(&in->words)};
}

static void store(const struct route_field *field, const void *value, size_t size, void *into)
{
    const bool yes = true;
    memcpy((char *)into + field->offset, value, size);
    if (field->optional)
        memcpy((char *)into + field->has_offset, &yes, sizeof yes);
}

void decode_set_bool(const struct route_field *field, bool yes, void *into)
{
    store(field, &yes, sizeof yes, into);
}

/* C0, DEL and C1, which is 0xc2 and one of 0x80 to 0x9f in UTF-8; lines may have tabs and line
 * ends. */
static bool has_control(struct str text, bool lines)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < ' ' || c == 0x7f) && !(lines && (c == '\t' || c == '\n' || c == '\r')))
            return true;
        if (c == 0xc2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xa0)
            return true;
    }
    return false;
}

/* CR LF, which forms send, and CR alone become LF. */
static struct str join_lines(struct decoder *in, struct str text)
{
    if (str_find_char(text, '\r') == STR_NONE)
        return text;
    char *lines = arena_bytes(in->ctx->arena, text.len);
    size_t len = 0;
    if (!lines) {
        in->failed = true;
        return text;
    }
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\r')
            lines[len++] = text.ptr[i];
        else if (i + 1 == text.len || text.ptr[i + 1] != '\n')
            lines[len++] = '\n';
    return str_make(lines, len);
}

static void set_text(struct decoder *in, const struct route_field *field, struct str text,
                     void *into)
{
    bool is_lines = field->kind == ROUTE_LINES;
    if (has_control(text, is_lines)) {
        text_error_bad_character(decode_words(in), in->language);
        decode_blame(in, str_from(field->name));
        return;
    }
    if (is_lines)
        text = join_lines(in, text);
    int64_t count = (int64_t)str_characters(text);
    if (count >= field->min && count <= field->max) {
        store(field, &text, sizeof text, into);
        return;
    }
    if (count < field->min)
        text_error_too_short(decode_words(in), in->language, field->min);
    else
        text_error_too_long(decode_words(in), in->language, field->max);
    decode_blame(in, str_from(field->name));
}

/* Letters, digits and what RFC 5322 lets stand in an atom; dots between them. */
static bool is_dotted(struct str text, const char *others, size_t label_max)
{
    size_t label = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        label = c == '.' ? 0 : label + 1;
        bool fits = c == '.' ? i > 0 && text.ptr[i - 1] != '.' : label <= label_max;
        if (!fits || !(is_letter || (c >= '0' && c <= '9') || c == '.' || (c && strchr(others, c))))
            return false;
    }
    return label > 0;
}

/* What mail servers take: no quotes, no comments, and a domain with a dot. */
static bool is_email(struct str text)
{
    struct str domain = text, name;
    if (!str_cut(&domain, '@', &name) || name.len > 64 || text.len > DECODE_EMAIL_MAX)
        return false;
    return is_dotted(name, "!#$%&'*+-/=?^_`{|}~", name.len) && is_dotted(domain, "-", 63) &&
           str_find_char(domain, '.') != STR_NONE && domain.ptr[0] != '-' &&
           domain.ptr[domain.len - 1] != '-' && str_find(domain, STR("-.")) == STR_NONE &&
           str_find(domain, STR(".-")) == STR_NONE;
}

static void set_email(struct decoder *in, const struct route_field *field, struct str text,
                      void *into)
{
    if (is_email(text)) {
        store(field, &text, sizeof text, into);
        return;
    }
    text_error_not_email(decode_words(in), in->language, STR("ada@example.com"));
    decode_blame(in, str_from(field->name));
}

/* In capitals, as the database has it, however it was typed. */
static void set_id(struct decoder *in, const struct route_field *field, struct str text, void *into)
{
    struct id id;
    char written[ID_TEXT_MAX];
    struct str copy;
    if (id_parse(text, field->choices, &id)) {
        id_format((struct id){.high = UINT64_C(0x019aa2b7c0de) << 16}, field->choices, written);
        text_error_not_id(decode_words(in), in->language, str_from(written));
        decode_blame(in, str_from(field->name));
        return;
    }
    id_format(id, field->choices, written);
    if (str_copy(in->ctx->arena, str_from(written), &copy))
        in->failed = true;
    else
        store(field, &copy, sizeof copy, into);
}

static void set_choice(struct decoder *in, const struct route_field *field, struct str text,
                       void *into)
{
    struct str rest = str_from(field->choices), choice;
    for (int64_t i = 0; str_cut(&rest, ' ', &choice); i++)
        if (str_equal(choice, text)) {
            store(field, &i, sizeof i, into);
            return;
        }
    text_error_not_choice(decode_words(in), in->language);
    decode_blame(in, str_from(field->name));
}

/* A browser's datetime-local has neither a zone, which is UTC then, nor always seconds. */
static enum err parse_time(struct str text, int64_t *time_us)
{
    enum { TO_MINUTES = 16, TO_SECONDS = 19 };
    char full[CLOCK_TEXT_MAX];
    if (text.len != TO_MINUTES && text.len != TO_SECONDS)
        return clock_parse(text, time_us);
    memcpy(full, text.ptr, text.len);
    struct str ending = text.len == TO_MINUTES ? STR(":00Z") : STR("Z");
    memcpy(full + text.len, ending.ptr, ending.len);
    return clock_parse(str_make(full, text.len + ending.len), time_us);
}

static void set_time(struct decoder *in, const struct route_field *field, struct str text,
                     void *into)
{
    int64_t time_us;
    if (parse_time(text, &time_us) == ERR_OK) {
        store(field, &time_us, sizeof time_us, into);
        return;
    }
    text_error_not_date(decode_words(in), in->language, STR("2026-11-21"));
    decode_blame(in, str_from(field->name));
}

void decode_set_string(struct decoder *in, const struct route_field *field, struct str text,
                       void *into)
{
    struct str trimmed = str_trim(text);
    switch (field->kind) {
    case ROUTE_TEXT:
    case ROUTE_LINES:
        set_text(in, field, trimmed, into);
        return;
    case ROUTE_EMAIL:
        set_email(in, field, trimmed, into);
        return;
    case ROUTE_ID:
        set_id(in, field, trimmed, into);
        return;
    case ROUTE_CHOICE:
        set_choice(in, field, trimmed, into);
        return;
    case ROUTE_TIME:
        set_time(in, field, trimmed, into);
        return;
    default:
        ASSERT_UNREACHABLE("a kind that is no text");
    }
}

static void say_amount_range(struct decoder *in, const struct route_field *field)
{
    int digits = currency_find(str_from(field->choices))->digits;
    struct buf *words = decode_words(in);
    if (field->min == INT64_MIN)
        text_error_amount_at_most(words, in->language, field->max, digits);
    else if (field->max == INT64_MAX)
        text_error_amount_at_least(words, in->language, field->min, digits);
    else
        text_error_amount_between(words, in->language, field->min, digits, field->max, digits);
}

void decode_blame_range(struct decoder *in, const struct route_field *field)
{
    if (field->kind == ROUTE_MONEY)
        say_amount_range(in, field);
    else if (field->min == INT64_MIN)
        text_error_at_most(decode_words(in), in->language, field->max);
    else if (field->max == INT64_MAX)
        text_error_at_least(decode_words(in), in->language, field->min);
    else
        text_error_between(decode_words(in), in->language, field->min, field->max);
    decode_blame(in, str_from(field->name));
}

void decode_set_number(struct decoder *in, const struct route_field *field, int64_t number,
                       void *into)
{
    if (number < field->min || number > field->max)
        decode_blame_range(in, field);
    else
        store(field, &number, sizeof number, into);
}

/* A program's number in a path or a preset is written one way; a reader's in theirs. */
static enum err parse_number(const struct decoder *in, const struct route_field *field,
                             struct str text, int64_t *number)
{
    const struct currency *currency = field->kind == ROUTE_MONEY
                                          ? currency_find(str_from(field->choices))
                                          : NULL;
    if (!in->plain)
        return text_read_decimal(in->language, text, currency ? currency->digits : 0, number);
    return currency ? money_parse(text, currency, number)
                    : str_to_int(text, INT64_MIN, INT64_MAX, number);
}

static void set_number(struct decoder *in, const struct route_field *field, struct str text,
                       void *into)
{
    enum { EXAMPLE = 19990 };
    int64_t number;
    switch (parse_number(in, field, text, &number)) {
    case ERR_OK:
        decode_set_number(in, field, number, into);
        return;
    case ERR_LIMIT:
        decode_blame_range(in, field);
        return;
    default:
        break;
    }
    if (field->kind == ROUTE_INT)
        text_error_not_whole(decode_words(in), in->language);
    else
        text_error_not_amount(decode_words(in), in->language, EXAMPLE,
                              currency_find(str_from(field->choices))->digits);
    decode_blame(in, str_from(field->name));
}

/* "on" is what a browser sends for a checkbox that has no value of its own. */
static void set_bool_text(struct decoder *in, const struct route_field *field, struct str text,
                          void *into)
{
    static const struct {
        const char *word;
        bool yes;
    } words[] = {{"on", true},   {"true", true},   {"yes", true}, {"1", true},
                 {"off", false}, {"false", false}, {"no", false}, {"0", false}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_equal(text, str_from(words[i].word))) {
            decode_set_bool(field, words[i].yes, into);
            return;
        }
    text_error_not_choice(decode_words(in), in->language);
    decode_blame(in, str_from(field->name));
}

void decode_set_absent(struct decoder *in, const struct route_field *field, void *into)
{
    bool unchecked = field->kind == ROUTE_BOOL && field->place != ROUTE_JSON;
    bool empty_list = field->kind == ROUTE_LIST && field->min == 0;
    if (field->preset) {
        bool plain = in->plain;
        in->plain = true;
        decode_set_text(in, field, str_from(field->preset), into);
        in->plain = plain;
    } else if (!field->optional && !unchecked && !empty_list) {
        text_error_required(decode_words(in), in->language);
        decode_blame(in, str_from(field->name));
    }
}

void decode_set_text(struct decoder *in, const struct route_field *field, struct str sent,
                     void *into)
{
    struct str text = in->plain ? sent : str_trim(sent);
    bool is_text = field->kind == ROUTE_TEXT || field->kind == ROUTE_LINES;
    bool may_be_empty = sent.ptr && is_text && field->min == 0 && !field->optional;
    if (!text.len && !may_be_empty)
        decode_set_absent(in, field, into);
    else if (field->kind == ROUTE_INT || field->kind == ROUTE_MONEY)
        set_number(in, field, text, into);
    else if (field->kind == ROUTE_BOOL)
        set_bool_text(in, field, text, into);
    else
        decode_set_string(in, field, text, into);
}
