/* Secrets that are handed out once and kept as a hash: tokens of sessions and of links.
 *
 *     char token[SECRET_TEXT], hash[SECRET_TEXT];
 *     secret_new(ctx->rand, token);              for the browser
 *     secret_hash(str_from(token), hash);        for the database
 *
 * 256 bits of chance need no slow hash: SHA-256, and an index on it tells nothing. */
#ifndef STOA_GUARD_SECRET_H
#define STOA_GUARD_SECRET_H

#include "base/rand.h"
#include "base/str.h"

enum {
    SECRET_BYTES = 32,
    SECRET_LEN = 2 * SECRET_BYTES, /* in hex */
    SECRET_TEXT = SECRET_LEN + 1,
    SECRET_WORD_TEXT = 24, /* of a password that is typed once: four groups of five */
};

void secret_new(struct rand *rand, char text[SECRET_TEXT]);
void secret_hash(struct str secret, char hash[SECRET_TEXT]);

/* A hash of two texts, told apart: secret_hash_pair("a", "bc") is not that of "ab" and "c". */
void secret_hash_pair(struct str kind, struct str secret, char hash[SECRET_TEXT]);

/* 100 bits as people type them: "7K3QV-…". */
void secret_word(struct rand *rand, char text[SECRET_WORD_TEXT]);

#endif
