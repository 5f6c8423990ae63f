/* Any header gives a language of the table, and a tag that is found gives the same one by header.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "text/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str header = str_make((const char *)data, size);
    const struct language *language = language_negotiate(header);
    ASSERT(language >= languages && language < languages + LANGUAGE_COUNT);

    const struct language *found = language_find(header);
    bool is_one_part = str_find_char(header, ',') == STR_NONE &&
                       str_find_char(header, ';') == STR_NONE;
    if (found && is_one_part)
        ASSERT(language == found);
    return 0;
}
