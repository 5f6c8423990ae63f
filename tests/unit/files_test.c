/* Where the real program keeps objects. */
#include <stdio.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

enum { VARIABLE_MAX = 512 };

/* What serve says that cannot listen: all else was opened before. */
static struct process_result serve(struct test *t, const char *folder, const char *objects_url)
{
    struct process_result result = {0};
    char data[VARIABLE_MAX];
    snprintf(data, sizeof data, "STOA_DATA=%s", folder);
    CHECK_ERR(process_run(t, (const char *[]){test_built(t, "stoa"), "serve", NULL},
                          (const char *[]){data, "ADDRESS=nowhere", objects_url, NULL}, &result),
              ERR_OK);
    CHECK(result.status != 0);
    return result;
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
    serve(t, folder, "OBJECTS_URL");
    CHECK(exists(folder, "objects/objects"));
    serve(t, folder, "OBJECTS_URL=dir:elsewhere?versions=yes");
    CHECK(exists(folder, "elsewhere/objects"));
}

TEST(files_lie_where_they_are_told_to)
{
    char url[VARIABLE_MAX];
    const char *folder = test_folder(t, "unit/files_data");
    const char *other = test_folder(t, "unit/files_other");
    snprintf(url, sizeof url, "OBJECTS_URL=dir:%s/deep/er", other);
    serve(t, folder, url);
    CHECK(exists(other, "deep/er/objects"));
}

TEST(files_of_an_unknown_kind_are_refused)
{
    struct process_result result = serve(t, test_folder(t, "unit/files_wrong"),
                                         "OBJECTS_URL=ftp:somewhere");
    CHECK(str_find(result.err, STR("OBJECTS_URL")) != STR_NONE);
}
