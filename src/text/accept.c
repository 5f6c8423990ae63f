/* Reads the Accept headers of HTTP. */
#include "text/accept.h"

enum { QUALITY_DECIMALS = 3 };

/* "0", "0.8", "1.000" as thousandths, as RFC 9110 has it; ACCEPT_NONE for anything else. */
static int parse_quality(struct str text)
{
    if (text.len == 0 || text.len > 2 + QUALITY_DECIMALS || (text.len > 1 && text.ptr[1] != '.'))
        return ACCEPT_NONE;
    int thousandths = 0;
    for (size_t i = 0; i < 2 + QUALITY_DECIMALS; i++) {
        if (i == 1)
            continue;
        char c = i < text.len ? text.ptr[i] : '0';
        if (c < '0' || c > '9')
            return ACCEPT_NONE;
        thousandths = thousandths * 10 + (c - '0');
    }
    return thousandths <= ACCEPT_QUALITY_MAX ? thousandths : ACCEPT_NONE;
}

bool accept_next(struct str *header, struct accept_part *part)
{
    struct str rest, parameter;
    if (!str_cut(header, ',', &rest))
        return false;
    *part = (struct accept_part){.quality = ACCEPT_QUALITY_MAX};
    str_cut(&rest, ';', &part->value);
    part->value = str_trim(part->value);
    bool weighed = false;
    while (str_cut(&rest, ';', &parameter)) {
        parameter = str_trim(parameter);
        bool is_weight = str_equal_nocase(str_slice(parameter, 0, 2), STR("q="));
        if (is_weight && !weighed)
            part->quality = parse_quality(str_slice(parameter, 2, parameter.len));
        part->has_others |= !is_weight || weighed;
        weighed |= is_weight;
    }
    return true;
}

enum { MATCH_NONE, MATCH_ALL, MATCH_KIND, MATCH_WHOLE };

/* How closely a range names the value: "text/html", "text/" and a star, or stars alone. */
static int match(struct str range, struct str value)
{
    if (str_equal_nocase(range, value))
        return MATCH_WHOLE;
    if (str_equal(range, STR("*")) || str_equal(range, STR("*/*")))
        return MATCH_ALL;
    struct str kind = str_slice(range, 0, range.len ? range.len - 1 : 0);
    bool is_kind = str_ends(range, STR("/*")) &&
                   str_equal_nocase(kind, str_slice(value, 0, kind.len));
    return is_kind ? MATCH_KIND : MATCH_NONE;
}

int accept_quality(struct str header, struct str value)
{
    struct accept_part part;
    int best = MATCH_NONE, quality = ACCEPT_NONE;
    for (int i = 0; i < ACCEPT_PARTS_MAX && accept_next(&header, &part); i++) {
        int closeness = match(part.value, value);
        if (closeness > best && part.quality != ACCEPT_NONE) {
            best = closeness;
            quality = part.quality;
        }
    }
    return quality;
}
