/* Writes a route's output struct as JSON. */
#include <string.h>

#include "base/assert.h"
#include "base/json.h"
#include "web/route.h"

static void write_fields(struct json_writer *w, const struct route_field *fields, const void *from);

static int64_t number_at(const struct route_field *field, const void *from)
{
    int64_t number;
    memcpy(&number, (const char *)from + field->offset, sizeof number);
    return number;
}

static void write_time(struct json_writer *w, int64_t time_us)
{
    char text[CLOCK_TEXT_MAX];
    clock_format(time_us, text);
    json_add_str(w, str_from(text));
}

static void write_choice(struct json_writer *w, const struct route_field *field, int64_t place)
{
    struct str rest = str_from(field->choices), choice = {0};
    bool found = true;
    for (int64_t i = 0; found && i <= place; i++)
        found = str_cut(&rest, ' ', &choice);
    ASSERT(found && place >= 0);
    json_add_str(w, choice);
}

static void write_rows(struct json_writer *w, const struct route_field *field, const void *from)
{
    struct {
        const void *rows;
        size_t count;
    } list;
    memcpy(&list, (const char *)from + field->offset, sizeof list);
    ASSERT(list.count <= (uint64_t)field->max);
    json_begin_array(w);
    for (size_t i = 0; i < list.count; i++)
        write_fields(w, field->fields, (const char *)list.rows + i * field->row_size);
    json_end_array(w);
}

static void write_value(struct json_writer *w, const struct route_field *field, const void *from)
{
    struct str text;
    bool yes;
    switch (field->kind) {
    case ROUTE_TEXT:
    case ROUTE_LINES:
    case ROUTE_EMAIL:
    case ROUTE_ID:
        memcpy(&text, (const char *)from + field->offset, sizeof text);
        json_add_str(w, text);
        return;
    case ROUTE_BOOL:
        memcpy(&yes, (const char *)from + field->offset, sizeof yes);
        json_add_bool(w, yes);
        return;
    case ROUTE_INT:
    case ROUTE_MONEY:
        json_add_int(w, number_at(field, from));
        return;
    case ROUTE_CHOICE:
        write_choice(w, field, number_at(field, from));
        return;
    case ROUTE_TIME:
        write_time(w, number_at(field, from));
        return;
    case ROUTE_LIST:
        write_rows(w, field, from);
        return;
    }
    ASSERT_UNREACHABLE("a switch over every kind");
}

/* What is optional and absent is left out. */
static void write_fields(struct json_writer *w, const struct route_field *fields, const void *from)
{
    json_begin_object(w);
    for (const struct route_field *field = fields; field->name; field++) {
        bool has = true;
        if (field->optional)
            memcpy(&has, (const char *)from + field->has_offset, sizeof has);
        if (!has)
            continue;
        json_key(w, str_from(field->name));
        write_value(w, field, from);
    }
    json_end_object(w);
}

enum err route_answer(struct request *request, const struct route_field *fields, const void *output)
{
    struct buf *body = respond_body(request, "application/json");
    struct json_writer w;
    json_writer_init(&w, body);
    write_fields(&w, fields, output);
    if (buf_err(body) == ERR_MEMORY)
        return err_memory(&request->ctx->err);
    if (buf_err(body))
        return err_fail(&request->ctx->err, ERR_INTERNAL, "Something went wrong here.",
                        "the answer of %s is %s", request->route->name, err_name(buf_err(body)));
    return ERR_OK;
}
