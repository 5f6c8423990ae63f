/* How bytes and words are written in a mail, where only ASCII goes through (RFC 2045, 2047, 2231).
 *
 *     mail_add_base64(out, attachment->bytes);
 *     mail_add_words(out, STR("Grüße"));                =?UTF-8?B?R3LDvMOfZQ==?=
 *
 * Every line that is written here has at most MAIL_LINE_MAX bytes before its CR LF. */
#ifndef STOA_PORTS_MAIL_MAIL_ENCODE_H
#define STOA_PORTS_MAIL_MAIL_ENCODE_H

#include "base/buf.h"

enum { MAIL_LINE_MAX = 76 };

/* Lines of base64, the last one ended too; nothing for nothing. */
void mail_add_base64(struct buf *out, struct str bytes);

/* Quoted-printable. An end of line (LF or CR LF) becomes CR LF; the last line is ended too. */
void mail_add_quoted(struct buf *out, struct str text);

/* Encoded words, with a folded line between two: for what stands in a header. */
void mail_add_words(struct buf *out, struct str text);

/* One parameter of a header's value, on a line of its own, or on several: ;\r\n name="value" */
void mail_add_parameter(struct buf *out, const char *name, struct str value);

/* Whether it can stand in a header as it is. */
bool mail_is_plain(struct str text);

/* Reads what mail_add_words wrote (or what stands as it is), unfolded. */
enum err mail_read_words(struct arena *arena, struct str header, struct str *text);

/* Reads what mail_add_base64 wrote, over its lines. */
bool mail_read_base64(struct buf *out, struct str text);

/* The value of "\nTo: " in a mail's head, folded as it is; empty where there is none. */
struct str mail_find_header(struct str head, struct str name);

#endif
