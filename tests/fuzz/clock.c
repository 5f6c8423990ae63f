/* Fuzzes times: what parses is formatted into a text that parses to the same time. */
#include "base/clock.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    int64_t time_us, again_us;
    if (clock_parse(str_make((const char *)bytes, size), &time_us))
        return 0;
    char text[CLOCK_TEXT_MAX];
    clock_format(time_us, text);
    ASSERT(clock_parse(str_from(text), &again_us) == ERR_OK);
    ASSERT(again_us == time_us);
    struct civil civil = civil_from_us(time_us);
    ASSERT(civil_to_us(&civil, &again_us) == ERR_OK);
    ASSERT(again_us == time_us);
    return 0;
}
