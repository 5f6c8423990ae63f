/* Fuzzes ids: what parses is formatted into the same letters, in capitals. */
#include "base/id.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str typed = str_make((const char *)bytes, size);
    struct id id, again;
    if (id_parse(typed, "ord", &id))
        return 0;
    char text[ID_TEXT_MAX];
    id_format(id, "ord", text);
    ASSERT(str_equal_nocase(typed, str_from(text)));
    ASSERT(id_parse(str_from(text), "ord", &again) == ERR_OK);
    ASSERT(id_compare(id, again) == 0);
    return 0;
}
