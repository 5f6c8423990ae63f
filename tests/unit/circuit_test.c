/* Tests circuits: when they open, who may try, and when they close. */
#include "ports/http/circuit.h"

#include <stdio.h>

#include "harness/test.h"

#define HOST STR("pay.example:443")

static struct http_client_circuits *open_circuits(struct test *t)
{
    struct http_client_circuits *circuits = ARENA_NEW(t->arena, struct http_client_circuits);
    REQUIRE(circuits);
    http_client_circuits_init(circuits, t->ctx->rand);
    return circuits;
}

static void meet(struct test *t, struct http_client_circuits *circuits,
                 enum http_client_health health)
{
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, 0), ERR_OK);
    http_client_circuit_leave(circuits, t->ctx, HOST, health);
}

static void fail_until_open(struct test *t, struct http_client_circuits *circuits)
{
    for (int i = 0; i < HTTP_CLIENT_FAILURES_MAX; i++)
        meet(t, circuits, HTTP_CLIENT_HOST_FAILED);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, 0), ERR_BUSY);
}

static void turn_ms(struct test *t, int64_t by_ms)
{
    fake_clock_turn(&t->clock, by_ms * 1000);
}

TEST(circuit_opens_after_failures_in_a_row)
{
    struct http_client_circuits *circuits = open_circuits(t);
    for (int i = 0; i < HTTP_CLIENT_FAILURES_MAX - 1; i++)
        meet(t, circuits, HTTP_CLIENT_HOST_FAILED);
    meet(t, circuits, HTTP_CLIENT_HOST_UNKNOWN);
    meet(t, circuits, HTTP_CLIENT_HOST_WELL);
    fail_until_open(t, circuits);
    CHECK_INT(counter_value(&circuits->opened), 1);
    CHECK(str_find(test_log(t), STR("circuit opened")) != STR_NONE);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, STR("pay.example:80"), 0), ERR_OK);
    http_client_circuits_release(circuits);
}

TEST(circuit_lets_one_try_and_closes_on_its_success)
{
    struct http_client_circuits *circuits = open_circuits(t);
    fail_until_open(t, circuits);
    turn_ms(t, HTTP_CLIENT_OPEN_MS - 1);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, 0), ERR_BUSY);
    turn_ms(t, 1);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, 0), ERR_OK);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, 0), ERR_BUSY);
    http_client_circuit_leave(circuits, t->ctx, HOST, HTTP_CLIENT_HOST_WELL);
    meet(t, circuits, HTTP_CLIENT_HOST_FAILED);
    meet(t, circuits, HTTP_CLIENT_HOST_WELL);
    CHECK_INT(counter_value(&circuits->opened), 1);
    http_client_circuits_release(circuits);
}

TEST(circuit_stays_open_where_the_try_fails)
{
    struct http_client_circuits *circuits = open_circuits(t);
    fail_until_open(t, circuits);
    turn_ms(t, HTTP_CLIENT_OPEN_MS);
    meet(t, circuits, HTTP_CLIENT_HOST_FAILED);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, 0), ERR_BUSY);
    turn_ms(t, HTTP_CLIENT_OPEN_MS);
    meet(t, circuits, HTTP_CLIENT_HOST_UNKNOWN);
    meet(t, circuits, HTTP_CLIENT_HOST_WELL);
    meet(t, circuits, HTTP_CLIENT_HOST_WELL);
    http_client_circuits_release(circuits);
}

TEST(circuits_forget_whoever_was_asked_least_lately)
{
    struct http_client_circuits *circuits = open_circuits(t);
    fail_until_open(t, circuits);
    for (int i = 0; i < HTTP_CLIENT_HOSTS_MAX - 1; i++) {
        char host[32];
        snprintf(host, sizeof host, "h%d:80", i);
        turn_ms(t, 1);
        CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, str_from(host), 0), ERR_OK);
    }
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, 0), ERR_BUSY);
    turn_ms(t, 1);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, STR("new:80"), 0), ERR_OK);
    http_client_circuit_leave(circuits, t->ctx, STR("h0:80"), HTTP_CLIENT_HOST_FAILED);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, 0), ERR_BUSY);
    http_client_circuits_release(circuits);
}

TEST(circuit_leaves_a_slow_host_some_calls_at_once)
{
    enum { AT_ONCE = 2 };
    struct http_client_circuits *circuits = open_circuits(t);
    for (int i = 0; i < AT_ONCE + 1; i++)
        CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, AT_ONCE), ERR_OK);
    http_client_circuit_leave(circuits, t->ctx, HOST, HTTP_CLIENT_HOST_SLOW);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, AT_ONCE), ERR_BUSY);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, 0), ERR_OK);
    for (int i = 0; i < AT_ONCE; i++)
        http_client_circuit_leave(circuits, t->ctx, HOST, HTTP_CLIENT_HOST_SLOW);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, AT_ONCE), ERR_OK);
    CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, AT_ONCE), ERR_BUSY);
    http_client_circuit_leave(circuits, t->ctx, HOST, HTTP_CLIENT_HOST_WELL);
    for (int i = 0; i < AT_ONCE; i++)
        CHECK_ERR(http_client_circuit_enter(circuits, t->ctx, HOST, AT_ONCE), ERR_OK);
    http_client_circuits_release(circuits);
}
