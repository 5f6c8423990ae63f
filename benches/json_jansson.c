/* jansson as a reference. */
#include <jansson.h>
#include <stdlib.h>

#include "json_reference.h"

static void *read_text(const char *text, size_t len)
{
    json_error_t error;
    return json_loadb(text, len, 0, &error);
}

static const char *write_tree(void *tree)
{
    return json_dumps(tree, JSON_COMPACT);
}

static void forget(const char *written)
{
    free((char *)written);
}

static void release(void *tree)
{
    json_decref(tree);
}

const struct json_reference json_reference_jansson = {.name = "jansson",
                                                      .read = read_text,
                                                      .write = write_tree,
                                                      .forget = forget,
                                                      .release = release};
