/* The token in the forms of who is signed in: no other site can know it (CSRF).
 *
 *     form_token_make(ctx->rand, session_token, text);         for a page
 *     if (!form_token_fits(session_token, sent))               …  403
 *
 * It is a keyed hash (BLAKE2b) of 16 bytes of chance under the session's own token, and those bytes
 * before it: bound to that session, gone with it, another on every page, so that the size of a
 * compressed one tells nothing of it; and nothing is kept for it. */
#ifndef STOA_GUARD_FORM_TOKEN_H
#define STOA_GUARD_FORM_TOKEN_H

#include <stdbool.h>

#include "base/rand.h"
#include "base/str.h"

enum { FORM_SALT = 16, FORM_TAG = 32, FORM_TOKEN_TEXT = 2 * (FORM_SALT + FORM_TAG) + 1 };

void form_token_make(struct rand *rand, struct str session, char text[FORM_TOKEN_TEXT]);
bool form_token_fits(struct str session, struct str sent);

#endif
