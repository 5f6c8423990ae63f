/* Reads the line of a field: its name, its kind, bounds, preset and help. */
#include "rows.h"

const struct kind kinds[] = {
    [ROUTE_TEXT] = {"text", "ROUTE_TEXT", "struct str", "", true, true, true, true},
    [ROUTE_LINES] = {"lines", "ROUTE_LINES", "struct str", "", true, true, true, false},
    [ROUTE_EMAIL] = {"email", "ROUTE_EMAIL", "struct str", "", false, false, false, false},
    [ROUTE_ID] = {"id", "ROUTE_ID", "struct str", "", false, false, false, true},
    [ROUTE_INT] = {"int", "ROUTE_INT", "int64_t", "", false, true, true, true},
    [ROUTE_BOOL] = {"bool", "ROUTE_BOOL", "bool", "", false, false, true, false},
    [ROUTE_CHOICE] = {"choice", "ROUTE_CHOICE", "int64_t", "", false, false, true, true},
    [ROUTE_TIME] = {"time", "ROUTE_TIME", "int64_t", "_us", false, false, false, false},
    [ROUTE_MONEY] = {"money", "ROUTE_MONEY", "int64_t", "_minor", false, true, true, false},
    [ROUTE_LIST] = {"list", "ROUTE_LIST", "", "", false, true, false, false},
};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

static enum route_kind read_kind(struct table *table, struct str word)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (str_equal(word, str_from(kinds[i].word)))
            return (enum route_kind)i;
    source_fail(&table->source,
                "\"" STR_FMT "\" is no kind; write one of text, lines, email, id, int, bool, "
                "choice, time, money, list",
                STR_ARG(word));
}

/* Cuts what stands behind the mark off; without a pointer where there is no mark. */
static struct str cut_behind(struct str *line, struct str mark)
{
    size_t at = str_find(*line, mark);
    if (at == STR_NONE)
        return (struct str){0};
    struct str behind = str_trim(str_slice(*line, at + mark.len, line->len));
    *line = str_trim(str_slice(*line, 0, at));
    return behind;
}

static int64_t read_bound(struct table *table, struct str text, int64_t open)
{
    int64_t bound = open;
    if (text.len && str_to_int(text, INT64_MIN, INT64_MAX, &bound))
        source_fail(&table->source, "\"" STR_FMT "\" is no bound; write whole numbers: 1..80",
                    STR_ARG(text));
    return bound;
}

/* "1..80", "..80" or "1..": counts begin at 0 where nothing is said, and have an end. */
static void read_bounds(struct table *table, struct field *field, struct str word)
{
    size_t dots = str_find(word, STR(".."));
    bool counts = kinds[field->kind].is_text || field->kind == ROUTE_LIST;
    int64_t most = field->kind == ROUTE_LIST ? ROUTE_ROWS_MAX : ROUTE_TEXT_MAX;
    field->min = counts ? 0 : INT64_MIN;
    field->max = INT64_MAX;
    if (!word.len && (field->place == ROUTE_OUT || !kinds[field->kind].is_bounded))
        return;
    if (dots == STR_NONE || word.len == 2)
        source_fail(&table->source, "\"%s\" needs its bounds: 1..80", kinds[field->kind].word);
    field->min = read_bound(table, str_slice(word, 0, dots), field->min);
    field->max = read_bound(table, str_slice(word, dots + 2, word.len), field->max);
    if (field->min > field->max)
        source_fail(&table->source, "the bounds " STR_FMT " hold nothing; turn them around",
                    STR_ARG(word));
    if (counts && (field->min < 0 || field->max > most))
        source_fail(&table->source, "the bounds of \"%s\" lie between 0 and %d",
                    kinds[field->kind].word, (int)most);
}

/* What stands between the kind and the bounds: an id's prefix, choices, a currency. */
static void read_argument(struct field *field, struct str *rest)
{
    bool has_currency = field->kind == ROUTE_MONEY && rest->len && rest->ptr[0] >= 'A';
    if (field->kind == ROUTE_CHOICE) {
        field->choices = *rest;
        *rest = (struct str){0};
    } else if (field->kind == ROUTE_ID || has_currency) {
        field->choices = source_take_word(rest);
    }
}

struct field *field_read(struct table *table, enum route_place place, struct str rest)
{
    struct field *field = table_alloc(table, sizeof *field);
    *field = (struct field){.place = place, .line = table->source.line};
    field->help = cut_behind(&rest, STR(" #"));
    field->preset = cut_behind(&rest, STR(" = "));
    field->name = source_take_word(&rest);
    struct str kind = source_take_word(&rest);
    field->optional = str_ends(kind, STR("?"));
    field->kind = read_kind(table, str_slice(kind, 0, kind.len - field->optional));
    read_argument(field, &rest);
    bool bounded = kinds[field->kind].is_bounded;
    read_bounds(table, field, bounded ? source_take_word(&rest) : (struct str){0});
    if (rest.len)
        source_fail(&table->source, "\"" STR_FMT "\" is one word too many; remove it",
                    STR_ARG(rest));
    field_check(table, field);
    return field;
}
