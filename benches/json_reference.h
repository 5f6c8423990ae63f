/* The JSON libraries that ours is measured against, each used as its manual shows.
 *
 *     void *tree = library->read(text, len);
 *     const char *written = library->write(tree);       compact
 *     library->forget(written);
 *     library->release(tree);
 *
 * A file each: their headers cannot be included together. */
#ifndef STOA_BENCHES_JSON_REFERENCE_H
#define STOA_BENCHES_JSON_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

struct json_reference {
    const char *name;
    void *(*read)(const char *text, size_t len); /* NULL where it is refused */
    const char *(*write)(void *tree);
    void (*forget)(const char *written);
    void (*release)(void *tree);
};

extern const struct json_reference json_reference_jansson;
extern const struct json_reference json_reference_json_c;
extern const struct json_reference json_reference_cjson;

/* True where both texts mean the same, as cJSON compares them: numbers as doubles, members in any
 * order. */
bool json_reference_same(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
