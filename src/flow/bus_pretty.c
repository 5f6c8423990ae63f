/* JSON as people read it. */
#include "base/json.h"
#include "flow/bus_page.h"

enum { INDENT = 2, SHORT_MAX = 56, PRETTY_MAX = 4 << 20 };

/* What is left of so many characters once the value stands on one line; below 0 where it does not
 * fit. */
static int64_t fit(const struct json *value, int64_t left)
{
    left -= (int64_t)value->name.len;
    if (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT)
        return left - 4 -
               (value->kind == JSON_STRING || value->kind == JSON_NUMBER ? (int64_t)value->text.len
                                                                         : 0);
    for (const struct json *member = value->first; member && left >= 0; member = member->next)
        left = fit(member, left - 2);
    return left - 2;
}

static void add_break(struct buf *out, int indent, bool flat, bool first)
{
    if (flat) {
        buf_add(out, first ? STR("") : STR(" "));
        return;
    }
    buf_addc(out, '\n');
    for (int i = 0; i < indent; i++)
        buf_addc(out, ' ');
}

static void add(struct buf *out, const struct json *value, int indent, bool flat)
{
    bool object = value->kind == JSON_OBJECT;
    if ((!object && value->kind != JSON_ARRAY) || !value->first) {
        json_write(out, value);
        return;
    }
    flat = flat || (indent > 0 && fit(value, SHORT_MAX) >= 0);
    buf_addc(out, object ? '{' : '[');
    for (const struct json *member = value->first; member; member = member->next) {
        add_break(out, indent + INDENT, flat, member == value->first);
        if (object) {
            json_quote(out, member->name);
            buf_add(out, STR(": "));
        }
        add(out, member, indent + INDENT, flat);
        buf_add(out, member->next ? STR(",") : STR(""));
    }
    if (!flat)
        add_break(out, indent, false, false);
    buf_addc(out, object ? '}' : ']');
}

enum err bus_pretty(struct ctx *ctx, struct str json, struct str *text)
{
    struct buf out;
    struct json *root = NULL;
    enum err err = json_read(ctx, json, &root);
    *text = json;
    if (err) {
        err_clear(&ctx->err);
        return err == ERR_INPUT || err == ERR_LIMIT ? ERR_OK : err;
    }
    buf_init(&out, ctx->arena, PRETTY_MAX);
    add(&out, root, 0, false);
    if (buf_err(&out) == ERR_LIMIT)
        return ERR_OK;
    if (buf_err(&out))
        return err_memory(&ctx->err);
    *text = buf_str(&out);
    return ERR_OK;
}
