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

/* 64:ff9b::/96, then the IPv4 address; and 2002::/16, the same. */
static const uint8_t nat64_prefix[V4_AT] = {0x00, 0x64, 0xff, 0x9b};
enum { SIX_TO_FOUR_AT = 2 };

/* The IPv4 address that this one leads to; false where it is none of IPv4's. */
static bool leads_to_v4(struct address address, uint8_t v4[4])
{
    const uint8_t *bytes = address.bytes;
    bool is_six_to_four = bytes[0] == 0x20 && bytes[1] == 0x02;
    memcpy(v4, bytes + (is_six_to_four ? SIX_TO_FOUR_AT : V4_AT), 4);
    return is_six_to_four || is_v4(address) || memcmp(bytes, nat64_prefix, V4_AT) == 0;
}

/* What IANA's registries of special addresses call not globally reachable. */
static const struct {
    uint8_t bytes[4];
    int bits;
} v4_special[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},
    {{240}, 4},
};

/* Within 2000::/3, which is all that is given out. 2001::/23 holds what leads elsewhere. */
static const struct {
    struct address address;
    int bits;
} v6_special[] = {
    {{{0x20, 0x01}}, 23},
    {{{0x20, 0x01, 0x0d, 0xb8}}, 32},
    {{{0x3f, 0xff}}, 20},
};

static bool v4_is_public(const uint8_t v4[4])
{
    struct address address = {{[10] = 0xff, [11] = 0xff}};
    memcpy(address.bytes + V4_AT, v4, 4);
    for (size_t i = 0; i < sizeof v4_special / sizeof *v4_special; i++) {
        struct address net = masked(address, V4_AT * 8 + v4_special[i].bits);
        if (memcmp(net.bytes + V4_AT, v4_special[i].bytes, 4) == 0)
            return false;
    }
    return true;
}

bool address_is_public(struct address address)
{
    uint8_t v4[4];
    if (leads_to_v4(address, v4))
        return v4_is_public(v4);
    for (size_t i = 0; i < sizeof v6_special / sizeof *v6_special; i++)
        if (address_equal(masked(address, v6_special[i].bits), v6_special[i].address))
            return false;
    return address.bytes[0] >> 5 == 1;
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
