/* Tests of src/guard/password.c. */
#include "guard/password.h"

#include <sodium.h>
#include <stdatomic.h>

#include "harness/test.h"

TEST(password_fits_itself_alone)
{
    struct password_gate gate;
    struct str hash, again;
    enum password_fit fit = PASSWORD_WRONG;
    password_gate_init(&gate);
    REQUIRE(password_hash(t->ctx, &gate, STR("correct horse"), &hash) == ERR_OK);
    REQUIRE(password_hash(t->ctx, &gate, STR("correct horse"), &again) == ERR_OK);
    CHECK(str_starts(hash, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    CHECK(!str_equal(hash, again));
    CHECK_ERR(password_check(t->ctx, &gate, STR("correct horse"), hash, &fit), ERR_OK);
    CHECK_INT(fit, PASSWORD_RIGHT);
    CHECK_ERR(password_check(t->ctx, &gate, STR("correct horsf"), hash, &fit), ERR_OK);
    CHECK_INT(fit, PASSWORD_WRONG);
    CHECK_ERR(password_check(t->ctx, &gate, STR(""), STR(""), &fit), ERR_OK);
    CHECK_INT(fit, PASSWORD_WRONG);
    password_gate_release(&gate);
}

TEST(password_of_other_parameters_fits_and_is_old)
{
    struct password_gate gate;
    enum password_fit fit = PASSWORD_WRONG;
    char hash[crypto_pwhash_STRBYTES];
    password_gate_init(&gate);
    REQUIRE(crypto_pwhash_str(hash, "a", 1, crypto_pwhash_OPSLIMIT_MIN,
                              crypto_pwhash_MEMLIMIT_MIN) == 0);
    CHECK_ERR(password_check(t->ctx, &gate, STR("a"), str_from(hash), &fit), ERR_OK);
    CHECK_INT(fit, PASSWORD_OLD);
    password_gate_release(&gate);
}

/* What stands for nobody's password has the parameters of all others. */
TEST(password_of_nobody_takes_as_long)
{
    struct password_gate gate;
    struct str hash;
    enum password_fit fit;
    int64_t took_us[2] = {0};
    struct clock clock = clock_system();
    password_gate_init(&gate);
    REQUIRE(password_hash(t->ctx, &gate, STR("x"), &hash) == ERR_OK);
    for (int i = 0; i < 20; i++) {
        int64_t begun_us = clock_tick_us(&clock);
        CHECK_ERR(password_check(t->ctx, &gate, STR("guess"), i % 2 ? hash : STR(""), &fit),
                  ERR_OK);
        took_us[i % 2] += clock_tick_us(&clock) - begun_us;
    }
    /* A wide bound, for the machine may be busy: without the work it would be a thousand times. */
    test_note(t, "%lld and %lld us", (long long)took_us[0], (long long)took_us[1]);
    CHECK(took_us[0] > took_us[1] / 20 && took_us[1] > took_us[0] / 20);
    password_gate_release(&gate);
}

struct crowd {
    struct password_gate gate;
    _Atomic int wrong;
};

static void *hash_one(void *arg)
{
    struct crowd *crowd = arg;
    struct arena arena;
    struct str hash;
    arena_init(&arena, 1 << 20);
    struct ctx ctx = {.arena = &arena};
    enum err err = password_hash(&ctx, &crowd->gate, STR("x"), &hash);
    pthread_mutex_lock(&crowd->gate.lock);
    int running = crowd->gate.running;
    pthread_mutex_unlock(&crowd->gate.lock);
    if (err || running > PASSWORD_AT_ONCE)
        atomic_fetch_add(&crowd->wrong, 1);
    arena_release(&arena);
    return NULL;
}

TEST(password_hashes_are_made_some_at_a_time)
{
    struct crowd crowd = {.wrong = 0};
    pthread_t threads[8];
    password_gate_init(&crowd.gate);
    for (size_t i = 0; i < 8; i++)
        REQUIRE(pthread_create(&threads[i], NULL, hash_one, &crowd) == 0);
    for (size_t i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(crowd.wrong, 0);
    CHECK_INT(crowd.gate.running, 0);
    crowd.gate.waiting = PASSWORD_WAITING_MAX;
    struct str hash;
    CHECK_ERR(password_hash(t->ctx, &crowd.gate, STR("x"), &hash), ERR_BUSY);
    password_gate_release(&crowd.gate);
}
