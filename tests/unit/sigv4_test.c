/* Signatures as botocore makes them: one that it made; tests/clients compares more. */
#include "ports/http/sigv4.h"

#include <string.h>

#include "harness/test.h"

static const struct sigv4 scope = {{"20261121T072149Z", 16}, {"us-east-1", 9}, {"sqs", 3}};

#define ASKED                                                                          \
    "POST\n/sqs/a%2520b\na=%20x&a=1&a-b=1&b=2\nhost:stoa.example:8080\n"               \
    "x-amz-date:20261121T072149Z\nx-amz-target:AmazonSQS.ListQueues\nx-spaces:a b\n\n" \
    "host;x-amz-date;x-amz-target;x-spaces\n"                                          \
    "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"

TEST(sigv4_signs_as_others_do)
{
    char signature[SIGV4_HEX], hash[SIGV4_HEX];
    CHECK_ERR(sigv4_sign(t->ctx, &scope, STR("a secret of the tests"), STR(ASKED), signature),
              ERR_OK);
    CHECK_TEXT(signature, "f149cf21efe1ab9fd89a9a87d867e72a1b704c2779df36ff9191e4818158d0b4");
    sigv4_hash(STR("{\"a\":1}"), hash);
    CHECK_TEXT(hash, "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862");
}

TEST(sigv4_differs_by_each_of_its_parts)
{
    char right[SIGV4_HEX], other[SIGV4_HEX];
    struct sigv4 scopes[3] = {scope, scope, scope};
    scopes[0].time = STR("20261122T072149Z");
    scopes[1].region = STR("us-east-2");
    scopes[2].service = STR("s3");
    CHECK_ERR(sigv4_sign(t->ctx, &scope, STR("secret"), STR(ASKED), right), ERR_OK);
    for (size_t i = 0; i < 3; i++) {
        CHECK_ERR(sigv4_sign(t->ctx, &scopes[i], STR("secret"), STR(ASKED), other), ERR_OK);
        CHECK(strcmp(right, other) != 0);
    }
    CHECK_ERR(sigv4_sign(t->ctx, &scope, STR("Secret"), STR(ASKED), other), ERR_OK);
    CHECK(strcmp(right, other) != 0);
}

TEST(sigv4_refuses_what_is_too_long)
{
    char signature[SIGV4_HEX], secret[SIGV4_TEXT_MAX];
    memset(secret, 's', sizeof secret);
    struct str most = {secret, sizeof secret - 4}, more = {secret, sizeof secret - 3};
    CHECK_ERR(sigv4_sign(t->ctx, &scope, most, STR(""), signature), ERR_OK);
    CHECK_ERR(sigv4_sign(t->ctx, &scope, more, STR(""), signature), ERR_LIMIT);
}
