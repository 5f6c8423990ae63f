/* Where the real program keeps objects. */
#include <stdio.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/process.h"
#include "harness/service.h"
#include "harness/test.h"

enum { VARIABLE_MAX = 512 };

/* Serves once with that store, from the data folder below `folder`. */
static void serve(struct test *t, const char *folder, const char *objects_url)
{
    struct service service;
    REQUIRE(service_start(t, folder, (const char *[]){objects_url, NULL}, &service) == ERR_OK);
    CHECK_INT(service_stop(&service), 0);
}

static bool exists(const char *folder, const char *name)
{
    char path[VARIABLE_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

TEST(files_lie_in_the_data_folder)
{
    const char *folder = test_folder(t, "unit/files");
    serve(t, folder, "OBJECTS_URL=dir:objects");
    CHECK(exists(folder, "data/objects/objects"));
    serve(t, folder, "OBJECTS_URL=dir:elsewhere?versions=yes");
    CHECK(exists(folder, "data/elsewhere/objects"));
}

TEST(files_lie_where_they_are_told_to)
{
    char url[VARIABLE_MAX];
    const char *folder = test_folder(t, "unit/files_data");
    const char *other = test_folder(t, "unit/files_other");
    snprintf(url, sizeof url, "OBJECTS_URL=dir:%s/deeper", other);
    serve(t, folder, url);
    CHECK(exists(other, "deeper/objects"));
}

TEST(files_of_an_unknown_kind_are_refused)
{
    struct process_result result = {0};
    CHECK_ERR(process_run(t, (const char *[]){test_built(t, "stoa"), "serve", NULL},
                          (const char *[]){"OBJECTS_URL=ftp:somewhere", NULL}, &result),
              ERR_OK);
    CHECK(result.status != 0);
    CHECK(str_find(result.err, STR("OBJECTS_URL")) != STR_NONE);
}
