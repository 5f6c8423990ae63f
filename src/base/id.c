/* Makes ids, and writes and reads them in base 32. */
#include "base/id.h"

#include <string.h>

#include "base/assert.h"

enum { TIME_SHIFT = 16, MILLISECOND_US = 1000, DIGIT_BITS = 5, STEP_SHIFT = 2 };

/* Crockford's: without I, L, O, which look like digits, and U. In the order of ASCII, so that the
 * text sorts as the id does. */
static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void id_source_init(struct id_source *source, struct clock *clock, struct rand *rand)
{
    *source = (struct id_source){.clock = clock, .rand = rand};
    pthread_mutex_init(&source->lock, NULL);
}

void id_source_release(struct id_source *source)
{
    pthread_mutex_destroy(&source->lock);
}

/* Within one millisecond, and while the clock is behind, the last id is counted up: the order
 * holds. The step is chance, for who has two ids must not guess what lies between them. Should it
 * run over, it carries into the time, which is then a millisecond ahead. */
static struct id after(struct id last, struct rand *rand)
{
    uint64_t step = 1 + (rand_u64(rand) >> STEP_SHIFT);
    struct id next = {last.high + (last.low > UINT64_MAX - step), last.low + step};
    ASSERT(next.high >= last.high); /* the year is 10889 */
    return next;
}

struct id id_new(struct id_source *source)
{
    pthread_mutex_lock(&source->lock);
    int64_t now_us = clock_now_us(source->clock);
    uint64_t now_ms = now_us < 0 ? 0 : (uint64_t)now_us / MILLISECOND_US;
    if (now_ms > source->last.high >> TIME_SHIFT) {
        source->last.high = now_ms << TIME_SHIFT | (rand_u64(source->rand) & UINT16_MAX);
        source->last.low = rand_u64(source->rand);
    } else {
        source->last = after(source->last, source->rand);
    }
    struct id id = source->last;
    pthread_mutex_unlock(&source->lock);
    return id;
}

int64_t id_time_us(struct id id)
{
    return (int64_t)(id.high >> TIME_SHIFT) * MILLISECOND_US;
}

int id_compare(struct id a, struct id b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return (a.low > b.low) - (a.low < b.low);
}

void id_format(struct id id, const char *prefix, char text[ID_TEXT_MAX])
{
    size_t len = strlen(prefix);
    ASSERT(len > 0 && len <= ID_PREFIX_MAX);
    memcpy(text, prefix, len);
    text[len] = '_';
    unsigned __int128 bits = (unsigned __int128)id.high << 64 | id.low;
    for (size_t i = ID_DIGITS; i-- > 0; bits >>= DIGIT_BITS)
        text[len + 1 + i] = digits[bits & 31];
    text[len + 1 + ID_DIGITS] = '\0';
}

enum err id_parse(struct str text, const char *prefix, struct id *id)
{
    struct str start = str_from(prefix);
    if (text.len != start.len + 1 + ID_DIGITS || text.ptr[start.len] != '_' ||
        !str_equal_nocase(str_slice(text, 0, start.len), start))
        return ERR_INPUT;
    unsigned __int128 bits = 0;
    for (size_t i = start.len + 1; i < text.len; i++) {
        char c = text.ptr[i];
        const char *at = c ? strchr(digits, c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) : NULL;
        if (!at || bits >> (128 - DIGIT_BITS)) /* 26 digits are 130 bits: the first is below 8 */
            return ERR_INPUT;
        bits = bits << DIGIT_BITS | (unsigned)(at - digits);
    }
    *id = (struct id){(uint64_t)(bits >> 64), (uint64_t)bits};
    return ERR_OK;
}
