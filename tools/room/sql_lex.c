/* Takes SQL apart into words, texts, numbers, parameters and signs. */
#include "sql.h"

struct lexer {
    const struct source *source;
    struct str rest;
    enum sql_engine engine;
    int line, depth;
    int part, part_count;
    bool breaks, spaced;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t name_end(struct str text, size_t from)
{
    while (from < text.len && (is_letter(text.ptr[from]) || is_digit(text.ptr[from])))
        from++;
    return from;
}

/* Goes over space and comments. */
static void skip(struct lexer *lexer)
{
    struct str *rest = &lexer->rest;
    while (rest->len) {
        size_t len = 0;
        if (str_starts(*rest, STR("--"))) {
            size_t end = str_find_char(*rest, '\n');
            len = end == STR_NONE ? rest->len : end;
        } else if (str_starts(*rest, STR("/*"))) {
            source_fail_at(lexer->source, lexer->line, "write the comment behind --");
        } else if (rest->ptr[0] == ' ' || rest->ptr[0] == '\n') {
            len = 1;
        }
        if (!len)
            return;
        lexer->spaced = true;
        lexer->breaks |= rest->ptr[0] == '\n';
        lexer->line += rest->ptr[0] == '\n';
        *rest = str_slice(*rest, len, rest->len);
    }
}

/* 'it''s', or "C" for PostgreSQL. */
static size_t quoted_len(const struct lexer *lexer, char quote)
{
    struct str rest = lexer->rest;
    size_t i = 1;
    while (i < rest.len && rest.ptr[i] != '\n') {
        if (rest.ptr[i] != quote)
            i++;
        else if (i + 1 < rest.len && rest.ptr[i + 1] == quote)
            i += 2;
        else
            return i + 1;
    }
    source_fail_at(lexer->source, lexer->line, "the %c is not closed on its line", quote);
}

static size_t sign_len(const struct lexer *lexer)
{
    static const char *const signs[] = {"->>", "::", "[[", "]]", "<=", ">=", "<>", "||", "->"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_starts(lexer->rest, str_from(signs[i])))
            return str_from(signs[i]).len;
    return 1;
}

static void check_sign(const struct lexer *lexer, struct str sign)
{
    static const struct {
        const char *sign, *advice;
    } refused[] = {
        {"::", "only PostgreSQL reads ::; write CAST(x AS bigint), or put the statement into a "
               ".pg.sql file"},
        {"?", "parameters have names; write :quantity, and declare it behind -- in"},
        {"$", "parameters have names; write :quantity, and declare it behind -- in"},
        {"\"", "a name in quotes is a text to SQLite where it is mistaken; write it without"},
        {"`", "a name in quotes is read by SQLite alone; write it without"},
        {"[", "one [ means nothing; an optional part stands in [[ and ]]"},
        {"]", "one ] means nothing; an optional part stands in [[ and ]]"},
        {"!", "write <> for not equal"},
        {"@", "an @ stands before a type only: @money"},
        {":", "a : stands before a parameter's name only: :quantity"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (str_equal(sign, str_from(refused[i].sign)) &&
            !(lexer->engine == SQL_POSTGRES && str_equal(sign, STR("::"))))
            source_fail_at(lexer->source, lexer->line, "%s", refused[i].advice);
    if (!str_equal(sign, STR(";")) &&
        str_find(STR("(),.=<>+-*/%|&~;-><=>=<>||[[]]::"), sign) == STR_NONE)
        source_fail_at(lexer->source, lexer->line, "\"" STR_FMT "\" is nothing SQL knows",
                       STR_ARG(sign));
}

static struct sql_token next_token(struct lexer *lexer)
{
    struct str rest = lexer->rest;
    char c = rest.ptr[0];
    char next = rest.len > 1 ? rest.ptr[1] : '\0';
    struct sql_token token = {.kind = SQL_SIGN};
    size_t len = 0, mark = 0;
    if (is_letter(c)) {
        token.kind = SQL_WORD;
        len = name_end(rest, 0);
    } else if (is_digit(c)) {
        token.kind = SQL_NUMBER;
        len = name_end(rest, 0);
        if (len + 1 < rest.len && rest.ptr[len] == '.' && is_digit(rest.ptr[len + 1]))
            len = name_end(rest, len + 1);
    } else if (c == '\'' || (c == '"' && lexer->engine == SQL_POSTGRES)) {
        token.kind = c == '"' ? SQL_WORD : SQL_TEXT;
        len = quoted_len(lexer, c);
    } else if ((c == ':' || c == '@') && is_letter(next)) {
        token.kind = c == ':' ? SQL_PARAMETER : SQL_TYPE;
        mark = 1;
        len = name_end(rest, 1);
    } else {
        len = sign_len(lexer);
        check_sign(lexer, str_slice(rest, 0, len));
    }
    token.text = str_slice(rest, mark, len);
    lexer->rest = str_slice(rest, len, rest.len);
    return token;
}

static void place(struct lexer *lexer, struct sql_token *token)
{
    lexer->depth -= str_equal(token->text, STR(")"));
    if (lexer->depth < 0)
        source_fail_at(lexer->source, lexer->line, "a ) has no ( before it");
    token->line = lexer->line;
    token->depth = lexer->depth;
    token->breaks = lexer->breaks;
    token->spaced = lexer->spaced;
    token->part = lexer->part;
    lexer->depth += str_equal(token->text, STR("("));
    lexer->breaks = lexer->spaced = false;
}

/* [[ and ]]: what stands between is left out where a parameter of it is not given. */
static bool is_bracket(struct lexer *lexer, struct str sign)
{
    bool opens = str_equal(sign, STR("[[")), closes = str_equal(sign, STR("]]"));
    if (opens && lexer->part)
        source_fail_at(lexer->source, lexer->line, "an optional part stands inside another");
    if (closes && !lexer->part)
        source_fail_at(lexer->source, lexer->line, "a ]] has no [[ before it");
    if (opens && ++lexer->part_count > SQL_PARTS_MAX)
        source_fail_at(lexer->source, lexer->line,
                       "there are more than %d optional parts; make two queries of it",
                       SQL_PARTS_MAX);
    if (opens || closes)
        lexer->part = opens ? lexer->part_count : 0;
    return opens || closes;
}

void sql_lex(struct arena *arena, const struct source *source, int line, struct str text,
             enum sql_engine engine, struct sql *sql)
{
    struct lexer lexer = {.source = source, .rest = text, .engine = engine, .line = line};
    *sql = (struct sql){.list = tool_alloc(arena, text.len + 1, sizeof *sql->list)};
    for (skip(&lexer); lexer.rest.len; skip(&lexer)) {
        struct sql_token token = next_token(&lexer);
        if (token.kind == SQL_SIGN && is_bracket(&lexer, token.text))
            continue;
        place(&lexer, &token);
        sql->list[sql->count++] = token;
    }
    if (lexer.depth)
        source_fail_at(source, lexer.line, "a ( has no ) behind it");
    if (lexer.part)
        source_fail_at(source, lexer.line, "a [[ has no ]] behind it");
    sql->part_count = lexer.part_count;
}

const struct sql_token *sql_at(const struct sql *sql, size_t i)
{
    static const struct sql_token none = {.text = {"", 0}, .kind = SQL_SIGN};
    return i < sql->count ? &sql->list[i] : &none;
}

bool sql_is(const struct sql *sql, size_t i, const char *text)
{
    const struct sql_token *token = sql_at(sql, i);
    return (token->kind == SQL_WORD || token->kind == SQL_SIGN) &&
           str_equal_nocase(token->text, str_from(text));
}

bool sql_has(const struct sql *sql, const char *word)
{
    for (size_t i = 0; i < sql->count; i++)
        if (sql_is(sql, i, word))
            return true;
    return false;
}
