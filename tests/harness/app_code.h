/* What somebody's authenticator app shows, computed once more: by another hand than the program's.
 *
 *     char code[APP_CODE_SIZE];
 *     REQUIRE(app_code(STR("GEZD GNBV …"), time(NULL), code));        "081804" */
#ifndef STOA_TESTS_APP_CODE_H
#define STOA_TESTS_APP_CODE_H

#include <stdbool.h>
#include <time.h>

#include "base/str.h"

enum { APP_CODE_SIZE = 7, APP_PERIOD_S = 30 };

/* False where the text is no base32 of 20 bytes; spaces do not count. */
bool app_code(struct str secret, time_t when, char code[APP_CODE_SIZE]);

#endif
