/* Raw requests, what is answered to each, and what nginx answers.
 *
 *     for (const struct wire_case *row = wire_cases; row->name; row++)
 *         wire_ask(t, port, row->bytes, &answer);
 *
 * A request that is taken is 200 here. Behind each one wire_ask sends another, so that what was
 * read too far, or not far enough, is seen. */
#ifndef STOA_TESTS_WIRE_CASES_H
#define STOA_TESTS_WIRE_CASES_H

#include <stdbool.h>

#include "base/str.h"

struct wire_case {
    const char *name;
    struct str bytes;
    int ours;
    int nginx;       /* 0 where it answers as we do */
    const char *why; /* we are stricter, or say it by another status */
    bool last;       /* it asks for the connection to be closed, or it is taken for that */
};

extern const struct wire_case wire_cases[]; /* ends with a nameless one */

#endif
