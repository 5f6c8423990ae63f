/* Cuts a C source into tokens: code, directives and comments apart. */
#include <string.h>

#include "tidy.h"

struct lexer {
    const char *at, *end;
    int line, depth;
    bool fresh;     /* nothing but space so far on this line */
    bool directive; /* between a # and the end of its line */
    struct source *source;
};

static const struct token outside = {.kind = TOKEN_SIGN};

const struct token *token_at(const struct tokens *tokens, size_t i)
{
    return i < tokens->count ? &tokens->list[i] : &outside;
}

bool token_is(const struct tokens *tokens, size_t i, const char *text)
{
    return str_equal(token_at(tokens, i)->text, str_from(text));
}

size_t token_close(const struct tokens *tokens, size_t open)
{
    int parens = 0;
    for (size_t i = open; i < tokens->count; i++) {
        if (token_is(tokens, i, "("))
            parens++;
        else if (token_is(tokens, i, ")") && --parens == 0)
            return i;
    }
    return tokens->count;
}

size_t directive_end(const struct tokens *directives, size_t hash)
{
    /* A # inside a macro's body is an operator; it never stands first on its logical line. */
    size_t i = hash + 1;
    while (i < directives->count && directives->list[i].depth == 0)
        i++;
    return i;
}

/* Counts only, until the lists have memory. A directive's first token has depth 1, its others 0. */
static void emit(struct lexer *lexer, enum token_kind kind, const char *from, int line, bool first)
{
    struct source *source = lexer->source;
    struct tokens *tokens = kind == TOKEN_COMMENT ? &source->comments
                            : lexer->directive    ? &source->directives
                                                  : &source->code;
    if (tokens->list)
        tokens->list[tokens->count] = (struct token){
            .text = str_make(from, (size_t)(lexer->at - from)),
            .kind = kind,
            .line = line,
            .depth = lexer->directive ? first : lexer->depth,
        };
    tokens->count++;
}

static bool next_is(const struct lexer *lexer, const char *text)
{
    size_t len = strlen(text);
    return (size_t)(lexer->end - lexer->at) >= len && memcmp(lexer->at, text, len) == 0;
}

static void skip_space(struct lexer *lexer)
{
    while (lexer->at < lexer->end) {
        if (next_is(lexer, "\\\n")) {
            lexer->at += 2;
            lexer->line++;
        } else if (*lexer->at == '\n') {
            lexer->at++;
            lexer->line++;
            lexer->fresh = true;
            lexer->directive = false;
        } else if (*lexer->at == ' ' || (*lexer->at >= '\t' && *lexer->at <= '\r')) {
            lexer->at++;
        } else {
            return;
        }
    }
}

static void lex_comment(struct lexer *lexer)
{
    const char *from = lexer->at;
    int line = lexer->line;
    bool block = next_is(lexer, "/*");
    lexer->at += 2;
    while (lexer->at < lexer->end && !next_is(lexer, block ? "*/" : "\n")) {
        lexer->line += *lexer->at == '\n';
        lexer->at++;
    }
    if (block && lexer->at < lexer->end)
        lexer->at += 2;
    emit(lexer, TOKEN_COMMENT, from, line, false);
}

static void lex_quoted(struct lexer *lexer)
{
    const char *from = lexer->at;
    int line = lexer->line;
    char quote = *lexer->at++;
    while (lexer->at < lexer->end && *lexer->at != quote && *lexer->at != '\n') {
        bool escape = *lexer->at == '\\' && lexer->end - lexer->at > 1;
        lexer->line += escape && lexer->at[1] == '\n';
        lexer->at += escape ? 2 : 1;
    }
    if (lexer->at < lexer->end && *lexer->at == quote)
        lexer->at++;
    emit(lexer, TOKEN_TEXT, from, line, false);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static void lex_word(struct lexer *lexer)
{
    const char *from = lexer->at;
    bool number = is_digit(*from);
    while (lexer->at < lexer->end && (is_word(*lexer->at) || (number && *lexer->at == '.')))
        lexer->at++;
    emit(lexer, number ? TOKEN_NUMBER : TOKEN_NAME, from, lexer->line, false);
}

static void lex_sign(struct lexer *lexer)
{
    const char *from = lexer->at;
    bool first = *from == '#' && lexer->fresh;
    if (first)
        lexer->directive = true;
    if (*from == '}' && !lexer->directive && lexer->depth > 0)
        lexer->depth--;
    lexer->at += next_is(lexer, "->") || next_is(lexer, "##") ? 2 : 1;
    emit(lexer, TOKEN_SIGN, from, lexer->line, first);
    if (*from == '{' && !lexer->directive)
        lexer->depth++;
}

static void lex_once(struct source *source)
{
    struct lexer lexer = {.at = source->text.ptr,
                          .end = source->text.ptr + source->text.len,
                          .line = 1,
                          .fresh = true,
                          .source = source};
    source->code.count = source->directives.count = source->comments.count = 0;
    for (skip_space(&lexer); lexer.at < lexer.end; skip_space(&lexer)) {
        if (next_is(&lexer, "/*") || next_is(&lexer, "//")) {
            lex_comment(&lexer);
            continue; /* a directive may still follow on the same line */
        }
        if (*lexer.at == '"' || *lexer.at == '\'')
            lex_quoted(&lexer);
        else if (is_word(*lexer.at))
            lex_word(&lexer);
        else
            lex_sign(&lexer);
        lexer.fresh = false;
    }
}

static void tokens_make(struct tidy *tidy, struct tokens *tokens)
{
    tokens->list = tidy_alloc(tidy, tokens->count, sizeof *tokens->list);
}

void lex_source(struct tidy *tidy, struct source *source)
{
    lex_once(source);
    tokens_make(tidy, &source->code);
    tokens_make(tidy, &source->directives);
    tokens_make(tidy, &source->comments);
    lex_once(source);
}
