/* Reads one cookie, and says what may be one. */
#include "web/cookie.h"

#include "web/http_inside.h"

struct str cookie_find(struct str header, struct str name)
{
    struct str pair, pair_name, value = {0};
    size_t count = 0;
    while (str_cut(&header, ';', &pair)) {
        pair = str_trim(pair);
        if (!str_cut(&pair, '=', &pair_name) || !pair.ptr || !str_equal(pair_name, name))
            continue;
        value = pair;
        count++;
    }
    return count == 1 && cookie_is_value(value) ? value : (struct str){0};
}

bool cookie_is_name(struct str text)
{
    return text.len > 0 && text.len <= COOKIE_LEN_MAX && http_span(text, HTTP_IN_TOKEN) == text.len;
}

bool cookie_is_value(struct str text)
{
    return text.len <= COOKIE_LEN_MAX && http_span(text, HTTP_IN_COOKIE) == text.len;
}
