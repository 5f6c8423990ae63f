/* Tests codes of authenticator apps: the standard's own examples, the window, and that none is
 * taken twice. */
#include "guard/totp.h"

#include <string.h>

#include "harness/openssl.h"
#include "harness/test.h"

static struct totp example(void)
{
    struct totp totp = {.last_step = 0};
    for (size_t i = 0; i < TOTP_SECRET_SIZE; i++)
        totp.secret[i] = (unsigned char)('0' + (i + 1) % 10);
    return totp;
}

/* What an app shows at that time. */
static struct str shown(struct test *t, const struct totp *totp, int64_t time_us)
{
    struct buf out;
    int code = 0;
    CHECK_ERR(totp_code(t->ctx, totp, time_us / (TOTP_PERIOD_S * SECOND_US), &code), ERR_OK);
    buf_init(&out, t->arena, 16);
    buf_addf(&out, "%06d", code);
    return buf_str(&out);
}

static bool is_right(struct test *t, struct totp *totp, struct str typed)
{
    bool right = false;
    CHECK_ERR(totp_check(t->ctx, totp, typed, &right), ERR_OK);
    return right;
}

TEST(totp_shows_the_codes_of_rfc_6238)
{
    static const struct {
        int64_t time_s;
        int code;
    } rows[] = {{59, 287082},       {1111111109, 81804},  {1111111111, 50471},
                {1234567890, 5924}, {2000000000, 279037}, {20000000000, 353130}};
    struct totp totp = example();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int code = -1;
        CHECK_ERR(totp_code(t->ctx, &totp, rows[i].time_s / TOTP_PERIOD_S, &code), ERR_OK);
        CHECK_INT(code, rows[i].code);
    }
}

TEST(totp_takes_a_code_once)
{
    struct totp totp = example();
    struct str code = shown(t, &totp, t->clock.now_us);
    CHECK(is_right(t, &totp, code));
    CHECK_INT(totp.last_step, t->clock.now_us / (TOTP_PERIOD_S * SECOND_US));
    CHECK(!is_right(t, &totp, code));
    fake_clock_turn(&t->clock, TOTP_PERIOD_S * SECOND_US);
    CHECK(!is_right(t, &totp, code));
    CHECK(is_right(t, &totp, shown(t, &totp, t->clock.now_us)));
}

TEST(totp_forgives_a_clock_that_is_half_a_minute_off)
{
    static const struct {
        int64_t off_s;
        bool right;
    } rows[] = {{-60, false}, {-30, true}, {0, true}, {30, true}, {60, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct totp totp = example();
        struct str code = shown(t, &totp, t->clock.now_us + rows[i].off_s * SECOND_US);
        test_note(t, "%d s off", (int)rows[i].off_s);
        CHECK(is_right(t, &totp, code) == rows[i].right);
    }
}

TEST(totp_refuses_the_code_before_the_last)
{
    struct totp totp = example();
    struct str before = shown(t, &totp, t->clock.now_us - TOTP_PERIOD_S * SECOND_US);
    CHECK(is_right(t, &totp, shown(t, &totp, t->clock.now_us)));
    CHECK(!is_right(t, &totp, before));
}

TEST(totp_reads_what_people_type)
{
    struct totp totp = example();
    struct str code = shown(t, &totp, t->clock.now_us);
    static const char *const wrong[] = {"",       " ",      "12345",   "1234567",
                                        "-12345", "12345a", "12\t345", "000000 0"};
    struct buf spaced;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        test_note(t, "%s", wrong[i]);
        CHECK(!is_right(t, &totp, str_from(wrong[i])));
    }
    buf_init(&spaced, t->arena, 16);
    buf_addf(&spaced, " " STR_FMT " " STR_FMT " ", STR_ARG(str_slice(code, 0, 3)),
             STR_ARG(str_slice(code, 3, 6)));
    CHECK(is_right(t, &totp, buf_str(&spaced)));
}

TEST(totp_says_its_secret_to_apps)
{
    struct totp totp = example();
    struct buf out;
    buf_init(&out, t->arena, 512);
    totp_add_secret(&out, &totp);
    CHECK_STR(buf_str(&out), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    buf_clear(&out);
    totp_add_uri(&out, &totp, STR("Stoa & Co"), STR("ada@example.org"));
    CHECK_STR(buf_str(&out), "otpauth://totp/Stoa%20%26%20Co:ada%40example.org"
                             "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Stoa%20%26%20Co"
                             "&algorithm=SHA1&digits=6&period=30");
}

TEST(totp_makes_another_secret_each_time)
{
    struct totp one, two;
    totp_make(&one, t->ctx->rand);
    totp_make(&two, t->ctx->rand);
    CHECK(memcmp(one.secret, two.secret, sizeof one.secret) != 0);
    CHECK_INT(one.last_step, 0);
}

enum { FAILURES_MAX = 1000 };

static enum err check_one(struct test *t)
{
    struct totp totp = example();
    bool right;
    return totp_check(t->ctx, &totp, STR("123456"), &right);
}

TEST(totp_survives_failing_memory)
{
    int64_t n = 1;
    bool met = true;
    for (CHECK_ERR(check_one(t), ERR_OK); met && n < FAILURES_MAX; n++) {
        openssl_memory_fail(n);
        enum err err = check_one(t);
        met = openssl_memory_met();
        CHECK(err == ERR_OK || (met && err == ERR_MEMORY));
    }
    CHECK(n > 2 && n < FAILURES_MAX);
}
