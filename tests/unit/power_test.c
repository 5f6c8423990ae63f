/* Losing power: an honest store keeps what it acknowledged, and a lying one is caught. */
#include "harness/power.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

enum { RECORDS = 12, CUTS_MAX = 200, SEEDS = 6 };

/* The number of records that stand whole at the beginning of the store's file. */
static int records_kept(struct test *t, const char *root)
{
    char path[4096], record[32], expected[32];
    int kept = 0;
    snprintf(path, sizeof path, "%s/records", root);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    (void)t;
    if (fd < 0)
        return 0;
    for (;; kept++) {
        int len = snprintf(expected, sizeof expected, "record %08d is here\n", kept + 1);
        if (read(fd, record, (size_t)len) != len || memcmp(record, expected, (size_t)len) != 0)
            break;
    }
    close(fd);
    return kept;
}

/* The last number that the store said. */
static int acknowledged(struct str out)
{
    struct str line, last = {0};
    int64_t number = 0;
    while (str_cut(&out, '\n', &line))
        last = line.len ? line : last;
    return str_to_int(last, 1, RECORDS, &number) ? 0 : (int)number;
}

/* Whether a run that was cut there loses what it had acknowledged. */
static bool loses(struct test *t, const struct power_plan *plan, int safe)
{
    bool lost = false;
    CHECK_ERR(power_restore(t, plan, POWER_LOSE_ALL, 0), ERR_OK);
    lost |= records_kept(t, plan->root) < safe;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        CHECK_ERR(power_restore(t, plan, POWER_LOSE_SOME, seed), ERR_OK);
        lost |= records_kept(t, plan->root) < safe;
    }
    return lost;
}

/* How many of all the cuts lose something; `cuts` is how many there were. */
static int losses(struct test *t, const char *way, int *cuts)
{
    char folder[64];
    int count = 0;
    snprintf(folder, sizeof folder, "power/%s/root", way);
    struct power_plan plan = {.root = test_folder(t, folder)};
    snprintf(folder, sizeof folder, "power/%s/shadow", way);
    plan.shadow = test_folder(t, folder);
    struct process_result result = {.signal = SIGKILL};
    const char *argv[] = {test_built(t, "tests/store"), way, plan.root, "12", NULL};
    for (plan.cut = 1; result.signal && plan.cut < CUTS_MAX; plan.cut++) {
        struct arena_mark mark = arena_mark(t->arena);
        CHECK_ERR(folder_clear(plan.root), ERR_OK);
        CHECK_ERR(power_run(t, &plan, argv, NULL, &result), ERR_OK);
        CHECK(result.signal == SIGKILL || (result.signal == 0 && result.status == 0));
        count += loses(t, &plan, acknowledged(result.out));
        arena_rewind(t->arena, mark);
    }
    CHECK_INT(plan.changes, plan.cut - 2); /* the last run, which was not cut */
    *cuts = (int)plan.changes;
    return count;
}

TEST(power_honest_stores_lose_nothing)
{
    static const char *const ways[] = {"append", "append-dsync", "replace"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        int cuts;
        test_note(t, "%s", ways[i]);
        CHECK_INT(losses(t, ways[i], &cuts), 0);
        CHECK(cuts > RECORDS);
    }
}

TEST(power_a_store_without_fsync_is_caught)
{
    int cuts;
    CHECK(losses(t, "append-nosync", &cuts) >= RECORDS - 1);
}

TEST(power_a_rename_without_the_folders_fsync_is_caught)
{
    int cuts;
    CHECK(losses(t, "replace-nosync", &cuts) >= RECORDS - 1);
}

/* One run of a shell script in a folder of its own, which is then what the disk would hold. */
static void lose(struct test *t, const char *name, const char *before, const char *script)
{
    char folder[64];
    struct process_result result;
    snprintf(folder, sizeof folder, "power/%s/root", name);
    struct power_plan plan = {.root = test_folder(t, folder)};
    snprintf(folder, sizeof folder, "power/%s/shadow", name);
    plan.shadow = test_folder(t, folder);
    REQUIRE(chdir(plan.root) == 0);
    CHECK_ERR(process_run(t, (const char *[]){"/bin/sh", "-c", before, NULL}, NULL, &result),
              ERR_OK);
    CHECK_STR(result.err, "");
    CHECK_ERR(power_run(t, &plan, (const char *[]){"/bin/sh", "-c", script, NULL}, NULL, &result),
              ERR_OK);
    CHECK_STR(result.err, "");
    CHECK_ERR(power_restore(t, &plan, POWER_LOSE_ALL, 0), ERR_OK);
}

static struct str told(struct test *t, const char *script)
{
    struct process_result result;
    CHECK_ERR(process_run(t, (const char *[]){"/bin/sh", "-c", script, NULL}, NULL, &result),
              ERR_OK);
    return result.out;
}

TEST(power_what_was_there_before_is_synced)
{
    lose(t, "before", "mkdir -p a/b; echo one >a/b/one; ln -s b a/c; chmod 640 a/b/one",
         "echo two >>a/b/one; rm -r a; mkdir a; echo three >a/three");
    CHECK_STR(told(t, "find . | sort; cat a/c/one; stat -c %a a/b/one; readlink a/c"),
              ".\n./a\n./a/b\n./a/b/one\n./a/c\none\n640\nb\n");
}

TEST(power_a_folder_keeps_its_names_by_itself)
{
    lose(t, "names", "mkdir a; echo old >a/file",
         "echo new >a/new; mv a/file a/moved; sync a; mkdir b; echo x >b/x; sync b");
    CHECK_STR(told(t, "find . | sort; cat a/moved a/new"), ".\n./a\n./a/moved\n./a/new\nold\n");
}

TEST(power_a_file_is_as_long_as_it_was_synced)
{
    lose(t, "length", "echo 123456789 >cut; echo 123456789 >more",
         "truncate -s 4 cut; sync cut; truncate -s 2 cut; echo more >>more; sync -d more; "
         "echo lost >>more");
    CHECK_STR(told(t, "cat cut; echo; cat more"), "1234\n123456789\nmore\n");
}

/* A page that was half written: of two synced and two new sectors, not always all or none. */
TEST(power_sectors_are_lost_one_by_one)
{
    struct process_result result;
    struct power_plan plan = {.root = test_folder(t, "power/torn/root"),
                              .shadow = test_folder(t, "power/torn/shadow")};
    char sectors[4 * POWER_SECTOR + 1] = {0}, path[4096];
    unsigned seen = 0;
    snprintf(path, sizeof path, "%s/page", plan.root);
    REQUIRE(chdir(plan.root) == 0);
    told(t, "head -c 2048 /dev/zero | tr '\\0' a >page");
    const char *argv[] = {
        "/bin/sh", "-c",
        "head -c 2048 /dev/zero | tr '\\0' b | dd of=page conv=notrunc status=none", NULL};
    CHECK_ERR(power_run(t, &plan, argv, NULL, &result), ERR_OK);
    for (uint64_t seed = 0; seed < 64; seed++) {
        CHECK_ERR(power_restore(t, &plan, POWER_LOSE_SOME, seed), ERR_OK);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        CHECK_INT(read(fd, sectors, sizeof sectors), 4 * POWER_SECTOR);
        close(fd);
        unsigned which = 0;
        for (int i = 0; i < 4; i++)
            which |= (sectors[i * POWER_SECTOR] == 'b' ? 1u : 0u) << i;
        CHECK(strspn(sectors, "ab") == 4 * POWER_SECTOR);
        seen |= 1u << which;
    }
    CHECK(__builtin_popcount(seen) > 10); /* of the 16 there are */
}

TEST(power_needs_its_folders)
{
    struct process_result result;
    struct power_plan plan = {.root = "/nowhere/root", .shadow = "/nowhere/shadow"};
    CHECK_ERR(power_run(t, &plan, (const char *[]){"/bin/true", NULL}, NULL, &result), ERR_IO);
    CHECK(t->ctx->err.operator[0] != '\0');
}
