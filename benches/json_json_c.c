/* json-c as a reference. */
#include <json-c/json.h>

#include "json_reference.h"

/* Its short form for a text that ends with NUL, as the benchmark's does. */
static void *read_text(const char *text, size_t len)
{
    (void)len;
    return json_tokener_parse(text);
}

static const char *write_tree(void *tree)
{
    return json_object_to_json_string_ext(tree, JSON_C_TO_STRING_PLAIN);
}

/* The text belongs to the tree. */
static void forget(const char *written)
{
    (void)written;
}

static void release(void *tree)
{
    json_object_put(tree);
}

const struct json_reference json_reference_json_c = {
    .name = "json-c", .read = read_text, .write = write_tree, .forget = forget, .release = release};
