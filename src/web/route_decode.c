/* Decodes what a request brings into its route's input struct. */
#include "base/json.h"
#include "web/decode.h"
#include "web/multipart.h"

enum media { MEDIA_NONE, MEDIA_FORM, MEDIA_MULTIPART, MEDIA_JSON, MEDIA_OTHER };

static enum media media_of(const struct request *request, struct str content_type)
{
    static const struct {
        const char *name;
        enum media media;
    } types[] = {{"application/x-www-form-urlencoded", MEDIA_FORM},
                 {"multipart/form-data", MEDIA_MULTIPART},
                 {"application/json", MEDIA_JSON}};
    struct str type = str_trim(str_slice(content_type, 0, str_find_char(content_type, ';')));
    struct str charset;
    if (!request->body.len)
        return MEDIA_NONE;
    if (multipart_parameter(content_type, "charset", &charset) ||
        (charset.ptr && !str_equal_nocase(charset, STR("utf-8"))))
        return MEDIA_OTHER;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_equal_nocase(type, str_from(types[i].name)))
            return types[i].media;
    return MEDIA_OTHER;
}

static bool has_list(const struct route_field *fields)
{
    for (; fields->name; fields++)
        if (fields->kind == ROUTE_LIST && decode_is_body(fields))
            return true;
    return false;
}

static bool takes_body(const struct route *route)
{
    for (const struct route_field *field = route->fields; field->name; field++)
        if (decode_is_body(field))
            return true;
    return false;
}

/* A part of the path that cannot be: there is no such thing. */
static enum err decode_path(struct decoder *in, void *into)
{
    const struct route_field *field = in->request->route->fields;
    in->plain = true;
    for (size_t i = 0; field->place == ROUTE_PATH && field->name; i++, field++)
        decode_set_text(in, field, in->request->parts[i], into);
    in->plain = false;
    if (!in->errors->count)
        return ERR_OK;
    in->errors->count = 0;
    return err_fail(&in->ctx->err, ERR_MISSING, "There is no such page.",
                    "{%s} of the path cannot be", in->errors->rows[0].field);
}

static enum err decode_json(struct decoder *in, void *into)
{
    struct json *root;
    TRY(json_read(in->ctx, in->request->body, &root));
    if (root->kind != JSON_OBJECT)
        return err_input(&in->ctx->err, "", "The body must be an object: {…}");
    decode_set_object(in, in->request->route->fields, root, into);
    return ERR_OK;
}

static enum err refuse_media(struct request *request, bool lists)
{
    request->response.status = 415;
    return err_input(&request->ctx->err, "", "Send application/json%s.",
                     lists ? "" : ", application/x-www-form-urlencoded or multipart/form-data");
}

/* Of a form the text alone: its fields are set with those of the query. */
static enum err decode_body(struct decoder *in, bool *is_json, void *into)
{
    struct request *request = in->request;
    struct str content_type = http_header(request->head, STR("Content-Type"));
    bool lists = has_list(request->route->fields);
    enum media media = media_of(request, content_type);
    *is_json = media == MEDIA_JSON;
    if (media == MEDIA_NONE)
        return ERR_OK;
    if (media == MEDIA_JSON)
        return decode_json(in, into);
    if (media == MEDIA_OTHER || lists)
        return refuse_media(request, lists);
    if (media == MEDIA_MULTIPART)
        return decode_read_multipart(in, content_type);
    return decode_read_pairs(in, request->body, true);
}

static enum err keep_first(struct decoder *in)
{
    const struct field_error *first = &in->errors->rows[0];
    if (in->failed)
        return err_memory(&in->ctx->err);
    if (!in->errors->count)
        return ERR_OK;
    return err_input(&in->ctx->err, first->field, STR_FMT, STR_ARG(first->words));
}

enum err route_decode(struct request *request, void *input, struct field_errors *errors)
{
    const struct route *route = request->route;
    struct decoder in;
    size_t count = 0;
    bool is_json = false;
    decode_init(&in, request, errors);
    while (route->fields[count].name)
        count++;
    request->typed = ARENA_ARRAY(in.ctx->arena, count, struct str);
    if (!request->typed)
        return err_memory(&in.ctx->err);
    TRY(decode_path(&in, input));
    TRY(decode_read_pairs(&in, request->head->query, false));
    if (takes_body(route))
        TRY(decode_body(&in, &is_json, input));
    for (size_t i = 0; i < count; i++) {
        const struct route_field *field = &route->fields[i];
        if (field->place == ROUTE_QUERY || (decode_is_body(field) && !is_json))
            decode_set_text(&in, field, request->typed[i], input);
    }
    return keep_first(&in);
}

struct str route_typed(const struct request *request, const char *name)
{
    const struct route_field *fields = request->route->fields;
    for (size_t i = 0; request->typed && fields[i].name; i++)
        if (fields[i].place != ROUTE_OUT && str_equal(str_from(fields[i].name), str_from(name)))
            return request->typed[i];
    return (struct str){0};
}
