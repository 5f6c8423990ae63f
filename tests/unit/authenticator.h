/* An authenticator in software: it makes a key and signs, and what it sends can be made wrong.
 *
 *     struct authenticator key;
 *     authenticator_init(t, &key, COSE_ES256);
 *     key.origin = STR("https://stoa.example");
 *     struct webauthn_answer made = authenticator_make(t, &key, challenge);
 *     struct webauthn_answer signed_in = authenticator_sign(t, &key, challenge);
 *
 * What it makes lives in t->arena. */
#ifndef STOA_TESTS_AUTHENTICATOR_H
#define STOA_TESTS_AUTHENTICATOR_H

#include <openssl/evp.h>

#include "guard/webauthn.h"
#include "harness/test.h"

struct authenticator {
    int64_t algorithm;
    EVP_PKEY *key;
    char id[32];
    uint32_t uses;
    unsigned flags;         /* besides the one that says that a key is there */
    struct str origin;      /* what it believes */
    struct str site;        /* the host */
    struct str client_more; /* further members of the client's data: ",\"crossOrigin\":true" */
    struct str format, statement; /* of the attestation, the statement as CBOR */
    struct str data_more;         /* behind the authenticator's data */
};

void authenticator_init(struct test *t, struct authenticator *key, int64_t algorithm);
void authenticator_release(struct authenticator *key);

struct webauthn_answer authenticator_make(struct test *t, struct authenticator *key,
                                          struct str challenge);
struct webauthn_answer authenticator_sign(struct test *t, struct authenticator *key,
                                          struct str challenge);

/* Its public key as COSE. */
struct str authenticator_cose(struct test *t, const struct authenticator *key);

#endif
