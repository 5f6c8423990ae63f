/* The company's own pages: the front page, what runs here, and what visitors write.
 *
 *     static struct front front = {.build = …, .settings = rows, .setting_count = n};
 *     {"front", front_routes, &front},                  a row of the wiring's rooms */
#ifndef STOA_FRONT_FRONT_H
#define STOA_FRONT_FRONT_H

#include <stdbool.h>

#include "base/str.h"

/* What /about and /admin/settings tell: never a secret. */
struct front_setting {
    const char *name, *help;
    struct str value; /* in force */
    bool secret;      /* its value is not told */
    bool set;         /* it has a value */
    bool changed;     /* the environment says it */
};

struct front {
    struct str build; /* "0.1.0, gcc 12.2.0" */
    const struct front_setting *settings;
    size_t setting_count;
};

#endif
