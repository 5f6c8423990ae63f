/* Writes spans as OTLP in JSON. */
#include "watch/otlp.h"

#include <inttypes.h>
#include <string.h>

enum { KIND_INTERNAL = 1, KIND_SERVER = 2, KIND_CLIENT = 3, STATUS_ERROR = 2, HEX_MAX = 40 };

static void add_text(struct json_writer *w, const char *name, struct str text)
{
    json_key(w, str_from(name));
    json_add_str(w, text);
}

/* Numbers of 64 bits are texts in this format. */
static void add_number(struct json_writer *w, const char *name, uint64_t number)
{
    char bytes[HEX_MAX];
    struct buf text;
    buf_init_fixed(&text, bytes, sizeof bytes);
    buf_addf(&text, "%" PRIu64, number);
    add_text(w, name, buf_str(&text));
}

static void add_id(struct json_writer *w, const char *name, const uint64_t parts[], size_t count)
{
    char bytes[HEX_MAX];
    struct buf text;
    buf_init_fixed(&text, bytes, sizeof bytes);
    for (size_t i = 0; i < count; i++)
        buf_addf(&text, "%016" PRIx64, parts[i]);
    add_text(w, name, buf_str(&text));
}

static void begin_attribute(struct json_writer *w, const char *name)
{
    json_begin_object(w);
    add_text(w, "key", str_from(name));
    json_key(w, STR("value"));
    json_begin_object(w);
}

static void end_attribute(struct json_writer *w)
{
    json_end_object(w);
    json_end_object(w);
}

/* What is not UTF-8 is mended: one odd byte must not cost the whole batch. */
static void add_attribute(struct json_writer *w, const char *name, struct str text)
{
    char bytes[3 * SPAN_TEXTS_MAX];
    struct buf repaired;
    buf_init_fixed(&repaired, bytes, sizeof bytes);
    buf_add_repaired(&repaired, text);
    begin_attribute(w, name);
    add_text(w, "stringValue", buf_str(&repaired));
    end_attribute(w);
}

static void add_field(struct json_writer *w, const struct span_record *record, size_t i)
{
    switch (record->fields[i].kind) {
    case FIELD_TEXT:
    case FIELD_ID:
        add_attribute(w, record->fields[i].name,
                      str_make(record->texts + record->fields[i].at, record->fields[i].len));
        return;
    case FIELD_INT:
        begin_attribute(w, record->fields[i].name);
        add_number(w, "intValue", (uint64_t)record->fields[i].number);
        end_attribute(w);
        return;
    case FIELD_BOOL:
        begin_attribute(w, record->fields[i].name);
        json_key(w, STR("boolValue"));
        json_add_bool(w, record->fields[i].number != 0);
        end_attribute(w);
        return;
    }
}

static int kind_of(const struct span_record *record)
{
    static const char *const client_fields[] = {"db.system.name", "host"};
    if (record->is_root)
        return KIND_SERVER;
    for (size_t i = 0; i < record->field_count; i++)
        for (size_t j = 0; j < sizeof client_fields / sizeof *client_fields; j++)
            if (strcmp(record->fields[i].name, client_fields[j]) == 0)
                return KIND_CLIENT;
    return KIND_INTERNAL;
}

static void add_status(struct json_writer *w, enum err err)
{
    json_key(w, STR("status"));
    json_begin_object(w);
    if (err_http_status(err) >= 500) {
        json_key(w, STR("code"));
        json_add_int(w, STATUS_ERROR);
        add_text(w, "message", str_from(err_name(err)));
    }
    json_end_object(w);
}

void otlp_begin(struct json_writer *w, struct buf *out, const struct otlp_resource *resource)
{
    json_writer_init(w, out);
    json_begin_object(w);
    json_key(w, STR("resourceSpans"));
    json_begin_array(w);
    json_begin_object(w);
    json_key(w, STR("resource"));
    json_begin_object(w);
    json_key(w, STR("attributes"));
    json_begin_array(w);
    add_attribute(w, "service.name", resource->service);
    add_attribute(w, "service.version", resource->version);
    add_attribute(w, "service.instance.id", resource->instance);
    json_end_array(w);
    json_end_object(w);
    json_key(w, STR("scopeSpans"));
    json_begin_array(w);
    json_begin_object(w);
    json_key(w, STR("scope"));
    json_begin_object(w);
    add_text(w, "name", resource->service);
    json_end_object(w);
    json_key(w, STR("spans"));
    json_begin_array(w);
}

void otlp_add(struct json_writer *w, const struct span_record *record)
{
    json_begin_object(w);
    add_id(w, "traceId", (uint64_t[]){record->trace.high, record->trace.low}, 2);
    add_id(w, "spanId", &record->id, 1);
    if (record->parent_id)
        add_id(w, "parentSpanId", &record->parent_id, 1);
    add_text(w, "name", str_from(record->name));
    json_key(w, STR("kind"));
    json_add_int(w, kind_of(record));
    add_number(w, "startTimeUnixNano", (uint64_t)record->begun_us * 1000);
    add_number(w, "endTimeUnixNano", (uint64_t)(record->begun_us + record->duration_us) * 1000);
    json_key(w, STR("attributes"));
    json_begin_array(w);
    for (size_t i = 0; i < record->field_count; i++)
        add_field(w, record, i);
    json_end_array(w);
    add_status(w, record->err);
    json_end_object(w);
}

void otlp_end(struct json_writer *w)
{
    json_end_array(w); /* spans */
    json_end_object(w);
    json_end_array(w); /* scopeSpans */
    json_end_object(w);
    json_end_array(w); /* resourceSpans */
    json_end_object(w);
}
