/* The command audit, as the real program runs it on SQLite. */
#include <stdio.h>

#include "base/buf.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

enum { DATA_MAX = 512 };

static struct process_result stoa(struct test *t, const char *folder, const char *command,
                                  const char *word, const char *other)
{
    struct process_result result = {0};
    char data[DATA_MAX];
    const char *argv[] = {test_built(t, "stoa"), command, word, other, NULL};
    const char *environment[] = {data, NULL};
    snprintf(data, sizeof data, "STOA_DATA=%s", folder);
    REQUIRE(process_run(t, argv, environment, &result) == ERR_OK);
    test_note(t, "stoa %s: " STR_FMT STR_FMT, command, STR_ARG(result.out), STR_ARG(result.err));
    return result;
}

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) != STR_NONE;
}

TEST(audit_command_says_what_it_found)
{
    static const char hex[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    char point[DATA_MAX];
    const char *folder = test_folder(t, "audit");
    snprintf(point, sizeof point, "7:%s", hex);
    CHECK_INT(stoa(t, folder, "audit", "verify", NULL).status, 1); /* there is no database */
    CHECK_INT(stoa(t, folder, "migrate", NULL, NULL).status, 0);
    struct process_result result = stoa(t, folder, "audit", "verify", NULL);
    CHECK_INT(result.status, 0);
    CHECK(has(result.out, "is whole: 0 entries"));
    result = stoa(t, folder, "audit", "verify", point);
    CHECK_INT(result.status, 1);
    CHECK(has(result.out, "Entry 1 is missing") && has(result.err, "is not whole"));
}

TEST(audit_command_refuses_what_it_cannot_read)
{
    const char *folder = test_folder(t, "audit");
    CHECK(has(stoa(t, folder, "audit", "verify", "7:zz").err, "must look like"));
    CHECK(has(stoa(t, folder, "audit", "forge", NULL).err, "usage"));
    CHECK_INT(stoa(t, folder, "audit", NULL, NULL).status, 2);
}
