/* Undoes the chunked coding strictly, where it lies, however it was cut into pieces. */
#include <string.h>

#include "web/http.h"
#include "web/http_inside.h"

enum { DIGITS_MAX = 16 };

enum {
    IN_SIZE, /* the state that a zeroed struct begins in */
    IN_EXTENSION,
    SIZE_LF,
    IN_DATA,
    DATA_CR,
    DATA_LF,
    LINE_START, /* of a trailer, or of the empty line */
    IN_NAME,
    IN_VALUE,
    VALUE_LF,
    END_LF,
    ENDED,
    BROKEN,
};

static int read_size(struct http_chunks *chunks, char c)
{
    int digit = http_hex_digit(c);
    if (digit >= 0 && chunks->digits < DIGITS_MAX) {
        chunks->left = chunks->left << 4 | (unsigned)digit;
        chunks->digits++;
        return IN_SIZE;
    }
    if (chunks->digits == 0 || digit >= 0)
        return BROKEN;
    return c == '\r' ? SIZE_LF : c == ';' ? IN_EXTENSION : BROKEN;
}

static int begin_data(struct http_chunks *chunks)
{
    chunks->digits = 0;
    chunks->extra_len = 0;
    return chunks->left ? IN_DATA : LINE_START;
}

/* The state behind one byte of what is no data. */
static int step(struct http_chunks *chunks, char c)
{
    switch (chunks->state) {
    case IN_SIZE:
        return read_size(chunks, c);
    case IN_EXTENSION:
        return c == '\r' ? SIZE_LF : http_is_control(c) ? BROKEN : IN_EXTENSION;
    case SIZE_LF:
        return c == '\n' ? begin_data(chunks) : BROKEN;
    case DATA_CR:
        return c == '\r' ? DATA_LF : BROKEN;
    case DATA_LF:
        return c == '\n' ? IN_SIZE : BROKEN;
    case LINE_START:
        return c == '\r' ? END_LF : http_is_in(c, HTTP_IN_TOKEN) ? IN_NAME : BROKEN;
    case IN_NAME:
        return c == ':' ? IN_VALUE : http_is_in(c, HTTP_IN_TOKEN) ? IN_NAME : BROKEN;
    case IN_VALUE:
        return c == '\r' ? VALUE_LF : http_is_control(c) ? BROKEN : IN_VALUE;
    case VALUE_LF:
        return c == '\n' ? LINE_START : BROKEN;
    case END_LF:
        return c == '\n' ? ENDED : BROKEN;
    default:
        return chunks->state;
    }
}

static bool is_extra(int state)
{
    return state == IN_EXTENSION || (state >= LINE_START && state < ENDED);
}

/* Moves the data at `from` to `to`; returns how many bytes. */
static size_t move_data(struct http_chunks *chunks, char *to, const char *from, size_t size)
{
    size_t len = chunks->left < size ? (size_t)chunks->left : size;
    memmove(to, from, len);
    chunks->left -= len;
    if (chunks->left == 0)
        chunks->state = DATA_CR;
    return len;
}

enum http_verdict http_chunks_read(struct http_chunks *chunks, char *bytes, size_t size,
                                   size_t *got, size_t *used)
{
    size_t to = 0, from = 0;
    while (from < size && chunks->state < ENDED) {
        if (chunks->state == IN_DATA) {
            size_t len = move_data(chunks, bytes + to, bytes + from, size - from);
            to += len;
            from += len;
            continue;
        }
        chunks->state = step(chunks, bytes[from++]);
        if (is_extra(chunks->state) && ++chunks->extra_len > HTTP_EXTRA_MAX)
            chunks->state = BROKEN;
    }
    *got = to;
    *used = from;
    return chunks->state == BROKEN ? HTTP_BAD : chunks->state == ENDED ? HTTP_WHOLE : HTTP_MORE;
}
