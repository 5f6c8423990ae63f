/* Makes what a target is given of an event. */
#include "flow/bus_input.h"

#include "base/buf.h"

enum {
    JSON_MAX = 2 * BUS_BODY_MAX,   /* of a value before it is put within quotes */
    QUOTED_MAX = 8 * BUS_BODY_MAX, /* of one within quotes, with its escapes */
    CHECKED_MAX = 2 * BUS_INPUT_MAX,
};

static bool is_path_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* Takes "[12]" off the front; false where it is something else. */
static bool cut_index(struct str *path, int64_t *index)
{
    size_t end = str_find_char(*path, ']');
    if (end == STR_NONE || str_to_int(str_slice(*path, 1, end), 0, JSON_SIZE_MAX, index))
        return false;
    *path = str_slice(*path, end + 1, path->len);
    return true;
}

static bool cut_name(struct str *path, struct str *name)
{
    size_t len = 1;
    while (len < path->len && is_path_char(path->ptr[len]))
        len++;
    *name = str_slice(*path, 1, len);
    *path = str_slice(*path, len, path->len);
    return name->len > 0;
}

static const struct json *find_member(const struct json *value, struct str name)
{
    if (!value || value->kind != JSON_OBJECT)
        return NULL;
    for (const struct json *member = value->first; member; member = member->next)
        if (str_equal(member->name, name))
            return member;
    return NULL;
}

static const struct json *find_element(const struct json *value, int64_t index)
{
    const struct json *element = value && value->kind == JSON_ARRAY ? value->first : NULL;
    while (element && index-- > 0)
        element = element->next;
    return element;
}

bool bus_input_follow(struct str path, const struct json *value, const struct json **found)
{
    struct str name;
    int64_t index = 0;
    *found = value;
    while (path.len) {
        if (path.ptr[0] == '.' && cut_name(&path, &name))
            *found = find_member(*found, name);
        else if (path.ptr[0] == '[' && cut_index(&path, &index))
            *found = find_element(*found, index);
        else
            return false;
    }
    return true;
}

/* Within quotes: a text's characters, or what JSON writes of another value, escaped. */
static void add_quoted(struct ctx *ctx, struct buf *out, const struct json *value)
{
    struct buf json;
    buf_init(&json, ctx->arena, JSON_MAX);
    struct str text = value && value->kind == JSON_STRING ? value->text : STR("");
    if (value && value->kind != JSON_STRING) {
        json_write(&json, value);
        text = buf_str(&json);
    }
    struct buf quoted;
    buf_init(&quoted, ctx->arena, QUOTED_MAX);
    json_quote(&quoted, text);
    if (buf_err(&json) || buf_err(&quoted))
        buf_fail(out, buf_err(&json) ? buf_err(&json) : buf_err(&quoted));
    else
        buf_add(out, str_slice(buf_str(&quoted), 1, quoted.len - 1));
}

struct template
{
    struct str rest;
    bool in_quotes;
};

/* Copies up to the next "<$", or to the end; false there. */
static bool copy_plain(struct template *t, struct buf *out)
{
    size_t i = 0;
    for (; i < t->rest.len; i++) {
        char c = t->rest.ptr[i];
        if (c == '<' && i + 1 < t->rest.len && t->rest.ptr[i + 1] == '$')
            break;
        if (c == '"')
            t->in_quotes = !t->in_quotes;
        if (c == '\\' && t->in_quotes && i + 1 < t->rest.len)
            i++;
    }
    buf_add(out, str_slice(t->rest, 0, i));
    t->rest = str_slice(t->rest, i, t->rest.len);
    return t->rest.len > 0;
}

/* Puts the values of the event in; false where a path is none. */
static bool fill(struct ctx *ctx, struct str input, const struct json *event, struct buf *out)
{
    struct template t = {.rest = input};
    const struct json *value;
    while (copy_plain(&t, out)) {
        size_t end = str_find_char(t.rest, '>');
        if (end == STR_NONE || !bus_input_follow(str_slice(t.rest, 2, end), event, &value))
            return false;
        if (t.in_quotes)
            add_quoted(ctx, out, value);
        else if (value)
            json_write(out, value);
        else
            buf_add(out, STR("null"));
        t.rest = str_slice(t.rest, end + 1, t.rest.len);
    }
    return true;
}

static enum err wrong_path(struct ctx *ctx)
{
    return err_input(&ctx->err, "input", "a path looks like $.detail.lines[0].sku");
}

static enum err buf_failure(struct ctx *ctx, const struct buf *out)
{
    if (buf_err(out) == ERR_MEMORY)
        return err_memory(&ctx->err);
    return err_fail(&ctx->err, ERR_LIMIT, "What the target is given is too long.",
                    "BUS_BODY_MAX is %d bytes", BUS_BODY_MAX);
}

enum err bus_input_check(struct ctx *ctx, struct str input)
{
    struct json *tree;
    const struct json *value;
    struct buf out;
    static const struct json nothing = {.kind = JSON_OBJECT};
    if (input.len > BUS_INPUT_MAX)
        return err_input(&ctx->err, "input", "must be at most %d bytes", BUS_INPUT_MAX);
    if (!input.len)
        return ERR_OK;
    if (input.ptr[0] == '$')
        return bus_input_follow(str_slice(input, 1, input.len), NULL, &value) ? ERR_OK
                                                                              : wrong_path(ctx);
    buf_init(&out, ctx->arena, CHECKED_MAX);
    if (!fill(ctx, input, &nothing, &out))
        return wrong_path(ctx);
    if (buf_err(&out))
        return buf_failure(ctx, &out);
    if (json_read(ctx, buf_str(&out), &tree))
        return err_input(&ctx->err, "input", "with null in the place of its paths it is no JSON");
    return ERR_OK;
}

enum err bus_input_make(struct ctx *ctx, struct str input, const struct json *event,
                        struct str text, struct str *body)
{
    const struct json *value = NULL;
    struct buf out;
    *body = text;
    if (!input.len)
        return ERR_OK;
    buf_init(&out, ctx->arena, BUS_BODY_MAX);
    bool is_path = input.ptr[0] == '$';
    if (is_path ? !bus_input_follow(str_slice(input, 1, input.len), event, &value)
                : !fill(ctx, input, event, &out))
        return wrong_path(ctx);
    if (is_path && !value)
        return err_fail(&ctx->err, ERR_MISSING, "The event has nothing there.",
                        STR_FMT " leads to nothing", STR_ARG(input));
    if (is_path)
        json_write(&out, value);
    if (buf_err(&out))
        return buf_failure(ctx, &out);
    *body = buf_str(&out);
    return ERR_OK;
}
