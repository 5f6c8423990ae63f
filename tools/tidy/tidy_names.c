/* Rules about names: how they are spelled, what they begin with, which unit they end in. */
#include "tidy.h"

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool has(struct str name, bool (*test)(char))
{
    for (size_t i = 0; i < name.len; i++)
        if (test(name.ptr[i]))
            return true;
    return false;
}

/* libFuzzer calls its targets by names of its own choosing. */
static bool is_snake_case(struct str name)
{
    return !has(name, is_upper) || str_starts(name, STR("LLVMFuzzer"));
}

static bool is_tag_defined(const struct tokens *code, size_t i)
{
    return token_at(code, i)->kind == TOKEN_NAME && token_is(code, i + 1, "{") &&
           (token_is(code, i - 1, "struct") || token_is(code, i - 1, "union") ||
            token_is(code, i - 1, "enum"));
}

void check_snake_case(struct tidy *tidy, const struct source *source)
{
    const struct tokens *code = &source->code;
    for (size_t i = 0; i < code->count; i++)
        if ((is_declared(code, i) || is_tag_defined(code, i)) && !is_snake_case(code->list[i].text))
            tidy_report(tidy, source, code->list[i].line, "the name " STR_FMT " has capitals",
                        STR_ARG(code->list[i].text));
}

static void check_constants(struct tidy *tidy, const struct source *source, size_t open)
{
    const struct tokens *code = &source->code;
    int depth = token_at(code, open)->depth + 1;
    for (size_t i = open + 1; i < code->count && token_at(code, i)->depth >= depth; i++) {
        if (token_is(code, i, "(")) {
            i = token_close(code, i);
            continue;
        }
        const struct token *token = token_at(code, i);
        if (token->kind == TOKEN_NAME && has(token->text, is_lower) &&
            (i == open + 1 || token_is(code, i - 1, ",")))
            tidy_report(tidy, source, token->line, "the constant " STR_FMT " has small letters",
                        STR_ARG(token->text));
    }
}

/* A macro that is called as a function is may look like one, if it is small letters throughout. */
static void check_macro(struct tidy *tidy, const struct source *source, size_t hash)
{
    const struct tokens *tokens = &source->directives;
    const struct token *name = token_at(tokens, hash + 2);
    bool is_function = token_is(tokens, hash + 3, "(") &&
                       token_at(tokens, hash + 3)->text.ptr == name->text.ptr + name->text.len;
    if (has(name->text, is_lower) && (!is_function || has(name->text, is_upper)))
        tidy_report(tidy, source, name->line, "the macro " STR_FMT " has small letters",
                    STR_ARG(name->text));
}

void check_upper_case(struct tidy *tidy, const struct source *source)
{
    const struct tokens *code = &source->code, *directives = &source->directives;
    for (size_t i = 0; i < code->count; i++)
        if (token_is(code, i, "enum") && token_is(code, i + 1, "{"))
            check_constants(tidy, source, i + 1);
        else if (token_is(code, i, "enum") && token_is(code, i + 2, "{") &&
                 !token_is(code, i + 1, ")"))
            check_constants(tidy, source, i + 2);
    for (size_t hash = 0; hash < directives->count; hash = directive_end(directives, hash))
        if (token_is(directives, hash + 1, "define"))
            check_macro(tidy, source, hash);
}

void check_typedefs(struct tidy *tidy, const struct source *source)
{
    const struct tokens *code = &source->code;
    for (size_t i = 0; i < source->item_count; i++) {
        const struct item *item = &source->items[i];
        bool tag = false, function = false;
        if (item->kind != ITEM_TYPEDEF)
            continue;
        for (size_t k = item->first; k <= item->last; k++) {
            tag |= token_is(code, k, "struct") || token_is(code, k, "union") ||
                   token_is(code, k, "enum");
            function |= token_is(code, k, "(") && token_at(code, k)->depth == 0;
        }
        if (tag && !function)
            tidy_report(tidy, source, token_at(code, item->last)->line,
                        "the typedef " STR_FMT " hides what it is",
                        STR_ARG(token_at(code, item->last - 1)->text));
    }
}

static bool begins_with_word(struct str name, struct str word)
{
    return word.len && str_starts(name, word) &&
           (name.len == word.len || name.ptr[word.len] == '_');
}

static bool begins_with_tag(struct str name, const struct source *header)
{
    for (size_t i = 0; header && i < header->code.count; i++)
        if (is_tag_defined(&header->code, i) && begins_with_word(name, header->code.list[i].text))
            return true;
    return false;
}

/* json_read.c belongs to json_read.h, or else to json.h. */
static const struct source *own_header(struct tidy *tidy, const struct source *source)
{
    struct str stem = path_stem(source->path);
    struct str folder = str_slice(source->path, 0, source->path.len - path_name(source->path).len);
    struct str thing = stem;
    str_cut(&stem, '_', &thing);
    const struct source *header = NULL;
    for (const struct source *other = tidy->sources; other; other = other->next) {
        if (other->kind != SOURCE_HEADER || !str_starts(other->path, folder) ||
            other->path.len != folder.len + path_name(other->path).len)
            continue;
        if (str_equal(path_stem(other->path), path_stem(source->path)))
            return other;
        if (str_equal(path_stem(other->path), thing))
            header = other;
    }
    return header;
}

static bool is_public(const struct item *item)
{
    return item->kind == ITEM_FUNCTION && !item->is_static;
}

void check_public_names(struct tidy *tidy, const struct source *source)
{
    const struct source *header = own_header(tidy, source);
    struct str rest = path_stem(source->path), thing = rest;
    str_cut(&rest, '_', &thing);
    for (size_t i = 0; i < source->item_count; i++) {
        const struct item *item = &source->items[i];
        const struct token *name = token_at(&source->code, item->name);
        if (is_public(item) && !begins_with_word(name->text, thing) &&
            !begins_with_word(name->text, source->room) && !begins_with_tag(name->text, header))
            tidy_report(tidy, source, name->line,
                        "the public " STR_FMT " names no thing of its file", STR_ARG(name->text));
    }
}

static void find_again(struct tidy *tidy, const struct source *source, const struct token *name)
{
    for (const struct source *other = tidy->sources; other; other = other->next)
        for (size_t i = 0; other->room.len && i < other->item_count; i++)
            if (is_public(&other->items[i]) && str_compare(other->path, source->path) < 0 &&
                str_equal(token_at(&other->code, other->items[i].name)->text, name->text))
                tidy_report(tidy, source, name->line,
                            "the public " STR_FMT " is in " STR_FMT " too", STR_ARG(name->text),
                            STR_ARG(other->path));
}

void check_same_names(struct tidy *tidy, const struct source *source)
{
    for (size_t i = 0; i < source->item_count; i++)
        if (is_public(&source->items[i]))
            find_again(tidy, source, token_at(&source->code, source->items[i].name));
}

/* A name that ends in `word` says how much, but not of what. */
static const struct {
    const char *word;
    bool money; /* then only an int64_t: a size_t total is a count */
} quantities[] = {
    {"timeout", false},  {"delay", false}, {"duration", false}, {"interval", false},
    {"deadline", false}, {"price", true},  {"total", true},     {"amount", true},
};

static const char *const number_types[] = {"int", "long", "unsigned", "double", "float"};

static bool is_number(const struct tokens *code, size_t type)
{
    for (size_t i = 0; i < sizeof number_types / sizeof *number_types; i++)
        if (token_is(code, type, number_types[i]))
            return true;
    return str_ends(token_at(code, type)->text, STR("_t")) &&
           (str_find(token_at(code, type)->text, STR("int")) != STR_NONE ||
            str_find(token_at(code, type)->text, STR("size")) != STR_NONE);
}

static bool ends_with_word(struct str name, struct str word)
{
    return str_ends(name, word) &&
           (name.len == word.len || name.ptr[name.len - word.len - 1] == '_');
}

static void check_unit(struct tidy *tidy, const struct source *source, size_t i)
{
    const struct tokens *code = &source->code;
    if (!is_declared(code, i) || token_is(code, i + 1, "("))
        return;
    for (size_t k = 0; k < sizeof quantities / sizeof *quantities; k++) {
        if (!ends_with_word(code->list[i].text, str_from(quantities[k].word)))
            continue;
        bool counts = quantities[k].money ? token_is(code, i - 1, "int64_t")
                                          : is_number(code, i - 1);
        if (counts)
            tidy_report(tidy, source, code->list[i].line,
                        STR_FMT " does not say its unit; end it in %s", STR_ARG(code->list[i].text),
                        quantities[k].money ? "_minor" : "_us, _ms or _s");
    }
}

/* Members and parameters only: what a local variable counts is seen beside it. */
void check_units(struct tidy *tidy, const struct source *source)
{
    for (size_t i = 0; i < source->item_count; i++) {
        const struct item *item = &source->items[i];
        size_t end = item->kind == ITEM_FUNCTION ? item->open : item->last;
        for (size_t k = item->first; k < end && item->kind != ITEM_VARIABLE; k++)
            check_unit(tidy, source, k);
    }
}
