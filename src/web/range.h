/* Conditions and ranges: whether a reader wants the whole, a part, or has it already.
 *
 *     struct range_source source = {.etag = STR("\"9f86\""), .len = 1000};
 *     struct ranges ranges;
 *     switch (range_answer(head, &source, &ranges)) {
 *     case 200: …        the whole
 *     case 206: …        ranges.count parts of it
 *     case 304: …        not changed: what the reader has is right
 *     case 412: …        not the one that the reader meant
 *     case 416: …        all that was asked for lies behind the end
 *     }
 *
 * What is malformed is as if it were not there (RFC 9110): the reader gets the whole. */
#ifndef STOA_WEB_RANGE_H
#define STOA_WEB_RANGE_H

#include "web/http.h"

enum { RANGES_MAX = 8 }; /* who asks for more is given the whole */

/* What is there to be read. */
struct range_source {
    struct str etag;     /* with its quotes; a weak one begins with W/; empty where there is none */
    int64_t modified_us; /* 0 where it is not known */
    int64_t len;
};

struct range {
    int64_t from, to; /* the byte behind the last: to - from bytes */
};

struct ranges {
    struct range rows[RANGES_MAX]; /* as they were asked for; none is empty */
    size_t count;
};

/* "bytes=0-99,-100" of so many bytes: 206 and the ranges, 416, or 200 where the whole is to be
 * sent: no range, one that is malformed, too many, or two that overlap. */
int range_parse(struct str header, int64_t len, struct ranges *ranges);

/* The status of a GET or HEAD after If-Match, If-Unmodified-Since, If-None-Match,
 * If-Modified-Since, Range and If-Range, in the order of RFC 9110. */
int range_answer(const struct http_head *head, const struct range_source *source,
                 struct ranges *ranges);

#endif
