/* Signature Version 4, by which programs sign what they ask AWS, or whoever speaks as it does.
 *
 *     struct sigv4 scope = {.time = time, .region = region, .service = STR("s3")};
 *     char signature[SIGV4_HEX];
 *     TRY(sigv4_sign(ctx, &scope, secret, buf_str(&asked), signature));
 *
 * `asked` is the canonical request: method, path, query, headers, their names, and the body's hash,
 * a line each. libcurl signs what it sends by itself; this is for links, and for who checks. */
#ifndef STOA_PORTS_HTTP_SIGV4_H
#define STOA_PORTS_HTTP_SIGV4_H

#include "base/ctx.h"
#include "base/str.h"

#define SIGV4_ALGORITHM "AWS4-HMAC-SHA256"
#define SIGV4_END       "aws4_request" /* of every scope */

enum {
    SIGV4_HEX = 65,       /* a SHA-256 in hex, and a NUL */
    SIGV4_DAY_LEN = 8,    /* 20261121 */
    SIGV4_TIME_LEN = 16,  /* 20261121T072149Z */
    SIGV4_TEXT_MAX = 512, /* of a region, a service, a secret */
};

struct sigv4 {
    struct str time; /* of SIGV4_TIME_LEN; the day is the front of it */
    struct str region, service;
};

void sigv4_hash(struct str bytes, char hex[SIGV4_HEX]);

/* ERR_LIMIT for what is longer than SIGV4_TEXT_MAX. */
enum err sigv4_sign(struct ctx *ctx, const struct sigv4 *scope, struct str secret, struct str asked,
                    char signature[SIGV4_HEX]);

#endif
