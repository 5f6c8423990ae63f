/* Finds what stands at file scope: functions, prototypes, variables and types. */
#include "tidy.h"

static const char *const type_words[] = {
    "void", "char",   "short",    "int",   "long",   "float", "double",
    "bool", "signed", "unsigned", "_Bool", "struct", "union", "enum",
};

static const char *const qualifiers[] = {
    "*", "const", "volatile", "restrict", "_Atomic", "static", "extern", "inline", "_Thread_local",
};

static bool is_one_of(const struct tokens *code, size_t i, const char *const words[], size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (token_is(code, i, words[k]))
            return true;
    return false;
}

static bool is_type_word(const struct tokens *code, size_t i)
{
    return is_one_of(code, i, type_words, sizeof type_words / sizeof *type_words);
}

static bool is_qualifier(const struct tokens *code, size_t i)
{
    return is_one_of(code, i, qualifiers, sizeof qualifiers / sizeof *qualifiers);
}

static bool is_tag(const struct tokens *code, size_t i)
{
    return token_is(code, i - 1, "struct") || token_is(code, i - 1, "union") ||
           token_is(code, i - 1, "enum");
}

bool is_type(const struct tokens *code, size_t i)
{
    const struct token *token = token_at(code, i);
    return token->kind == TOKEN_NAME &&
           (is_type_word(code, i) || str_ends(token->text, STR("_t")) || is_tag(code, i));
}

bool is_declared(const struct tokens *code, size_t i)
{
    if (token_at(code, i)->kind != TOKEN_NAME || is_type_word(code, i) || is_qualifier(code, i) ||
        is_tag(code, i))
        return false;
    struct str after = token_at(code, i + 1)->text;
    if (after.len != 1 || str_find(STR("=;,[)(:"), after) == STR_NONE)
        return false;
    size_t type = i - 1;
    while (is_qualifier(code, type))
        type--;
    return is_type(code, type);
}

/* A pointer changes unless a const stands behind its last star. */
bool is_mutable(const struct tokens *code, size_t first, size_t name)
{
    bool constant = false;
    int depth = token_at(code, first)->depth;
    for (size_t i = first; i < name; i++) {
        if (token_at(code, i)->depth != depth)
            continue;
        if (token_is(code, i, "*"))
            constant = false;
        else if (token_is(code, i, "const"))
            constant = true;
    }
    return !constant;
}

/* An attribute's or an alignment's parentheses name nothing: where they end, else `i`. */
static size_t skip_attribute(const struct tokens *code, size_t i)
{
    static const char *const words[] = {"__attribute__", "alignas", "_Alignas", "typeof",
                                        "__typeof__"};
    if (!is_one_of(code, i, words, sizeof words / sizeof *words) || !token_is(code, i + 1, "("))
        return i;
    return token_close(code, i + 1);
}

/* The end of the item that begins at `first`, and the brace of its body if it is a function. */
static size_t item_end(const struct tokens *code, size_t first, size_t *open)
{
    bool value = false;
    for (size_t i = first; i < code->count; i++) {
        if (token_at(code, i)->depth > 0)
            continue;
        if (token_is(code, i, ";") || (token_is(code, i, "}") && *open))
            return i;
        if (token_is(code, i, "{") && token_is(code, i - 1, ")") && !value)
            *open = i;
        if (token_is(code, i, "("))
            i = token_close(code, i);
        value |= token_is(code, i, "=");
    }
    return code->count - 1;
}

/* The first declarator: its name in item->name, and whether it is a function's. */
static enum item_kind item_declarator(const struct tokens *code, struct item *item)
{
    for (size_t i = item->first; i <= item->last; i++) {
        i = skip_attribute(code, i);
        const struct token *token = token_at(code, i);
        if (token->depth > 0 || token->kind != TOKEN_SIGN || i == item->first)
            continue;
        item->name = i - 1;
        if (token_is(code, i, "(") && token_is(code, i + 1, "*")) {
            item->name = i + 2;
            return ITEM_VARIABLE;
        }
        if (token_is(code, i, "("))
            return ITEM_PROTOTYPE;
        if (!token_is(code, i, "=") && !token_is(code, i, "[") && !token_is(code, i, ",") &&
            !token_is(code, i, ";"))
            continue;
        bool named = token_at(code, i - 1)->kind == TOKEN_NAME && !is_tag(code, i - 1);
        return named ? ITEM_VARIABLE : ITEM_TYPE;
    }
    return ITEM_OTHER;
}

static void item_classify(const struct tokens *code, struct item *item)
{
    if (token_is(code, item->first, "typedef"))
        item->kind = ITEM_TYPEDEF;
    else if (token_is(code, item->first, ";") || token_is(code, item->first, "_Static_assert"))
        item->kind = ITEM_OTHER;
    else
        item->kind = item_declarator(code, item);
    for (size_t i = item->first; i < item->name; i++)
        item->is_static |= token_is(code, i, "static");
    if (!item->open)
        return;
    item->kind = ITEM_FUNCTION;
    /* TEST(name) { … } is called by what stands in its parentheses. */
    if (item->name == item->first && token_is(code, item->name + 3, ")"))
        item->name += 2;
}

void items_find(struct tidy *tidy, struct source *source)
{
    const struct tokens *code = &source->code;
    size_t most = 1;
    for (size_t i = 0; i < code->count; i++)
        most += token_is(code, i, ";") || token_is(code, i, "}");
    source->items = tidy_alloc(tidy, most, sizeof *source->items);
    for (size_t first = 0; first < code->count;) {
        struct item *item = &source->items[source->item_count++];
        *item = (struct item){.first = first};
        item->last = item_end(code, first, &item->open);
        item_classify(code, item);
        first = item->last + 1;
    }
}
