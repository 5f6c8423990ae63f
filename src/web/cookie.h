/* Cookies: read strictly, and looked at before they are set.
 *
 *     struct str session = cookie_find(http_header(head, STR("Cookie")), STR("session"));
 *     ASSERT(cookie_is_name(name) && cookie_is_value(value));       before one is set
 *
 * A cookie that is there twice was set by two, and nothing tells which one is ours: it counts as
 * not there. */
#ifndef STOA_WEB_COOKIE_H
#define STOA_WEB_COOKIE_H

#include "base/str.h"

enum { COOKIE_LEN_MAX = 4096 }; /* of name and value together: what browsers keep */

/* The value of the cookie of that name, capitals told apart; empty where there is none, more than
 * one, or one whose value is malformed. */
struct str cookie_find(struct str header, struct str name);

bool cookie_is_name(struct str text);
bool cookie_is_value(struct str text);

#endif
