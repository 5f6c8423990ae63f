/* Fuzzes what Redis says and where it is said to be: a reply is read the same however it comes in,
 * and points into itself; the parts of a URL are texts. */
#include <string.h>

#include "base/assert.h"
#include "ports/cache/redis_reply.h"
#include "ports/cache/redis_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_reply(struct str bytes)
{
    struct redis_reply reply, part;
    enum redis_verdict verdict = redis_reply_read(bytes, &reply);
    ASSERT(!reply.text.len || (reply.text.ptr > bytes.ptr &&
                               reply.text.ptr + reply.text.len <= bytes.ptr + bytes.len));
    if (verdict != REDIS_WHOLE)
        return;
    ASSERT(reply.len == bytes.len);
    for (size_t len = 0; len < bytes.len; len++)
        ASSERT(redis_reply_read(str_slice(bytes, 0, len), &part) == REDIS_MORE);
}

static void check_url(struct str text)
{
    struct ctx ctx = {0};
    struct redis_url parts;
    enum err err = redis_url_read(&ctx, text, &parts);
    ASSERT(err == ERR_OK || (err == ERR_INPUT && ctx.err.code == err));
    if (err)
        return;
    ASSERT(parts.host[0] && parts.port[0] && parts.db[0]);
    ASSERT(strnlen(parts.password, sizeof parts.password) < sizeof parts.password);
    ASSERT(strspn(parts.port, "0123456789") == strlen(parts.port));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str text = str_make((const char *)bytes, size);
    check_reply(text);
    check_url(text);
    return 0;
}
