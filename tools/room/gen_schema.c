/* Makes of a room's tables.tbl and migrations what the program, the engines and people read.
 *
 *     gen_schema sample tests/db/sample build/tests/db/sample
 *
 * writes into the last folder: sample_schema.h and .c (struct schema sample_schema),
 * sample_schema.sqlite.sql and .pg.sql (the tables as each engine has them), sample_schema.md
 * (their documentation) and sample_schema.d (what the build must look at).
 * It stops where the migrations do not make these tables. */
#include <inttypes.h>
#include <stdio.h>

#include "steps.h"

struct output {
    struct arena *arena;
    const struct shape *shape;
    const struct steps *steps;
    const char *stem; /* "build/tests/db/sample/sample_schema" */
};

static void begin(struct output *output, struct buf *out)
{
    buf_init(out, output->arena, TOOL_OUTPUT_MAX);
}

static void finish(struct output *output, const struct buf *out, const char *ending)
{
    source_write(tool_text(output->arena, "%s%s", output->stem, ending), out);
}

static void write_header(struct output *output)
{
    struct buf out;
    begin(output, &out);
    buf_addf(&out,
             "/* The tables of " STR_FMT ". Made by gen_schema from tables.tbl. */\n"
             "#pragma once\n\n#include \"ports/db/schema.h\"\n\n"
             "extern const struct schema " STR_FMT "_schema;\n",
             STR_ARG(output->shape->room), STR_ARG(output->shape->room));
    finish(output, &out, ".h");
}

static void add_columns(struct buf *out, const struct shape_table *table)
{
    buf_addf(out, "static const struct schema_column " STR_FMT "_columns[] = {\n",
             STR_ARG(table->name));
    for (size_t i = 0; i < table->count; i++) {
        const struct shape_column *column = &table->columns[i];
        buf_addf(out, "    {\"" STR_FMT "\", \"%s\", %s, %s, %s, ", STR_ARG(column->name),
                 column->kind->word, column->kind->type, column->null ? "true" : "false",
                 column->key ? "true" : "false");
        if (column->refers)
            buf_addf(out, "\"" STR_FMT "\"},\n", STR_ARG(column->refers->name));
        else
            buf_add(out, STR("NULL},\n"));
    }
    buf_add(out, STR("};\n\n"));
}

static void add_indexes(struct buf *out, const struct shape_table *table)
{
    if (!table->index_count)
        return;
    buf_addf(out, "static const struct schema_index " STR_FMT "_indexes[] = {\n",
             STR_ARG(table->name));
    for (size_t i = 0; i < table->index_count; i++) {
        const struct shape_index *index = &table->indexes[i];
        buf_addf(out, "    {\"%s\", %s, (const char *const[]){", index->name,
                 index->unique ? "true" : "false");
        for (size_t k = 0; k < index->count; k++)
            buf_addf(out, "\"" STR_FMT "\", ", STR_ARG(index->parts[k]));
        buf_add(out, STR("NULL}},\n"));
    }
    buf_add(out, STR("};\n\n"));
}

static void add_tables(struct buf *out, const struct shape *shape)
{
    for (size_t i = 0; i < shape->count; i++) {
        add_columns(out, &shape->tables[i]);
        add_indexes(out, &shape->tables[i]);
    }
    buf_add(out, STR("static const struct schema_table tables[] = {\n"));
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_table *table = &shape->tables[i];
        buf_addf(out, "    {\"" STR_FMT "\", " STR_FMT "_columns, %zu, ", STR_ARG(table->name),
                 STR_ARG(table->name), table->count);
        if (table->index_count)
            buf_addf(out, STR_FMT "_indexes, %zu},\n", STR_ARG(table->name), table->index_count);
        else
            buf_add(out, STR("NULL, 0},\n"));
    }
    buf_add(out, STR("};\n\n"));
}

static void add_steps(struct buf *out, const struct steps *steps)
{
    buf_add(out, STR("static const struct migration migrations[] = {\n"));
    for (size_t i = 0; i < steps->count; i++) {
        const struct step *step = &steps->list[i];
        buf_addf(out, "    {%zu, \"" STR_FMT "\",\n        ", i + 1, STR_ARG(step->name));
        tool_add_string(out, str_from(step->texts[SQL_SQLITE]));
        buf_add(out, STR(",\n        "));
        tool_add_string(out, str_from(step->texts[SQL_POSTGRES]));
        buf_addf(out, ",\n        UINT64_C(0x%016" PRIx64 ")},\n", steps_checksum(step));
    }
    buf_add(out, STR("};\n\n"));
}

static void write_code(struct output *output)
{
    struct buf out;
    struct str room = output->shape->room;
    begin(output, &out);
    buf_addf(&out,
             "/* The tables of " STR_FMT " and its migrations. Made by gen_schema. */\n"
             "#include \"" STR_FMT "_schema.h\"\n\n",
             STR_ARG(room), STR_ARG(room));
    add_tables(&out, output->shape);
    add_steps(&out, output->steps);
    buf_addf(&out,
             "const struct schema " STR_FMT "_schema = {\n"
             "    \"" STR_FMT "\", tables, %zu, migrations, %zu};\n",
             STR_ARG(room), STR_ARG(room), output->shape->count, output->steps->count);
    finish(output, &out, ".c");
}

static void write_tables(struct output *output, enum sql_engine engine, const char *ending)
{
    struct buf out;
    begin(output, &out);
    buf_addf(&out, "-- The tables of " STR_FMT ". Made by gen_schema from tables.tbl.\n",
             STR_ARG(output->shape->room));
    for (size_t i = 0; i < output->shape->count; i++) {
        buf_addc(&out, '\n');
        shape_add_table(&out, &output->shape->tables[i], engine);
    }
    finish(output, &out, ending);
}

/* A | would end the cell. */
static void add_cell(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '|')
            buf_addc(out, '\\');
        buf_addc(out, text.ptr[i]);
    }
}

static void add_table_page(struct buf *out, const struct shape_table *table)
{
    buf_addf(out, "\n## " STR_FMT "\n\n", STR_ARG(table->name));
    if (table->words.len)
        buf_addf(out, STR_FMT "\n\n", STR_ARG(table->words));
    buf_add(out, STR("| column | kind | may be null | |\n|---|---|---|---|\n"));
    for (size_t i = 0; i < table->count; i++) {
        const struct shape_column *column = &table->columns[i];
        buf_addf(out, "| %s" STR_FMT "%s | %s", column->key ? "**" : "", STR_ARG(column->name),
                 column->key ? "**" : "", column->kind->word);
        if (column->refers)
            buf_addf(out, " of " STR_FMT, STR_ARG(column->refers->name));
        buf_addf(out, " | %s | ", column->null ? "yes" : "");
        add_cell(out, column->words);
        buf_add(out, STR(" |\n"));
    }
    for (size_t i = 0; i < table->index_count; i++) {
        const struct shape_index *index = &table->indexes[i];
        buf_addf(out, "%s%s by", i ? "" : "\n", index->unique ? "Unique" : "Indexed");
        for (size_t k = 0; k < index->count; k++)
            buf_addf(out, "%s " STR_FMT, k ? "," : "", STR_ARG(index->parts[k]));
        buf_addf(out, ".\n");
    }
}

static void write_page(struct output *output)
{
    struct buf out;
    begin(output, &out);
    buf_addf(&out, "# The tables of " STR_FMT "\n", STR_ARG(output->shape->room));
    if (output->shape->words.len)
        buf_addf(&out, "\n" STR_FMT "\n", STR_ARG(output->shape->words));
    buf_add(&out,
            STR("\nA column of the key is in bold. The kinds are told in docs/database.md.\n"));
    for (size_t i = 0; i < output->shape->count; i++)
        add_table_page(&out, &output->shape->tables[i]);
    buf_add(&out, STR("\n## Migrations\n\n"));
    for (size_t i = 0; i < output->steps->count; i++)
        buf_addf(&out, "- " STR_FMT ": " STR_FMT "\n", STR_ARG(output->steps->list[i].name),
                 STR_ARG(output->steps->list[i].words));
    finish(output, &out, ".md");
}

static void write_depfile(struct output *output)
{
    struct buf out;
    begin(output, &out);
    buf_addf(&out, "%s.h:", output->stem);
    tool_add_file(&out, output->shape->source.path);
    tool_add_files(&out, &output->steps->files);
    buf_addc(&out, '\n');
    finish(output, &out, ".d");
}

int main(int argc, char **argv)
{
    struct arena arena;
    arena_init(&arena, TOOL_MEMORY_MAX);
    if (argc != 4) {
        fprintf(stderr, "usage: gen_schema ROOM FOLDER OUTPUT-FOLDER\n");
        return 2;
    }
    const char *tables = tool_text(&arena, "%s/tables.tbl", argv[2]);
    struct shape *shape = shape_read(&arena, argv[1], tables);
    struct steps *steps = steps_read(&arena, tool_text(&arena, "%s/migrations", argv[2]));
    struct output output = {&arena, shape, steps,
                            tool_text(&arena, "%s/%s_schema", argv[3], argv[1])};
    if (!shape->count)
        source_fail_at(&shape->source, 1, "there is no table; add one or remove the file");
    steps_check(&arena, steps, shape);
    write_header(&output);
    write_code(&output);
    write_tables(&output, SQL_SQLITE, ".sqlite.sql");
    write_tables(&output, SQL_POSTGRES, ".pg.sql");
    write_page(&output);
    write_depfile(&output);
    arena_release(&arena);
    return 0;
}
