/* Reads the files of a room's sql folder: each query's header comment and its statement. */
#include "calls.h"

/* Where the reading of a file is. */
struct reader {
    struct calls *calls;
    struct source *source;
    struct str stem; /* "item" */
    bool postgres;   /* the file holds other texts for queries that there are */
    struct call *call;
    struct str text;
    int text_line;
};

static const struct {
    const char *words;
    enum call_kind kind;
    bool changed;
} call_kinds[] = {
    {"one", CALL_ONE, false},
    {"many", CALL_MANY, false},
    {"exec", CALL_EXEC, false},
    {"exec changed", CALL_EXEC, true},
};

enum { KIND_COUNT = sizeof call_kinds / sizeof *call_kinds };

/* Names that the function itself uses. */
static bool is_taken(struct str name)
{
    static const char *const taken[] = {"tx", "row", "rows", "changed", "args", "parts", "given"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (str_equal(name, str_from(taken[i])))
            return true;
    return false;
}

static struct call_value read_value(const struct source *source, bool in, struct str text)
{
    struct call_value value = {.name = source_take_word(&text), .line = source->line};
    struct str kind = source_take_word(&text);
    value.null = str_ends(kind, STR("?"));
    kind = str_slice(kind, 0, kind.len - value.null);
    value.kind = shape_find_kind(kind);
    if (!source_is_name(value.name) || shape_is_c_word(value.name) || (in && is_taken(value.name)))
        source_fail(source, "\"" STR_FMT "\" cannot be a name here; find another",
                    STR_ARG(value.name));
    if (!value.kind || text.len)
        source_fail(source, "write " STR_FMT " and its kind, with a ? if it may be null: %s",
                    STR_ARG(value.name), shape_kind_words);
    return value;
}

/* id id, name text? */
static void read_values(const struct source *source, bool in, struct call_value *values,
                        size_t *count, struct str text)
{
    const size_t max = in ? QUERY_PARAMS_MAX : QUERY_COLUMNS_MAX;
    struct str piece;
    if (str_ends(text, STR(",")))
        text = str_slice(text, 0, text.len - 1);
    while (str_cut(&text, ',', &piece)) {
        struct call_value value = read_value(source, in, piece);
        for (size_t i = 0; i < *count; i++)
            if (str_equal(values[i].name, value.name))
                source_fail(source, "there are two \"" STR_FMT "\"; rename one",
                            STR_ARG(value.name));
        if (*count == max)
            source_fail(source, "there are more than %zu; split the query", max);
        values[(*count)++] = value;
    }
}

static void add_words(struct reader *reader, struct str words)
{
    struct call *call = reader->call;
    call->words = str_from(call->words.len
                               ? tool_text(reader->calls->arena, STR_FMT "\n * " STR_FMT,
                                           STR_ARG(call->words), STR_ARG(words))
                               : tool_text(reader->calls->arena, STR_FMT, STR_ARG(words)));
}

static void read_note(struct reader *reader, struct str line)
{
    struct call *call = reader->call;
    struct str rest = line, word = source_take_word(&rest);
    bool in = str_equal(word, STR("in")), out = str_equal(word, STR("out"));
    if (reader->postgres && !call->far && (in || out))
        source_fail(reader->source, "in and out stand in " STR_FMT ".sql", STR_ARG(reader->stem));
    if (in)
        read_values(reader->source, true, call->ins, &call->in_count, rest);
    else if (out)
        read_values(reader->source, false, call->outs, &call->out_count, rest);
    else if (str_equal(word, STR("scan:")) && rest.len)
        call->scan = rest;
    else if (str_equal(word, STR("scan:")))
        source_fail(reader->source, "say behind scan: why the whole table is read");
    else if (line.len && (!reader->postgres || call->far))
        add_words(reader, line);
}

size_t call_find_in(const struct call *call, struct str name)
{
    size_t i = 0;
    while (i < call->in_count && !str_equal(call->ins[i].name, name))
        i++;
    return i;
}

/* Where each parameter stands; `seen` is of PostgreSQL's own text, to be compared. */
static void place_parameters(const struct source *source, struct call *call, const struct sql *sql,
                             struct call_value *seen)
{
    for (size_t i = 0; i < sql->count; i++) {
        const struct sql_token *token = &sql->list[i];
        if (token->kind != SQL_PARAMETER)
            continue;
        size_t in = call_find_in(call, token->text);
        if (in == call->in_count)
            source_fail_at(source, token->line,
                           ":" STR_FMT " is not declared; add it behind -- in, with its kind",
                           STR_ARG(token->text));
        if (token->part && !call->ins[in].null)
            source_fail_at(source, token->line,
                           ":" STR_FMT " may be left out here; declare it with a ?",
                           STR_ARG(token->text));
        if (token->part)
            seen[in].parts |= 1u << (token->part - 1);
        else
            seen[in].outside = true;
    }
}

static void place_columns(struct call *call)
{
    for (size_t i = 0; i < call->out_count; i++)
        call->outs[i].outside = true;
}

static void check_used(const struct source *source, const struct call *call, int part_count)
{
    unsigned parts = 0;
    for (size_t i = 0; i < call->in_count; i++) {
        const struct call_value *in = &call->ins[i];
        parts |= in->parts;
        if (!in->outside && !in->parts)
            source_fail_at(source, in->line,
                           "the parameter " STR_FMT " is not used; use it or remove it",
                           STR_ARG(in->name));
    }
    if (parts + 1 != 1u << part_count)
        source_fail_at(source, call->line, "an optional part has no parameter that decides of it");
}

static void end_override(struct reader *reader)
{
    struct call *call = reader->call;
    struct call_value seen[QUERY_PARAMS_MAX] = {0};
    place_parameters(reader->source, call, &call->postgres, seen);
    call->postgres_source = reader->source;
    for (size_t i = 0; i < call->in_count; i++)
        if (seen[i].outside != call->ins[i].outside || seen[i].parts != call->ins[i].parts)
            source_fail_at(reader->source, reader->text_line,
                           ":" STR_FMT " stands in other parts than in " STR_FMT ".sql",
                           STR_ARG(call->ins[i].name), STR_ARG(reader->stem));
}

static void end_call(struct reader *reader)
{
    struct call *call = reader->call;
    if (!call)
        return;
    if (!reader->text.len)
        source_fail_at(reader->source, call->line, STR_FMT " has no statement",
                       STR_ARG(call->name));
    bool overrides = reader->postgres && !call->far;
    struct sql *sql = overrides ? &call->postgres : &call->sql;
    sql_lex(reader->calls->arena, reader->source, reader->text_line, reader->text,
            reader->postgres ? SQL_POSTGRES : SQL_SQLITE, sql);
    sql_check_words(reader->source, sql, call->far ? SQL_IS_FAR : SQL_IS_QUERY);
    for (size_t i = 0; i + 1 < sql->count; i++)
        if (sql_is(sql, i, ";"))
            source_fail_at(reader->source, sql->list[i + 1].line,
                           "there is a second statement; give it a name of its own");
    if (overrides) {
        end_override(reader);
        return;
    }
    place_parameters(reader->source, call, sql, call->ins);
    place_columns(call);
    check_used(reader->source, call, sql->part_count);
}

static struct call *find_call(struct calls *calls, struct str name)
{
    for (size_t i = 0; i < calls->count; i++)
        if (str_equal(calls->list[i].name, name))
            return &calls->list[i];
    return NULL;
}

static size_t find_kind(struct str words)
{
    size_t i = 0;
    while (i < KIND_COUNT && !str_equal(words, str_from(call_kinds[i].words)))
        i++;
    return i;
}

/* Another text for a query that there is. */
static struct call *begin_override(const struct reader *reader, struct str name, size_t kind)
{
    struct call *call = find_call(reader->calls, name);
    if (!call || call->kind != call_kinds[kind].kind || call->changed != call_kinds[kind].changed)
        source_fail(reader->source,
                    "there is no such " STR_FMT " in " STR_FMT ".sql; write it there first",
                    STR_ARG(name), STR_ARG(reader->stem));
    return call;
}

static struct call *begin_call(struct reader *reader, struct str name, size_t kind, bool far)
{
    struct calls *calls = reader->calls;
    if (reader->postgres && !far)
        return begin_override(reader, name, kind);
    if (far && !reader->postgres)
        source_fail(reader->source, "what only PostgreSQL is asked stands in " STR_FMT ".pg.sql",
                    STR_ARG(reader->stem));
    if (find_call(calls, name))
        source_fail(reader->source, "there are two queries " STR_FMT "; rename one", STR_ARG(name));
    if (calls->count == CALLS_MAX)
        source_fail(reader->source, "there are more than %d queries; raise CALLS_MAX", CALLS_MAX);
    struct call *call = &calls->list[calls->count++];
    *call = (struct call){.source = reader->source,
                          .name = name,
                          .kind = call_kinds[kind].kind,
                          .changed = call_kinds[kind].changed,
                          .far = far,
                          .line = reader->source->line};
    return call;
}

/* "item_find: one", if the line is meant to be one. */
static bool read_header(struct reader *reader, struct str line)
{
    struct str name, kind = line;
    size_t stem = reader->stem.len;
    if (str_find_char(line, ':') == STR_NONE || !str_cut(&kind, ':', &name) ||
        !source_is_name(name))
        return false;
    kind = str_trim(kind);
    bool far = str_starts(kind, STR("far "));
    size_t which = find_kind(str_slice(kind, far ? 4 : 0, kind.len));
    bool is_ours = str_starts(name, reader->stem) && name.len > stem + 1 && name.ptr[stem] == '_';
    if (!is_ours && which == KIND_COUNT)
        return false;
    if (!is_ours)
        source_fail(reader->source, "a query of this file begins with its name: " STR_FMT "_…",
                    STR_ARG(reader->stem));
    if (which == KIND_COUNT)
        source_fail(reader->source,
                    "\"" STR_FMT "\" is no kind of query; there are: one, many, exec, exec changed",
                    STR_ARG(kind));
    end_call(reader);
    reader->call = begin_call(reader, name, which, far);
    reader->text = (struct str){0};
    return true;
}

static void read_line(struct reader *reader, struct str line)
{
    bool is_comment = str_starts(line, STR("--"));
    struct str words = str_trim(str_slice(line, 2, line.len));
    if (!line.len || (is_comment && read_header(reader, words)))
        return;
    if (is_comment && !reader->text.len) {
        if (reader->call)
            read_note(reader, words);
        return;
    }
    if (!reader->call)
        source_fail(reader->source,
                    "a statement stands before any name; begin with -- " STR_FMT "_find: one",
                    STR_ARG(reader->stem));
    if (!reader->text.len) {
        reader->text = line;
        reader->text_line = reader->source->line;
    }
    reader->text.len = (size_t)(line.ptr + line.len - reader->text.ptr);
}

static void read_file(struct calls *calls, size_t i, bool postgres)
{
    struct str name = calls->files.names[i], line;
    struct reader reader = {.calls = calls, .source = &calls->sources[i], .postgres = postgres};
    reader.stem = str_slice(name, 0, name.len - (postgres ? 7 : 4));
    source_open(reader.source, calls->arena, calls->files.paths[i]);
    while (source_next_line(reader.source, &line))
        read_line(&reader, line);
    end_call(&reader);
}

struct calls *calls_read(struct arena *arena, const struct shape *shape, const char *folder)
{
    struct calls *calls = tool_alloc(arena, 1, sizeof *calls);
    calls->arena = arena;
    calls->shape = shape;
    tool_list(arena, folder, ".sql", &calls->files);
    if (calls->files.count > CALL_SOURCES_MAX)
        source_fail(&(struct source){.path = folder}, "there are more than %d files",
                    CALL_SOURCES_MAX);
    for (int postgres = 0; postgres <= 1; postgres++)
        for (size_t i = 0; i < calls->files.count; i++)
            if (str_ends(calls->files.names[i], STR(".pg.sql")) == postgres)
                read_file(calls, i, postgres);
    return calls;
}
