/* Finds one field of a form before the form is decoded. */
#include "web/multipart.h"
#include "web/request.h"
#include "web/url.h"

enum { FIELD_MAX = 4 << 10 };

static struct str find_pair(const struct request *request, struct str name)
{
    struct url_pairs pairs = url_pairs(request->ctx->arena, request->body);
    struct str key, value;
    while (url_next_pair(&pairs, &key, &value))
        if (str_equal(key, name))
            return value;
    return STR("");
}

static struct str find_part(const struct request *request, struct str type, struct str name)
{
    struct multipart *parts = ARENA_NEW(request->ctx->arena, struct multipart);
    struct str rest = request->body, data;
    struct buf value;
    buf_init(&value, request->ctx->arena, FIELD_MAX);
    if (!parts || multipart_init(parts, type))
        return STR("");
    for (;;)
        switch (multipart_read(parts, &rest, &data)) {
        case MULTIPART_PART:
            buf_clear(&value);
            break;
        case MULTIPART_DATA:
            if (!parts->filename.ptr && str_equal(parts->name, name))
                buf_add(&value, data);
            break;
        case MULTIPART_PART_END:
            if (!parts->filename.ptr && str_equal(parts->name, name))
                return buf_err(&value) ? STR("") : buf_str(&value);
            break;
        case MULTIPART_BAD:
        case MULTIPART_MORE:
            return STR("");
        }
}

struct str request_form_field(const struct request *request, struct str name)
{
    struct str type = request_header(request, STR("Content-Type"));
    struct str media = str_trim(str_slice(type, 0, str_find_char(type, ';')));
    if (str_equal_nocase(media, STR("application/x-www-form-urlencoded")))
        return find_pair(request, name);
    if (str_equal_nocase(media, STR("multipart/form-data")))
        return find_part(request, type, name);
    return STR("");
}
