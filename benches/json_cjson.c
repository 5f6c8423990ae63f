/* cJSON as a reference, and as the judge of whether two texts mean the same. */
#include <cjson/cJSON.h>

#include "json_reference.h"

static void *read_text(const char *text, size_t len)
{
    return cJSON_ParseWithLength(text, len);
}

static const char *write_tree(void *tree)
{
    return cJSON_PrintUnformatted(tree);
}

static void forget(const char *written)
{
    cJSON_free((char *)written);
}

static void release(void *tree)
{
    cJSON_Delete(tree);
}

const struct json_reference json_reference_cjson = {
    .name = "cJSON", .read = read_text, .write = write_tree, .forget = forget, .release = release};

bool json_reference_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
    cJSON *a_tree = cJSON_ParseWithLength(a, a_len), *b_tree = cJSON_ParseWithLength(b, b_len);
    bool same = a_tree && b_tree && cJSON_Compare(a_tree, b_tree, cJSON_True);
    cJSON_Delete(a_tree);
    cJSON_Delete(b_tree);
    return same;
}
