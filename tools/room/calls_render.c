/* Writes one combination of a query's parts as an engine takes it. */
#include "calls.h"

bool call_uses(const struct call_value *value, unsigned parts)
{
    return value->outside || (value->parts & parts);
}

/* ?2, or $2::bigint: without its type PostgreSQL takes $1 + 1 for a sum of small ints. */
static void add_parameter(struct buf *out, const struct call *call, struct str name,
                          enum sql_engine engine, unsigned parts)
{
    size_t in = call_find_in(call, name), number = 1;
    for (size_t i = 0; i < in; i++)
        number += call_uses(&call->ins[i], parts);
    if (engine == SQL_POSTGRES)
        buf_addf(out, "$%zu::%s", number, call->ins[in].kind->cast);
    else
        buf_addf(out, "?%zu", number);
}

static bool is_in(const struct sql_token *token, unsigned parts)
{
    return !token->part || (parts >> (token->part - 1) & 1);
}

struct call_text call_render(struct arena *arena, const struct call *call, enum sql_engine engine,
                             unsigned parts)
{
    const struct sql *sql = engine == SQL_POSTGRES && call->postgres.count ? &call->postgres
                                                                           : &call->sql;
    struct call_text text = {.starts = tool_alloc(arena, sql->count + 1, sizeof *text.starts)};
    struct buf out;
    bool gap = false; /* what was left out may have held the space */
    buf_init(&out, arena, TOOL_OUTPUT_MAX);
    for (size_t i = 0; i < sql->count; i++) {
        const struct sql_token *token = &sql->list[i];
        bool shown = is_in(token, parts) && !sql_is(sql, i, ";");
        if (shown && out.len && token->breaks)
            buf_addc(&out, '\n');
        else if (shown && out.len && (token->spaced || gap))
            buf_addc(&out, ' ');
        text.starts[i] = out.len;
        if (shown && token->kind == SQL_PARAMETER)
            add_parameter(&out, call, token->text, engine, parts);
        else if (shown)
            buf_add(&out, token->text);
        gap = !shown;
    }
    text.text = str_from(tool_text(arena, STR_FMT, STR_ARG(buf_str(&out))));
    return text;
}
