/* Rules about what code does: how long it is, what it calls, what it keeps. */
#include "tidy.h"

enum { FUNCTION_LINES_MAX = 70 };

enum {
    EVERYWHERE = AREA_ALL,
    OUR_CODE = AREA_HOUSE | AREA_TOOLS, /* tests and benchmarks may do as they need */
    HOUSE = AREA_HOUSE,
    ROOMS = AREA_SRC, /* src/app talks to the terminal and ends the program */
};

/* In `areas` a call of `name` is a finding, but for the files in `home`. */
static const struct banned {
    const char *name, *instead;
    unsigned areas;
    const char *home;
} banned[] = {
    {"strcpy", "use a str, or snprintf", EVERYWHERE, ""},
    {"stpcpy", "use a str, or snprintf", EVERYWHERE, ""},
    {"strncpy", "use a str, or snprintf", EVERYWHERE, ""},
    {"strcat", "use buf_add", EVERYWHERE, ""},
    {"strncat", "use buf_add", EVERYWHERE, ""},
    {"sprintf", "use snprintf or buf_addf", EVERYWHERE, ""},
    {"vsprintf", "use vsnprintf or buf_addv", EVERYWHERE, ""},
    {"gets", "use fgets, or read and a limit", EVERYWHERE, ""},
    {"strtok", "use str_cut", EVERYWHERE, ""},
    {"strtok_r", "use str_cut", EVERYWHERE, ""},
    {"atoi", "use str_to_int", EVERYWHERE, ""},
    {"atol", "use str_to_int", EVERYWHERE, ""},
    {"atoll", "use str_to_int", EVERYWHERE, ""},
    {"atof", "use strtod and look at its end", EVERYWHERE, ""},
    {"scanf", "take the text apart with str_cut", EVERYWHERE, ""},
    {"fscanf", "take the text apart with str_cut", EVERYWHERE, ""},
    {"sscanf", "take the text apart with str_cut", EVERYWHERE, ""},
    {"vsscanf", "take the text apart with str_cut", EVERYWHERE, ""},
    {"alloca", "use an array with a limit, or the arena", EVERYWHERE, ""},
    {"system", "start the program itself, without a shell", EVERYWHERE, ""},
    {"popen", "start the program itself, without a shell", EVERYWHERE, ""},
    {"tmpnam", "use mkstemp or mkdtemp", EVERYWHERE, ""},
    {"tempnam", "use mkstemp or mkdtemp", EVERYWHERE, ""},
    {"mktemp", "use mkstemp or mkdtemp", EVERYWHERE, ""},
    {"setjmp", "return an enum err", OUR_CODE, ""},
    {"sigsetjmp", "return an enum err", OUR_CODE, ""},
    {"longjmp", "return an enum err", OUR_CODE, ""},
    {"siglongjmp", "return an enum err", OUR_CODE, ""},
    {"strerror", "use err_system, or strerrordesc_np: it is safe among threads", EVERYWHERE, ""},
    {"localtime", "use civil_from_us", EVERYWHERE, ""},
    {"localtime_r", "use civil_from_us", HOUSE, ""},
    {"gmtime", "use civil_from_us", EVERYWHERE, ""},
    {"gmtime_r", "use civil_from_us", HOUSE, ""},
    {"ctime", "use clock_format", EVERYWHERE, ""},
    {"asctime", "use clock_format", EVERYWHERE, ""},
    {"rand", "use rand_below and the context's chance", EVERYWHERE, ""},
    {"srand", "use rand_below and the context's chance", EVERYWHERE, ""},
    {"random", "use rand_below and the context's chance", EVERYWHERE, ""},
    {"srandom", "use rand_below and the context's chance", EVERYWHERE, ""},
    {"drand48", "use rand_below and the context's chance", EVERYWHERE, ""},
    {"getrandom", "use rand_fill and the context's chance", HOUSE, "src/base/rand.c"},
    {"getentropy", "use rand_fill and the context's chance", HOUSE, "src/base/rand.c"},
    {"gethostbyname", "use getaddrinfo", EVERYWHERE, ""},
    {"inet_ntoa", "use inet_ntop", EVERYWHERE, ""},
    {"signal", "use sigaction", EVERYWHERE, ""},
    {"usleep", "wait for the event, with a deadline", EVERYWHERE, ""},
    {"sleep", "wait for the event, with a deadline", EVERYWHERE, ""},
    {"time", "use clock_now_us and the context's clock", OUR_CODE, "src/base/clock.c"},
    {"gettimeofday", "use clock_now_us and the context's clock", OUR_CODE, "src/base/clock.c"},
    {"clock_gettime", "use clock_now_us and the context's clock", HOUSE, "src/base/clock.c"},
    {"getenv", "make it a row of settings.tbl", HOUSE, "src/base/settings.c"},
    {"secure_getenv", "make it a row of settings.tbl", HOUSE, "src/base/settings.c"},
    {"setenv", "pass it as a parameter", HOUSE, ""},
    {"putenv", "pass it as a parameter", HOUSE, ""},
    {"malloc", "use the arena, or mem_alloc", HOUSE, "src/base/mem.c"},
    {"calloc", "use the arena, or mem_alloc", HOUSE, "src/base/mem.c"},
    {"realloc", "use a buf, or the arena", HOUSE, "src/base/mem.c"},
    {"free", "use the arena, or mem_free", HOUSE, "src/base/mem.c"},
    {"strdup", "use str_copy or str_cstr", HOUSE, ""},
    {"strndup", "use str_copy or str_cstr", HOUSE, ""},
    {"asprintf", "use buf_addf", HOUSE, ""},
    {"vasprintf", "use buf_addv", HOUSE, ""},
    {"getline", "read into a buf with a limit", HOUSE, ""},
    {"printf", "write into a buf, or log it", ROOMS, ""},
    {"vprintf", "write into a buf, or log it", ROOMS, ""},
    {"fprintf", "write into a buf, or log it", ROOMS, ""},
    {"vfprintf", "write into a buf, or log it", ROOMS, ""},
    {"dprintf", "write into a buf, or log it", ROOMS, ""},
    {"puts", "write into a buf, or log it", ROOMS, ""},
    {"fputs", "write into a buf, or log it", ROOMS, ""},
    {"putchar", "write into a buf, or log it", ROOMS, ""},
    {"perror", "use err_system", ROOMS, ""},
    {"exit", "return an enum err; src/app ends the program", ROOMS, ""},
    {"quick_exit", "return an enum err; src/app ends the program", HOUSE, ""},
    {"_exit", "return an enum err; src/app ends the program", ROOMS, "src/base/assert.c"},
    {"abort", "use ASSERT", OUR_CODE, "src/base/assert.c"},
    {"assert", "use ASSERT: it stays on", EVERYWHERE, ""},
};

void check_function_length(struct tidy *tidy, const struct source *source)
{
    const struct tokens *code = &source->code;
    for (size_t i = 0; i < source->item_count; i++) {
        const struct item *item = &source->items[i];
        if (item->kind != ITEM_FUNCTION)
            continue;
        int lines = token_at(code, item->last)->line - token_at(code, item->open)->line + 1;
        if (lines > FUNCTION_LINES_MAX)
            tidy_report(tidy, source, token_at(code, item->open)->line, STR_FMT " has %d lines",
                        STR_ARG(token_at(code, item->name)->text), lines);
    }
}

static const struct banned *banned_find(struct str name)
{
    for (size_t i = 0; i < sizeof banned / sizeof *banned; i++)
        if (str_equal(name, str_from(banned[i].name)))
            return &banned[i];
    return NULL;
}

/* A call has no type before its name, and is no member's. */
static bool is_call(const struct tokens *tokens, size_t i)
{
    return token_at(tokens, i)->kind == TOKEN_NAME && token_is(tokens, i + 1, "(") &&
           !is_declared(tokens, i) && !token_is(tokens, i - 1, ".") &&
           !token_is(tokens, i - 1, "->");
}

static void check_calls(struct tidy *tidy, const struct source *source, const struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++) {
        const struct banned *row = is_call(tokens, i) ? banned_find(tokens->list[i].text) : NULL;
        if (row && (row->areas & source->area) && !str_equal(source->path, str_from(row->home)))
            tidy_report(tidy, source, tokens->list[i].line, "%s is banned here; %s", row->name,
                        row->instead);
    }
}

void check_banned(struct tidy *tidy, const struct source *source)
{
    check_calls(tidy, source, &source->code);
    check_calls(tidy, source, &source->directives);
}

/* `static` within a function: up to the name before = [ or ; it must be constant. */
static void check_locals(struct tidy *tidy, const struct source *source, const struct item *item)
{
    const struct tokens *code = &source->code;
    for (size_t i = item->open; i < item->last; i++) {
        if (!token_is(code, i, "static"))
            continue;
        size_t end = i;
        int depth = token_at(code, i)->depth;
        while (end < item->last && (token_at(code, end)->depth > depth ||
                                    !(token_is(code, end, "=") || token_is(code, end, "[") ||
                                      token_is(code, end, ";"))))
            end++;
        if (is_mutable(code, i, end))
            tidy_report(tidy, source, token_at(code, i)->line, "the static " STR_FMT " can change",
                        STR_ARG(token_at(code, end - 1)->text));
        i = end;
    }
}

/* A header that defined one would not link; what looks so declares a function by its typedef. */
static bool is_definition(const struct source *source, const struct item *item)
{
    return item->kind == ITEM_VARIABLE && !token_is(&source->code, item->first, "extern") &&
           (source->kind == SOURCE_C || item->is_static);
}

void check_variables(struct tidy *tidy, const struct source *source)
{
    const struct tokens *code = &source->code;
    for (size_t i = 0; i < source->item_count; i++) {
        const struct item *item = &source->items[i];
        if (item->kind == ITEM_FUNCTION)
            check_locals(tidy, source, item);
        else if (is_definition(source, item) && is_mutable(code, item->first, item->name))
            tidy_report(tidy, source, token_at(code, item->name)->line, STR_FMT " can change",
                        STR_ARG(token_at(code, item->name)->text));
    }
}
