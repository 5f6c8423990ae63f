/* Makes typed C functions of a file of messages: gen_text common.msg common.h common.c.
 *
 * What the file looks like is told in src/text/message.h. Both outputs are written as the messages
 * are read; a mistake stops everything before either file is touched. */
#include <stdio.h>
#include <string.h>

#include "source.h"
#include "text/language.h"
#include "text/message.h"

enum { MESSAGES_MAX = 2000, OUTPUT_MAX = 16 << 20, MEMORY_MAX = 64 << 20 };

/* The types of parameters; $ stands for the parameter's name. */
struct type {
    const char *name;
    const char *declaration;
    const char *value; /* a struct message_value */
};

static const struct type types[] = {
    {"str", "struct str $", "{.kind = MESSAGE_STR, .text = $}"},
    {"int", "int64_t $", "{.kind = MESSAGE_INT, .number = $}"},
    {"decimal", "int64_t $, int $_digits",
     "{.kind = MESSAGE_DECIMAL, .number = $, .digits = $_digits}"},
    {"money", "int64_t $_minor, const struct currency *$_currency",
     "{.kind = MESSAGE_MONEY, .number = $_minor, .currency = $_currency}"},
    {"date", "const struct civil *$", "{.kind = MESSAGE_DATE, .civil = $}"},
    {"time", "const struct civil *$", "{.kind = MESSAGE_TIME, .civil = $}"},
};

/* Spaces that are written by name, since nobody can see them in a file. */
static const struct {
    const char *name, *text;
} spaces[] = {{"nbsp", "\\u00a0"}, {"nnbsp", "\\u202f"}}; /* the text as C writes it */

struct parameter {
    struct str name;
    const struct type *type;
    bool is_used;
};

struct message {
    struct str name;
    int line;
    struct parameter parameters[MESSAGE_PARAMETERS_MAX];
    size_t parameter_count;
    bool has[LANGUAGE_COUNT];
};

struct generator {
    struct source source;
    struct buf header, code;
    bool is_piece_open;     /* a piece's text is being written */
    struct message message; /* the one being read; its name is empty before the first */
    struct str names[MESSAGES_MAX];
    size_t name_count;
};

/* Which plurals of which parameter the pieces being read belong to. */
struct choice {
    size_t chooser; /* from 1; 0 is none */
    unsigned categories;
};

static const struct type *find_type(struct str name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_equal(name, str_from(types[i].name)))
            return &types[i];
    return NULL;
}

static const char *find_space(struct str name)
{
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (str_equal(name, str_from(spaces[i].name)))
            return spaces[i].text;
    return NULL;
}

/* From 1; 0 where there is none. */
static size_t find_parameter(const struct message *message, struct str name)
{
    for (size_t i = 0; i < message->parameter_count; i++)
        if (str_equal(name, message->parameters[i].name))
            return i + 1;
    return 0;
}

/* Spaces other than the plain one, joiners, direction marks and control characters. */
static bool is_invisible(struct str text)
{
    static const struct {
        const char *first, *last;
    } ranges[] = {
        {"\x01", "\x1f"},     {"\x7f", "\x7f"},     {"\u00a0", "\u00a0"}, {"\u00ad", "\u00ad"},
        {"\u061c", "\u061c"}, {"\u2000", "\u200f"}, {"\u2028", "\u202f"}, {"\u205f", "\u206f"},
        {"\u3000", "\u3000"}, {"\ufeff", "\ufeff"},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        struct str front = str_slice(text, 0, strlen(ranges[i].first));
        if (str_compare(front, str_from(ranges[i].first)) >= 0 &&
            str_compare(front, str_from(ranges[i].last)) <= 0)
            return true;
    }
    return text.ptr[0] == '\0';
}

static void open_piece(struct generator *g)
{
    if (!g->is_piece_open)
        buf_add(&g->code, STR("    {\""));
    g->is_piece_open = true;
}

static void add_literal(struct generator *g, struct str text)
{
    if (text.len)
        open_piece(g);
    for (size_t i = 0; i < text.len; i++) {
        if (is_invisible(str_slice(text, i, text.len)))
            source_fail(&g->source, "there is an invisible character; remove it, or write {nbsp} "
                                    "or {nnbsp} for a no-break space");
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            buf_addc(&g->code, '\\');
        buf_addc(&g->code, text.ptr[i]);
    }
}

static void end_piece(struct generator *g, size_t value, struct choice choice)
{
    if (!g->is_piece_open && !value)
        return;
    open_piece(g);
    buf_addf(&g->code, "\", %zu, %zu, 0x%02x},\n", value, choice.chooser, choice.categories);
    g->is_piece_open = false;
}

/* What stands in braces without a choice: a parameter or a space. */
static void read_name(struct generator *g, struct str name, struct choice choice)
{
    const char *space = find_space(name);
    size_t value = find_parameter(&g->message, name);
    if (space) {
        open_piece(g);
        buf_add(&g->code, str_from(space));
        return;
    }
    if (!value)
        source_fail(&g->source,
                    "{" STR_FMT "} is no parameter; declare it behind the message's name",
                    STR_ARG(name));
    g->message.parameters[value - 1].is_used = true;
    end_piece(g, value, choice);
}

/* Takes "{…}" off the front of the text and gives what is inside. */
static struct str take_braces(struct generator *g, struct str *text)
{
    int depth = 0;
    for (size_t i = 0; i < text->len; i++) {
        depth += (text->ptr[i] == '{') - (text->ptr[i] == '}');
        if (depth == 0) {
            struct str inside = str_slice(*text, 1, i);
            *text = str_slice(*text, i + 1, text->len);
            return inside;
        }
    }
    source_fail(&g->source, "a { has no }; close it, and let no choice stand inside another");
}

static void read_choice(struct generator *g, const struct language *language, struct str inside);

/* A text, or one branch of a choice: then # is the number, and no further choice may come. */
static void read_text(struct generator *g, const struct language *language, struct str text,
                      struct choice choice)
{
    while (text.len) {
        size_t len = 0;
        while (len < text.len && text.ptr[len] != '{' && text.ptr[len] != '}' &&
               !(choice.chooser && text.ptr[len] == '#'))
            len++;
        add_literal(g, str_slice(text, 0, len));
        text = str_slice(text, len, text.len);
        if (!text.len)
            break;
        if (text.ptr[0] == '}')
            source_fail(&g->source, "a } has no { before it; remove it or add the {");
        if (text.ptr[0] == '#') {
            end_piece(g, choice.chooser, choice);
            text = str_slice(text, 1, text.len);
            continue;
        }
        struct str inside = take_braces(g, &text);
        if (str_find_char(inside, '|') == STR_NONE)
            read_name(g, inside, choice);
        else
            read_choice(g, language, inside);
    }
    end_piece(g, 0, choice);
}

static enum plural find_plural(struct str name)
{
    int plural = 0;
    while (plural < PLURAL_COUNT && !str_equal(name, str_from(plural_name((enum plural)plural))))
        plural++;
    return (enum plural)plural;
}

/* The categories in front of a branch's colon, "one" or "few/many", as bits. */
static unsigned read_categories(struct generator *g, const struct language *language,
                                struct str names)
{
    unsigned categories = 0;
    struct str name;
    while (str_cut(&names, '/', &name)) {
        enum plural plural = find_plural(name);
        if (!(language->plurals >> plural & 1))
            source_fail(&g->source, "\"" STR_FMT "\" is no plural of \"%s\"; remove it",
                        STR_ARG(name), language->code);
        if (categories >> plural & 1)
            source_fail(&g->source, "\"" STR_FMT "\" stands there twice; remove one",
                        STR_ARG(name));
        categories |= 1u << plural;
    }
    return categories;
}

static void check_categories(struct generator *g, const struct language *language,
                             unsigned categories)
{
    for (int plural = 0; plural < PLURAL_COUNT; plural++)
        if ((language->plurals & ~categories) >> plural & 1)
            source_fail(&g->source, "the plural \"%s\" is missing; \"%s\" needs it",
                        plural_name((enum plural)plural), language->code);
}

/* count|one: # item|other: # items */
static void read_choice(struct generator *g, const struct language *language, struct str inside)
{
    struct str name, branch, names;
    str_cut(&inside, '|', &name);
    size_t chooser = find_parameter(&g->message, name);
    if (!chooser || !str_equal(str_from(g->message.parameters[chooser - 1].type->name), STR("int")))
        source_fail(&g->source,
                    "\"" STR_FMT "\" cannot choose a plural; name a parameter of type int",
                    STR_ARG(name));
    g->message.parameters[chooser - 1].is_used = true;
    end_piece(g, 0, (struct choice){0});
    unsigned all = 0;
    while (str_cut(&inside, '|', &branch)) {
        if (str_find_char(branch, ':') == STR_NONE)
            source_fail(&g->source, "a choice names no plural; write {count|one: …|other: …}");
        str_cut(&branch, ':', &names);
        unsigned categories = read_categories(g, language, str_trim(names));
        if (all & categories)
            source_fail(&g->source, "\"" STR_FMT "\" stands there twice; remove one",
                        STR_ARG(str_trim(names)));
        all |= categories;
        if (str_starts(branch, STR(" ")))
            branch = str_slice(branch, 1, branch.len);
        read_text(g, language, branch, (struct choice){chooser, categories});
    }
    check_categories(g, language, all);
}

/* Writes a template of the table of types with the parameter's name for each $. */
static void add_template(struct buf *out, const char *template, struct str name)
{
    for (const char *at = template; *at; at++) {
        if (*at == '$')
            buf_add(out, name);
        else
            buf_addc(out, *at);
    }
}

static void add_signature(struct buf *out, const struct message *message)
{
    buf_addf(out, "void text_" STR_FMT "(struct buf *out, const struct language *language",
             STR_ARG(message->name));
    for (size_t i = 0; i < message->parameter_count; i++) {
        buf_add(out, STR(", "));
        add_template(out, message->parameters[i].type->declaration, message->parameters[i].name);
    }
    buf_addc(out, ')');
}

static void add_function(struct buf *out, const struct message *message)
{
    add_signature(out, message);
    buf_add(out, STR("\n{\n    static const struct message_piece *const pieces[] = {"));
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        buf_addf(out, "%s" STR_FMT "_%s", i ? ", " : "", STR_ARG(message->name), languages[i].code);
    buf_add(out, STR("};\n    message_write(out, language, pieces, "));
    if (message->parameter_count)
        buf_add(out, STR("(const struct message_value[]){"));
    for (size_t i = 0; i < message->parameter_count; i++) {
        buf_add(out, i ? STR(", ") : STR(""));
        add_template(out, message->parameters[i].type->value, message->parameters[i].name);
    }
    buf_add(out, message->parameter_count ? STR("});\n}\n\n") : STR("NULL);\n}\n\n"));
}

/* Checks that the message is whole, and writes its function. */
static void end_message(struct generator *g)
{
    struct message *message = &g->message;
    if (!message->name.len)
        return;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        if (!message->has[i])
            source_fail_at(&g->source, message->line,
                           "\"" STR_FMT "\" is missing in \"%s\"; add a line for it",
                           STR_ARG(message->name), languages[i].code);
    for (size_t i = 0; i < message->parameter_count; i++)
        if (!message->parameters[i].is_used)
            source_fail_at(&g->source, message->line,
                           "no language uses the parameter \"" STR_FMT "\"; use it or remove it",
                           STR_ARG(message->parameters[i].name));
    buf_addc(&g->header, '\n');
    add_signature(&g->header, message);
    buf_add(&g->header, STR(";\n"));
    add_function(&g->code, message);
}

/* name:type */
static void read_parameter(struct generator *g, struct str word)
{
    struct str name, type = word;
    str_cut(&type, ':', &name);
    if (!source_is_name(name) || find_space(name) || str_equal(name, STR("out")) ||
        str_equal(name, STR("language")))
        source_fail(&g->source,
                    "\"" STR_FMT "\" cannot name a parameter; use small letters, digits and _, and "
                    "none of out, language, nbsp, nnbsp",
                    STR_ARG(name));
    if (find_parameter(&g->message, name))
        source_fail(&g->source, "there are two parameters \"" STR_FMT "\"; rename one",
                    STR_ARG(name));
    if (!find_type(type))
        source_fail(&g->source,
                    "\"" STR_FMT "\" has no known type; write name:type with one of str, int, "
                    "decimal, money, date, time",
                    STR_ARG(word));
    if (g->message.parameter_count == MESSAGE_PARAMETERS_MAX)
        source_fail(&g->source, "there are more than %d parameters; split the message",
                    MESSAGE_PARAMETERS_MAX);
    g->message.parameters[g->message.parameter_count++] = (struct parameter){
        .name = name, .type = find_type(type)};
}

/* name parameter:type … */
static void begin_message(struct generator *g, struct str line)
{
    end_message(g);
    struct str name = source_take_word(&line), word;
    if (!source_is_name(name))
        source_fail(&g->source,
                    "\"" STR_FMT "\" cannot name a message; use small letters, digits and _",
                    STR_ARG(name));
    for (size_t i = 0; i < g->name_count; i++)
        if (str_equal(name, g->names[i]))
            source_fail(&g->source, "there is a message \"" STR_FMT "\" already; rename one",
                        STR_ARG(name));
    if (g->name_count == MESSAGES_MAX)
        source_fail(&g->source, "there are more than %d messages; split the file", MESSAGES_MAX);
    g->names[g->name_count++] = name;
    g->message = (struct message){.name = name, .line = g->source.line};
    while ((word = source_take_word(&line)).len)
        read_parameter(g, word);
}

/* A language's line under a message: its code and the text. */
static void read_translation(struct generator *g, struct str line)
{
    struct str code = source_take_word(&line);
    const struct language *language = NULL;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        if (str_equal(code, str_from(languages[i].code)))
            language = &languages[i];
    if (!g->message.name.len)
        source_fail(&g->source, "a text stands before the first message; name it first");
    if (!language)
        source_fail(&g->source,
                    "\"" STR_FMT
                    "\" is not a language of src/text/language.c; correct or remove it",
                    STR_ARG(code));
    if (!line.len)
        source_fail(&g->source, "the text is missing; write it behind \"%s\"", language->code);
    if (g->message.has[language - languages])
        source_fail(&g->source, "\"" STR_FMT "\" has two texts in \"%s\"; remove one",
                    STR_ARG(g->message.name), language->code);
    g->message.has[language - languages] = true;
    buf_addf(&g->code, "static const struct message_piece " STR_FMT "_%s[] = {\n",
             STR_ARG(g->message.name), language->code);
    read_text(g, language, line, (struct choice){0});
    buf_add(&g->code, STR("    {NULL, 0, 0, 0},\n};\n"));
}

static void read_lines(struct generator *g)
{
    struct str line;
    while (source_next_line(&g->source, &line)) {
        if (source_is_blank(line))
            continue;
        if (line.ptr[0] == ' ')
            read_translation(g, line);
        else
            begin_message(g, line);
    }
    end_message(g);
    if (!g->name_count)
        source_fail_at(&g->source, 1, "there is no message; add one or remove the file");
}

/* "build/src/text/common.h" gives "common.h". */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: gen_text INPUT.msg OUTPUT.h OUTPUT.c\n");
        return 2;
    }
    struct arena arena;
    arena_init(&arena, MEMORY_MAX);
    struct generator *g = ARENA_NEW(&arena, struct generator);
    if (!g) {
        fprintf(stderr, "gen_text: there is no memory left\n");
        return 1;
    }
    source_open(&g->source, &arena, argv[1]);
    buf_init(&g->header, &arena, OUTPUT_MAX);
    buf_init(&g->code, &arena, OUTPUT_MAX);
    buf_addf(&g->header,
             "/* Made by gen_text from %s. */\n#pragma once\n\n#include \"text/message.h\"\n",
             base_name(argv[1]));
    buf_addf(&g->code, "/* Made by gen_text from %s. */\n#include \"%s\"\n\n", base_name(argv[1]),
             base_name(argv[2]));
    read_lines(g);
    source_write(argv[2], &g->header);
    source_write(argv[3], &g->code);
    arena_release(&arena);
    return 0;
}
