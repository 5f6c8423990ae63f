/* Fuzzes the Cookie header: what is found could be set, and stands there once. */
#include "web/cookie.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str header = str_make((const char *)bytes, size);
    struct str value = cookie_find(header, STR("session"));
    if (value.len == 0)
        return 0;
    ASSERT(cookie_is_value(value));
    ASSERT(value.ptr >= header.ptr + sizeof "session=" - 1);
    ASSERT(value.ptr + value.len <= header.ptr + header.len);
    struct str before = str_make(header.ptr, (size_t)(value.ptr - header.ptr));
    struct str after = str_slice(header, before.len + value.len, header.len);
    ASSERT(str_ends(before, STR("session=")));
    ASSERT(!cookie_find(after, STR("session")).ptr);
    before.len -= sizeof "session=" - 1;
    ASSERT(!cookie_find(before, STR("session")).ptr);
    return 0;
}
