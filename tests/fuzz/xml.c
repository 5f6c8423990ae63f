/* Fuzzes XML: what is told is nested as it was opened, and lies within its limits. */
#include "ports/objects/xml.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MEMORY_MAX = 16 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    enum xml_event event;
    size_t depth = 0;
    arena_init(&arena, MEMORY_MAX);
    struct xml xml = {.rest = str_make((const char *)bytes, size), .arena = &arena};
    while (xml_next(&xml, &event)) {
        depth += event == XML_OPEN;
        ASSERT(xml.depth == depth && depth > 0 && depth <= XML_DEPTH_MAX);
        ASSERT(event != XML_TEXT || (str_is_utf8(xml.text) && xml.text.len <= XML_TEXT_MAX));
        ASSERT(xml_above(&xml, 0).len > 0);
        depth -= event == XML_CLOSE;
    }
    ASSERT(xml.err || depth == 0);
    arena_release(&arena);
    return 0;
}
