/* Texts that are JSON and texts that are not: for the unit tests, and to compare ours with others.
 *
 *     for (size_t i = 0; i < json_case_count; i++)
 *         … json_cases[i].text …
 */
#ifndef STOA_TESTS_JSON_CASES_H
#define STOA_TESTS_JSON_CASES_H

#include "base/str.h"

struct json_case {
    struct str text;
    const char *written; /* how it is written again; NULL: as it came */
    int line, column;    /* of the mistake, both from 1; 0 where there is none */
};

extern const struct json_case json_cases[];
extern const size_t json_case_count;

#endif
