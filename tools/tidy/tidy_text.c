/* Rules about a file as text: how it opens, its guard, its lines and its comments. */
#include "tidy.h"

enum { COLUMNS_MAX = 100, PURPOSE_WORDS_MIN = 3, EXAMPLE_INDENT = 5 };

/* The first comment of a file, with its marks: empty where the file does not open with one. */
static struct str opening(const struct source *source)
{
    if (source->kind & SOURCE_CODE) {
        const struct token *comment = token_at(&source->comments, 0);
        return comment->text.ptr == source->text.ptr ? comment->text : (struct str){0};
    }
    struct str mark = source->kind == SOURCE_SQL ? STR("--") : STR("#");
    struct str rest = source->text, line;
    if (str_starts(rest, STR("#!")))
        str_cut(&rest, '\n', &line);
    const char *from = rest.ptr, *to = from;
    while (str_cut(&rest, '\n', &line) && str_starts(line, mark))
        to = line.ptr + line.len;
    return str_make(from, (size_t)(to - from));
}

static bool is_mark(char c)
{
    return c == '/' || c == '*' || c == '#' || c == '-' || c == ' ' || c == '\n';
}

/* The first paragraph has a full stop behind three words or more. */
static bool has_purpose(struct str comment)
{
    size_t words = 0;
    bool blank = false; /* only marks so far on this line */
    for (size_t i = 0; i < comment.len; i++) {
        char c = comment.ptr[i];
        if (c == '\n' && blank && words)
            return false;
        blank = c == '\n' || (blank && is_mark(c));
        if (!is_mark(c) && (i == 0 || is_mark(comment.ptr[i - 1])))
            words++;
        bool ends = i + 1 == comment.len || is_mark(comment.ptr[i + 1]);
        if (c == '.' && ends && words >= PURPOSE_WORDS_MIN)
            return true;
    }
    return false;
}

void check_purpose(struct tidy *tidy, const struct source *source)
{
    if (!has_purpose(opening(source)))
        tidy_report(tidy, source, 1, "the file does not open with its purpose");
}

static bool guard_is(struct str guard, struct str path)
{
    if (!str_starts(guard, STR("STOA_")) || guard.len != path.len + 5)
        return false;
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        char expected = c == '/' || c == '.' || c == '-' ? '_' : c;
        if (expected >= 'a' && expected <= 'z')
            expected = (char)(expected - 'a' + 'A');
        if (guard.ptr[i + 5] != expected)
            return false;
    }
    return true;
}

/* tests/harness/test.h may leave its folder out: STOA_TESTS_TEST_H. */
static bool guard_fits(struct tidy *tidy, const struct source *source, struct str guard)
{
    struct str path = source->path, name = path_name(path);
    if (str_starts(path, STR("src/")))
        return guard_is(guard, str_slice(path, 4, path.len));
    if (guard_is(guard, path))
        return true;
    if (source->area != AREA_TESTS)
        return false;
    char *brief = tidy_alloc(tidy, 1, name.len + 6);
    for (size_t i = 0; i < name.len + 6; i++)
        brief[i] = i < 6 ? "tests/"[i] : name.ptr[i - 6];
    return guard_is(guard, str_make(brief, name.len + 6));
}

void check_guard(struct tidy *tidy, const struct source *source)
{
    const struct tokens *tokens = &source->directives;
    struct str guard = token_at(tokens, 2)->text;
    bool guarded = token_is(tokens, 1, "ifndef") && token_is(tokens, 4, "define") &&
                   str_equal(guard, token_at(tokens, 5)->text) &&
                   token_is(tokens, tokens->count - 1, "endif");
    if (!guarded)
        tidy_report(tidy, source, 1,
                    "there is no include guard; put #ifndef, #define and #endif around it");
    else if (!guard_fits(tidy, source, guard))
        tidy_report(tidy, source, token_at(tokens, 2)->line,
                    "the guard is " STR_FMT "; name it after the path: STOA_BASE_ARENA_H",
                    STR_ARG(guard));
}

void check_example(struct tidy *tidy, const struct source *source)
{
    struct str comment = opening(source), line;
    if (room_is_business(source->room) && !str_equal(path_stem(source->path), source->room))
        return; /* inside of a business: its one public header is the manual */
    while (str_cut(&comment, '\n', &line)) {
        struct str words = str_slice(line, 2, line.len); /* behind " *" */
        size_t indent = (size_t)(str_trim(words).ptr ? str_trim(words).ptr - words.ptr : 0);
        if (str_starts(line, STR(" *")) && indent >= EXAMPLE_INDENT)
            return;
    }
    tidy_report(tidy, source, 1, "the opening comment has no example");
}

static size_t columns(struct str line)
{
    size_t count = 0;
    for (size_t i = 0; i < line.len; i++)
        count += ((unsigned char)line.ptr[i] & 0xc0) != 0x80; /* not inside of a character */
    return count;
}

void check_columns(struct tidy *tidy, const struct source *source)
{
    struct str rest = source->text, line;
    for (int number = 1; str_cut(&rest, '\n', &line); number++)
        if (columns(line) > COLUMNS_MAX)
            tidy_report(tidy, source, number, "the line has %zu columns", columns(line));
}

void check_space(struct tidy *tidy, const struct source *source)
{
    struct str rest = source->text, line;
    int number = 0;
    while (str_cut(&rest, '\n', &line)) {
        number++;
        if ((source->kind & SOURCE_CODE) && str_find_char(line, '\t') != STR_NONE)
            tidy_report(tidy, source, number, "there is a tab; indent by four spaces");
        if (line.len && str_find(STR(" \t\r"), str_slice(line, line.len - 1, line.len)) != STR_NONE)
            tidy_report(tidy, source, number, "the line ends in space; take it off");
    }
    bool one = str_ends(source->text, STR("\n")) && !str_ends(source->text, STR("\n\n"));
    if (source->text.len && !one)
        tidy_report(tidy, source, number, "the end is not one newline; end it with one");
}

/* A comment that ends in a semicolon is code: a sentence does not, and an example is indented. */
static bool is_code(struct str comment)
{
    struct str words = str_trim(str_slice(comment, 2, comment.len - 2)), line = words;
    while (str_find_char(line, '\n') != STR_NONE)
        line = str_slice(line, str_find_char(line, '\n') + 1, line.len);
    return str_ends(words, STR(";")) && !str_starts(line, STR(" *     "));
}

void check_comments(struct tidy *tidy, const struct source *source)
{
    const struct tokens *directives = &source->directives;
    for (size_t i = 0; i < source->comments.count; i++) {
        const struct token *comment = &source->comments.list[i];
        if (str_starts(comment->text, STR("//")))
            tidy_report(tidy, source, comment->line, "a comment by //; write /* … */");
        else if (is_code(comment->text))
            tidy_report(tidy, source, comment->line,
                        "a comment that is code; remove it, git remembers");
    }
    for (size_t hash = 0; hash < directives->count; hash = directive_end(directives, hash))
        if (token_is(directives, hash + 1, "if") && token_is(directives, hash + 2, "0"))
            tidy_report(tidy, source, token_at(directives, hash)->line,
                        "code under #if 0; remove it, git remembers");
}

static bool is_capital(struct str text, size_t i)
{
    return i < text.len && ((text.ptr[i] >= 'A' && text.ptr[i] <= 'Z') || text.ptr[i] == '_');
}

static void check_leftovers_in(struct tidy *tidy, const struct source *source, struct str text,
                               int line)
{
    static const char *const words[] = {"TODO", "FIXME", "XXX", "HACK"};
    for (size_t i = 0; i < text.len; i++) {
        line += text.ptr[i] == '\n';
        if (!is_capital(text, i) || (i && is_capital(text, i - 1)))
            continue;
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            struct str word = str_from(words[k]);
            if (str_starts(str_slice(text, i, text.len), word) && !is_capital(text, i + word.len))
                tidy_report(tidy, source, line, "a %s", words[k]);
        }
    }
}

void check_leftovers(struct tidy *tidy, const struct source *source)
{
    if (!(source->kind & SOURCE_CODE))
        check_leftovers_in(tidy, source, source->text, 1);
    for (size_t i = 0; i < source->comments.count; i++)
        check_leftovers_in(tidy, source, source->comments.list[i].text,
                           source->comments.list[i].line);
}
