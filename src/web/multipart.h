/* Forms with files (multipart/form-data, RFC 7578), read strictly, in whatever pieces they come.
 *
 *     struct multipart parts;
 *     TRY(multipart_init(&parts, content_type));
 *     while (bytes come)
 *         for (;;)
 *             switch (multipart_read(&parts, &bytes, &data)) {
 *             case MULTIPART_PART: …                parts.name, .filename and .type, until its end
 *             case MULTIPART_DATA: …                `data` is a piece of the part
 *             case MULTIPART_PART_END: …
 *             case MULTIPART_MORE: …                all of `bytes` was read: bring the next
 *             case MULTIPART_BAD: …                 parts.reason says why
 *             }
 *     if (!multipart_is_whole(&parts)) …            the body ended too early
 *
 * It holds no more than a head of a part, however long the body is, and the events are the same
 * however it is cut, but for how many pieces the data comes in. Refused is what readers take
 * differently: bytes before the first part or behind the last, a line that does not end in CR LF,
 * a folded header, a part without a name. Names and file names come as they were sent. */
#ifndef STOA_WEB_MULTIPART_H
#define STOA_WEB_MULTIPART_H

#include <stdbool.h>

#include "base/str.h"

enum {
    MULTIPART_PARTS_MAX = 128,
    MULTIPART_HEAD_MAX = 4 << 10, /* the headers of one part */
    MULTIPART_BOUNDARY_MAX = 70,  /* as RFC 2046 has it */
};

enum multipart_event {
    MULTIPART_MORE,
    MULTIPART_PART,
    MULTIPART_DATA,
    MULTIPART_PART_END,
    MULTIPART_BAD,
};

struct multipart {
    struct str name;     /* of the part that is being read */
    struct str filename; /* without a pointer where it is no file */
    struct str type;     /* of a file: "image/png"; empty where it is not said */
    const char *reason;  /* of MULTIPART_BAD, a sentence for whoever sent it */

    /* What follows is the reader's own. */
    enum multipart_state {
        MULTIPART_IN_DATA,
        MULTIPART_BEHIND_BOUNDARY,
        MULTIPART_IN_HEAD,
        MULTIPART_BEHIND_END,
        MULTIPART_REFUSED,
    } state;
    size_t parts, head_len;
    size_t matched;       /* bytes of the delimiter that were seen */
    size_t delimiter_len; /* of CR LF "--" boundary */
    char delimiter[MULTIPART_BOUNDARY_MAX + 4], tail[2];
    size_t tail_len; /* what stood behind the delimiter so far */
    bool in_part;
    char head[MULTIPART_HEAD_MAX];
};

/* ERR_INPUT where the Content-Type has no boundary that can be one. */
enum err multipart_init(struct multipart *parts, struct str content_type);

/* Reads on from the front of `*bytes`, which is cut by what was read. */
enum multipart_event multipart_read(struct multipart *parts, struct str *bytes, struct str *data);

/* True once the last delimiter was seen, and nothing wrong. */
bool multipart_is_whole(const struct multipart *parts);

/* The value of a header's parameter: "boundary" of `multipart/form-data; boundary="x"`, without its
 * quotes. Without a pointer where there is none; ERR_INPUT where it is written wrongly or twice. */
enum err multipart_parameter(struct str header, const char *name, struct str *value);

#endif
