/* Tests public keys: which are taken, and what a signature must be. */
#include "guard/cose.h"

#include <openssl/err.h>

#include "authenticator.h"
#include "base/buf.h"

TEST(cose_reads_a_key_off_the_front)
{
    static const int64_t algorithms[] = {COSE_ES256, COSE_EDDSA, COSE_RS256};
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        struct authenticator maker;
        struct cose_key key;
        struct buf out;
        authenticator_init(t, &maker, algorithms[i]);
        test_note(t, "algorithm %d", (int)algorithms[i]);
        struct str written = authenticator_cose(t, &maker), rest;
        buf_init(&out, t->arena, COSE_KEY_MAX);
        buf_add(&out, written);
        buf_addc(&out, 'x');
        rest = buf_str(&out);
        CHECK_ERR(cose_read(t->ctx, &rest, &key), ERR_OK);
        CHECK_STR(rest, "x");
        CHECK_INT(key.algorithm, algorithms[i]);
        CHECK(str_equal(key.bytes, written));
        CHECK_ERR(cose_verify(t->ctx, &key, STR("message"), STR("")), ERR_INPUT);
        CHECK_ERR(cose_verify(t->ctx, &key, STR("message"), STR("signature")), ERR_INPUT);
        authenticator_release(&maker);
    }
}

TEST(cose_refuses_keys_that_are_none)
{
#define X32 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    static const struct {
        const char *what;
        struct str bytes;
    } rows[] = {
        {"no map", {"\x01", 1}},
        {"an empty map", {"\xa0", 1}},
        {"an unknown algorithm", {"\xa2\x01\x02\x03\x27", 5}},
        {"an EC key for EdDSA", {"\xa4\x01\x02\x03\x27\x20\x06\x21\x58\x20" X32, 42}},
        {"another curve", {"\xa5\x01\x02\x03\x26\x20\x02\x21\x58\x20" X32 "\x22\x58\x20" X32, 77}},
        {"a point off the curve",
         {"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" X32 "\x22\x58\x20" X32, 77}},
        {"no y", {"\xa4\x01\x02\x03\x26\x20\x01\x21\x58\x20" X32, 42}},
        {"y as a sign", {"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" X32 "\x22\xf5", 44}},
        {"a short x", {"\xa4\x01\x01\x03\x27\x20\x06\x21\x41x", 10}},
        {"a short RSA key",
         {"\xa4\x01\x03\x03\x39\x01\x00\x20\x58\x20" X32 "\x21\x43\x01\x00\x01", 47}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str rest = rows[i].bytes;
        struct cose_key key;
        test_note(t, "%s", rows[i].what);
        CHECK_ERR(cose_read(t->ctx, &rest, &key), ERR_INPUT);
        CHECK(ERR_peek_error() == 0);
    }
}
