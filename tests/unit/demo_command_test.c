/* The command demo, as people type it. */
#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

#include <stdio.h>

TEST(demo_command_fills_once_and_then_refuses)
{
    struct process_result first = {0}, second = {0};
    char data[512];
    snprintf(data, sizeof data, "STOA_DATA=%s", test_folder(t, "demo_command"));
    const char *argv[] = {test_built(t, "stoa"), "demo", NULL};
    const char *const environment[] = {data, "LOG_LEVEL=error", NULL};
    REQUIRE(process_run(t, argv, environment, &first) == ERR_OK);
    CHECK_INT(first.status, 0);
    CHECK(str_starts(first.out, STR("The demo company is there: 368 products")));
    REQUIRE(process_run(t, argv, environment, &second) == ERR_OK);
    CHECK_INT(second.status, 1);
    CHECK(str_find(second.err, STR("fills only an empty one")) != STR_NONE);
}
