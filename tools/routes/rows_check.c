/* Refuses rows that cannot be meant, each at its line and with what to do. */
#include <string.h>

#include "base/id.h"
#include "base/money.h"
#include "rows.h"

/* Those of C17 in small letters; and what the generated structs use themselves. */
static const char *const taken_names[] = {
    "auto",     "bool",     "break",  "case",    "char",   "const",  "continue",
    "default",  "do",       "double", "else",    "enum",   "extern", "false",
    "float",    "for",      "goto",   "if",      "inline", "int",    "long",
    "register", "restrict", "return", "short",   "signed", "sizeof", "static",
    "struct",   "switch",   "true",   "typedef", "typeof", "union",  "unsigned",
    "void",     "volatile", "while",  "asm",     "linux",  "unix",
};

static void check_name(struct table *table, int line, struct str name, const char *what)
{
    bool taken = false;
    for (size_t i = 0; i < sizeof taken_names / sizeof *taken_names; i++)
        taken |= str_equal(name, str_from(taken_names[i]));
    if (!source_is_name(name) || taken)
        source_fail_at(&table->source, line,
                       "\"" STR_FMT "\" cannot name a %s; use small letters, digits and _, and no "
                       "word of C",
                       STR_ARG(name), what);
}

static bool is_choice(struct str choices, struct str word)
{
    struct str choice;
    while ((choice = source_take_word(&choices)).len)
        if (str_equal(choice, word))
            return true;
    return false;
}

static void check_choices(struct table *table, const struct field *field)
{
    struct str rest = field->choices, choice = source_take_word(&rest);
    if (!rest.len)
        source_fail(&table->source, "\"choice\" needs two words or more: new read");
    for (; choice.len; choice = source_take_word(&rest))
        if (is_choice(rest, choice))
            source_fail(&table->source, "the choice \"" STR_FMT "\" stands there twice; remove one",
                        STR_ARG(choice));
}

static void check_argument(struct table *table, const struct field *field)
{
    if (field->kind == ROUTE_CHOICE)
        check_choices(table, field);
    if (field->kind == ROUTE_ID &&
        (!source_is_name(field->choices) || field->choices.len > ID_PREFIX_MAX))
        source_fail(&table->source, "\"id\" needs its prefix behind it, of at most %d letters: msg",
                    ID_PREFIX_MAX);
    bool says = field->choices.len || field->place != ROUTE_OUT;
    if (field->kind == ROUTE_MONEY && says && !currency_find(field->choices))
        source_fail(&table->source, "\"money\" needs its currency behind it: EUR");
}

static size_t count_characters(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return count;
}

/* The preset has to pass the rule that it is the preset of. */
static bool preset_fits(const struct field *field)
{
    int64_t number = 0;
    switch (field->kind) {
    case ROUTE_TEXT:
    case ROUTE_LINES:
        number = (int64_t)count_characters(field->preset);
        break;
    case ROUTE_INT:
        if (str_to_int(field->preset, INT64_MIN, INT64_MAX, &number))
            return false;
        break;
    case ROUTE_MONEY:
        if (money_parse(field->preset, currency_find(field->choices), &number))
            return false;
        break;
    case ROUTE_BOOL:
        return is_choice(STR("true false"), field->preset);
    default:
        return is_choice(field->choices, field->preset);
    }
    return number >= field->min && number <= field->max;
}

static void check_preset(struct table *table, const struct field *field)
{
    if (!field->preset.ptr)
        return;
    if (!kinds[field->kind].takes_preset || field->place == ROUTE_OUT || field->place == ROUTE_PATH)
        source_fail(&table->source, "there is no preset here; remove what stands behind the =");
    if (field->optional)
        source_fail(&table->source,
                    "with a preset it is never missing; remove the ? or the preset");
    if (!preset_fits(field))
        source_fail(&table->source, "the preset \"" STR_FMT "\" breaks the field's own rule",
                    STR_ARG(field->preset));
}

void field_check(struct table *table, const struct field *field)
{
    check_name(table, field->line, field->name, "field");
    check_argument(table, field);
    check_preset(table, field);
    if (field->place == ROUTE_PATH && (!kinds[field->kind].in_path || field->optional))
        source_fail(&table->source, "in a path stand only text, id, int and choice, without a ?");
    if (field->kind == ROUTE_LIST && field->place != ROUTE_JSON && field->place != ROUTE_OUT)
        source_fail(&table->source, "a list comes only as \"json\" or goes as \"out\"");
    if (field->kind == ROUTE_LIST && field->optional)
        source_fail(&table->source, "a list that is missing is empty; write its bounds as 0..%d",
                    (int)field->max);
}

/* As the struct has them: "made_us" is made's, "has_note" is that of an optional note. */
static bool has_name(struct table *table, const struct field *field, struct str name)
{
    struct buf text;
    buf_init(&text, table->arena, ROWS_OUTPUT_MAX);
    buf_addf(&text, STR_FMT "%s", STR_ARG(field->name), kinds[field->kind].unit);
    if (str_equal(buf_str(&text), name) || str_equal(field->name, name))
        return true;
    return field->optional && str_starts(name, STR("has_")) &&
           str_equal(str_slice(name, 4, name.len), field->name);
}

static void check_fields(struct table *table, const struct field *fields)
{
    size_t count = 0;
    for (const struct field *a = fields; a; a = a->next, count++) {
        if (count == ROUTE_FIELDS_MAX)
            source_fail_at(&table->source, a->line,
                           "there are more than %d fields; split the route", ROUTE_FIELDS_MAX);
        if (a->kind == ROUTE_LIST && !a->fields)
            source_fail_at(&table->source, a->line,
                           "the list has no fields; write them below, two spaces further in");
        check_fields(table, a->fields);
        for (const struct field *b = fields; b; b = b->next)
            if (a != b && (a->place == ROUTE_OUT) == (b->place == ROUTE_OUT) &&
                has_name(table, a, b->name))
                source_fail_at(&table->source, a->line > b->line ? a->line : b->line,
                               "there is \"" STR_FMT "\" already; rename one",
                               STR_ARG(a->line > b->line ? a->name : b->name));
    }
}

/* Behind the name of a part that stands for all that follows. */
static const struct str rest_mark = STR("...");

bool path_next_part(struct str *path, struct str *part)
{
    size_t open = str_find_char(*path, '{');
    if (open == STR_NONE)
        return false;
    *path = str_slice(*path, open + 1, path->len);
    if (!str_cut(path, '}', part))
        return false;
    if (str_ends(*part, rest_mark))
        part->len -= rest_mark.len;
    return true;
}

static bool is_segment(struct str segment, bool is_last)
{
    if (str_starts(segment, STR("{")) && str_ends(segment, STR("}"))) {
        struct str name = str_slice(segment, 1, segment.len - 1);
        if (is_last && str_ends(name, rest_mark))
            name.len -= rest_mark.len;
        return source_is_name(name);
    }
    for (size_t i = 0; i < segment.len; i++) {
        char c = segment.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(c >= '0' && c <= '9') && !strchr("-._~", c))
            return false;
    }
    return segment.len && !str_equal(segment, STR(".")) && !str_equal(segment, STR(".."));
}

static void check_path(struct table *table, const struct row *row)
{
    size_t segments = 0, parts = 0;
    struct str rest = str_slice(row->path, 1, row->path.len), segment;
    if (!str_starts(row->path, STR("/")))
        source_fail_at(&table->source, row->line, "a path begins with /");
    while (row->path.len > 1 && str_cut(&rest, '/', &segment)) {
        segments++;
        parts += str_starts(segment, STR("{"));
        bool ends = !rest.ptr && !segment.len && segments > 1;
        bool meant = ends && !parts && (row->flags & ROUTE_RAW); /* of another's protocol */
        if (!is_segment(segment, !rest.ptr) && !meant)
            source_fail_at(&table->source, row->line,
                           "\"" STR_FMT "\" cannot stand in a path; use letters, digits and -._~, "
                           "or a {name} as a whole",
                           STR_ARG(segment));
    }
    if (row->path.len > ROUTE_PATH_MAX)
        source_fail_at(&table->source, row->line, "the path has more than %d characters",
                       ROUTE_PATH_MAX);
    if (segments > ROUTE_SEGMENTS_MAX || parts > REQUEST_PATH_PARTS_MAX)
        source_fail_at(&table->source, row->line,
                       "the path has more than %d segments or %d parts; shorten it",
                       ROUTE_SEGMENTS_MAX, REQUEST_PATH_PARTS_MAX);
}

/* Takes the field of that name and place out of the row's, to the end of `sorted`. */
static bool move_field(struct row *row, enum route_place place, struct str name,
                       struct field ***sorted)
{
    for (struct field **at = &row->fields; *at; at = &(*at)->next) {
        struct field *field = *at;
        if (field->place != place || (name.ptr && !str_equal(field->name, name)))
            continue;
        *at = field->next;
        field->next = NULL;
        **sorted = field;
        *sorted = &field->next;
        return true;
    }
    return false;
}

/* By place, and those of the path in its order. */
static void sort_fields(struct table *table, struct row *row)
{
    struct field *sorted = NULL, **end = &sorted;
    struct str path = row->path, part;
    while (path_next_part(&path, &part))
        if (!move_field(row, ROUTE_PATH, part, &end))
            source_fail_at(&table->source, row->line,
                           "{" STR_FMT "} needs its row: path " STR_FMT " id PREFIX", STR_ARG(part),
                           STR_ARG(part));
    for (const struct field *field = row->fields; field; field = field->next)
        if (field->place == ROUTE_PATH)
            source_fail_at(&table->source, field->line, "the path has no {" STR_FMT "}; add it",
                           STR_ARG(field->name));
    for (int place = ROUTE_QUERY; place <= ROUTE_OUT; place++)
        while (move_field(row, (enum route_place)place, (struct str){0}, &end))
            ;
    row->fields = sorted;
}

static const struct field *find_place(const struct row *row, enum route_place place)
{
    for (const struct field *field = row->fields; field; field = field->next)
        if (field->place == place)
            return field;
    return NULL;
}

static void check_body(struct table *table, struct row *row)
{
    const struct field *form = find_place(row, ROUTE_FORM), *json = find_place(row, ROUTE_JSON);
    const struct field *first = form ? form : json;
    bool bodiless = strcmp(row->method, "HTTP_GET") == 0 || strcmp(row->method, "HTTP_DELETE") == 0;
    bool stream = row->flags & ROUTE_STREAM, reads = row->flags & (ROUTE_STREAM | ROUTE_RAW);
    if (bodiless && first)
        source_fail_at(&table->source, first->line,
                       "the method has no body; take it as \"query\", or use POST");
    if (form && json)
        source_fail_at(&table->source, json->line,
                       "a body is a form or JSON; write all of it as \"json\"");
    if (reads && first)
        source_fail_at(&table->source, first->line,
                       "the handler reads the body itself; remove the field or \"%s\"",
                       stream ? "stream" : "raw");
    if (reads && (bodiless || row->body_max < 0))
        source_fail_at(&table->source, row->line,
                       "\"%s\" needs POST, PUT or PATCH, and the most bytes: body %s",
                       stream ? "stream" : "raw", stream ? "200M" : "64K");
    if (row->body_max >= 0 && !first && !reads)
        source_fail_at(&table->source, row->line, "nothing is taken of a body; remove \"body\"");
    if (row->body_max > REQUEST_BODY_MAX && !stream)
        source_fail_at(&table->source, row->line,
                       "a body of more than %d bytes is not decoded; add \"flags stream\"",
                       REQUEST_BODY_MAX);
    if (row->body_max < 0)
        row->body_max = first ? REQUEST_BODY_MAX : bodiless ? 0 : ROUTE_TOKEN_BODY_MAX;
    if (row->again && !form)
        source_fail_at(&table->source, row->line,
                       "there is no form to show again; remove \"again\"");
}

static void check_answers(struct table *table, struct row *row)
{
    const struct field *out = find_place(row, ROUTE_OUT);
    bool is_get = strcmp(row->method, "HTTP_GET") == 0;
    if (!row->answers.len)
        row->answers = out ? STR("json") : is_get ? STR("page") : STR("redirect");
    if (!row->rate.len)
        row->rate = STR("page");
    bool json = str_equal(row->answers, STR("json"));
    if (out && !json)
        source_fail_at(&table->source, out->line, "\"out\" goes with \"answers json\" alone");
    if (row->cache_s >= 0 && (!is_get || !str_equal(row->may, STR("anyone"))))
        source_fail_at(&table->source, row->line,
                       "only a GET that anyone may is shared by all readers; remove \"cache\"");
    if ((row->flags & ROUTE_QUICK) &&
        (!is_get || !str_equal(row->may, STR("anyone")) || !str_equal(row->rate, STR("free"))))
        source_fail_at(&table->source, row->line,
                       "only a GET that anyone may, at \"rate free\", is tried twice; remove "
                       "\"quick\"");
    if ((row->flags & ROUTE_INLINE) && (row->flags & ROUTE_STREAM))
        source_fail_at(&table->source, row->line, "what streams may block; remove \"inline\"");
}

/* Whether both lead to the same place: any {part} is like any other. */
static bool paths_meet(struct str a, struct str b)
{
    struct str one, other;
    while (str_cut(&a, '/', &one)) {
        if (!str_cut(&b, '/', &other))
            return false;
        bool parts = str_starts(one, STR("{")) && str_starts(other, STR("{"));
        if (!parts && !str_equal(one, other))
            return false;
    }
    return !str_cut(&b, '/', &other);
}

static void check_against(struct table *table, const struct row *row, const struct row *before)
{
    bool meet = paths_meet(row->path, before->path);
    if (str_equal(row->name, before->name))
        source_fail_at(&table->source, row->line,
                       "\"" STR_FMT "\" stands at line %d already; rename one", STR_ARG(row->name),
                       before->line);
    if (meet && strcmp(row->method, before->method) == 0)
        source_fail_at(&table->source, row->line,
                       "the same method and path stand at line %d; remove one", before->line);
    if (meet && !str_equal(row->path, before->path))
        source_fail_at(&table->source, row->line,
                       "the parts of this path have other names at line %d; use the same",
                       before->line);
}

void table_check(struct table *table)
{
    for (struct row *row = table->rows; row; row = row->next) {
        check_name(table, row->line, row->name, "route");
        check_path(table, row);
        if (!row->summary.len)
            source_fail_at(&table->source, row->line, "say below what the route does");
        if (!row->may.len)
            source_fail_at(&table->source, row->line,
                           "say who may: \"may anyone\", or a permission");
        check_fields(table, row->fields);
        sort_fields(table, row);
        check_body(table, row);
        check_answers(table, row);
        for (const struct row *before = table->rows; before != row; before = before->next)
            check_against(table, row, before);
    }
}
