/* Fuzzes what browsers send of passkeys: the first byte says which part, the others are right. */
#include "guard/webauthn.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ARENA_MAX = 16 << 20 };

/* The key of a test, P-256. */
#define KEY                                                                        \
    "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"                                     \
    "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2"             \
    "\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96"             \
    "\x22\x58\x20\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16" \
    "\x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5"

#define CHALLENGE "0123456789abcdef0123456789abcdef"
#define CLIENT(type)                                                                     \
    "{\"type\":\"webauthn." type "\",\"origin\":\"https://stoa.example\",\"challenge\":" \
    "\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY\"}"

static const struct webauthn_site site = {
    {"https://stoa.example", 20}, {"stoa.example", 12}, false};

/* No input is signed by anybody: a check never succeeds. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena};
    struct webauthn_passkey passkey = {.id = STR("0123456789abcdef"), .key = STR(KEY)}, made;
    struct webauthn_answer answer = {.id = passkey.id, .signature = STR("0")};
    if (size == 0)
        return 0;
    struct str part = str_make((const char *)bytes + 1, size - 1);
    arena_init(&arena, ARENA_MAX);
    answer.data = answer.signature = part;
    answer.client = bytes[0] & 1 ? part : STR(CLIENT("get"));
    enum err err = webauthn_check(&ctx, &site, STR(CHALLENGE), &answer, &passkey);
    ASSERT(err == ERR_INPUT || err == ERR_LIMIT);
    answer.client = bytes[0] & 1 ? part : STR(CLIENT("create"));
    err = webauthn_register(&ctx, &site, STR(CHALLENGE), &answer, &made);
    ASSERT(!err || err == ERR_INPUT || err == ERR_LIMIT);
    if (!err)
        ASSERT(str_equal(made.id, answer.id) && made.key.len > 0);
    arena_release(&arena);
    return 0;
}
