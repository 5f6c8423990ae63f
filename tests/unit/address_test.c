/* Tests addresses, networks, and the way back through proxies. */
#include "base/address.h"
#include "base/assert.h"
#include "base/buf.h"
#include "harness/test.h"

TEST(address_reads_and_writes_both_kinds)
{
    static const struct {
        const char *text, *written;
    } rows[] = {
        {"192.0.2.1", "192.0.2.1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"0.0.0.0", "0.0.0.0"},
        {"255.255.255.255", "255.255.255.255"},
        {"::", "::"},
        {"::1", "::1"},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct address address;
        char text[ADDRESS_TEXT_MAX];
        test_note(t, "%s", rows[i].text);
        CHECK_ERR(address_parse(str_from(rows[i].text), &address), ERR_OK);
        address_format(address, text);
        CHECK_TEXT(text, rows[i].written);
    }
}

TEST(address_refuses_the_rest)
{
    static const struct str texts[] = {
        {"", 0},
        {"1.2.3", 5},
        {"1.2.3.4.5", 9},
        {"01.2.3.4", 8},
        {"256.2.3.4", 9},
        {"1.2.3.4 ", 8},
        {"1.2.3.4\0", 8},
        {"1.2.3.4:80", 10},
        {"[::1]", 5},
        {"::1%lo", 6},
        {"1::2::3", 7},
        {"localhost", 9},
        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555", 46},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct address address;
        test_note(t, STR_FMT, STR_ARG(texts[i]));
        CHECK_ERR(address_parse(texts[i], &address), ERR_INPUT);
    }
}

static struct address parsed(const char *text)
{
    struct address address = {0};
    ASSERT(address_parse(str_from(text), &address) == ERR_OK);
    return address;
}

TEST(address_knows_this_machine)
{
    CHECK(address_is_loopback(parsed("127.0.0.1")));
    CHECK(address_is_loopback(parsed("127.9.9.9")));
    CHECK(address_is_loopback(parsed("::1")));
    CHECK(address_is_loopback(parsed("::ffff:127.0.0.1")));
    CHECK(!address_is_loopback(parsed("128.0.0.1")));
    CHECK(!address_is_loopback(parsed("::7f00:1")));
    CHECK(!address_is_loopback(parsed("::")));
    CHECK(address_equal(parsed("1.2.3.4"), parsed("::ffff:102:304")));
    CHECK(!address_equal(parsed("1.2.3.4"), parsed("1.2.3.5")));
}

TEST(address_knows_what_is_public)
{
    static const struct {
        const char *text;
        bool is_public;
    } rows[] = {
        {"1.1.1.1", true},
        {"9.255.255.255", true},
        {"10.0.0.0", false},
        {"10.255.255.255", false},
        {"11.0.0.0", true},
        {"0.0.0.0", false},
        {"0.1.2.3", false},
        {"100.63.255.255", true},
        {"100.64.0.1", false},
        {"100.127.255.255", false},
        {"100.128.0.0", true},
        {"127.0.0.1", false},
        {"127.255.255.254", false},
        {"169.254.169.254", false},
        {"172.15.255.255", true},
        {"172.16.0.1", false},
        {"172.31.255.255", false},
        {"172.32.0.0", true},
        {"192.0.0.8", false},
        {"192.0.2.1", false},
        {"192.88.99.1", false},
        {"192.168.1.1", false},
        {"192.169.0.0", true},
        {"198.18.0.1", false},
        {"198.20.0.0", true},
        {"198.51.100.1", false},
        {"203.0.113.1", false},
        {"223.255.255.255", true},
        {"224.0.0.1", false},
        {"240.0.0.1", false},
        {"255.255.255.255", false},
        {"::", false},
        {"::1", false},
        {"::7f00:1", false},
        {"::ffff:8.8.8.8", true},
        {"::ffff:10.0.0.1", false},
        {"::ffff:127.0.0.1", false},
        {"::ffff:0:127.0.0.1", false},
        {"64:ff9b::8.8.8.8", true},
        {"64:ff9b::10.0.0.1", false},
        {"64:ff9b::169.254.169.254", false},
        {"64:ff9b:1::8.8.8.8", false},
        {"2002:808:808::1", true},
        {"2002:a00:1::1", false},
        {"2002:7f00:1::", false},
        {"2001::1", false},
        {"2001:1ff::1", false},
        {"2001:200::1", true},
        {"2001:db8::1", false},
        {"2606:4700::1111", true},
        {"3fff:fff::1", false},
        {"3fff:1000::1", true},
        {"100::1", false},
        {"4000::1", false},
        {"fc00::1", false},
        {"fdff::1", false},
        {"fe80::1", false},
        {"fec0::1", false},
        {"ff02::1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "%s", rows[i].text);
        CHECK_INT(address_is_public(parsed(rows[i].text)), rows[i].is_public);
    }
}

TEST(address_nets_hold_their_addresses)
{
    static const struct {
        const char *nets, *address;
        bool holds;
    } rows[] = {
        {"10.0.0.0/8", "10.255.1.2", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.0.0.0/8", "::ffff:10.1.1.1", true},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.128/25", "192.0.2.129", true},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"0.0.0.0/0", "1.2.3.4", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "1.2.3.4", true},
        {"2001:db8::/33", "2001:db8:7fff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {" 10.0.0.0/8   ::1 ", "::1", true},
        {"::ffff:0:0/96", "9.9.9.9", true},
        {"", "::1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct address_nets nets;
        test_note(t, "%s in %s", rows[i].address, rows[i].nets);
        CHECK_ERR(address_nets_parse(t->ctx, "PROXIES", str_from(rows[i].nets), &nets), ERR_OK);
        CHECK_INT(address_nets_have(&nets, parsed(rows[i].address)), rows[i].holds);
    }
}

TEST(address_nets_refuse_what_is_none)
{
    static const char *const texts[] = {
        "10.0.0.0/33", "10.0.0.0/-1",    "10.0.0.0/", "10.0.0.0/08", "10.0.0.1/8", "::1/127",
        "::/129",      "10.0.0.0/8,::1", "/8",        "a",           "1.2.3.4/8/8"};
    struct address_nets nets;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        test_note(t, "%s", texts[i]);
        CHECK_ERR(address_nets_parse(t->ctx, "PROXIES", str_from(texts[i]), &nets), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "PROXIES");
    }
    struct buf many;
    buf_init(&many, t->arena, 1 << 10);
    for (int i = 0; i < ADDRESS_NETS_MAX; i++)
        buf_add(&many, STR("::1 "));
    CHECK_ERR(address_nets_parse(t->ctx, "PROXIES", buf_str(&many), &nets), ERR_OK);
    buf_add(&many, STR("::1"));
    CHECK_ERR(address_nets_parse(t->ctx, "PROXIES", buf_str(&many), &nets), ERR_INPUT);
}

TEST(address_behind_proxies_is_the_first_that_is_none_of_them)
{
    static const struct {
        const char *peer, *header, *client;
    } rows[] = {
        {"9.9.9.9", "1.1.1.1", "9.9.9.9"},
        {"10.0.0.1", "", "10.0.0.1"},
        {"10.0.0.1", "1.1.1.1", "1.1.1.1"},
        {"10.0.0.1", "6.6.6.6, 1.1.1.1", "1.1.1.1"},
        {"10.0.0.1", "6.6.6.6, 1.1.1.1,10.0.0.2", "1.1.1.1"},
        {"10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"},
        {"10.0.0.1", "1.1.1.1, unknown", "10.0.0.1"},
        {"10.0.0.1", "1.1.1.1, unknown, 10.0.0.2", "10.0.0.2"},
        {"10.0.0.1", "1.1.1.1,", "10.0.0.1"},
        {"10.0.0.1", "1.1.1.1:80", "10.0.0.1"},
        {"::1", "2001:db8::1", "2001:db8::1"},
    };
    struct address_nets proxies;
    REQUIRE(!address_nets_parse(t->ctx, "PROXIES", STR("10.0.0.0/8 ::1"), &proxies));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[ADDRESS_TEXT_MAX];
        struct str header = str_from(rows[i].header);
        test_note(t, "%s through %s", rows[i].header, rows[i].peer);
        address_format(address_behind(&proxies, parsed(rows[i].peer), header), text);
        CHECK_TEXT(text, rows[i].client);
    }
    CHECK(address_equal(address_behind(&proxies, parsed("::1"), (struct str){0}), parsed("::1")));
}
