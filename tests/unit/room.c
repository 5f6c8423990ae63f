/* Makes the folder of a room and runs a tool on it. */
#include "room.h"

#include <stdio.h>
#include <sys/stat.h>

#include "harness/folder.h"
#include "harness/test.h"

enum { ROOM_PATH_MAX = 4096, ROOM_TEXT_MAX = 1 << 20 };

struct process_result room_compile(struct test *t, const char *tool, const struct room_file files[])
{
    struct process_result result;
    const char *root = test_folder(t, tool);
    char path[ROOM_PATH_MAX];
    static const char *const folders[] = {"migrations", "sql", "pages"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/%s", root, folders[i]);
        REQUIRE(mkdir(path, 0777) == 0);
    }
    for (size_t i = 0; files[i].path; i++) {
        snprintf(path, sizeof path, "%s/%s", root, files[i].path);
        FILE *out = fopen(path, "w");
        REQUIRE(out);
        REQUIRE(fputs(files[i].text, out) >= 0);
        REQUIRE(fclose(out) == 0);
    }
    snprintf(path, sizeof path, "tools/%s", tool);
    const char *const argv[] = {test_built(t, path), "try", root, root, NULL};
    REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
    return result;
}

bool room_says(const struct process_result *result, const char *words)
{
    return result->status == 1 && str_ends(str_trim(result->err), str_from(words));
}

struct str room_read(struct test *t, const char *tool, const char *name)
{
    char path[ROOM_PATH_MAX], in[ROOM_PATH_MAX];
    snprintf(in, sizeof in, "tests/folders/%d/%s/%s", t->part, tool, name);
    snprintf(path, sizeof path, "%s", test_built(t, in));
    FILE *file = fopen(path, "r");
    REQUIRE(file);
    char *text = arena_bytes(t->arena, ROOM_TEXT_MAX);
    REQUIRE(text);
    size_t len = fread(text, 1, ROOM_TEXT_MAX, file);
    fclose(file);
    return str_make(text, len);
}
