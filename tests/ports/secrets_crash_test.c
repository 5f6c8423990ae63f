/* The secrets after each crash: a kill, or a loss of power, in place of each change to the disk. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/power.h"
#include "harness/process.h"
#include "harness/test.h"
#include "ports/secrets/secrets.h"

enum { CUTS_MAX = 100, KILL_ALONE = 5, SEEDS = 6, PATH_ROOM = 4096, CHANGES_MIN = 4 };

/* What must be there after any crash: none of it depends on whether the change was made. */
struct truth {
    struct secrets_options options;
    uint8_t key[SECRETS_KEY_SIZE];
};

static enum err look(struct test *t, const struct truth *truth, uint8_t key[SECRETS_KEY_SIZE])
{
    struct secrets *secrets;
    struct str value;
    TRY(secrets_open(t->ctx, &truth->options, &secrets));
    enum err err = secrets_key_version(secrets, t->ctx, "csrf", 1, key);
    CHECK_ERR(secrets_get(secrets, t->ctx, "stripe_key", &value), ERR_OK);
    CHECK_STR(value, "kept");
    secrets_close(secrets);
    return err;
}

static void check_truth(struct test *t, const struct truth *truth)
{
    uint8_t key[SECRETS_KEY_SIZE];
    enum err err = look(t, truth, key);
    CHECK_ERR(err, ERR_OK);
    CHECK(err || memcmp(key, truth->key, sizeof key) == 0);
}

/* What the disk holds then: after a kill alone all that was written, else by chance. */
static void lose(struct test *t, const struct power_plan *plan, uint64_t seed)
{
    if (seed == KILL_ALONE)
        return;
    CHECK_ERR(power_restore(t, plan, seed ? POWER_LOSE_SOME : POWER_LOSE_ALL, seed), ERR_OK);
}

struct crash {
    struct power_plan plan;
    char data[PATH_ROOM];
    const char *argv[5], *environment[2];
};

static struct crash *crash_make(struct test *t, const char *name, const char *script)
{
    char folder[64];
    struct crash *crash = ARENA_NEW(t->arena, struct crash);
    REQUIRE(crash);
    snprintf(folder, sizeof folder, "secrets_crash/%s/root", name);
    crash->plan.root = test_folder(t, folder);
    snprintf(folder, sizeof folder, "secrets_crash/%s/shadow", name);
    crash->plan.shadow = test_folder(t, folder);
    snprintf(crash->data, sizeof crash->data, "STOA_DATA=%s", crash->plan.root);
    const char *const argv[] = {"/bin/sh", "-c", script, test_built(t, "stoa"), NULL};
    memcpy(crash->argv, argv, sizeof argv);
    crash->environment[0] = crash->data;
    return crash;
}

/* Runs it once, cut at plan.cut; false once there was nothing left to cut. */
static bool crash_run(struct test *t, struct crash *crash)
{
    struct process_result result;
    REQUIRE(power_run(t, &crash->plan, crash->argv, crash->environment, &result) == ERR_OK);
    test_note(t, "%s, cut at change %d: " STR_FMT, crash->argv[2], (int)crash->plan.cut,
              STR_ARG(result.err));
    CHECK(result.signal == SIGKILL || (result.signal == 0 && result.status == 0));
    return result.signal == SIGKILL;
}

/* Cuts the script, which changes whatever it likes but the truth, at each of its changes. */
static void crash_everywhere(struct test *t, const char *name, const char *script)
{
    struct crash *crash = crash_make(t, name, script);
    struct truth truth = {.options = {.folder = crash->plan.root}};
    bool more = true;
    REQUIRE(secrets_set(t->ctx, &truth.options, STR("stripe_key"), STR("kept")) == ERR_OK);
    REQUIRE(look(t, &truth, truth.key) == ERR_OK);
    for (crash->plan.cut = 1; more && crash->plan.cut < CUTS_MAX; crash->plan.cut++) {
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            struct arena_mark mark = arena_mark(t->arena);
            more = crash_run(t, crash);
            lose(t, &crash->plan, seed);
            check_truth(t, &truth);
            arena_rewind(t->arena, mark);
        }
    }
    CHECK(crash->plan.changes >= CHANGES_MIN);
}

TEST(secrets_are_whole_after_each_crash_of_a_rotation)
{
    crash_everywhere(t, "rotate", "exec \"$0\" secret rotate");
}

TEST(secrets_are_whole_after_each_crash_of_a_purpose)
{
    crash_everywhere(t, "purpose", "exec \"$0\" secret rotate csrf");
}

TEST(secrets_are_whole_after_each_crash_of_setting_one)
{
    crash_everywhere(t, "set", "exec \"$0\" secret set other </etc/passwd");
}

/* The first start, from nothing, ends up somewhere from where the next one goes on. */
TEST(secrets_begin_after_each_crash_of_the_first_start)
{
    struct crash *crash = crash_make(t, "first", "exec \"$0\" secret list");
    struct secrets_options options = {.folder = crash->plan.root};
    struct secrets *secrets;
    bool more = true;
    for (crash->plan.cut = 1; more && crash->plan.cut < CUTS_MAX; crash->plan.cut++) {
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            struct arena_mark mark = arena_mark(t->arena);
            REQUIRE(folder_clear(crash->plan.root) == ERR_OK);
            more = crash_run(t, crash);
            lose(t, &crash->plan, seed);
            CHECK_ERR(secrets_open(t->ctx, &options, &secrets), ERR_OK);
            secrets_close(secrets);
            arena_rewind(t->arena, mark);
        }
    }
    CHECK(crash->plan.changes >= CHANGES_MIN);
}
