/* What the files that write /openapi.json share; others include route.h.
 *
 *     openapi_object(w, "schema");                          "schema":{
 *     openapi_text(w, "type", "object");
 *     json_end_object(w);
 */
#ifndef STOA_WEB_OPENAPI_H
#define STOA_WEB_OPENAPI_H

#include "base/json.h"
#include "web/route.h"

/* How a value is written: as JSON's own, or as the text of a path, a query or a form. */
enum spelling { AS_JSON, AS_TEXT };

void openapi_text(struct json_writer *w, const char *name, const char *text);
void openapi_object(struct json_writer *w, const char *name);
void openapi_array(struct json_writer *w, const char *name);

/* One field's schema; and that of those which `takes` likes, as an object. */
void openapi_schema(struct json_writer *w, const struct route_field *field, enum spelling spelling);
void openapi_fields(struct json_writer *w, const struct route_field *fields,
                    bool (*takes)(const struct route_field *field), enum spelling spelling);

/* A checkbox that is not sent is false, and a list that may be empty may be missing. */
bool openapi_is_required(const struct route_field *field);

#endif
