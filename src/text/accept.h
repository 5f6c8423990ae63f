/* What a reader would rather have: the Accept headers of HTTP, part by part.
 *
 *     struct accept_part part;
 *     while (accept_next(&header, &part))            "de-AT;q=0.8, *"
 *         …                                          part.value is "de-AT", part.quality 800
 *
 *     accept_quality(STR("gzip;q=0.5, *;q=0.1"), STR("gzip"))      500
 *
 * A quality is in thousandths; one of 0 is a refusal. */
#ifndef STOA_TEXT_ACCEPT_H
#define STOA_TEXT_ACCEPT_H

#include <stdbool.h>

#include "base/str.h"

enum {
    ACCEPT_PARTS_MAX = 32, /* of one header; what stands behind them is not read */
    ACCEPT_QUALITY_MAX = 1000,
    ACCEPT_NONE = -1, /* nothing was said of it */
};

struct accept_part {
    struct str value;
    int quality;     /* ACCEPT_NONE where the weight is malformed */
    bool has_others; /* parameters besides the weight */
};

/* Takes the next part off the header; false at its end. */
bool accept_next(struct str *header, struct accept_part *part);

/* What a header says of a value, in any case of letters: a coding, or a media type. What names it
 * whole goes before "text/" and a star, and that before "*" or a star on both sides. */
int accept_quality(struct str header, struct str value);

#endif
