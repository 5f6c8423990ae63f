/* Addresses: who asks, also from behind the proxies that are trusted, and who may be asked.
 *
 *     struct address client = address_behind(&proxies, peer, request_header(…"X-Forwarded-For"));
 *
 * A header about the client counts only as far as trusted proxies vouch for it: it is read from its
 * end, and the first address that is not one of theirs is the client. */
#ifndef STOA_BASE_ADDRESS_H
#define STOA_BASE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

enum { ADDRESS_TEXT_MAX = 46, ADDRESS_NETS_MAX = 16 };

/* IPv6, or IPv4 mapped into it (::ffff:192.0.2.1). */
struct address {
    uint8_t bytes[16];
};

/* Networks, as a setting lists them: "10.0.0.0/8 ::1". */
struct address_nets {
    struct {
        struct address address;
        int bits;
    } rows[ADDRESS_NETS_MAX];
    size_t count;
};

enum err address_parse(struct str text, struct address *address);
void address_format(struct address address, char text[ADDRESS_TEXT_MAX]);
bool address_is_loopback(struct address address);
bool address_equal(struct address a, struct address b);

/* True for what anybody on the internet may reach: not for networks that are private, of this
 * machine, of this link, of many (multicast), reserved or for examples, whichever way they are
 * written. What a translator would make of it (NAT64, 6to4) is looked at as well. */
bool address_is_public(struct address address);

/* ERR_INPUT with the field for what is no network. */
enum err address_nets_parse(struct ctx *ctx, const char *field, struct str text,
                            struct address_nets *nets);
bool address_nets_have(const struct address_nets *nets, struct address address);

struct address address_behind(const struct address_nets *proxies, struct address peer,
                              struct str forwarded_for);

#endif
