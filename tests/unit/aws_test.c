/* Signed requests: what is read of them, and that every part of them counts. */
#include "guard/aws.h"

#include <string.h>

#include "harness/folder.h"
#include "harness/torture.h"
#include "unit/asked.h"

enum { TEXT_MAX = 8 << 10, PAIRS_TEXT = 512 };

#define ID      "key_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define CREDITS "Credential=" ID "/20261121/us-east-1/sqs/aws4_request"
#define NAMES   "SignedHeaders=host;x-amz-date;x-amz-target"
#define HEX16   "0123456789abcdef"
#define SIGNED  "Signature=" HEX16 HEX16 HEX16 HEX16

TEST(aws_headers_are_read)
{
    static const char *const fine[] = {
        "AWS4-HMAC-SHA256 " CREDITS ", " NAMES ", " SIGNED,
        "AWS4-HMAC-SHA256 " CREDITS "," NAMES "," SIGNED,
        "AWS4-HMAC-SHA256 " SIGNED ",  " NAMES ", " CREDITS,
    };
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        struct aws aws;
        test_note(t, "%s", fine[i]);
        REQUIRE(aws_parse(str_from(fine[i]), &aws));
        CHECK_STR(aws.key, ID);
        CHECK_STR(aws.day, "20261121");
        CHECK_STR(aws.scope.region, "us-east-1");
        CHECK_STR(aws.scope.service, "sqs");
        CHECK_STR(aws.names, "host;x-amz-date;x-amz-target");
        CHECK(aws_names(&aws, STR("X-Amz-Target")) && !aws_names(&aws, STR("X-Amz")));
    }
}

TEST(aws_headers_that_cannot_be_are_refused)
{
    static const char *const wrong[] = {
        "",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA1 " CREDITS ", " NAMES ", " SIGNED,
        "AWS4-HMAC-SHA256 " CREDITS ", " NAMES,
        "AWS4-HMAC-SHA256 " CREDITS ", " SIGNED,
        "AWS4-HMAC-SHA256 " NAMES ", " SIGNED,
        "AWS4-HMAC-SHA256 Credential=a/20261121/r/s/aws4_requests, " NAMES ", " SIGNED,
        "AWS4-HMAC-SHA256 Credential=a/20261121/r/s/aws4_request/, " NAMES ", " SIGNED,
        "AWS4-HMAC-SHA256 Credential=a/b/20261121/r/s/aws4_request, " NAMES ", " SIGNED,
        "AWS4-HMAC-SHA256 Credential=a/2026112/r/s/aws4_request, " NAMES ", " SIGNED,
        "AWS4-HMAC-SHA256 Credential=/20261121/r/s/aws4_request, " NAMES ", " SIGNED,
        "AWS4-HMAC-SHA256 Credential=a/20261121//s/aws4_request, " NAMES ", " SIGNED,
        "AWS4-HMAC-SHA256 Credential=a/20261121/R/s/aws4_request, " NAMES ", " SIGNED,
        "AWS4-HMAC-SHA256 " CREDITS ", SignedHeaders=, " SIGNED,
        "AWS4-HMAC-SHA256 " CREDITS ", SignedHeaders=host, " SIGNED,
        "AWS4-HMAC-SHA256 " CREDITS ", SignedHeaders=x-amz-date, " SIGNED,
        "AWS4-HMAC-SHA256 " CREDITS ", SignedHeaders=x-amz-date;host, " SIGNED,
        "AWS4-HMAC-SHA256 " CREDITS ", SignedHeaders=host;host;x-amz-date, " SIGNED,
        "AWS4-HMAC-SHA256 " CREDITS ", SignedHeaders=Host;x-amz-date, " SIGNED,
        "AWS4-HMAC-SHA256 " CREDITS ", " NAMES ", " SIGNED "0",
        "AWS4-HMAC-SHA256 " CREDITS ", " NAMES ", Signature=" HEX16 HEX16 HEX16 "0123456789abcdeF",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct aws aws;
        test_note(t, "%s", wrong[i]);
        CHECK(!aws_parse(str_from(wrong[i]), &aws));
    }
}

TEST(aws_asks_as_others_do)
{
    struct asked asked;
    struct buf out;
    ask(t, &asked,
        "POST /sqs/a%20b?b=2&a-b=1&a=1&a=%20x HTTP/1.1\r\nHost: stoa.example:8080\r\n"
        "X-Spaces:   a   b  \r\nX-Amz-Date: 20261121T072149Z\r\nX-Twice: 1\r\nX-Twice: 2\r\n\r\n");
    buf_init(&out, t->arena, TEXT_MAX);
    aws_add_asked(&out, &asked.http, STR("host;x-amz-date;x-none;x-spaces;x-twice"), "hash");
    CHECK_STR(buf_str(&out), "POST\n/sqs/a%2520b\na=%20x&a=1&a-b=1&b=2\nhost:stoa.example:8080\n"
                             "x-amz-date:20261121T072149Z\nx-none:\nx-spaces:a b\nx-twice:1,2\n\n"
                             "host;x-amz-date;x-none;x-spaces;x-twice\nhash");
    ask(t, &asked, "GET /?a HTTP/1.1\r\nHost: a\r\n\r\n");
    buf_clear(&out);
    aws_add_asked(&out, &asked.http, STR("host"), "hash");
    CHECK_STR(buf_str(&out), "GET\n/\na=\nhost:a\n\nhost\nhash");
}

TEST(aws_asks_of_so_many_pairs)
{
    for (int count = AWS_PAIRS_MAX; count <= AWS_PAIRS_MAX + 1; count++) {
        struct asked asked;
        struct buf text, out;
        const char *line;
        buf_init(&text, t->arena, TEXT_MAX);
        buf_init(&out, t->arena, TEXT_MAX);
        buf_add(&text, STR("GET /?"));
        for (int i = 0; i < count; i++)
            buf_addf(&text, "%sa%d=1", i ? "&" : "", i);
        buf_add(&text, STR(" HTTP/1.1\r\nHost: a\r\n\r\n"));
        REQUIRE(str_cstr(t->arena, buf_str(&text), &line) == ERR_OK);
        ask(t, &asked, line);
        aws_add_asked(&out, &asked.http, STR("host"), "hash");
        CHECK_ERR(buf_err(&out), count > AWS_PAIRS_MAX ? ERR_LIMIT : ERR_OK);
    }
}

/* A program that signs, and a server that checks. */
struct signer {
    struct asked asked;
    struct ports ports;
    struct route route;
    struct key key;
    char secret[AWS_SECRET_TEXT], time[SIGV4_TIME_LEN + 2];
};

static void set_time(struct test *t, struct signer *signer, int64_t by_us)
{
    struct civil time = civil_from_us(clock_now_us(t->ctx->clock) / SECOND_US * SECOND_US + by_us);
    struct buf text;
    buf_init_fixed(&text, signer->time, sizeof signer->time);
    buf_addf(&text, "%04d%02d%02dT%02d%02d%02dZ", time.year, time.month, time.day, time.hour,
             time.minute, time.second);
}

static void open_signer(struct test *t, struct signer *signer)
{
    struct secrets_options options = {.folder = test_folder(t, "aws")};
    *signer = (struct signer){.key = {.id = STR(ID), .signs = 1}};
    REQUIRE(secrets_open(t->ctx, &options, &signer->ports.secrets) == ERR_OK);
    CHECK_INT(aws_newest(signer->ports.secrets), 1);
    REQUIRE(aws_secret(signer->ports.secrets, t->ctx, 1, signer->key.id, signer->secret) == ERR_OK);
    CHECK_INT(strlen(signer->secret), AWS_SECRET_TEXT - 1);
    set_time(t, signer, 0);
}

/* What is sent: signed as `body`, its headers as they are given. */
static void send(struct test *t, struct signer *signer, const char *more, struct str body)
{
    const struct sigv4 scope = {
        .time = str_from(signer->time), .region = STR("us-east-1"), .service = STR("sqs")};
    char hash[SIGV4_HEX], signature[SIGV4_HEX];
    struct buf asked, text;
    const char *line;
    buf_init(&asked, t->arena, TEXT_MAX);
    buf_init(&text, t->arena, TEXT_MAX);
    sigv4_hash(body, hash);
    buf_addf(&asked,
             "POST\n/sqs\n\nhost:a\nx-amz-date:%s\nx-amz-target:AmazonSQS.SendMessage\n\n"
             "host;x-amz-date;x-amz-target\n%s",
             signer->time, hash);
    REQUIRE(sigv4_sign(t->ctx, &scope, str_from(signer->secret), buf_str(&asked), signature) ==
            ERR_OK);
    buf_addf(&text,
             "POST /sqs HTTP/1.1\r\nHost: a\r\nX-Amz-Date: %s\r\nX-Amz-Target: "
             "AmazonSQS.SendMessage\r\n%sAuthorization: AWS4-HMAC-SHA256 Credential=" ID
             "/%.8s/us-east-1/sqs/aws4_request, " NAMES ", Signature=%s\r\n\r\n",
             signer->time, more, signer->time, signature);
    REQUIRE(str_cstr(t->arena, buf_str(&text), &line) == ERR_OK);
    ask(t, &signer->asked, line);
    signer->asked.request.ports = &signer->ports;
    signer->asked.request.route = &signer->route;
    signer->asked.request.body = body;
}

static enum err check(struct signer *signer)
{
    struct aws aws;
    TRY(aws_read(&signer->asked.request, &aws));
    return aws_check(&signer->asked.request, &aws, &signer->key);
}

static void check_refused(struct test *t, struct signer *signer, const char *field)
{
    CHECK_ERR(check(signer), ERR_SIGNED_OUT);
    CHECK_TEXT(t->ctx->err.field, field);
    CHECK_INT(signer->asked.request.response.status, 403);
    CHECK(!strstr(t->ctx->err.user, signer->secret) &&
          !strstr(t->ctx->err.operator, signer->secret));
}

TEST(aws_signatures_that_are_right)
{
    struct signer signer;
    char hash[SIGV4_HEX], header[PAIRS_TEXT];
    struct buf text;
    open_signer(t, &signer);
    send(t, &signer, "", STR("{}"));
    CHECK(aws_signs(&signer.asked.request));
    CHECK_ERR(check(&signer), ERR_OK);
    CHECK_ERR(check(&signer), ERR_OK); /* once more is what AWS takes too */
    send(t, &signer, "X-Other: of no signature\r\n", STR(""));
    CHECK_ERR(check(&signer), ERR_OK);
    sigv4_hash(STR("{}"), hash);
    buf_init_fixed(&text, header, sizeof header);
    buf_addf(&text, "X-Amz-Content-Sha256: %s\r\n%c", hash, '\0');
    send(t, &signer, header, STR("{}"));
    check_refused(t, &signer, "Authorization"); /* it is one of those that must be signed */
    secrets_close(signer.ports.secrets);
}

TEST(aws_signatures_that_are_wrong)
{
    struct signer signer;
    open_signer(t, &signer);
    send(t, &signer, "", STR("{}"));
    signer.asked.request.body = STR("{ }");
    check_refused(t, &signer, "Signature");
    send(t, &signer, "", STR("{}"));
    signer.asked.http.method = HTTP_PUT;
    check_refused(t, &signer, "Signature");
    send(t, &signer, "", STR("{}"));
    signer.asked.http.path = STR("/sqs/");
    check_refused(t, &signer, "Signature");
    send(t, &signer, "", STR("{}"));
    signer.asked.http.query = STR("a=1");
    check_refused(t, &signer, "Signature");
    send(t, &signer, "", STR("{}"));
    signer.key.id = STR("key_01KAH0XVK4A9N3FYJ0T8Q5RWZD");
    check_refused(t, &signer, "Signature");
    signer.key.id = STR(ID);
    send(t, &signer, "X-Amz-Security-Token: t\r\n", STR("{}"));
    check_refused(t, &signer, "X-Amz-Security-Token");
    send(t, &signer, "X-Amz-More: t\r\n", STR("{}"));
    check_refused(t, &signer, "Authorization");
    send(t, &signer, "", STR("{}"));
    signer.route.flags = ROUTE_STREAM;
    check_refused(t, &signer, "Authorization");
    secrets_close(signer.ports.secrets);
}

/* One letter of the secret, one bit of the signature. */
TEST(aws_signatures_count_to_the_last_letter)
{
    struct signer signer;
    open_signer(t, &signer);
    for (size_t i = 0; i < AWS_SECRET_TEXT - 1; i++) {
        char was = signer.secret[i];
        signer.secret[i] = was == 'x' ? 'y' : 'x';
        send(t, &signer, "", STR("{}"));
        check_refused(t, &signer, "Signature");
        signer.secret[i] = was;
    }
    secrets_close(signer.ports.secrets);
}

TEST(aws_signatures_are_good_for_a_while)
{
    struct signer signer;
    open_signer(t, &signer);
    static const struct {
        int64_t by_us;
        bool fine;
    } cases[] = {{-AWS_WINDOW_US + 2 * SECOND_US, true},
                 {AWS_WINDOW_US - SECOND_US, true},
                 {-AWS_WINDOW_US - SECOND_US, false},
                 {AWS_WINDOW_US + 2 * SECOND_US, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_time(t, &signer, cases[i].by_us);
        send(t, &signer, "", STR("{}"));
        if (cases[i].fine)
            CHECK_ERR(check(&signer), ERR_OK);
        else
            check_refused(t, &signer, "X-Amz-Date");
    }
    static const char *const times[] = {"20261121T072149", "20261321T072149Z", "20261121 072149Z",
                                        "2026-11-21T0721Z", "20261121T256149Z"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        memcpy(signer.time, times[i], strlen(times[i]) + 1);
        send(t, &signer, "", STR("{}"));
        check_refused(t, &signer, "Authorization");
    }
    secrets_close(signer.ports.secrets);
}

/* A rotation makes new secrets, and leaves those that were handed out. */
TEST(aws_secrets_stay_through_a_rotation)
{
    struct secrets_options options = {.folder = test_folder(t, "aws_rotated")};
    struct secrets *secrets;
    char first[AWS_SECRET_TEXT], again[AWS_SECRET_TEXT], newer[AWS_SECRET_TEXT];
    uint32_t version = 0;
    REQUIRE(secrets_open(t->ctx, &options, &secrets) == ERR_OK);
    CHECK_ERR(aws_secret(secrets, t->ctx, aws_newest(secrets), STR(ID), first), ERR_OK);
    secrets_close(secrets);
    REQUIRE(secrets_rotate_purpose(t->ctx, &options, STR("aws"), &version) == ERR_OK);
    REQUIRE(secrets_open(t->ctx, &options, &secrets) == ERR_OK);
    CHECK_INT(aws_newest(secrets), 2);
    CHECK_ERR(aws_secret(secrets, t->ctx, 1, STR(ID), again), ERR_OK);
    CHECK_ERR(aws_secret(secrets, t->ctx, 2, STR(ID), newer), ERR_OK);
    CHECK_TEXT(again, first);
    CHECK(strcmp(newer, first) != 0);
    CHECK_ERR(aws_secret(secrets, t->ctx, 3, STR(ID), newer), ERR_MISSING);
    secrets_close(secrets);
}

static enum err check_again(struct test *t, void *arg)
{
    struct signer *signer = arg;
    (void)t;
    return check(signer);
}

TEST(aws_signatures_without_memory)
{
    struct signer signer;
    open_signer(t, &signer);
    send(t, &signer, "", STR("{}"));
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, check_again, &signer) > 0);
    secrets_close(signer.ports.secrets);
}
