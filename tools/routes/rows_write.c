/* Writes the structs, prototypes, thunks and tables of the routes as C. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rows.h"

struct writer {
    struct table *table;
    struct buf header, code;
};

/* Whose structs and tables are being written: "message_list", "input" or "output", and the names of
 * the lists around: "_lines". */
struct owner {
    struct str route;
    const char *what;
    struct str path;
};

static void add_quoted(struct buf *out, struct str text)
{
    buf_addc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            buf_addc(out, '\\');
        buf_addc(out, text.ptr[i]);
    }
    buf_addc(out, '"');
}

static bool is_of(const struct field *field, const char *what)
{
    return (field->place == ROUTE_OUT) == (strcmp(what, "output") == 0);
}

static bool has_any(const struct row *row, const char *what)
{
    for (const struct field *field = row->fields; field; field = field->next)
        if (is_of(field, what))
            return true;
    return false;
}

static struct owner list_owner(struct table *table, const struct owner *owner,
                               const struct field *list)
{
    struct buf path;
    buf_init(&path, table->arena, ROWS_OUTPUT_MAX);
    buf_addf(&path, STR_FMT "_" STR_FMT, STR_ARG(owner->path), STR_ARG(list->name));
    return (struct owner){owner->route, owner->what, buf_str(&path)};
}

static void add_tag(struct buf *out, const struct owner *owner)
{
    buf_addf(out, "struct " STR_FMT "_%s" STR_FMT, STR_ARG(owner->route), owner->what,
             STR_ARG(owner->path));
}

static void write_member(struct writer *w, const struct owner *owner, const struct field *field)
{
    const struct kind *kind = &kinds[field->kind];
    if (field->kind == ROUTE_LIST) {
        struct owner rows = list_owner(w->table, owner, field);
        buf_add(&w->header, STR("    struct {\n        const "));
        add_tag(&w->header, &rows);
        buf_addf(&w->header, " *rows;\n        size_t count;\n    } " STR_FMT ";\n",
                 STR_ARG(field->name));
        return;
    }
    buf_addf(&w->header, "    %s " STR_FMT "%s;\n", kind->type, STR_ARG(field->name), kind->unit);
    if (field->optional)
        buf_addf(&w->header, "    bool has_" STR_FMT ";\n", STR_ARG(field->name));
}

/* The struct of a list's rows stands before the one that has the list. */
static void write_struct(struct writer *w, const struct owner *owner, const struct field *fields)
{
    for (const struct field *field = fields; field; field = field->next)
        if (field->kind == ROUTE_LIST && is_of(field, owner->what)) {
            struct owner rows = list_owner(w->table, owner, field);
            write_struct(w, &rows, field->fields);
        }
    add_tag(&w->header, owner);
    buf_add(&w->header, STR(" {\n"));
    for (const struct field *field = fields; field; field = field->next)
        if (is_of(field, owner->what))
            write_member(w, owner, field);
    buf_add(&w->header, STR("};\n\n"));
}

static void write_bounds(struct buf *out, const struct field *field)
{
    if (!kinds[field->kind].is_bounded)
        return;
    if (field->min != INT64_MIN)
        buf_addf(out, " .min = %" PRId64 ",", field->min);
    else
        buf_add(out, STR(" .min = INT64_MIN,"));
    if (field->max != INT64_MAX)
        buf_addf(out, " .max = %" PRId64 ",", field->max);
    else
        buf_add(out, STR(" .max = INT64_MAX,"));
}

static void write_offset(struct buf *out, const char *member, const struct owner *owner,
                         const char *before, const struct field *field)
{
    buf_addf(out, " .%s = offsetof(", member);
    add_tag(out, owner);
    buf_addf(out, ", %s" STR_FMT "%s),", before, STR_ARG(field->name),
             *before ? "" : kinds[field->kind].unit);
}

static void write_field(struct writer *w, const struct owner *owner, const struct field *field)
{
    struct buf *out = &w->code;
    buf_addf(out, "    {.name = \"" STR_FMT "\", .place = %s, .kind = %s,", STR_ARG(field->name),
             place_words[field->place].constant, kinds[field->kind].constant);
    if (field->optional)
        buf_add(out, STR(" .optional = true,"));
    write_bounds(out, field);
    if (field->preset.ptr) {
        buf_add(out, STR(" .preset = "));
        add_quoted(out, field->preset);
        buf_addc(out, ',');
    }
    if (field->choices.len)
        buf_addf(out, " .choices = \"" STR_FMT "\",", STR_ARG(field->choices));
    buf_add(out, STR("\n     .help = "));
    add_quoted(out, field->help);
    buf_addc(out, ',');
    write_offset(out, "offset", owner, "", field);
    if (field->optional)
        write_offset(out, "has_offset", owner, "has_", field);
    if (field->kind == ROUTE_LIST) {
        struct owner rows = list_owner(w->table, owner, field);
        buf_addf(out, "\n     .fields = " STR_FMT "_%s" STR_FMT ", .row_size = sizeof(",
                 STR_ARG(rows.route), rows.what, STR_ARG(rows.path));
        add_tag(out, &rows);
        buf_add(out, STR("),"));
    }
    buf_add(out, STR("},\n"));
}

static void write_lists(struct writer *w, const struct owner *owner, const struct field *fields)
{
    for (const struct field *list = fields; list; list = list->next) {
        if (list->kind != ROUTE_LIST || !is_of(list, owner->what))
            continue;
        struct owner rows = list_owner(w->table, owner, list);
        write_lists(w, &rows, list->fields);
        buf_addf(&w->code, "static const struct route_field " STR_FMT "_%s" STR_FMT "[] = {\n",
                 STR_ARG(rows.route), rows.what, STR_ARG(rows.path));
        for (const struct field *field = list->fields; field; field = field->next)
            write_field(w, &rows, field);
        buf_add(&w->code, STR("    {0},\n};\n"));
    }
}

static void write_fields(struct writer *w, const struct row *row)
{
    struct owner input = {row->name, "input", {0}}, output = {row->name, "output", {0}};
    write_lists(w, &input, row->fields);
    write_lists(w, &output, row->fields);
    buf_addf(&w->code, "static const struct route_field " STR_FMT "_fields[] = {\n",
             STR_ARG(row->name));
    for (const struct field *field = row->fields; field; field = field->next)
        write_field(w, field->place == ROUTE_OUT ? &output : &input, field);
    buf_add(&w->code, STR("    {0},\n};\n\n"));
}

static void write_handler(struct writer *w, const struct row *row)
{
    bool takes = has_any(row, "input");
    buf_addf(&w->header, "/* " STR_FMT " */\nenum err " STR_FMT "(struct request *request",
             STR_ARG(row->summary), STR_ARG(row->name));
    if (takes)
        buf_addf(&w->header, ", const struct " STR_FMT "_input *input", STR_ARG(row->name));
    buf_add(&w->header, STR(");\n"));
    if (row->again)
        buf_addf(&w->header, "route_again " STR_FMT "_again;\n", STR_ARG(row->name));
    buf_addf(&w->code,
             "static enum err " STR_FMT "_run(struct request *request, const void *input)\n{\n"
             "%s    return " STR_FMT "(request%s);\n}\n\n",
             STR_ARG(row->name), takes ? "" : "    (void)input;\n", STR_ARG(row->name),
             takes ? ", input" : "");
}

static void write_answer(struct writer *w, const struct row *row)
{
    size_t inputs = 0;
    for (const struct field *field = row->fields; field; field = field->next)
        inputs += field->place != ROUTE_OUT;
    buf_addf(&w->header,
             "enum err " STR_FMT "_answer(struct request *request, const struct " STR_FMT
             "_output *output);\n",
             STR_ARG(row->name), STR_ARG(row->name));
    buf_addf(&w->code,
             "enum err " STR_FMT "_answer(struct request *request, const struct " STR_FMT
             "_output *output)\n{\n    return route_answer(request, " STR_FMT
             "_fields + %zu, output);\n}\n\n",
             STR_ARG(row->name), STR_ARG(row->name), STR_ARG(row->name), inputs);
}

static void write_row(struct writer *w, const struct row *row)
{
    struct owner input = {row->name, "input", {0}}, output = {row->name, "output", {0}};
    if (has_any(row, "input"))
        write_struct(w, &input, row->fields);
    if (has_any(row, "output"))
        write_struct(w, &output, row->fields);
    write_fields(w, row);
    write_handler(w, row);
    if (has_any(row, "output"))
        write_answer(w, row);
    buf_addc(&w->header, '\n');
}

static void write_flags(struct buf *out, unsigned flags)
{
    const char *before = " .flags = ";
    for (const struct word *flag = flag_words; flag->word; flag++)
        if (flags & flag->bit) {
            buf_addf(out, "%s%s", before, flag->constant);
            before = " | ";
        }
    if (flags)
        buf_addc(out, ',');
}

static void write_entry(struct writer *w, const struct row *row)
{
    struct buf *out = &w->code;
    buf_addf(out,
             "    {.method = %s, .path = \"" STR_FMT "\", .name = \"" STR_FMT
             "\", .handler = " STR_FMT "_run,",
             row->method, STR_ARG(row->path), STR_ARG(row->name), STR_ARG(row->name));
    if (row->again)
        buf_addf(out, " .again = " STR_FMT "_again,", STR_ARG(row->name));
    buf_addf(out, "\n     .permission = \"" STR_FMT "\", .rate = %s,", STR_ARG(row->may),
             word_find(rate_words, row->rate)->constant);
    write_flags(out, row->flags);
    if (row->cache_s > 0)
        buf_addf(out, " .cache_s = %" PRId64 ",", row->cache_s);
    buf_addf(out, " .body_max = %" PRId64 ", .answers = \"" STR_FMT "\",\n     .summary = ",
             row->body_max, STR_ARG(row->answers));
    add_quoted(out, row->summary);
    buf_addf(out, ",\n     .fields = " STR_FMT "_fields,", STR_ARG(row->name));
    if (has_any(row, "input"))
        buf_addf(out, " .input_size = sizeof(struct " STR_FMT "_input),", STR_ARG(row->name));
    buf_add(out, STR("},\n"));
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void table_write(struct table *table, const char *header_path, const char *code_path)
{
    struct writer w = {.table = table};
    struct str room = table->room;
    buf_init(&w.header, table->arena, ROWS_OUTPUT_MAX);
    buf_init(&w.code, table->arena, ROWS_OUTPUT_MAX);
    buf_addf(&w.header,
             "/* The routes of %s. Generated by tools/gen_routes. */\n#pragma once\n\n"
             "#include \"web/route.h\"\n\nextern const struct route " STR_FMT "_routes[];\n\n",
             file_name(table->source.path), STR_ARG(room));
    buf_addf(&w.code,
             "/* The table of %s. Generated by tools/gen_routes. */\n#include \"%s\"\n\n"
             "#include <stddef.h>\n\n",
             file_name(table->source.path), file_name(header_path));
    for (const struct row *row = table->rows; row; row = row->next)
        write_row(&w, row);
    buf_addf(&w.code, "const struct route " STR_FMT "_routes[] = {\n", STR_ARG(room));
    for (const struct row *row = table->rows; row; row = row->next)
        write_entry(&w, row);
    buf_add(&w.code, STR("    {0},\n};\n"));
    source_write(header_path, &w.header);
    source_write(code_path, &w.code);
}
