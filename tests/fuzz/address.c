/* Fuzzes addresses: what parses is written as text that parses to the same; strangers stay so. */
#include "base/address.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_address(struct str text)
{
    struct address address, again;
    char written[ADDRESS_TEXT_MAX];
    if (address_parse(text, &address))
        return;
    ASSERT(!address_is_public(address) || !address_is_loopback(address));
    address_format(address, written);
    ASSERT(address_parse(str_from(written), &again) == ERR_OK);
    ASSERT(address_equal(address, again));
}

static void check_nets(struct str text)
{
    struct ctx ctx = {0};
    struct address_nets nets;
    enum err err = address_nets_parse(&ctx, "PROXIES", text, &nets);
    ASSERT(err == ERR_OK || (err == ERR_INPUT && ctx.err.code == err));
    for (size_t i = 0; !err && i < nets.count; i++)
        ASSERT(address_nets_have(&nets, nets.rows[i].address));
}

static void check_behind(struct str header)
{
    struct ctx ctx = {0};
    struct address_nets proxies;
    struct address proxy, stranger;
    ASSERT(!address_nets_parse(&ctx, "PROXIES", STR("10.0.0.0/8"), &proxies));
    ASSERT(!address_parse(STR("10.0.0.1"), &proxy) && !address_parse(STR("9.9.9.9"), &stranger));
    ASSERT(address_equal(address_behind(&proxies, stranger, header), stranger));
    address_behind(&proxies, proxy, header);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str text = str_make((const char *)bytes, size);
    check_address(text);
    check_nets(text);
    check_behind(text);
    return 0;
}
