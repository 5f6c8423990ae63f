/* Recovery codes: ten words to sign in with once each when a person's second factor is lost.
 *
 *     char codes[RECOVERY_CODES][RECOVERY_TEXT_SIZE];
 *     recovery_make(ctx->rand, codes);                          "7K2M-QX4D-9RTB-0HVN", shown once
 *     TRY(recovery_hash(person, str_from(codes[0]), hash));     what is stored
 *
 *     TRY(recovery_hash(person, typed, hash));                  and what is looked for
 *
 * A code is 80 bits of chance, so that a plain hash of it cannot be turned back; the person's id is
 * in the hash, so that nobody's code is another's. Small letters, spaces, hyphens, and I, L and O
 * for the digits that they look like make no difference. Using a code deletes its row in the same
 * transaction: that it is right only once is the database's word. */
#ifndef STOA_GUARD_RECOVERY_H
#define STOA_GUARD_RECOVERY_H

#include "base/rand.h"
#include "base/str.h"

enum {
    RECOVERY_CODES = 10,
    RECOVERY_LETTERS = 16,
    RECOVERY_TEXT_SIZE = RECOVERY_LETTERS + 3 + 1, /* with three hyphens and the NUL */
    RECOVERY_HASH_TEXT = 64 + 1,                   /* SHA-256 in hex, and the NUL */
};

void recovery_make(struct rand *rand, char codes[RECOVERY_CODES][RECOVERY_TEXT_SIZE]);

/* ERR_INPUT, with nothing recorded, for what can be no code. */
enum err recovery_hash(struct str person, struct str typed, char hash[RECOVERY_HASH_TEXT]);

#endif
