/* What the files of decoding share among themselves; others include route.h.
 *
 *     struct decoder in;
 *     decode_init(&in, request, errors);
 *     decode_set_text(&in, field, sent, into);               or decode_set_json
 *     text_error_required(decode_words(&in), in.language);
 *     decode_blame(&in, field->name);                        that field is wrong, in those words
 *
 * A wrong field is told and decoding goes on, so that all of them are told at once. */
#ifndef STOA_WEB_DECODE_H
#define STOA_WEB_DECODE_H

#include "base/json.h"
#include "web/route.h"

enum { DECODE_WORDS_MAX = 512, DECODE_EMAIL_MAX = 254 };

/* A row of a list that is being decoded, within another or none. */
struct decoded_row {
    const struct decoded_row *outer;
    const char *list;
    size_t number;
};

struct decoder {
    struct request *request;
    struct ctx *ctx;
    const struct language *language;
    struct field_errors *errors;
    const struct decoded_row *row; /* NULL outside of lists */
    struct buf words;
    bool plain;  /* numbers are a program's, not typed by a reader */
    bool failed; /* there was no memory */
};

void decode_init(struct decoder *in, struct request *request, struct field_errors *errors);

/* Where to write what is wrong; then decode_blame says with which field. */
struct buf *decode_words(struct decoder *in);
void decode_blame(struct decoder *in, struct str field);

/* Decodes one field into the struct at `into`. Text without a pointer, and NULL, are not sent. */
void decode_set_text(struct decoder *in, const struct route_field *field, struct str sent,
                     void *into);
void decode_set_json(struct decoder *in, const struct route_field *field, const struct json *value,
                     void *into);

/* Checks a value that is decoded already, and stores it. */
void decode_set_string(struct decoder *in, const struct route_field *field, struct str text,
                       void *into);
void decode_set_number(struct decoder *in, const struct route_field *field, int64_t number,
                       void *into);
void decode_set_bool(const struct route_field *field, bool yes, void *into);
void decode_set_absent(struct decoder *in, const struct route_field *field, void *into);
void decode_blame_range(struct decoder *in, const struct route_field *field);

/* The members of an object that are the fields of these places; what else it has is wrong. */
void decode_set_object(struct decoder *in, const struct route_field *fields,
                       const struct json *object, void *into);

bool decode_is_body(const struct route_field *field);

/* What was sent as a query, form or multipart form: into request->typed. A field that comes twice
 * is wrong. ERR_INPUT where it cannot be read. */
enum err decode_read_pairs(struct decoder *in, struct str sent, bool is_body);
enum err decode_read_multipart(struct decoder *in, struct str content_type);

#endif
