/* Tests of how connections are counted by address. */
#include "web/peers.h"

#include <string.h>

#include "harness/test.h"

enum { MANY = 20000 };

static struct address v4(uint32_t number)
{
    struct address address = {{[10] = 0xff, [11] = 0xff}};
    for (int i = 0; i < 4; i++)
        address.bytes[12 + i] = (uint8_t)(number >> (24 - 8 * i));
    return address;
}

static struct address v6(uint8_t network, uint8_t host)
{
    return (struct address){{0x20, 1, [7] = network, [15] = host}};
}

TEST(peers_may_be_as_many_as_said)
{
    struct peers peers;
    REQUIRE(peers_init(t->ctx, &peers) == ERR_OK);
    CHECK(peers_enter(&peers, v4(1), 2));
    CHECK(peers_enter(&peers, v4(1), 2));
    CHECK(!peers_enter(&peers, v4(1), 2));
    CHECK(peers_enter(&peers, v4(2), 2));
    peers_leave(&peers, v4(1));
    CHECK(peers_enter(&peers, v4(1), 2));
    peers_release(&peers);
}

TEST(peers_of_one_network_are_one)
{
    struct peers peers;
    REQUIRE(peers_init(t->ctx, &peers) == ERR_OK);
    CHECK(peers_enter(&peers, v6(1, 1), 1));
    CHECK(!peers_enter(&peers, v6(1, 2), 1));
    CHECK(peers_enter(&peers, v6(2, 1), 1));
    peers_leave(&peers, v6(1, 9));
    CHECK(peers_enter(&peers, v6(1, 2), 1));
    peers_release(&peers);
}

/* Whoever leaves in between, those who stay are found. */
TEST(peers_come_and_go_in_any_order)
{
    struct peers peers;
    static uint8_t in[MANY];
    REQUIRE(peers_init(t->ctx, &peers) == ERR_OK);
    for (int i = 0; i < 20 * MANY; i++) {
        uint32_t who = (uint32_t)rand_below(t->ctx->rand, MANY);
        if (in[who])
            peers_leave(&peers, v4(who));
        else
            REQUIRE(peers_enter(&peers, v4(who), 1));
        in[who] ^= 1;
    }
    for (uint32_t who = 0; who < MANY; who++)
        if (in[who])
            peers_leave(&peers, v4(who));
    for (uint32_t who = 0; who < MANY; who++)
        REQUIRE(peers_enter(&peers, v4(who), 1));
    peers_release(&peers);
}
