/* Percent-encoding, as parts of URLs and forms are written.
 *
 *     percent_add(&out, STR("Grüße & mehr"), "");            Gr%C3%BC%C3%9Fe%20%26%20mehr */
#ifndef STOA_BASE_PERCENT_H
#define STOA_BASE_PERCENT_H

#include "base/buf.h"

/* Encodes all but letters, digits, - . _ ~ and what is in `also`. */
void percent_add(struct buf *out, struct str text, const char *also);

#endif
