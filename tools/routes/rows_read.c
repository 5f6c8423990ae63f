/* Reads routes.tbl: which row, and which list of fields, a line belongs to. */
#include <stdio.h>
#include <stdlib.h>

#include "base/settings.h"
#include "rows.h"

enum { INDENT = 2 };

const struct word method_words[] = {
    {"GET", "HTTP_GET", HTTP_GET},          {"POST", "HTTP_POST", HTTP_POST},
    {"PUT", "HTTP_PUT", HTTP_PUT},          {"PATCH", "HTTP_PATCH", HTTP_PATCH},
    {"DELETE", "HTTP_DELETE", HTTP_DELETE}, {0}};
const struct word place_words[] = {
    {"path", "ROUTE_PATH", ROUTE_PATH}, {"query", "ROUTE_QUERY", ROUTE_QUERY},
    {"form", "ROUTE_FORM", ROUTE_FORM}, {"json", "ROUTE_JSON", ROUTE_JSON},
    {"out", "ROUTE_OUT", ROUTE_OUT},    {0}};
const struct word rate_words[] = {{"page", "RATE_PAGE", 0},       {"write", "RATE_WRITE", 0},
                                  {"sign_in", "RATE_SIGN_IN", 0}, {"api", "RATE_API", 0},
                                  {"free", "RATE_FREE", 0},       {0}};
const struct word answer_words[] = {{"page", "", 0},   {"json", "", 0},    {"redirect", "", 0},
                                    {"events", "", 0}, {"nothing", "", 0}, {0}};
const struct word flag_words[] = {
    {"inline", "ROUTE_INLINE", ROUTE_INLINE}, {"stream", "ROUTE_STREAM", ROUTE_STREAM},
    {"raw", "ROUTE_RAW", ROUTE_RAW},          {"reserved", "ROUTE_LANE", ROUTE_LANE},
    {"quick", "ROUTE_QUICK", ROUTE_QUICK},    {0}};

const struct word *word_find(const struct word words[], struct str word)
{
    for (; words->word; words++)
        if (str_equal(word, str_from(words->word)))
            return words;
    return NULL;
}

void *table_alloc(struct table *table, size_t size)
{
    void *memory = arena_alloc(table->arena, size);
    if (memory)
        return memory;
    fputs("gen_routes: there is no memory left\n", stderr);
    exit(1);
}

static const struct word *find_or_fail(struct table *table, const struct word words[],
                                       struct str word, const char *what)
{
    const struct word *found = word_find(words, word);
    char list[256];
    struct buf all;
    if (found)
        return found;
    buf_init_fixed(&all, list, sizeof list);
    for (; words->word; words++)
        buf_addf(&all, "%s%s", all.len ? ", " : "", words->word);
    source_fail(&table->source, "\"" STR_FMT "\" is no %s; write one of " STR_FMT, STR_ARG(word),
                what, STR_ARG(buf_str(&all)));
}

static void say_once(struct table *table, bool said, const char *word)
{
    if (said)
        source_fail(&table->source, "\"%s\" stands here twice; remove one", word);
}

static void read_may(struct table *table, struct row *row, struct str rest)
{
    say_once(table, row->may.ptr, "may");
    row->may = source_take_word(&rest);
    for (size_t i = 0; i < row->may.len; i++) {
        char c = row->may.ptr[i];
        if (!(c >= 'a' && c <= 'z') && c != '_' && c != '.' && c != '|')
            source_fail(&table->source,
                        "\"" STR_FMT "\" is no permission; use small letters, _ and ., and | "
                        "between several",
                        STR_ARG(row->may));
    }
    if (!row->may.len || rest.len)
        source_fail(&table->source, "write one permission behind \"may\", or \"anyone\"");
}

static void read_rate(struct table *table, struct row *row, struct str rest)
{
    say_once(table, row->rate.ptr, "rate");
    find_or_fail(table, rate_words, rest, "rate");
    row->rate = rest;
}

static void read_answers(struct table *table, struct row *row, struct str rest)
{
    say_once(table, row->answers.ptr, "answers");
    find_or_fail(table, answer_words, rest, "answer");
    row->answers = rest;
}

static void read_cache(struct table *table, struct row *row, struct str rest)
{
    say_once(table, row->cache_s >= 0, "cache");
    if (str_to_int(rest, 1, INT32_MAX, &row->cache_s))
        source_fail(&table->source, "write the seconds behind \"cache\", from 1 on");
}

static void read_body(struct table *table, struct row *row, struct str rest)
{
    say_once(table, row->body_max >= 0, "body");
    if (setting_parse_size(rest, &row->body_max) || row->body_max < 1)
        source_fail(&table->source, "write the most bytes behind \"body\": 4096, 64K or 200M");
}

static void read_flags(struct table *table, struct row *row, struct str rest)
{
    say_once(table, row->flags, "flags");
    do
        row->flags |= find_or_fail(table, flag_words, source_take_word(&rest), "flag")->bit;
    while (rest.len);
}

static void read_again(struct table *table, struct row *row, struct str rest)
{
    say_once(table, row->again, "again");
    if (rest.len)
        source_fail(&table->source,
                    "nothing stands behind \"again\"; the function is " STR_FMT "_again",
                    STR_ARG(row->name));
    row->again = true;
}

static const struct {
    const char *word;
    void (*read)(struct table *table, struct row *row, struct str rest);
} readers[] = {{"may", read_may},     {"rate", read_rate}, {"answers", read_answers},
               {"cache", read_cache}, {"body", read_body}, {"flags", read_flags},
               {"again", read_again}};

static void read_summary(struct table *table, struct row *row, struct str line)
{
    bool is_sentence = line.ptr[0] >= 'A' && line.ptr[0] <= 'Z' && str_ends(line, STR("."));
    if (!is_sentence)
        source_fail(&table->source, "say below the head what the route does, in a sentence that "
                                    "begins with a capital and ends with a full stop");
    row->summary = line;
}

/* The list of fields that a line at this depth goes on: the row's, or that of the list above. */
static struct field **fields_at(struct table *table, struct row *row, size_t depth,
                                enum route_place place)
{
    struct field **end = &row->fields;
    for (size_t level = 0;; level++) {
        struct field *last = NULL;
        for (; *end; end = &last->next)
            last = *end;
        if (level == depth)
            return end;
        if (!last || last->kind != ROUTE_LIST)
            source_fail(&table->source,
                        "the line stands further in, but there is no list above it");
        if (last->place != place)
            source_fail(&table->source, "what is in the list is \"%s\" as the list is",
                        place_words[last->place].word);
        end = &last->fields;
    }
}

static void read_line(struct table *table, struct row *row, size_t depth, struct str line)
{
    struct str rest = line, word = source_take_word(&rest);
    if (!row->summary.len) {
        read_summary(table, row, line);
        return;
    }
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (depth == 0 && str_equal(word, str_from(readers[i].word))) {
            readers[i].read(table, row, rest);
            return;
        }
    const struct word *place = word_find(place_words, word);
    if (!place)
        source_fail(&table->source,
                    "\"" STR_FMT "\" is no word of a route; write one of may, rate, answers, "
                    "cache, body, flags, again, path, query, form, json, out",
                    STR_ARG(word));
    if (depth > ROUTE_LISTS_MAX)
        source_fail(&table->source, "lists stand at most %d deep; make it flatter",
                    ROUTE_LISTS_MAX);
    struct field **end = fields_at(table, row, depth, (enum route_place)place->bit);
    *end = field_read(table, (enum route_place)place->bit, rest);
}

static struct row *read_head(struct table *table, struct str line)
{
    struct row *row = table_alloc(table, sizeof *row);
    *row = (struct row){.line = table->source.line, .cache_s = -1, .body_max = -1};
    struct str method = source_take_word(&line);
    if (str_equal(method, STR("HEAD")) || str_equal(method, STR("OPTIONS")))
        source_fail(&table->source, "\"" STR_FMT "\" is answered without a row; remove it",
                    STR_ARG(method));
    row->method = find_or_fail(table, method_words, method, "method")->constant;
    row->path = source_take_word(&line);
    row->name = source_take_word(&line);
    if (!row->name.len || line.len)
        source_fail(&table->source, "write METHOD /path name");
    if (table->count++ == ROWS_MAX)
        source_fail(&table->source, "there are more than %d routes; raise ROWS_MAX", ROWS_MAX);
    *table->end = row;
    table->end = &row->next;
    return row;
}

void table_read(struct table *table, struct arena *arena, const char *room, const char *path)
{
    struct row *row = NULL;
    struct str line;
    *table = (struct table){.arena = arena, .room = str_from(room)};
    table->end = &table->rows;
    source_open(&table->source, arena, path);
    while (source_next_line(&table->source, &line)) {
        if (source_is_blank(line))
            continue;
        struct str text = str_trim(line);
        size_t indent = line.len - text.len;
        if (indent == 0) {
            row = read_head(table, text);
            continue;
        }
        if (!row)
            source_fail(&table->source, "begin with a route at the margin: METHOD /path name");
        if (indent % INDENT)
            source_fail(&table->source, "the line stands %zu spaces in; use steps of %d", indent,
                        INDENT);
        read_line(table, row, indent / INDENT - 1, text);
    }
    if (!table->count)
        source_fail_at(&table->source, 1, "there is no route; add one or remove the file");
}
