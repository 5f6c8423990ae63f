/* QR codes as SVG.
 *
 *     TRY(qr_write(&svg, STR("otpauth://totp/…"), STR("Code for your authenticator app")));
 *
 * Black on white in the dark too, with the white border that readers need; the title is for who
 * cannot see it. Errors of 15 % are mended (level M). The class is "qr": the stylesheet says how
 * large it is. */
#ifndef STOA_DRAW_QR_H
#define STOA_DRAW_QR_H

#include "base/buf.h"

enum { QR_TEXT_MAX = 1024 }; /* bytes: more makes a code that a camera hardly reads */

/* ERR_LIMIT for a text that is too long, ERR_INPUT for none or with a NUL in it, ERR_MEMORY; what
 * the buffer failed with. */
enum err qr_write(struct buf *svg, struct str text, struct str title);

#endif
