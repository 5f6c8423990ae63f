/* Whatever an Accept-Encoding says, what is chosen is there, and was not refused. */
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "text/accept.h"
#include "web/compress.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str header = str_make((const char *)data, size), rest = header;
    for (unsigned has = 0; has < 1u << CODING_COUNT; has += CODING_HAS_GZIP) {
        enum coding coding = coding_choose(header, has);
        ASSERT(coding == CODING_NONE || has >> coding & 1);
        ASSERT(coding == CODING_NONE || accept_quality(header, str_from(coding_name(coding))) > 0);
    }
    struct accept_part part;
    while (accept_next(&rest, &part)) {
        ASSERT(part.quality >= ACCEPT_NONE && part.quality <= ACCEPT_QUALITY_MAX);
        ASSERT(!part.value.len || (part.value.ptr >= header.ptr &&
                                   part.value.ptr + part.value.len <= header.ptr + header.len));
    }
    return 0;
}
