/* Turns the tables of settings and of commands into typed C.
 *
 *     gen_table settings src/app/settings.tbl settings_table.h settings_table.c
 *     gen_table commands src/app/commands.tbl commands_table.h commands_table.c
 *
 * A row begins at the margin; the indented lines below it are its help, the first one its summary.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/settings.h"
#include "source.h"

enum { ROWS_MAX = 256, OUTPUT_MAX = 1 << 20, ARENA_MAX = 16 << 20 };

struct row {
    struct str head; /* what stands at the margin */
    struct buf help; /* the lines below, with newlines between them */
    int line;
};

struct table {
    struct source source;
    struct row rows[ROWS_MAX];
    size_t count;
    struct arena *arena;
};

/* The words of settings.tbl for kinds, and the C that a value of the kind becomes. */
static const struct {
    const char *word, *constant, *type;
    bool bounded, chosen;
} kinds[] = {
    [SETTING_TEXT] = {"text", "SETTING_TEXT", "struct str", false, false},
    [SETTING_INT] = {"int", "SETTING_INT", "int64_t", true, false},
    [SETTING_BOOL] = {"bool", "SETTING_BOOL", "bool", false, false},
    [SETTING_SIZE] = {"size", "SETTING_SIZE", "int64_t", true, false},
    [SETTING_DURATION] = {"duration", "SETTING_DURATION", "int64_t", true, false},
    [SETTING_CHOICE] = {"choice", "SETTING_CHOICE", "int64_t", false, true},
    [SETTING_URL] = {"url", "SETTING_URL", "struct str", false, true},
};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

static void read_table(struct table *table, struct arena *arena, const char *path)
{
    struct str line;
    table->arena = arena;
    source_open(&table->source, arena, path);
    while (source_next_line(&table->source, &line)) {
        if (source_is_blank(line))
            continue;
        if (line.ptr[0] != ' ') {
            if (table->count == ROWS_MAX)
                source_fail(&table->source, "there are more than %d rows; raise ROWS_MAX",
                            ROWS_MAX);
            struct row *row = &table->rows[table->count++];
            row->head = line;
            row->line = table->source.line;
            buf_init(&row->help, arena, OUTPUT_MAX);
            continue;
        }
        if (!table->count)
            source_fail(&table->source,
                        "help stands before any row; begin with a row at the margin");
        struct buf *help = &table->rows[table->count - 1].help;
        if (help->len)
            buf_addc(help, '\n');
        buf_add(help, str_trim(line));
    }
    for (size_t i = 0; i < table->count; i++)
        if (!table->rows[i].help.len)
            source_fail_at(&table->source, table->rows[i].line,
                           "the row has no help; say what it is for on an indented line below");
}

static const char *cstr(struct table *table, struct str text)
{
    const char *copy = NULL;
    if (str_cstr(table->arena, text, &copy))
        source_fail(&table->source, "there is a NUL in the text; take it out");
    return copy;
}

static void add_quoted(struct buf *out, struct str text)
{
    buf_addc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n')
            buf_add(out, STR("\\n"));
        else if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", c);
        else
            buf_addc(out, c);
    }
    buf_addc(out, '"');
}

static void add_lower(struct buf *out, struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        buf_addc(out,
                 (char)(name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? name.ptr[i] + 32 : name.ptr[i]));
}

/* One bound, written as a value of the setting's own kind is. */
static int64_t read_bound(struct table *table, const struct row *row, enum setting_kind kind,
                          struct str text)
{
    int64_t number;
    enum err err = kind == SETTING_SIZE       ? setting_parse_size(text, &number)
                   : kind == SETTING_DURATION ? setting_parse_duration(text, &number)
                                              : str_to_int(text, INT64_MIN, INT64_MAX, &number);
    if (err)
        source_fail_at(&table->source, row->line, "\"" STR_FMT "\" is no bound of \"%s\"",
                       STR_ARG(text), kinds[kind].word);
    return number;
}

/* "1..65535" for numbers, "debug|info" for choices and URLs, nothing for the others. */
static void read_limits(struct table *table, const struct row *row, struct setting *setting,
                        struct str *rest)
{
    if (kinds[setting->kind].bounded) {
        struct str range = source_take_word(rest);
        size_t dots = str_find(range, STR(".."));
        if (dots == STR_NONE)
            source_fail_at(&table->source, row->line,
                           "\"%s\" needs its bounds behind the preset: 1..10",
                           kinds[setting->kind].word);
        setting->min = read_bound(table, row, setting->kind, str_slice(range, 0, dots));
        setting->max = read_bound(table, row, setting->kind, str_slice(range, dots + 2, range.len));
    } else if (kinds[setting->kind].chosen) {
        char *choices = arena_alloc(table->arena, rest->len + 1);
        struct str words = source_take_word(rest);
        if (!choices || !words.len)
            source_fail_at(&table->source, row->line,
                           "\"%s\" needs its words behind the preset: a|b|c",
                           kinds[setting->kind].word);
        for (size_t i = 0; i < words.len; i++)
            choices[i] = (char)(words.ptr[i] == '|' ? ' ' : words.ptr[i]);
        setting->choices = choices;
    }
}

static enum setting_kind read_kind(struct table *table, const struct row *row, struct str word)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (str_equal(word, str_from(kinds[i].word)))
            return (enum setting_kind)i;
    source_fail_at(&table->source, row->line, "\"" STR_FMT "\" is no kind of setting",
                   STR_ARG(word));
}

static const char *find_nothing(void *source, const char *name)
{
    (void)source;
    (void)name;
    return NULL;
}

/* The preset has to pass the rule that it is the preset of. */
static void check_preset(struct table *table, const struct row *row, const struct setting *setting)
{
    union {
        struct str text;
        int64_t number;
    } place;
    struct ctx ctx = {.arena = table->arena};
    if (setting_load(&ctx, setting, find_nothing, NULL, &place))
        source_fail_at(&table->source, row->line, "the preset %s", ctx.err.user);
}

static struct setting read_setting(struct table *table, const struct row *row)
{
    struct str rest = row->head;
    struct setting setting = {.name = cstr(table, source_take_word(&rest))};
    setting.kind = read_kind(table, row, source_take_word(&rest));
    struct str preset = source_take_word(&rest);
    if (!preset.len)
        source_fail_at(&table->source, row->line, "the preset is missing; write - for none");
    setting.preset = str_equal(preset, STR("-")) ? "" : cstr(table, preset);
    read_limits(table, row, &setting, &rest);
    setting.secret = str_equal(rest, STR("secret"));
    if (rest.len && !setting.secret)
        source_fail_at(&table->source, row->line, "\"" STR_FMT "\" is one word too many",
                       STR_ARG(rest));
    check_preset(table, row, &setting);
    return setting;
}

static void write_settings(struct table *table, const char *header_path, const char *code_path)
{
    struct buf header, code;
    buf_init(&header, table->arena, OUTPUT_MAX);
    buf_init(&code, table->arena, OUTPUT_MAX);
    buf_addf(&header,
             "/* The settings of %s. Generated by tools/gen_table. */\n#pragma once\n\n"
             "#include \"base/settings.h\"\n\nstruct settings {\n",
             table->source.path);
    buf_addf(&code,
             "/* The table of %s. Generated by tools/gen_table. */\n"
             "#include \"settings_table.h\"\n\n"
             "const struct setting settings_table[] = {\n",
             table->source.path);
    for (size_t i = 0; i < table->count; i++) {
        struct row *row = &table->rows[i];
        struct setting setting = read_setting(table, row);
        struct str name = str_from(setting.name);
        buf_addf(&header, "    %s ", kinds[setting.kind].type);
        add_lower(&header, name);
        buf_add(&header, STR(";\n"));
        buf_addf(&code, "    {\"%s\", %s, ", setting.name, kinds[setting.kind].constant);
        add_quoted(&code, str_from(setting.preset));
        buf_addf(&code, ", INT64_C(%" PRId64 "), INT64_C(%" PRId64 "), ", setting.min, setting.max);
        add_quoted(&code, str_from(setting.choices));
        buf_addf(&code, ", %s,\n     ", setting.secret ? "true" : "false");
        add_quoted(&code, buf_str(&row->help));
        buf_add(&code, STR(",\n     offsetof(struct settings, "));
        add_lower(&code, name);
        buf_add(&code, STR(")},\n"));
    }
    buf_addf(&header,
             "};\n\nenum { SETTINGS_COUNT = %zu };\n\n"
             "extern const struct setting settings_table[SETTINGS_COUNT];\n",
             table->count);
    buf_add(&code, STR("};\n"));
    source_write(header_path, &header);
    source_write(code_path, &code);
}

/* The head of a command: its name, then "[--option]" and "WORD" or "[WORD]" as in its usage. */
static void write_command(struct table *table, const struct row *row, struct buf *declarations,
                          struct buf *rows)
{
    struct str rest = row->head, usage = row->head, word;
    struct str name = source_take_word(&rest);
    struct str help = buf_str(&row->help), summary;
    struct buf options;
    int words_min = 0, words_max = 0;
    if (!source_is_name(name))
        source_fail_at(&table->source, row->line, "\"" STR_FMT "\" is no name of a command",
                       STR_ARG(name));
    buf_init(&options, table->arena, OUTPUT_MAX);
    while ((word = source_take_word(&rest)).len) {
        bool optional = str_starts(word, STR("[")) && str_ends(word, STR("]"));
        struct str bare = optional ? str_slice(word, 1, word.len - 1) : word;
        if (str_starts(bare, STR("--"))) {
            buf_addf(&options, STR_FMT " ", STR_ARG(bare));
            continue;
        }
        words_max++;
        words_min += !optional;
    }
    str_cut(&help, '\n', &summary);
    buf_addf(declarations,
             "enum err command_" STR_FMT "(struct app *app, const struct arguments *arguments);\n",
             STR_ARG(name));
    buf_addf(rows, "    {\"" STR_FMT "\", ", STR_ARG(name));
    add_quoted(rows, usage);
    buf_add(rows, STR(", "));
    add_quoted(rows, buf_str(&options));
    buf_addf(rows, ", %d, %d,\n     ", words_min, words_max);
    add_quoted(rows, summary);
    buf_add(rows, STR(",\n     "));
    add_quoted(rows, help);
    buf_addf(rows, ",\n     command_" STR_FMT "},\n", STR_ARG(name));
}

static void write_commands(struct table *table, const char *header_path, const char *code_path)
{
    struct buf header, code, rows;
    buf_init(&header, table->arena, OUTPUT_MAX);
    buf_init(&code, table->arena, OUTPUT_MAX);
    buf_init(&rows, table->arena, OUTPUT_MAX);
    buf_addf(&header,
             "/* The commands of %s. Generated by tools/gen_table. */\n#pragma once\n\n"
             "#include \"app/command.h\"\n\n",
             table->source.path);
    for (size_t i = 0; i < table->count; i++)
        write_command(table, &table->rows[i], &header, &rows);
    buf_addf(&code,
             "/* The table of %s. Generated by tools/gen_table. */\n"
             "#include \"commands_table.h\"\n\nconst struct command commands[] = {\n",
             table->source.path);
    buf_add(&code, buf_str(&rows));
    buf_add(&code, STR("    {0},\n};\n"));
    source_write(header_path, &header);
    source_write(code_path, &code);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *kind;
        void (*write)(struct table *table, const char *header_path, const char *code_path);
    } writers[] = {{"settings", write_settings}, {"commands", write_commands}};
    static struct table table;
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        if (argc != 5 || strcmp(argv[1], writers[i].kind) != 0)
            continue;
        read_table(&table, &arena, argv[2]);
        writers[i].write(&table, argv[3], argv[4]);
        arena_release(&arena);
        return 0;
    }
    fprintf(stderr, "usage: gen_table settings|commands IN.tbl OUT.h OUT.c\n");
    return 2;
}
