/* Reads the migrations of a room and puts each engine's types into them. */
#include "steps.h"

static struct str engine_type(struct arena *arena, const struct source *source,
                              const struct sql *sql, size_t i, enum sql_engine engine)
{
    const struct sql_token *token = sql_at(sql, i), *column = sql_at(sql, i - 1);
    const struct kind *kind = shape_find_kind(token->text);
    struct buf type;
    buf_init(&type, arena, TOOL_OUTPUT_MAX);
    if (str_equal(token->text, STR("strict")))
        return engine == SQL_SQLITE ? STR("STRICT") : STR("");
    if (str_equal(token->text, STR("strict_by_key")))
        return engine == SQL_SQLITE  ? STR("STRICT, WITHOUT ROWID")
               : engine == SQL_KINDS ? STR("WITHOUT ROWID")
                                     : STR("");
    if (!kind)
        source_fail_at(source, token->line,
                       "@" STR_FMT " is no type; there are: %s, @strict and @strict_by_key",
                       STR_ARG(token->text), shape_kind_words);
    if (column->kind != SQL_WORD)
        source_fail_at(source, token->line, "@%s stands behind no column's name", kind->word);
    shape_add_type(&type, kind, column->text, engine);
    return buf_str(&type);
}

/* The text as it was written, but for the types. */
static const char *expand(struct arena *arena, const struct source *source, struct str text,
                          const struct sql *sql, enum sql_engine engine)
{
    struct buf out;
    const char *from = text.ptr;
    buf_init(&out, arena, TOOL_OUTPUT_MAX);
    for (size_t i = 0; i < sql->count; i++) {
        const struct sql_token *token = &sql->list[i];
        if (token->kind != SQL_TYPE)
            continue;
        buf_add(&out, str_make(from, (size_t)(token->text.ptr - 1 - from)));
        buf_add(&out, engine_type(arena, source, sql, i, engine));
        from = token->text.ptr + token->text.len;
    }
    buf_add(&out, str_make(from, (size_t)(text.ptr + text.len - from)));
    return tool_text(arena, STR_FMT, STR_ARG(buf_str(&out)));
}

/* The file's lines are walked first, so that each is told where it is no text. */
static struct str open_text(struct arena *arena, struct source *source, const char *path)
{
    struct str line;
    source_open(source, arena, path);
    struct str text = source->rest;
    while (source_next_line(source, &line))
        continue;
    source->line = 1;
    return text;
}

static void read_texts(struct arena *arena, struct step *step, const char *path,
                       enum sql_engine first, enum sql_engine last)
{
    struct source source;
    struct sql sql;
    struct str text = open_text(arena, &source, path), line;
    sql_lex(arena, &source, 1, text, first, &sql);
    sql_check_words(&source, &sql, SQL_IS_MIGRATION);
    if (first == SQL_SQLITE)
        step->source = source;
    for (enum sql_engine engine = first; engine <= last; engine++)
        step->texts[engine] = expand(arena, &source, text, &sql, engine);
    if (str_cut(&text, '\n', &line) && str_starts(line, STR("-- ")))
        step->words = str_slice(line, 3, line.len);
}

static void check_number(const char *path, struct str name, size_t number)
{
    struct source source = {.path = path, .line = 1};
    struct str digits = str_slice(name, 0, STEP_DIGITS);
    struct str rest = str_slice(name, STEP_DIGITS + 1, name.len);
    size_t value = 0;
    for (size_t i = 0; i < digits.len; i++)
        value = digits.ptr[i] >= '0' && digits.ptr[i] <= '9'
                    ? value * 10 + (size_t)(digits.ptr[i] - '0')
                    : SIZE_MAX / 16;
    if (value != number || name.len <= STEP_DIGITS || name.ptr[STEP_DIGITS] != '_' ||
        !source_is_name(rest))
        source_fail(&source, "the step's file is called %04zu_name.sql; there is no gap", number);
}

static bool is_file(const struct tool_files *files, const char *path)
{
    for (size_t i = 0; i < files->count; i++)
        if (str_equal(str_from(files->paths[i]), str_from(path)))
            return true;
    return false;
}

static void read_step(struct arena *arena, struct steps *steps, size_t i)
{
    const char *path = steps->files.paths[i];
    struct str name = str_slice(steps->files.names[i], 0, steps->files.names[i].len - 4);
    if (steps->count == STEPS_MAX)
        source_fail(&(struct source){.path = path}, "there are more than %d steps", STEPS_MAX);
    struct step *step = &steps->list[steps->count++];
    check_number(path, name, steps->count);
    step->name = name;
    const char *other = tool_text(arena, "%s/" STR_FMT ".pg.sql", steps->files.folder,
                                  STR_ARG(name));
    if (is_file(&steps->files, other))
        read_texts(arena, step, other, SQL_POSTGRES, SQL_POSTGRES);
    const char *postgres = step->texts[SQL_POSTGRES];
    read_texts(arena, step, path, SQL_SQLITE, SQL_KINDS);
    if (postgres)
        step->texts[SQL_POSTGRES] = postgres;
}

/* An override that overrides nothing is a name mistyped. */
static void check_override(struct arena *arena, const struct steps *steps, size_t i)
{
    const char *path = steps->files.paths[i];
    struct str name = str_slice(steps->files.names[i], 0, steps->files.names[i].len - 7);
    if (!is_file(&steps->files,
                 tool_text(arena, "%s/" STR_FMT ".sql", steps->files.folder, STR_ARG(name))))
        source_fail(&(struct source){.path = path, .line = 1},
                    "there is no " STR_FMT ".sql beside it; write that first", STR_ARG(name));
}

struct steps *steps_read(struct arena *arena, const char *folder)
{
    struct steps *steps = tool_alloc(arena, 1, sizeof *steps);
    tool_list(arena, folder, ".sql", &steps->files);
    for (size_t i = 0; i < steps->files.count; i++)
        if (str_ends(steps->files.names[i], STR(".pg.sql")))
            check_override(arena, steps, i);
        else
            read_step(arena, steps, i);
    return steps;
}

/* FNV-1a, 64 bits. */
uint64_t steps_checksum(const struct step *step)
{
    uint64_t sum = UINT64_C(14695981039346656037);
    for (enum sql_engine engine = SQL_SQLITE; engine <= SQL_POSTGRES; engine++) {
        struct str text = str_from(step->texts[engine]);
        for (size_t i = 0; i <= text.len; i++)
            sum = (sum ^ (unsigned char)text.ptr[i]) * UINT64_C(1099511628211);
    }
    return sum;
}
