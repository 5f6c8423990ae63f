/* The table compiler: a wrong row stops the build at its line, and says what to do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/process.h"
#include "harness/test.h"

struct folder {
    char path[64], in[128], header[128], code[128];
};

static void write_table(struct test *t, struct folder *folder, const char *text)
{
    snprintf(folder->path, sizeof folder->path, "/tmp/stoa-table-XXXXXX");
    REQUIRE(mkdtemp(folder->path));
    snprintf(folder->in, sizeof folder->in, "%s/in.tbl", folder->path);
    snprintf(folder->header, sizeof folder->header, "%s/out.h", folder->path);
    snprintf(folder->code, sizeof folder->code, "%s/out.c", folder->path);
    FILE *file = fopen(folder->in, "w");
    REQUIRE(file != NULL);
    fputs(text, file);
    REQUIRE(fclose(file) == 0);
}

static struct process_result compile(struct test *t, const char *kind, const char *text)
{
    struct folder folder = {0};
    struct process_result result = {0};
    write_table(t, &folder, text);
    const char *argv[] = {
        test_built(t, "tools/gen_table"), kind, folder.in, folder.header, folder.code, NULL};
    REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
    bool wrote = access(folder.code, F_OK) == 0;
    CHECK_INT(wrote, result.status == 0);
    unlink(folder.in);
    unlink(folder.header);
    unlink(folder.code);
    CHECK(rmdir(folder.path) == 0);
    return result;
}

TEST(gen_table_takes_every_kind_of_setting)
{
    struct process_result result = compile(
        t, "settings",
        "# All kinds.\nA text - secret\n  a\nB int -5 -9..9\n  b\nC bool yes\n  c\n"
        "D size 16M 1K..1G\n  d\nE duration 30s 1ms..1h\n  e\nF choice x x|y\n  f\n"
        "G url dir:x dir|s3\n  g\n  and \"more\" of \\ it\n");
    CHECK_STR(result.err, "");
    CHECK_INT(result.status, 0);
}

TEST(gen_table_refuses_wrong_settings)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"A wurst x\n  a\n", "in.tbl:1: \"wurst\" is no kind of setting"},
        {"# c\nA int\n  a\n", "in.tbl:2: the preset is missing; write - for none"},
        {"A int 5\n  a\n", "in.tbl:1: \"int\" needs its bounds behind the preset: 1..10"},
        {"A int 5 1-9\n  a\n", "in.tbl:1: \"int\" needs its bounds behind the preset: 1..10"},
        {"A int 5 1..x\n  a\n", "in.tbl:1: \"x\" is no bound of \"int\""},
        {"A int 50 1..9\n  a\n",
         "in.tbl:1: the preset must be a whole number from 1 to 9, but is \"50\""},
        {"A choice x\n  a\n", "in.tbl:1: \"choice\" needs its words behind the preset: a|b|c"},
        {"A choice z x|y\n  a\n", "in.tbl:1: the preset must be one of: x y, but is \"z\""},
        {"A text x hidden\n  a\n", "in.tbl:1: \"hidden\" is one word too many"},
        {"A text x\nB text y\n  b\n",
         "in.tbl:1: the row has no help; say what it is for on an indented line below"},
        {"  a\nA text x\n", "in.tbl:1: help stands before any row; begin with a row at the margin"},
        {"A text x\n  a ", "in.tbl:2: the last line has no end; add a newline"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct process_result result = compile(t, "settings", rows[i].text);
        test_note(t, "%s gave %.*s", rows[i].text, STR_ARG(result.err));
        CHECK_INT(result.status, 1);
        CHECK(str_ends(str_trim(result.err), str_from(rows[i].said)));
    }
}

TEST(gen_table_refuses_wrong_commands)
{
    struct process_result result = compile(t, "commands", "Help\n  a\n");
    CHECK_INT(result.status, 1);
    CHECK(str_ends(str_trim(result.err), STR("in.tbl:1: \"Help\" is no name of a command")));
    result = compile(t, "commands", "help [WORD] [--all]\n  Helps.\n  More.\n");
    CHECK_INT(result.status, 0);
    CHECK_STR(result.err, "");
}
