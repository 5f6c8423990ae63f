/* Makes and empties the folders that tests work in. */
#include "harness/folder.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "harness/process.h"
#include "harness/test.h"

enum { FOLDERS_OPEN_MAX = 16 };

static int remove_below(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    return where->level > 0 ? remove(path) : 0;
}

enum err folder_clear(const char *path)
{
    return nftw(path, remove_below, FOLDERS_OPEN_MAX, FTW_DEPTH | FTW_PHYS) ? ERR_IO : ERR_OK;
}

/* As mkdir -p; `path` is changed on the way and whole again at the end. */
static bool make_all(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

const char *test_folder(struct test *t, const char *name)
{
    char path[PATH_MAX];
    const char *kept;
    int len = snprintf(path, sizeof path, "%s/folders/%d/%s", test_built(t, "tests"), t->part,
                       name);
    REQUIRE(len > 0 && (size_t)len < sizeof path && make_all(path));
    CHECK_ERR(folder_clear(path), ERR_OK);
    REQUIRE(str_cstr(t->arena, str_make(path, (size_t)len), &kept) == ERR_OK);
    return kept;
}
