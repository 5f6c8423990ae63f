/* Writes the typed functions that a room calls its queries by. */
#include <string.h>

#include "calls.h"

/* price_minor: the unit is last in a name, once. */
static const char *c_name(struct calls *calls, const struct call_value *value)
{
    bool has = str_ends(value->name, str_from(value->kind->unit));
    return tool_text(calls->arena, STR_FMT "%s", STR_ARG(value->name),
                     has ? "" : value->kind->unit);
}

static bool is_bytes(const struct call_value *value)
{
    return value->kind->travels == DB_TEXT || value->kind->travels == DB_BLOB;
}

static void add_struct(struct calls *calls, struct buf *out, const struct call *call)
{
    buf_addf(out, "struct " STR_FMT "_row {\n", STR_ARG(call->name));
    for (size_t i = 0; i < call->out_count; i++) {
        const struct call_value *value = &call->outs[i];
        buf_addf(out, "    %s%s;\n", value->kind->held, c_name(calls, value));
        if (value->null)
            buf_addf(out, "    bool " STR_FMT "_null;\n", STR_ARG(value->name));
    }
    buf_add(out, STR("};\n\n"));
    if (call->kind == CALL_MANY)
        buf_addf(out,
                 "struct " STR_FMT "_rows {\n    struct " STR_FMT
                 "_row *rows;\n    size_t count;\n};\n\n",
                 STR_ARG(call->name), STR_ARG(call->name));
}

static void add_signature(struct calls *calls, struct buf *to, const struct call *call)
{
    struct buf whole, *out = &whole;
    buf_init(out, calls->arena, TOOL_OUTPUT_MAX);
    buf_addf(out, "enum err " STR_FMT "(struct tx *tx", STR_ARG(call->name));
    for (size_t i = 0; i < call->in_count; i++) {
        const struct call_value *in = &call->ins[i];
        buf_addf(out, ", %s%s%s%s", in->null ? "const " : "", in->kind->held, in->null ? "*" : "",
                 c_name(calls, in));
    }
    if (call->kind == CALL_EXEC)
        buf_add(out, call->changed ? STR(", int64_t *changed)") : STR(")"));
    else
        buf_addf(out, ", struct " STR_FMT "_%s *%s)", STR_ARG(call->name),
                 call->kind == CALL_ONE ? "row" : "rows", call->kind == CALL_ONE ? "row" : "rows");
    tool_add_broken(to, buf_str(out), "    ");
}

static void add_declaration(struct calls *calls, struct buf *out, const struct call *call)
{
    buf_addc(out, '\n');
    if (call->words.len)
        buf_addf(out, "/* " STR_FMT " */\n", STR_ARG(call->words));
    if (call->out_count)
        add_struct(calls, out, call);
    add_signature(calls, out, call);
    buf_add(out, STR(";\n"));
}

/* The types, and how many they are, of those values that this combination has. */
static void add_types(struct calls *calls, struct buf *to, const char *member,
                      const struct call_value *values, size_t count, unsigned parts)
{
    size_t shown = 0;
    struct buf out;
    buf_init(&out, calls->arena, TOOL_OUTPUT_MAX);
    for (size_t i = 0; i < count; i++) {
        if (!call_uses(&values[i], parts))
            continue;
        if (!shown++)
            buf_addf(&out, "    .%s_types = (const enum db_type[]){", member);
        else
            buf_addc(&out, ',');
        buf_add(&out, str_from(values[i].kind->type));
    }
    if (!shown)
        return;
    tool_add_broken(to, buf_str(&out), "        ");
    buf_addf(to, "},\n    .%s_count = %zu,\n", member, shown);
}

static void add_statement(struct calls *calls, struct buf *out, const struct call *call,
                          unsigned parts)
{
    buf_addf(out, "{\n    .name = \"" STR_FMT "\",\n", STR_ARG(call->name));
    if (!call->far) {
        buf_add(out, STR("    .sqlite =\n        "));
        tool_add_string(out, call_render(calls->arena, call, SQL_SQLITE, parts).text);
        buf_add(out, STR(",\n"));
    }
    buf_add(out, STR("    .postgres =\n        "));
    tool_add_string(out, call_render(calls->arena, call, SQL_POSTGRES, parts).text);
    buf_add(out, STR(",\n"));
    add_types(calls, out, "param", call->ins, call->in_count, parts);
    add_types(calls, out, "column", call->outs, call->out_count, parts);
    if (call->kind == CALL_EXEC || call->far)
        buf_add(out, STR("    .writes = true,\n"));
    if (call->scan.len)
        buf_add(out, STR("    .scans = true,\n"));
    buf_addc(out, '}');
}

/* One query, or an array of them by the parts that are given. */
static void add_query(struct calls *calls, struct buf *out, const struct call *call)
{
    unsigned count = 1u << call->sql.part_count;
    if (count == 1) {
        buf_addf(out, "static const struct query " STR_FMT "_query = ", STR_ARG(call->name));
        add_statement(calls, out, call, 0);
        buf_add(out, STR(";\n\n"));
        return;
    }
    buf_addf(out, "static const struct query " STR_FMT "_queries[] = {\n", STR_ARG(call->name));
    for (unsigned parts = 0; parts < count; parts++) {
        add_statement(calls, out, call, parts);
        buf_add(out, STR(",\n"));
    }
    buf_add(out, STR("};\n\n"));
}

static void add_taking(struct calls *calls, struct buf *out, const struct call_value *value,
                       size_t i)
{
    const char *name = c_name(calls, value);
    if (value->null)
        buf_addf(out, "    row->" STR_FMT "_null = values[%zu].null;\n", STR_ARG(value->name), i);
    if (is_bytes(value))
        buf_addf(out, "    TRY(tx_keep(tx, &values[%zu], &row->%s));\n", i, name);
    else
        buf_addf(out, "    row->%s = %svalues[%zu].%s%s;\n", name,
                 value->null ? tool_text(calls->arena, "values[%zu].null ? 0 : ", i) : "", i,
                 value->kind->member, value->kind->travels == DB_BOOL ? " != 0" : "");
}

/* Makes a row of C of a row of the database. */
static void add_take(struct calls *calls, struct buf *out, const struct call *call)
{
    bool keeps = call->kind == CALL_MANY;
    for (size_t i = 0; i < call->out_count; i++)
        keeps |= is_bytes(&call->outs[i]);
    buf_addf(out,
             "static enum err " STR_FMT
             "_take(struct tx *tx, const struct db_value values[], void *into)\n{\n",
             STR_ARG(call->name));
    if (call->kind == CALL_MANY)
        buf_addf(out,
                 "    struct " STR_FMT "_rows *list = into;\n"
                 "    void *rows = list->rows;\n"
                 "    TRY(tx_make_room(tx, &rows, list->count, sizeof *list->rows));\n"
                 "    list->rows = rows;\n"
                 "    struct " STR_FMT "_row *row = &list->rows[list->count++];\n",
                 STR_ARG(call->name), STR_ARG(call->name));
    else
        buf_addf(out, "    struct " STR_FMT "_row *row = into;\n%s", STR_ARG(call->name),
                 keeps ? "" : "    (void)tx;\n");
    for (size_t i = 0; i < call->out_count; i++)
        add_taking(calls, out, &call->outs[i], i);
    buf_add(out, STR("    return ERR_OK;\n}\n\n"));
}

/* The struct db_value of a parameter that is given, or that is written as null. */
static void add_argument(struct calls *calls, struct buf *out, const struct call_value *in)
{
    const char *name = c_name(calls, in);
    if (in->null && in->outside)
        buf_addf(out, "%s ? %s(*%s) : db_null(%s)", name, in->kind->make, name, in->kind->type);
    else
        buf_addf(out, "%s(%s%s)", in->kind->make, in->null ? "*" : "", name);
}

/* Which parts stand: those whose parameters are all given. */
static void add_parts(struct calls *calls, struct buf *out, const struct call *call)
{
    buf_add(out, STR("    unsigned parts = 0;\n"));
    for (int part = 0; part < call->sql.part_count; part++) {
        const char *between = "    if (";
        for (size_t i = 0; i < call->in_count; i++) {
            if (!(call->ins[i].parts >> part & 1))
                continue;
            buf_addf(out, "%s%s", between, c_name(calls, &call->ins[i]));
            between = " && ";
        }
        buf_addf(out, ")\n        parts |= %uu;\n", 1u << part);
    }
}

/* The arguments of a query with optional parts: those that its statement has. */
static void add_given(struct calls *calls, struct buf *out, const struct call *call)
{
    add_parts(calls, out, call);
    buf_addf(out, "    struct db_value args[%zu];\n    size_t given = 0;\n", call->in_count);
    for (size_t i = 0; i < call->in_count; i++) {
        const struct call_value *in = &call->ins[i];
        if (in->outside)
            buf_add(out, STR("    args[given++] = "));
        else
            buf_addf(out, "    if (parts & %uu)\n        args[given++] = ", in->parts);
        add_argument(calls, out, in);
        buf_add(out, STR(";\n"));
    }
}

static void add_args(struct calls *calls, struct buf *out, const struct call *call)
{
    if (call->sql.part_count) {
        add_given(calls, out, call);
        return;
    }
    if (!call->in_count)
        return;
    buf_add(out, STR("    const struct db_value args[] = {\n"));
    for (size_t i = 0; i < call->in_count; i++) {
        buf_add(out, STR("        "));
        add_argument(calls, out, &call->ins[i]);
        buf_add(out, STR(",\n"));
    }
    buf_add(out, STR("    };\n"));
}

static void add_function(struct calls *calls, struct buf *out, const struct call *call)
{
    static const char *const runs[] = {"tx_query_one", "tx_query", "tx_exec"};
    const char *args = call->in_count ? "args" : "NULL";
    add_signature(calls, out, call);
    buf_add(out, STR("\n{\n"));
    add_args(calls, out, call);
    if (call->kind == CALL_MANY)
        buf_addf(out, "    *rows = (struct " STR_FMT "_rows){0};\n", STR_ARG(call->name));
    buf_addf(out, "    return %s%s(tx, &" STR_FMT "_%s, %s, ", runs[call->kind],
             call->far && call->kind == CALL_MANY ? "_later" : "", STR_ARG(call->name),
             call->sql.part_count ? "queries[parts]" : "query", args);
    if (call->kind == CALL_EXEC)
        buf_add(out, call->changed ? STR("changed);\n}\n\n") : STR("NULL);\n}\n\n"));
    else
        buf_addf(out, STR_FMT "_take, %s);\n}\n\n", STR_ARG(call->name),
                 call->kind == CALL_ONE ? "row" : "rows");
}

/* Every statement, for whoever holds them against a real server. */
static void add_list(struct calls *calls, struct buf *out)
{
    buf_addf(out, "const struct query *const " STR_FMT "_queries[] = {\n",
             STR_ARG(calls->shape->room));
    for (size_t i = 0; i < calls->count; i++) {
        const struct call *call = &calls->list[i];
        for (unsigned parts = 0; parts < 1u << call->sql.part_count; parts++)
            if (call->sql.part_count)
                buf_addf(out, "    &" STR_FMT "_queries[%u],\n", STR_ARG(call->name), parts);
            else
                buf_addf(out, "    &" STR_FMT "_query,\n", STR_ARG(call->name));
    }
    buf_add(out, STR("    NULL,\n};\n"));
}

static void write_header(struct calls *calls, const char *path)
{
    struct buf out;
    struct str room = calls->shape->room;
    buf_init(&out, calls->arena, TOOL_OUTPUT_MAX);
    buf_addf(&out,
             "/* The queries of " STR_FMT ". Made by gen_sql. */\n#pragma once\n\n"
             "#include \"ports/db/query.h\"\n",
             STR_ARG(room));
    for (size_t i = 0; i < calls->count; i++)
        add_declaration(calls, &out, &calls->list[i]);
    buf_addf(&out,
             "\n/* Every statement, each combination by itself; ends with NULL. */\n"
             "extern const struct query *const " STR_FMT "_queries[];\n",
             STR_ARG(room));
    source_write(path, &out);
}

void calls_write(struct calls *calls, const char *header_path, const char *code_path)
{
    struct buf out;
    const char *slash = strrchr(header_path, '/');
    write_header(calls, header_path);
    buf_init(&out, calls->arena, TOOL_OUTPUT_MAX);
    buf_addf(&out, "/* The queries of " STR_FMT ". Made by gen_sql. */\n#include \"%s\"\n\n",
             STR_ARG(calls->shape->room), slash ? slash + 1 : header_path);
    for (size_t i = 0; i < calls->count; i++) {
        const struct call *call = &calls->list[i];
        add_query(calls, &out, call);
        if (call->out_count)
            add_take(calls, &out, call);
        add_function(calls, &out, call);
    }
    add_list(calls, &out);
    source_write(code_path, &out);
}
