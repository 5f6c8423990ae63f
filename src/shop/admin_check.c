/* Barcodes and addresses of products: what may be one, and what is made of a name. */
#include "shop/admin_product.h"

enum { BARCODE_MAX = 14 };

bool admin_is_barcode(struct str digits)
{
    int sum = 0;
    bool is_long = digits.len >= 12 && digits.len <= BARCODE_MAX;
    if (!is_long && digits.len != 8)
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return false;
        int weight = (digits.len - 1 - i) % 2 ? 3 : 1; /* of the last, which checks, it is 1 */
        sum += weight * (digits.ptr[i] - '0');
    }
    return sum % 10 == 0;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool admin_is_slug(struct str slug)
{
    for (size_t i = 0; i < slug.len; i++) {
        bool joins = slug.ptr[i] == '-' && i > 0 && i + 1 < slug.len && slug.ptr[i - 1] != '-';
        if (!is_plain(slug.ptr[i]) && !joins)
            return false;
    }
    return slug.len > 0 && slug.len <= ADMIN_SLUG_MAX;
}

struct str admin_slug(struct arena *arena, struct str name)
{
    struct buf out;
    buf_init(&out, arena, ADMIN_SLUG_MAX);
    for (size_t i = 0; i < name.len && out.len < ADMIN_SLUG_MAX; i++) {
        char c = name.ptr[i];
        c = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        if (is_plain(c))
            buf_addc(&out, c);
        else if (out.len && out.ptr[out.len - 1] != '-')
            buf_addc(&out, '-');
    }
    if (out.len && out.ptr[out.len - 1] == '-')
        buf_rewind(&out, out.len - 1);
    return buf_err(&out) ? STR("") : buf_str(&out);
}
