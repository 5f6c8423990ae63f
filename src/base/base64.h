/* Base64 of bytes that travel in URLs, cookies and JSON: RFC 4648's URL alphabet, without padding;
 * and, for protocols that want it so, the usual alphabet with padding.
 *
 *     base64_add(&out, hash);                               "3q2-7w"
 *     TRY(base64_read(ctx->arena, STR("3q2-7w"), &bytes));
 *
 * Every text has one meaning and every meaning one text: padding, white space, the other alphabet
 * and left-over bits that are not zero are ERR_INPUT. */
#ifndef STOA_BASE_BASE64_H
#define STOA_BASE_BASE64_H

#include "base/buf.h"

void base64_add(struct buf *out, struct str bytes);
void base64_add_padded(struct buf *out, struct str bytes); /* with + and /, to fours with = */

/* ERR_INPUT, ERR_MEMORY; nothing is recorded: the caller knows whose text it was. */
enum err base64_read(struct arena *arena, struct str text, struct str *bytes);

#endif
