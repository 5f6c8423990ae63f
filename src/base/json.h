/* JSON as RFC 8259 has it, no more and no less: read into an arena, written into a buffer.
 *
 *     struct json *order;
 *     TRY(json_read(ctx, body, &order));
 *     int64_t quantity;
 *     if (json_int(json_get(order, "quantity"), &quantity))
 *         return err_input(&ctx->err, "quantity", "must be a whole number");
 *
 *     struct json_writer w;
 *     json_writer_init(&w, &out);
 *     json_begin_object(&w);
 *     json_key(&w, STR("id"));        json_add_str(&w, id);
 *     json_key(&w, STR("lines"));     json_add_int(&w, 3);
 *     json_end_object(&w);
 *
 * Numbers are kept as they were written and turned into an int64_t or a double when asked for, so
 * that 12345678901234567890 and 0.10 come out as they went in. Strings without an escape point into
 * the text that was read, which must therefore live as long as the tree. The text is checked to be
 * UTF-8; a member's name that comes twice is refused, because readers disagree on which one counts.
 */
#ifndef STOA_BASE_JSON_H
#define STOA_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ctx.h"
#include "base/str.h"

enum {
    JSON_DEPTH_MAX = 64,      /* arrays and objects within each other */
    JSON_SIZE_MAX = 16 << 20, /* bytes of one text */
    JSON_REAL_LEN_MAX = 1024, /* characters of a number that json_real takes */
};

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* A value, and its place among its siblings. */
struct json {
    enum json_kind kind;
    uint32_t count;  /* of an array's or object's members */
    struct str name; /* as a member of an object */
    union {
        struct str text;    /* a string's characters; a number as written */
        struct json *first; /* an array's or object's first member */
    };
    struct json *next; /* the next member of the same array or object */
};

/* Reads one text whole. A mistake is ERR_INPUT with line, column and what was expected in the
 * user's words; too deep or too large is ERR_LIMIT. */
enum err json_read(struct ctx *ctx, struct str text, struct json **root);

/* The member of that name, or NULL: also where `object` is NULL or no object, so that a path can
 * be walked without a check at each step. */
struct json *json_get(const struct json *object, const char *name);

/* The value as C has it. ERR_INPUT where the kind is another, the value is NULL, or the number does
 * not fit: json_int takes 3, not 3.0 or 1e2; json_real takes what is nearest to a finite double. */
enum err json_int(const struct json *value, int64_t *number);
enum err json_real(const struct json *value, double *number);
enum err json_str(const struct json *value, struct str *text);
enum err json_bool(const struct json *value, bool *yes);

/* Writes a tree, which is not NULL, without any space. What was read and is written reads the same
 * again. A tree that is nested deeper than could be read is ERR_LIMIT in out->err. */
void json_write(struct buf *out, const struct json *root);

/* Writes values one after another. Commas and colons come by themselves; a call in the wrong place
 * (a value where a name is due) is an assertion: the program is wrong, not the data. Text that is
 * not UTF-8 is ERR_INPUT in out->err. */
struct json_writer {
    struct buf *out;
    uint64_t objects; /* a bit a level: 1 is an object */
    uint8_t depth;
    bool comma, named; /* a comma is due; a name was written */
};

void json_writer_init(struct json_writer *w, struct buf *out);
void json_begin_object(struct json_writer *w);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w);
void json_end_array(struct json_writer *w);
void json_key(struct json_writer *w, struct str name);
void json_add_str(struct json_writer *w, struct str text);
void json_add_int(struct json_writer *w, int64_t number);
void json_add_bool(struct json_writer *w, bool yes);
void json_add_null(struct json_writer *w);
void json_add_tree(struct json_writer *w, const struct json *value);

/* The text in quotes with everything escaped that must be: the writer's own building block. */
void json_quote(struct buf *out, struct str text);

#endif
