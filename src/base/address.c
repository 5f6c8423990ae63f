/* Reads and writes addresses and networks, and walks back through proxies. */
#include "base/address.h"

#include <arpa/inet.h>
#include <string.h>

enum { V4_AT = 12, V4_BITS = 32, BITS = 128 };

static const uint8_t v4_prefix[V4_AT] = {[10] = 0xff, [11] = 0xff};

static bool is_v4(struct address address)
{
    return memcmp(address.bytes, v4_prefix, V4_AT) == 0;
}

enum err address_parse(struct str text, struct address *address)
{
    char copy[ADDRESS_TEXT_MAX] = "";
    struct address parsed;
    if (text.len == 0 || text.len >= sizeof copy || str_find_char(text, '\0') != STR_NONE)
        return ERR_INPUT;
    memcpy(copy, text.ptr, text.len);
    memcpy(parsed.bytes, v4_prefix, V4_AT);
    if (inet_pton(AF_INET, copy, parsed.bytes + V4_AT) != 1 &&
        inet_pton(AF_INET6, copy, parsed.bytes) != 1)
        return ERR_INPUT;
    *address = parsed;
    return ERR_OK;
}

void address_format(struct address address, char text[ADDRESS_TEXT_MAX])
{
    if (is_v4(address))
        inet_ntop(AF_INET, address.bytes + V4_AT, text, ADDRESS_TEXT_MAX);
    else
        inet_ntop(AF_INET6, address.bytes, text, ADDRESS_TEXT_MAX);
}

bool address_is_loopback(struct address address)
{
    static const struct address v6_loopback = {{[15] = 1}};
    return is_v4(address) ? address.bytes[V4_AT] == 127 : address_equal(address, v6_loopback);
}

bool address_equal(struct address a, struct address b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static struct address masked(struct address address, int bits)
{
    for (int i = 0; i < (int)sizeof address.bytes; i++) {
        int kept = bits - 8 * i;
        if (kept < 8)
            address.bytes[i] &= (uint8_t)(kept <= 0 ? 0 : 0xff << (8 - kept));
    }
    return address;
}

static enum err parse_net(struct str text, struct address *address, int *bits)
{
    struct str number = text, host;
    int64_t said;
    str_cut(&number, '/', &host);
    TRY(address_parse(host, address));
    bool is_short = is_v4(*address) && str_find_char(host, ':') == STR_NONE;
    int max = is_short ? V4_BITS : BITS;
    *bits = BITS;
    if (!number.ptr)
        return ERR_OK;
    TRY(str_to_int(number, 0, max, &said));
    *bits = (int)said + BITS - max;
    return address_equal(*address, masked(*address, *bits)) ? ERR_OK : ERR_INPUT;
}

enum err address_nets_parse(struct ctx *ctx, const char *field, struct str text,
                            struct address_nets *nets)
{
    struct str word;
    nets->count = 0;
    while (str_cut(&text, ' ', &word)) {
        if (word.len == 0)
            continue;
        if (nets->count == ADDRESS_NETS_MAX)
            return err_input(&ctx->err, field, "must be at most %d networks", ADDRESS_NETS_MAX);
        if (parse_net(word, &nets->rows[nets->count].address, &nets->rows[nets->count].bits))
            return err_input(&ctx->err, field,
                             "must be networks such as 10.0.0.0/8 ::1, with a space between them");
        nets->count++;
    }
    return ERR_OK;
}

bool address_nets_have(const struct address_nets *nets, struct address address)
{
    for (size_t i = 0; i < nets->count; i++)
        if (address_equal(nets->rows[i].address, masked(address, nets->rows[i].bits)))
            return true;
    return false;
}

/* Takes the last word of a list off its end; false once nothing was left to take. */
static bool cut_last(struct str *list, struct str *word)
{
    if (!list->ptr)
        return false;
    size_t from = list->len;
    while (from > 0 && list->ptr[from - 1] != ',')
        from--;
    *word = str_trim(str_make(list->ptr + from, list->len - from));
    *list = from ? str_make(list->ptr, from - 1) : (struct str){0};
    return true;
}

/* What a proxy wrote and is no address says nothing beyond the proxy itself. */
struct address address_behind(const struct address_nets *proxies, struct address peer,
                              struct str forwarded_for)
{
    struct address client = peer;
    struct str word;
    while (address_nets_have(proxies, client) && cut_last(&forwarded_for, &word))
        if (address_parse(word, &client))
            break;
    return client;
}
