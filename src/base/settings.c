/* Reads, checks and shows settings by their table. */
#include "base/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

/* What a place in the generated struct holds. */
union value {
    struct str text;
    int64_t number;
    bool yes;
};

enum { SHOWN_MAX = 64 }; /* of a wrong value in a message */

struct unit {
    struct str name;
    int64_t factor;
};

static const struct unit size_units[] = {
    {{"", 0}, 1},        {{"K", 1}, 1 << 10},          {{"M", 1}, 1 << 20},
    {{"G", 1}, 1 << 30}, {{"T", 1}, INT64_C(1) << 40}, {{NULL, 0}, 0},
};

static const struct unit duration_units[] = {
    {{"us", 2}, 1},      {{"ms", 2}, 1000},  {{"s", 1}, SECOND_US}, {{"m", 1}, MINUTE_US},
    {{"h", 1}, HOUR_US}, {{"d", 1}, DAY_US}, {{NULL, 0}, 0},
};

static const struct {
    const char *word;
    bool yes;
} bool_words[] = {{"yes", true}, {"true", true},   {"on", true},   {"1", true},
                  {"no", false}, {"false", false}, {"off", false}, {"0", false}};

const char *settings_environ(void *source, const char *name)
{
    (void)source;
    return getenv(name);
}

/* A whole number and one of the units behind it. */
static enum err parse_with_unit(struct str text, const struct unit units[], int64_t *number)
{
    size_t digits = 0;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    struct str unit = str_slice(text, digits, text.len);
    for (size_t i = 0; units[i].factor; i++) {
        if (!str_equal_nocase(unit, units[i].name))
            continue;
        int64_t count;
        TRY(str_to_int(str_slice(text, 0, digits), 0, INT64_MAX / units[i].factor, &count));
        *number = count * units[i].factor;
        return ERR_OK;
    }
    return ERR_INPUT;
}

enum err setting_parse_size(struct str text, int64_t *bytes)
{
    return parse_with_unit(text, size_units, bytes);
}

enum err setting_parse_duration(struct str text, int64_t *duration_us)
{
    return parse_with_unit(text, duration_units, duration_us);
}

/* The place of `word` among words that are separated by spaces. */
static enum err find_choice(const char *choices, struct str word, int64_t *place)
{
    struct str rest = str_from(choices), choice;
    for (int64_t i = 0; str_cut(&rest, ' ', &choice); i++) {
        if (str_equal(choice, word)) {
            *place = i;
            return ERR_OK;
        }
    }
    return ERR_INPUT;
}

static enum err parse_text(const struct setting *setting, struct str text, union value *value)
{
    (void)setting;
    value->text = text;
    return str_is_utf8(text) ? ERR_OK : ERR_INPUT;
}

static enum err parse_url(const struct setting *setting, struct str text, union value *value)
{
    size_t colon = str_find_char(text, ':');
    int64_t place;
    if (colon == STR_NONE)
        return ERR_INPUT;
    TRY(find_choice(setting->choices, str_slice(text, 0, colon), &place));
    return parse_text(setting, text, value);
}

static enum err parse_bool(const struct setting *setting, struct str text, union value *value)
{
    (void)setting;
    for (size_t i = 0; i < sizeof bool_words / sizeof *bool_words; i++) {
        if (str_equal_nocase(text, str_from(bool_words[i].word))) {
            value->yes = bool_words[i].yes;
            return ERR_OK;
        }
    }
    return ERR_INPUT;
}

static enum err parse_int(const struct setting *setting, struct str text, union value *value)
{
    return str_to_int(text, setting->min, setting->max, &value->number);
}

static enum err check_bounds(const struct setting *setting, int64_t number)
{
    return number < setting->min || number > setting->max ? ERR_INPUT : ERR_OK;
}

static enum err parse_size(const struct setting *setting, struct str text, union value *value)
{
    TRY(setting_parse_size(text, &value->number));
    return check_bounds(setting, value->number);
}

static enum err parse_duration(const struct setting *setting, struct str text, union value *value)
{
    TRY(setting_parse_duration(text, &value->number));
    return check_bounds(setting, value->number);
}

static enum err parse_choice(const struct setting *setting, struct str text, union value *value)
{
    return find_choice(setting->choices, text, &value->number);
}

static void show_text(struct buf *out, const struct setting *setting, const union value *value)
{
    (void)setting;
    buf_add(out, value->text);
}

static void show_bool(struct buf *out, const struct setting *setting, const union value *value)
{
    (void)setting;
    buf_add(out, value->yes ? STR("yes") : STR("no"));
}

static void show_int(struct buf *out, const struct setting *setting, const union value *value)
{
    (void)setting;
    buf_add_int(out, value->number);
}

/* A number in its largest whole unit: 65536 is "64K". */
static void show_with_unit(struct buf *out, const struct unit units[], int64_t number)
{
    size_t best = 0;
    for (size_t i = 1; units[i].factor; i++)
        if (number && number % units[i].factor == 0)
            best = i;
    buf_add_int(out, number / units[best].factor);
    buf_add(out, units[best].name);
}

static void show_size(struct buf *out, const struct setting *setting, const union value *value)
{
    (void)setting;
    show_with_unit(out, size_units, value->number);
}

static void show_duration(struct buf *out, const struct setting *setting, const union value *value)
{
    (void)setting;
    show_with_unit(out, duration_units, value->number);
}

static void show_choice(struct buf *out, const struct setting *setting, const union value *value)
{
    struct str rest = str_from(setting->choices), choice = {0};
    for (int64_t i = 0; i <= value->number; i++)
        ASSERT(str_cut(&rest, ' ', &choice));
    buf_add(out, choice);
}

static const struct {
    const char *rule; /* what a value must be */
    bool bounded;     /* followed by the bounds; else by the choices, if there are any */
    size_t size;      /* of the place in the generated struct */
    enum err (*parse)(const struct setting *, struct str, union value *);
    void (*show)(struct buf *, const struct setting *, const union value *);
} kinds[] = {
    [SETTING_TEXT] = {"text in UTF-8", false, sizeof(struct str), parse_text, show_text},
    [SETTING_INT] = {"a whole number", true, sizeof(int64_t), parse_int, show_int},
    [SETTING_BOOL] = {"yes or no", false, sizeof(bool), parse_bool, show_bool},
    [SETTING_SIZE] = {"a size such as 16M", true, sizeof(int64_t), parse_size, show_size},
    [SETTING_DURATION] = {"a duration such as 30s or 5m", true, sizeof(int64_t), parse_duration,
                          show_duration},
    [SETTING_CHOICE] = {"one of: ", false, sizeof(int64_t), parse_choice, show_choice},
    [SETTING_URL] = {"a URL of one of these kinds: ", false, sizeof(struct str), parse_url,
                     show_text},
};

void setting_add_rule(struct buf *out, const struct setting *setting)
{
    buf_add(out, str_from(kinds[setting->kind].rule));
    if (kinds[setting->kind].bounded) {
        buf_add(out, STR(" from "));
        kinds[setting->kind].show(out, setting, &(union value){.number = setting->min});
        buf_add(out, STR(" to "));
        kinds[setting->kind].show(out, setting, &(union value){.number = setting->max});
    }
    buf_add(out, str_from(setting->choices));
}

static enum err refuse(struct ctx *ctx, const struct setting *setting, struct str text)
{
    struct buf words;
    buf_init(&words, ctx->arena, ERR_WORDS_MAX);
    buf_add(&words, STR("must be "));
    setting_add_rule(&words, setting);
    if (!setting->secret) {
        buf_add(&words, STR(", but is \""));
        buf_add_repaired(&words, str_slice(text, 0, SHOWN_MAX));
        buf_add(&words, text.len > SHOWN_MAX ? STR("…\"") : STR("\""));
    }
    if (buf_err(&words))
        return err_memory(&ctx->err);
    return err_input(&ctx->err, setting->name, STR_FMT, STR_ARG(buf_str(&words)));
}

enum err setting_load(struct ctx *ctx, const struct setting *setting, settings_lookup *lookup,
                      void *source, void *into)
{
    const char *given = lookup(source, setting->name);
    struct str text = str_from(given && *given ? given : setting->preset);
    union value value;
    if (kinds[setting->kind].parse(setting, text, &value))
        return refuse(ctx, setting, text);
    memcpy((char *)into + setting->offset, &value, kinds[setting->kind].size);
    return ERR_OK;
}

enum err settings_load(struct ctx *ctx, const struct setting table[], size_t count,
                       settings_lookup *lookup, void *source, void *into)
{
    for (size_t i = 0; i < count; i++)
        TRY(setting_load(ctx, &table[i], lookup, source, into));
    return ERR_OK;
}

void setting_show(struct buf *out, const struct setting *setting, const void *settings)
{
    union value value;
    memcpy(&value, (const char *)settings + setting->offset, kinds[setting->kind].size);
    if (setting->secret)
        buf_add(out, STR("(secret)"));
    else
        kinds[setting->kind].show(out, setting, &value);
}
