/* Writes the routes of all rooms as an OpenAPI 3.1 document. */
#include "web/openapi.h"
#include "web/decode.h"

static bool is_out(const struct route_field *field)
{
    return field->place == ROUTE_OUT;
}

static void write_parameter(struct json_writer *w, const struct route_field *field)
{
    json_begin_object(w);
    openapi_text(w, "name", field->name);
    openapi_text(w, "in", field->place == ROUTE_PATH ? "path" : "query");
    json_key(w, STR("required"));
    json_add_bool(w, openapi_is_required(field));
    if (field->help && *field->help)
        openapi_text(w, "description", field->help);
    json_key(w, STR("schema"));
    openapi_schema(w, field, AS_TEXT);
    json_end_object(w);
}

static void write_parameters(struct json_writer *w, const struct route_field *fields)
{
    openapi_array(w, "parameters");
    for (; fields->name; fields++)
        if (fields->place == ROUTE_PATH || fields->place == ROUTE_QUERY)
            write_parameter(w, fields);
    json_end_array(w);
}

static void write_media(struct json_writer *w, const char *type, const struct route_field *fields,
                        enum spelling spelling)
{
    openapi_object(w, type);
    json_key(w, STR("schema"));
    openapi_fields(w, fields, decode_is_body, spelling);
    json_end_object(w);
}

/* What the route was made for stands first. */
static void write_body(struct json_writer *w, const struct route *route)
{
    bool form = false, json = false, list = false, required = false;
    for (const struct route_field *field = route->fields; field->name; field++) {
        form |= field->place == ROUTE_FORM;
        json |= field->place == ROUTE_JSON;
        list |= decode_is_body(field) && field->kind == ROUTE_LIST;
        required |= decode_is_body(field) && openapi_is_required(field);
    }
    bool whole = route->flags & (ROUTE_STREAM | ROUTE_RAW);
    if (!form && !json && !whole)
        return;
    openapi_object(w, "requestBody");
    json_key(w, STR("required"));
    json_add_bool(w, required || whole);
    openapi_object(w, "content");
    if (json)
        write_media(w, "application/json", route->fields, AS_JSON);
    if (form || (json && !list)) {
        write_media(w, "application/x-www-form-urlencoded", route->fields, AS_TEXT);
        write_media(w, "multipart/form-data", route->fields, AS_TEXT);
    }
    if (form)
        write_media(w, "application/json", route->fields, AS_JSON);
    if (whole) {
        openapi_object(w, "application/octet-stream");
        json_end_object(w);
    }
    json_end_object(w);
    json_end_object(w);
}

static const struct answer {
    const char *word, *status, *words, *type;
} answers[] = {
    {"page", "200", "A page for people.", "text/html"},
    {"json", "200", "The answer.", "application/json"},
    {"redirect", "303", "Done; what came of it is at Location.", NULL},
    {"events", "200", "Events from now on.", "text/event-stream"},
    {"nothing", "204", "Done.", NULL},
};

static const struct answer *find_answer(const struct route *route)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (str_equal(str_from(route->answers), str_from(answers[i].word)))
            return &answers[i];
    return &answers[0];
}

static const struct route_field *find_out(const struct route_field *fields)
{
    while (fields->name && !is_out(fields))
        fields++;
    return fields->name ? fields : NULL;
}

static void write_responses(struct json_writer *w, const struct route *route)
{
    const struct answer *answer = find_answer(route);
    const struct route_field *out = find_out(route->fields);
    openapi_object(w, "responses");
    openapi_object(w, answer->status);
    openapi_text(w, "description", answer->words);
    if (answer->type) {
        openapi_object(w, "content");
        openapi_object(w, answer->type);
        if (out) {
            json_key(w, STR("schema"));
            openapi_fields(w, out, is_out, AS_JSON);
        }
        json_end_object(w);
        json_end_object(w);
    }
    json_end_object(w);
    openapi_object(w, "default");
    openapi_text(w, "$ref", "#/components/responses/Problem");
    json_end_object(w);
    json_end_object(w);
}

static void write_route(struct json_writer *w, const struct room_routes *room,
                        const struct route *route)
{
    static const char *const methods[] = {
        [HTTP_GET] = "get",     [HTTP_POST] = "post",     [HTTP_PUT] = "put",
        [HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete",
    };
    openapi_object(w, methods[route->method]);
    openapi_text(w, "operationId", route->name);
    openapi_array(w, "tags");
    json_add_str(w, str_from(room->room));
    json_end_array(w);
    openapi_text(w, "summary", route->summary);
    openapi_text(w, "x-permission", route->permission);
    write_parameters(w, route->fields);
    write_body(w, route);
    write_responses(w, route);
    json_end_object(w);
}

/* Whether a row before this one has its path: its methods were written there. */
static bool is_written(const struct room_routes *rooms, const struct route *until)
{
    for (; rooms->room; rooms++)
        for (const struct route *route = rooms->routes; route->path; route++) {
            if (route == until)
                return false;
            if (str_equal(str_from(route->path), str_from(until->path)))
                return true;
        }
    return false;
}

/* A {rest...} is one name there: the standard knows no parts with slashes. */
static void write_key(struct json_writer *w, struct str path)
{
    char bytes[ROUTE_PATH_MAX];
    struct buf key;
    const struct str mark = STR("...}");
    bool has_rest = str_ends(path, mark);
    buf_init_fixed(&key, bytes, sizeof bytes);
    buf_add(&key, str_slice(path, 0, has_rest ? path.len - mark.len : path.len));
    buf_add(&key, has_rest ? STR("}") : STR(""));
    json_key(w, buf_str(&key));
}

static void write_path(struct json_writer *w, const struct room_routes *rooms, struct str path)
{
    write_key(w, path);
    json_begin_object(w);
    for (; rooms->room; rooms++)
        for (const struct route *route = rooms->routes; route->path; route++)
            if (str_equal(str_from(route->path), path))
                write_route(w, rooms, route);
    json_end_object(w);
}

/* RFC 9457, as problem.c writes it. */
static const char problem[] =
    "{\"type\":\"object\",\"properties\":{"
    "\"type\":{\"type\":\"string\",\"format\":\"uri-reference\"},"
    "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
    "\"code\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"},"
    "\"instance\":{\"type\":\"string\",\"format\":\"uri-reference\"},"
    "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"field\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}},"
    "\"required\":[\"field\",\"detail\"]}}},"
    "\"required\":[\"type\",\"title\",\"status\"]}";

static void write_components(struct buf *out)
{
    buf_addf(out, ",\"components\":{\"schemas\":{\"Problem\":%s},", problem);
    buf_add(out, STR("\"responses\":{\"Problem\":{\"description\":\"What went wrong.\","
                     "\"content\":{\"application/problem+json\":{\"schema\":"
                     "{\"$ref\":\"#/components/schemas/Problem\"}}}}}}"));
}

void openapi_write(struct buf *out, const struct room_routes *rooms, struct str version)
{
    struct json_writer w;
    buf_add(out, STR("{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Stoa\",\"version\":"));
    json_quote(out, version);
    buf_add(out, STR("},\"paths\":"));
    json_writer_init(&w, out);
    json_begin_object(&w);
    for (const struct room_routes *room = rooms; room->room; room++)
        for (const struct route *route = room->routes; route->path; route++)
            if (!is_written(rooms, route))
                write_path(&w, rooms, str_from(route->path));
    json_end_object(&w);
    write_components(out);
    buf_addc(out, '}');
}
