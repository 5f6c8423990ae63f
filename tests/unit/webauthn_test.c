/* Tests passkeys with an authenticator in software: what is right is taken, every changed bit and
 * each lie is refused. */
#include "guard/webauthn.h"

#include <openssl/err.h>
#include <string.h>

#include "authenticator.h"
#include "base/base64.h"
#include "guard/cose.h"
#include "harness/openssl.h"
#include "harness/torture.h"

static const struct webauthn_site site = {
    {"https://stoa.example", 20}, {"stoa.example", 12}, false};
static const struct str challenge = {"0123456789abcdef0123456789abcdef", 32};
static const struct str other_challenge = {"0123456789abcdef0123456789abcdeg", 32};

static struct webauthn_passkey made_with(struct test *t, struct authenticator *key)
{
    struct webauthn_passkey passkey = {.uses = -1};
    struct webauthn_answer answer = authenticator_make(t, key, challenge);
    CHECK_ERR(webauthn_register(t->ctx, &site, challenge, &answer, &passkey), ERR_OK);
    return passkey;
}

static enum err register_with(struct test *t, struct authenticator *key)
{
    struct webauthn_passkey passkey;
    struct webauthn_answer answer = authenticator_make(t, key, challenge);
    return webauthn_register(t->ctx, &site, challenge, &answer, &passkey);
}

static enum err check_with(struct test *t, struct authenticator *key,
                           struct webauthn_passkey *passkey)
{
    struct webauthn_answer answer = authenticator_sign(t, key, challenge);
    return webauthn_check(t->ctx, &site, challenge, &answer, passkey);
}

TEST(webauthn_takes_a_passkey_of_each_algorithm)
{
    static const int64_t algorithms[] = {COSE_ES256, COSE_EDDSA, COSE_RS256};
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        struct authenticator key;
        authenticator_init(t, &key, algorithms[i]);
        test_note(t, "algorithm %d", (int)algorithms[i]);
        struct webauthn_passkey passkey = made_with(t, &key);
        CHECK(str_equal(passkey.id, str_make(key.id, sizeof key.id)));
        CHECK(str_equal(passkey.key, authenticator_cose(t, &key)));
        CHECK_INT(passkey.uses, 0);
        CHECK_ERR(check_with(t, &key, &passkey), ERR_OK);
        CHECK_INT(passkey.uses, 1);
        CHECK_ERR(check_with(t, &key, &passkey), ERR_OK);
        authenticator_release(&key);
    }
}

TEST(webauthn_refuses_an_answer_that_comes_again)
{
    struct authenticator key;
    authenticator_init(t, &key, COSE_ES256);
    struct webauthn_passkey passkey = made_with(t, &key);
    struct webauthn_answer answer = authenticator_sign(t, &key, challenge);
    CHECK_ERR(webauthn_check(t->ctx, &site, challenge, &answer, &passkey), ERR_OK);
    CHECK_ERR(webauthn_check(t->ctx, &site, challenge, &answer, &passkey), ERR_INPUT);
    CHECK(strstr(t->ctx->err.operator, "counter"));
    CHECK_ERR(webauthn_check(t->ctx, &site, other_challenge, &answer, &passkey), ERR_INPUT);
    key.uses = 0;
    passkey.uses = 5;
    CHECK_ERR(check_with(t, &key, &passkey), ERR_INPUT);
    CHECK_INT(passkey.uses, 5);
    key.uses = UINT32_MAX; /* which becomes 0: an authenticator that no longer counts */
    CHECK_ERR(check_with(t, &key, &passkey), ERR_INPUT);
    authenticator_release(&key);
}

TEST(webauthn_takes_an_authenticator_that_counts_nothing)
{
    struct authenticator key;
    authenticator_init(t, &key, COSE_ES256);
    struct webauthn_passkey passkey = made_with(t, &key);
    for (int i = 0; i < 2; i++) {
        key.uses = UINT32_MAX;
        CHECK_ERR(check_with(t, &key, &passkey), ERR_OK);
        CHECK_INT(passkey.uses, 0);
    }
    authenticator_release(&key);
}

/* What an authenticator may get wrong, or an attacker's browser may say. */
static const struct lie {
    const char *what;
    struct str origin, site, client_more, data_more;
    unsigned flags;
} lies[] = {
    {.what = "another origin", .origin = {"https://stoa.example.evil", 25}},
    {.what = "another port", .origin = {"https://stoa.example:444", 24}},
    {.what = "no TLS", .origin = {"http://stoa.example", 19}},
    {.what = "a part of the origin", .origin = {"https://stoa.exampl", 19}},
    {.what = "another site", .site = {"evil.example", 12}},
    {.what = "a frame", .client_more = {",\"crossOrigin\":true", 19}},
    {.what = "a frame that is no bool", .client_more = {",\"crossOrigin\":0", 16}},
    {.what = "a frame in a site", .client_more = {",\"topOrigin\":\"\"", 15}},
    {.what = "a type that comes twice", .client_more = {",\"type\":\"webauthn.get\"", 22}},
    {.what = "broken JSON", .client_more = {"}", 1}},
    {.what = "something behind", .data_more = {"x", 1}},
    {.what = "extensions that are missing", .flags = 0x81},
    {.what = "extensions that are a number", .flags = 0x81, .data_more = {"\x01", 1}},
    {.what = "nobody there", .flags = 0x04},
    {.what = "synced, though it never may be", .flags = 0x11},
};

static void tell(struct authenticator *key, const struct lie *lie)
{
    key->origin = lie->origin.len ? lie->origin : key->origin;
    key->site = lie->site.len ? lie->site : key->site;
    key->client_more = lie->client_more;
    key->data_more = lie->data_more;
    key->flags = lie->flags ? lie->flags : key->flags;
}

TEST(webauthn_refuses_each_lie_at_both_times)
{
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct authenticator key;
        authenticator_init(t, &key, COSE_ES256);
        test_note(t, "%s", lies[i].what);
        struct webauthn_passkey passkey = made_with(t, &key);
        tell(&key, &lies[i]);
        CHECK_ERR(register_with(t, &key), ERR_INPUT);
        CHECK_ERR(check_with(t, &key, &passkey), ERR_INPUT);
        CHECK_INT(passkey.uses, 0);
        authenticator_release(&key);
    }
}

TEST(webauthn_takes_what_later_browsers_may_add)
{
    struct authenticator key;
    authenticator_init(t, &key, COSE_ES256);
    key.client_more = STR(",\"crossOrigin\":false,\"other\":{\"keys\":[1]}");
    key.flags = 0x9d; /* verified, synced, with extensions */
    key.data_more = STR("\xa1\x61x\xf5");
    struct webauthn_passkey passkey = made_with(t, &key);
    CHECK(passkey.synced);
    CHECK_ERR(check_with(t, &key, &passkey), ERR_OK);
    authenticator_release(&key);
}

TEST(webauthn_asks_for_a_verified_person_where_the_site_does)
{
    struct webauthn_site strict = site;
    struct authenticator key;
    struct webauthn_passkey passkey;
    strict.verified = true;
    authenticator_init(t, &key, COSE_ES256);
    struct webauthn_answer answer = authenticator_make(t, &key, challenge);
    CHECK_ERR(webauthn_register(t->ctx, &strict, challenge, &answer, &passkey), ERR_INPUT);
    key.flags = 5;
    answer = authenticator_make(t, &key, challenge);
    CHECK_ERR(webauthn_register(t->ctx, &strict, challenge, &answer, &passkey), ERR_OK);
    authenticator_release(&key);
}

TEST(webauthn_reads_attestations_and_believes_none)
{
    static const struct {
        const char *format;
        struct str statement;
        enum err err;
    } rows[] = {
        {"none", {"\xa0", 1}, ERR_OK},
        {"none", {"\xa1\x61x\x01", 4}, ERR_INPUT},
        {"none", {"\x80", 1}, ERR_INPUT},
        {"packed",
         {"\xa2\x63"
          "alg\x26\x63sig\x41x",
          12},
         ERR_OK},
        {"packed", {"\xa1\x63x5c\x81\x41", 7}, ERR_INPUT},
        {"packed", {"", 0}, ERR_INPUT},
    };
    struct authenticator key;
    authenticator_init(t, &key, COSE_ES256);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        key.format = str_from(rows[i].format);
        key.statement = rows[i].statement;
        test_note(t, "%s, row %zu", rows[i].format, i);
        CHECK_ERR(register_with(t, &key), rows[i].err);
    }
    authenticator_release(&key);
}

TEST(webauthn_refuses_an_answer_to_the_other_question)
{
    struct authenticator key;
    authenticator_init(t, &key, COSE_ES256);
    struct webauthn_passkey passkey = made_with(t, &key), other = passkey;
    struct webauthn_answer made = authenticator_make(t, &key, challenge);
    struct webauthn_answer answer = authenticator_sign(t, &key, challenge);
    CHECK_ERR(webauthn_check(t->ctx, &site, challenge, &made, &passkey), ERR_INPUT);
    CHECK_ERR(webauthn_register(t->ctx, &site, challenge, &answer, &other), ERR_INPUT);
    made.client = answer.client;
    CHECK_ERR(webauthn_register(t->ctx, &site, challenge, &made, &other), ERR_INPUT);
    answer.id = STR("another passkey's id");
    CHECK_ERR(webauthn_check(t->ctx, &site, challenge, &answer, &passkey), ERR_INPUT);
    made = authenticator_make(t, &key, challenge);
    made.id = STR("another passkey's id");
    CHECK_ERR(webauthn_register(t->ctx, &site, challenge, &made, &other), ERR_INPUT);
    CHECK_ERR(webauthn_register(t->ctx, &site, STR("short"), &made, &other), ERR_INPUT);
    authenticator_release(&key);
}

TEST(webauthn_refuses_the_signature_of_another_key)
{
    struct authenticator key, thief;
    authenticator_init(t, &key, COSE_ES256);
    authenticator_init(t, &thief, COSE_ES256);
    struct webauthn_passkey passkey = made_with(t, &key);
    memcpy(thief.id, key.id, sizeof key.id);
    CHECK_ERR(check_with(t, &thief, &passkey), ERR_INPUT);
    authenticator_release(&key);
    authenticator_release(&thief);
}

static const struct answer_part {
    const char *name;
    size_t at;
} parts[] = {{"id", offsetof(struct webauthn_answer, id)},
             {"client", offsetof(struct webauthn_answer, client)},
             {"data", offsetof(struct webauthn_answer, data)},
             {"signature", offsetof(struct webauthn_answer, signature)}};

typedef enum err try_answer(struct test *t, const struct webauthn_answer *answer,
                            struct webauthn_passkey *passkey);

static enum err try_check(struct test *t, const struct webauthn_answer *answer,
                          struct webauthn_passkey *passkey)
{
    struct webauthn_passkey copy = *passkey;
    return webauthn_check(t->ctx, &site, challenge, answer, &copy);
}

/* How many of the part's bits may be changed without a refusal. */
static int bits_that_pass(struct test *t, const struct webauthn_answer *answer,
                          const struct answer_part *part, struct webauthn_passkey *passkey,
                          try_answer *attempt)
{
    struct webauthn_answer changed = *answer;
    struct str *text = (struct str *)(void *)((char *)&changed + part->at), whole = *text;
    char *bytes = arena_bytes(t->arena, whole.len);
    int passed = 0;
    REQUIRE(bytes);
    memcpy(bytes, whole.ptr, whole.len);
    text->ptr = bytes;
    for (size_t bit = 0; bit < whole.len * 8; bit++) {
        struct arena_mark mark = arena_mark(t->arena);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        passed += attempt(t, &changed, passkey) == ERR_OK;
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        arena_rewind(t->arena, mark);
    }
    for (size_t len = 0; len < whole.len; len++) {
        text->len = len;
        passed += attempt(t, &changed, passkey) == ERR_OK;
    }
    return passed;
}

TEST(webauthn_refuses_each_changed_bit_and_each_shorter_answer)
{
    static const int64_t algorithms[] = {COSE_ES256, COSE_EDDSA, COSE_RS256};
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        struct authenticator key;
        authenticator_init(t, &key, algorithms[i]);
        struct webauthn_passkey passkey = made_with(t, &key);
        struct webauthn_answer answer = authenticator_sign(t, &key, challenge);
        for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
            test_note(t, "algorithm %d, %s", (int)algorithms[i], parts[p].name);
            CHECK_INT(bits_that_pass(t, &answer, &parts[p], &passkey, try_check), 0);
        }
        CHECK_ERR(try_check(t, &answer, &passkey), ERR_OK);
        authenticator_release(&key);
    }
}

/* A changed id, key, site or challenge makes a passkey that is not ours. What nobody signs (the
 * maker, the counter, whether it is synced) is taken as it is said. */
static enum err try_register(struct test *t, const struct webauthn_answer *answer,
                             struct webauthn_passkey *passkey)
{
    struct webauthn_passkey made;
    TRY(webauthn_register(t->ctx, &site, challenge, answer, &made));
    bool same = str_equal(made.id, passkey->id) && str_equal(made.key, passkey->key);
    return same ? ERR_CONFLICT : ERR_OK;
}

TEST(webauthn_takes_no_other_key_for_a_changed_bit)
{
    struct authenticator key;
    authenticator_init(t, &key, COSE_ES256);
    struct webauthn_answer answer = authenticator_make(t, &key, challenge);
    struct webauthn_passkey passkey = made_with(t, &key);
    for (size_t p = 0; p < 3; p++) {
        test_note(t, "%s", parts[p].name);
        CHECK_INT(bits_that_pass(t, &answer, &parts[p], &passkey, try_register), 0);
    }
    authenticator_release(&key);
}

static struct str zeros(struct test *t, size_t len)
{
    char *bytes = arena_alloc(t->arena, len);
    REQUIRE(bytes);
    return str_make(bytes, len);
}

TEST(webauthn_has_limits)
{
    struct authenticator key;
    authenticator_init(t, &key, COSE_ES256);
    struct webauthn_passkey passkey = made_with(t, &key);
    struct webauthn_answer answer = authenticator_sign(t, &key, challenge), changed = answer;
    changed.client = zeros(t, WEBAUTHN_CLIENT_MAX + 1);
    CHECK_ERR(webauthn_check(t->ctx, &site, challenge, &changed, &passkey), ERR_INPUT);
    changed = answer;
    changed.data = zeros(t, WEBAUTHN_DATA_MAX + 1);
    CHECK_ERR(webauthn_check(t->ctx, &site, challenge, &changed, &passkey), ERR_INPUT);
    changed = answer;
    changed.signature = zeros(t, COSE_SIGNATURE_MAX + 1);
    CHECK_ERR(webauthn_check(t->ctx, &site, challenge, &changed, &passkey), ERR_INPUT);
    changed = authenticator_make(t, &key, challenge);
    changed.data = zeros(t, WEBAUTHN_MADE_MAX + 1);
    CHECK_ERR(webauthn_register(t->ctx, &site, challenge, &changed, &passkey), ERR_INPUT);
    authenticator_release(&key);
}

enum { TEXTS = 7, KEPT = 8 << 10, FAILURES_MAX = 4000 };

struct sent {
    struct webauthn_answer made, answer;
    char kept[KEPT];
};

static enum err both(struct test *t, void *arg)
{
    const struct sent *sent = arg;
    struct webauthn_passkey passkey;
    TRY(webauthn_register(t->ctx, &site, challenge, &sent->made, &passkey));
    return webauthn_check(t->ctx, &site, challenge, &sent->answer, &passkey);
}

/* Out of the arena, which is emptied between the runs. */
static void send_both(struct test *t, struct sent *sent)
{
    struct authenticator key;
    struct buf copy;
    struct str *texts[TEXTS] = {&sent->made.id,         &sent->made.client,   &sent->made.data,
                                &sent->answer.id,       &sent->answer.client, &sent->answer.data,
                                &sent->answer.signature};
    authenticator_init(t, &key, COSE_ES256);
    sent->made = authenticator_make(t, &key, challenge);
    sent->answer = authenticator_sign(t, &key, challenge);
    buf_init_fixed(&copy, sent->kept, sizeof sent->kept);
    for (size_t i = 0; i < TEXTS; i++) {
        size_t from = copy.len;
        buf_add(&copy, *texts[i]);
        *texts[i] = str_make(sent->kept + from, copy.len - from);
    }
    REQUIRE(!buf_err(&copy));
    authenticator_release(&key);
}

TEST(webauthn_survives_failing_memory)
{
    struct sent sent;
    send_both(t, &sent);
    CHECK_ERR(both(t, &sent), ERR_OK);
    TORTURE_EVERY(t, TORTURE_MEMORY, both, &sent);
}

/* OpenSSL may come whole by another way, but then the answer is right; else it is refused. */
TEST(webauthn_survives_failing_memory_in_openssl)
{
    struct sent sent;
    bool met = true;
    int64_t n = 1;
    send_both(t, &sent);
    CHECK_ERR(both(t, &sent), ERR_OK);
    sent.answer.signature.ptr -= 8; /* no signature any more */
    for (; met && n < FAILURES_MAX; n++) {
        struct arena_mark mark = arena_mark(t->arena);
        openssl_memory_fail(n);
        CHECK(both(t, &sent) != ERR_OK);
        met = openssl_memory_met();
        CHECK(ERR_peek_error() == 0);
        arena_rewind(t->arena, mark);
    }
    CHECK(n > 2 && n < FAILURES_MAX);
}

TEST(webauthn_gives_back_what_openssl_took)
{
    struct sent sent;
    int64_t blocks = 0;
    send_both(t, &sent);
    for (int i = 0; i < 10; i++) {
        CHECK_ERR(both(t, &sent), ERR_OK);
        if (i == 1)
            blocks = openssl_memory_blocks();
    }
    CHECK_INT(openssl_memory_blocks(), blocks);
}
