/* Programs that bear an API key, in place of a person with a cookie.
 *
 *     if (bearer.len)
 *         return bearer_identify(request, bearer);              what stood in Authorization */
#ifndef STOA_GUARD_BEARER_H
#define STOA_GUARD_BEARER_H

#include "guard/key.h"

/* Sets request->who. ERR_SIGNED_OUT where the key is not in force or its maker may not sign in:
 * that is counted as an attempt to sign in from that address. ERR_RATE where it asks too often. */
enum err bearer_identify(struct request *request, struct str token);

/* The same of a request that is signed (aws.h), its signature checked. */
enum err bearer_identify_signed(struct request *request);

#endif
