/* Shows the style test small trees, each with what a rule forbids and what it allows. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

enum { FILES_MAX = 12, TREE_PATH_MAX = 4096 };

#define PURPOSE "/* Shows a rule at work. */\n"
#define EXAMPLE "/* Shows a rule at work.\n *\n *     rule_work(1);\n *\n * And so on. */\n"
#define GUARDED(name, text) \
    EXAMPLE "#ifndef STOA_" name "_H\n#define STOA_" name "_H\n" text "#endif\n"
#define TEN            "\n\n\n\n\n\n\n\n\n\n"
#define TEN_CHARACTERS "äaaaaaaaaä"

/* A tree is at most FILES_MAX files; a text of NULL makes a folder. */
struct file {
    const char *path, *text;
};

static void file_write(struct test *t, const char *root, const struct file *file)
{
    char path[TREE_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", root, file->path);
    for (char *slash = strchr(path + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    if (!file->text) {
        REQUIRE(mkdir(path, 0777) == 0);
        return;
    }
    FILE *out = fopen(path, "w");
    REQUIRE(out);
    REQUIRE(fputs(file->text, out) >= 0);
    REQUIRE(fclose(out) == 0);
}

/* Checks that the findings in this tree are `expected`, a line each, and no others. */
static void tidy_finds(struct test *t, const struct file files[FILES_MAX], const char *expected)
{
    const char *root = test_folder(t, "tidy");
    for (size_t i = 0; i < FILES_MAX && files[i].path; i++)
        file_write(t, root, &files[i]);
    struct process_result result;
    const char *const argv[] = {test_built(t, "tools/tidy"), root, NULL};
    REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
    CHECK_INT(result.status, *expected ? 1 : 0);
    size_t closing = str_find(result.out, STR("tidy: "));
    REQUIRE(closing != STR_NONE);
    CHECK_STR(str_slice(result.out, 0, closing), expected);
}

TEST(tidy_rooms_include_downwards_only)
{
    const struct file files[FILES_MAX] = {
        {"src/base/up.c", PURPOSE "#include <stdio.h>\n\n#include \"text/words.h\"\n"},
        {"src/text/across.c", PURPOSE "#include \"draw/chart.h\"\n#include \"base/str.h\"\n"},
        {"src/shop/across.c", PURPOSE "#include \"staff/staff.h\"\n#include \"shop/cart.h\"\n"},
        {"src/app/main.c", PURPOSE "#include \"shop/shop.h\"\n#include \"base/str.h\"\n"},
    };
    tidy_finds(
        t, files,
        "src/base/up.c:4: src/base includes up to text; move what both need further down, or "
        "wire it in src/app\n"
        "src/shop/across.c:2: src/shop includes sideways to staff; move what both need further "
        "down, or wire it in src/app\n"
        "src/text/across.c:2: src/text includes sideways to draw; move what both need further "
        "down, or wire it in src/app\n");
}

TEST(tidy_public_functions_have_names_of_their_own)
{
    const struct file files[FILES_MAX] = {
        {"src/web/wash.c", PURPOSE "void wash_up(int a)\n{\n}\n"},
        {"src/flow/wash.c", PURPOSE "void wash_up(int a)\n{\n}\n"},
        {"src/draw/wash.c", PURPOSE "static void wash_up(int a)\n{\n}\n"},
        {"tests/unit/wash_test.c", PURPOSE "void wash_up(int a)\n{\n}\n"},
    };
    tidy_finds(t, files,
               "src/web/wash.c:2: the public wash_up is in src/flow/wash.c too; rename one, or "
               "make it static: the linker takes either\n");
}

TEST(tidy_rooms_are_entered_by_their_doors)
{
    const struct file files[FILES_MAX] = {
        {"src/base/near.c", PURPOSE "#include \"str.h\"\n#include \"harness/test.h\"\n"},
        {"src/app/main.c", PURPOSE "#include \"shop/cart.h\"\n#include \"shop/shop.h\"\n"},
        {"tools/gen.c", PURPOSE "#include \"source.h\"\n"},
    };
    tidy_finds(t, files,
               "src/app/main.c:2: \"shop/cart.h\" is inside of shop; include shop/shop.h, and put "
               "there what is missing\n"
               "src/base/near.c:2: \"str.h\" is not in a room; write it as \"room/thing.h\"\n"
               "src/base/near.c:3: \"harness/test.h\" is not in a room; write it as "
               "\"room/thing.h\"\n");
}

TEST(tidy_rooms_are_known_and_filled)
{
    const struct file files[FILES_MAX] = {
        {"src/attic/old.c", PURPOSE},
        {"src/attic/older.c", PURPOSE},
        {"src/draw/meson.build", "# Will build charts one day.\n"},
        {"src/ports/db", NULL},
        {"src/base/thing.c", PURPOSE},
    };
    tidy_finds(
        t, files,
        "src/attic/old.c:1: src/attic is not a room of the house; put it where it belongs, or "
        "add it to tidy_rooms.c\n"
        "src/draw:1: the folder has no code; make a folder with its first code, not before\n"
        "src/ports:1: the folder has no code; make a folder with its first code, not before\n"
        "src/ports/db:1: the folder has no code; make a folder with its first code, not "
        "before\n");
}

TEST(tidy_functions_have_an_end)
{
    const struct file files[FILES_MAX] = {
        {"src/base/long.c", PURPOSE
         "static void fits(void)\n{" TEN TEN TEN TEN TEN TEN "\n\n\n\n\n\n\n\n\n}\n"
         "static struct str *__attribute__((cold)) too_long(int a)\n{" TEN TEN TEN TEN TEN TEN TEN
         "}\n"},
    };
    tidy_finds(t, files,
               "src/base/long.c:74: too_long has 71 lines; give its parts names of their own\n");
}

TEST(tidy_functions_that_are_banned)
{
    const struct file files[FILES_MAX] = {
        {"src/base/calls.c",
         PURPOSE "#define COPY(a, b) strcpy(a, b)\n"
                 "static void f(struct x *x)\n{\n    x->free(x);\n"
                 "    snprintf(\"sprintf(\", 1); /* sprintf( */\n    exit(1);\n}\n"},
        {"src/base/mem.c", PURPOSE "static void f(void)\n{\n    free(NULL);\n}\n"},
        {"src/app/main.c",
         PURPOSE "static void f(void)\n{\n    puts(\"\");\n    system(\"\");\n}\n"},
        {"tools/gen.c", PURPOSE "static void f(void)\n{\n    printf(\"\");\n    exit(1);\n}\n"},
        {"tests/unit/x_test.c", PURPOSE "void f(void)\n{\n    clock_gettime();\n    gets(x);\n}\n"},
        {"benches/time.c", PURPOSE "static void f(void)\n{\n    time(NULL);\n    setjmp(x);\n}\n"},
    };
    tidy_finds(
        t, files,
        "src/app/main.c:5: system is banned here; start the program itself, without a shell\n"
        "src/base/calls.c:2: strcpy is banned here; use a str, or snprintf\n"
        "src/base/calls.c:7: exit is banned here; return an enum err; src/app ends the "
        "program\n"
        "tests/unit/x_test.c:5: gets is banned here; use fgets, or read and a limit\n");
}

TEST(tidy_variables_that_change)
{
    const char *text = PURPOSE "static const int a[] = {1};\n"
                               "static const char *b;\n"
                               "static const char *const c = \"\";\n"
                               "int d = 1, e;\n"
                               "extern int f;\n"
                               "static const struct {\n    char *text;\n} g[] = {{\"\"}};\n"
                               "static void (*h)(void);\n"
                               "struct i;\n"
                               "static int j(void)\n{\n    static const int k = 1;\n"
                               "    static int l;\n    int m = k;\n    return m + l;\n}\n";
    const struct file files[FILES_MAX] = {{"src/base/kept.c", text}, {"src/app/kept.c", text}};
    const char *advice = "make it const, or a member of a struct that is passed along";
    char expected[1024];
    snprintf(expected, sizeof expected,
             "src/base/kept.c:3: b can change; %s\nsrc/base/kept.c:5: d can change; %s\n"
             "src/base/kept.c:10: h can change; %s\n"
             "src/base/kept.c:15: the static l can change; %s\n",
             advice, advice, advice, advice);
    tidy_finds(t, files, expected);
}

TEST(tidy_names_are_spelled_alike)
{
    const struct file files[FILES_MAX] = {
        {"tools/names.c",
         PURPOSE "static int getSize(size_t Count, const char *name);\n"
                 "struct Cart {\n    int lines;\n};\n"
                 "static void f(void)\n{\n    int64_t sum_us = A * B_MAX;\n"
                 "    PQexec(sum_us);\n}\n"
                 "int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);\n"},
        {"tools/constants.c",
         PURPOSE "enum { GOOD = 1, bad = GOOD, WORSE = f(bad, bad) };\n"
                 "enum kind { KIND_A, Kind_B };\n"
                 "#define LIMIT 1\n#define limit 1\n#define log_it(x) x\n"
                 "#define logIt(x) x\n"
                 "static enum kind k(enum kind kind)\n{\n    return kind;\n}\n"},
        {"tools/types.c", PURPOSE "typedef struct cart cart_t;\ntypedef enum err check(int a);\n"
                                  "typedef enum { A } letter;\ntypedef int64_t number;\n"},
    };
    tidy_finds(
        t, files,
        "tools/constants.c:2: the constant bad has small letters; write it in capitals with "
        "underscores\n"
        "tools/constants.c:3: the constant Kind_B has small letters; write it in capitals with "
        "underscores\n"
        "tools/constants.c:5: the macro limit has small letters; write it in capitals with "
        "underscores\n"
        "tools/constants.c:7: the macro logIt has small letters; write it in capitals with "
        "underscores\n"
        "tools/names.c:2: the name Count has capitals; write it in lower case with underscores\n"
        "tools/names.c:2: the name getSize has capitals; write it in lower case with underscores\n"
        "tools/names.c:3: the name Cart has capitals; write it in lower case with underscores\n"
        "tools/types.c:2: the typedef cart_t hides what it is; say struct, union or enum where it "
        "is used\n"
        "tools/types.c:4: the typedef letter hides what it is; say struct, union or enum where it "
        "is used\n");
}

TEST(tidy_names_of_public_functions)
{
    const struct file files[FILES_MAX] = {
        {"src/base/cart_read.c", PURPOSE "enum err cart_read(void)\n{\n    return 0;\n}\n"
                                         "struct line line_make(void)\n{\n    return x;\n}\n"
                                         "int base_count(void)\n{\n    return 1;\n}\n"
                                         "int cartwheel(void)\n{\n    return 1;\n}\n"
                                         "static int anything(void)\n{\n    return 1;\n}\n"},
        {"src/base/cart.h", GUARDED("BASE_CART", "struct line {\n    int at;\n};\n")},
        {"tests/unit/cart_test.c", PURPOSE},
    };
    tidy_finds(
        t, files,
        "src/base/cart_read.c:14: the public cartwheel names no thing of its file; begin with "
        "the file's first word or with a struct of its header, or make it static\n");
}

TEST(tidy_names_of_quantities)
{
    const struct file files[FILES_MAX] = {
        {"tools/units.c", PURPOSE "struct a {\n    int timeout;\n    int timeout_ms;\n"
                                  "    int64_t total;\n    size_t line_total;\n"
                                  "    struct span *duration;\n    bool has_deadline;\n};\n"
                                  "static void f(int64_t unit_price, int64_t price_minor)\n{\n"
                                  "    int64_t total = 0;\n}\n"},
    };
    tidy_finds(t, files,
               "tools/units.c:3: timeout does not say its unit; end it in _us, _ms or _s\n"
               "tools/units.c:5: total does not say its unit; end it in _minor\n"
               "tools/units.c:10: unit_price does not say its unit; end it in _minor\n");
}

TEST(tidy_files_open_with_their_purpose)
{
    const struct file files[FILES_MAX] = {
        {"tools/a.c", PURPOSE},
        {"tools/b.c", "/* Too short. */\n"},
        {"tools/c.c", "/* This one has no stop\n *\n * but in the second part. */\n"},
        {"tools/d.c", "#include <stdio.h>\n/* This one comes too late. */\n"},
        {"tools/e.sh", "#!/bin/sh\n# Shows a rule\n# at work.\n"},
        {"tools/f", "#!/bin/sh\necho\n"},
        {"src/base/meson.build", "base = 1\n"},
        {"src/base/g.sql", "-- Reads every row there is.\n"},
        {"src/base/h.tbl", "-- Reads every row there is.\n"},
        {"tests/data", "A file without an ending that is no script.\n"},
    };
    const char *advice =
        "the file does not open with its purpose; open with a comment: one sentence "
        "of three words or more, ended by a full stop";
    char expected[2048];
    snprintf(expected, sizeof expected,
             "src/base/h.tbl:1: %s\nsrc/base/meson.build:1: %s\ntools/b.c:1: %s\ntools/c.c:1: %s\n"
             "tools/d.c:1: %s\ntools/f:1: %s\n",
             advice, advice, advice, advice, advice, advice);
    tidy_finds(t, files, expected);
}

TEST(tidy_headers_are_guarded_and_show_their_use)
{
    const struct file files[FILES_MAX] = {
        {"src/base/good.h", GUARDED("BASE_GOOD", "")},
        {"src/base/bare.h", EXAMPLE "#pragma once\n"},
        {"src/base/wrong.h", GUARDED("BASE_RIGHT", "")},
        {"src/base/silent.h",
         PURPOSE "#ifndef STOA_BASE_SILENT_H\n#define STOA_BASE_SILENT_H\n#endif\n"},
        {"src/shop/cart.h", PURPOSE "#ifndef STOA_SHOP_CART_H\n#define STOA_SHOP_CART_H\n#endif\n"},
        {"tests/harness/brief.h", GUARDED("TESTS_BRIEF", "")},
        {"tests/harness/full.h", GUARDED("TESTS_HARNESS_FULL", "")},
        {"tools/tool.h", GUARDED("TOOL", "")},
    };
    tidy_finds(
        t, files,
        "src/base/bare.h:1: there is no include guard; put #ifndef, #define and #endif around "
        "it\n"
        "src/base/silent.h:1: the opening comment has no example; indent some lines of use by "
        "four spaces in the first comment\n"
        "src/base/wrong.h:6: the guard is STOA_BASE_RIGHT_H; name it after the path: "
        "STOA_BASE_ARENA_H\n"
        "tools/tool.h:6: the guard is STOA_TOOL_H; name it after the path: "
        "STOA_BASE_ARENA_H\n");
}

TEST(tidy_lines_are_narrow_and_plain)
{
#define NINETY                                                                                \
    TEN_CHARACTERS TEN_CHARACTERS TEN_CHARACTERS TEN_CHARACTERS TEN_CHARACTERS TEN_CHARACTERS \
        TEN_CHARACTERS TEN_CHARACTERS TEN_CHARACTERS
    const struct file files[FILES_MAX] = {
        {"tools/wide.c", PURPOSE "/* " NINETY "1234 */\n/* " NINETY "12345 */\n"},
        {"tools/tab.c", PURPOSE "enum {\n\tA,\n};\n"},
        {"tools/end.c", PURPOSE "enum { A }; \n\n"},
        {"tools/no_end.c", PURPOSE "enum { A };"},
        {"docs/wide.md", "# Title\n\n" NINETY NINETY "\n"},
        {"docs/space.md", "# Title \n"},
        {"tools/wide.sh", "#!/bin/sh\n# Says a long sentence.\necho " NINETY NINETY "\n"},
        {"meson.build", "# Says a long sentence.\n# " NINETY NINETY "\n"},
        {"Makefile", "# Opens the doors.\nall:\n\ttrue\n"},
    };
    tidy_finds(t, files,
               "docs/space.md:1: the line ends in space; take it off\n"
               "meson.build:2: the line has 182 columns; break it\n"
               "tools/end.c:2: the line ends in space; take it off\n"
               "tools/end.c:4: the end is not one newline; end it with one\n"
               "tools/no_end.c:2: the end is not one newline; end it with one\n"
               "tools/tab.c:3: there is a tab; indent by four spaces\n"
               "tools/wide.c:3: the line has 101 columns; break it\n");
}

TEST(tidy_comments_are_words)
{
    const struct file files[FILES_MAX] = {
        {"tools/a.c", PURPOSE "// a remark\n/* total += 1; */\n/* Some words; and others. */\n"
                              "#if 0\n#endif\nstatic const char *const a = \"// TODO\";\n"},
        {"tools/b.c", PURPOSE "\n/* Lines that follow:\n * TO"
                              "DO later, FIX"
                              "ME never, XXXX. */\n"},
        {"tools/c.sh", "#!/bin/sh\n# Shows a rule at work.\nmktemp XXXXXX # HA"
                       "CK\n"},
    };
    tidy_finds(t, files,
               "tools/a.c:2: a comment by //; write /* … */\n"
               "tools/a.c:3: a comment that is code; remove it, git remembers\n"
               "tools/a.c:5: code under #if 0; remove it, git remembers\n"
               "tools/b.c:4: a FIXME; do it now, or open an issue\n"
               "tools/b.c:4: a TODO; do it now, or open an issue\n"
               "tools/c.sh:3: a HACK; do it now, or open an issue\n");
}

TEST(tidy_files_have_tests)
{
    const struct file files[FILES_MAX] = {
        {"src/base/tested.c", PURPOSE "void tested_run(void)\n{\n}\n"},
        {"src/base/tested_twice.c", PURPOSE "void tested_again(void)\n{\n}\n"},
        {"src/base/untested.c", PURPOSE "void untested_run(void)\n{\n}\n"},
        {"src/base/private.c", PURPOSE "static void run(void)\n{\n}\n"},
        {"src/base/mem.c", PURPOSE "void mem_run(void)\n{\n}\n"},
        {"tests/unit/tested_test.c", PURPOSE "TEST(it_runs)\n{\n}\n"},
    };
    tidy_finds(t, files,
               "src/base/untested.c:1: the file has no test; write tests/unit/untested_test.c\n");
}

TEST(tidy_pages_lead_somewhere)
{
    const struct file files[FILES_MAX] = {
        {"README.md",
         "# Title\n\n[a](docs/a.md) [b](docs/b.md) [c](https://example.org/c.md)\n"
         "[d](#title) ![e](docs/a.md#part \"words\") `[f](f.md)`\n\n```\n[g](g.md)\n```\n"},
        {"docs/a.md", "# A\n\n[back](../README.md) [nowhere](README.md#a)\n"},
        {"docs/decisions/README.md", "# Decisions\n\n[build](build.md)\n"},
        {"docs/decisions/build.md", "# Build\n"},
        {"docs/decisions/lost.md", "# Lost\n"},
    };
    tidy_finds(
        t, files,
        "README.md:3: the link to docs/b.md leads nowhere; mend the link, or write the page\n"
        "docs/a.md:3: the link to README.md leads nowhere; mend the link, or write the page\n"
        "docs/decisions/lost.md:1: no list of decisions leads here; link it from "
        "docs/decisions/README.md\n");
}

TEST(tidy_says_it_as_tap)
{
    const char *root = test_folder(t, "tidy");
    file_write(t, root, &(struct file){"tools/a.c", PURPOSE "\tint a;\n"});
    struct process_result result;
    const char *const argv[] = {test_built(t, "tools/tidy"), "--tap", root, NULL};
    REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
    CHECK_INT(result.status, 1);
    CHECK(str_starts(result.out, STR("1..24\nok 1 - includes run down the house\nok 2 - ")));
    CHECK(str_find(result.out, STR("\nnot ok 19 - space is plain\n# tools/a.c:2: there is a tab; "
                                   "indent by four spaces\nok 20 - ")) != STR_NONE);
}

TEST(tidy_refuses_what_it_cannot_read)
{
    struct process_result result;
    const char *tidy = test_built(t, "tools/tidy");
    REQUIRE(process_run(t, (const char *[]){tidy, NULL}, NULL, &result) == ERR_OK);
    CHECK_INT(result.status, 2);
    CHECK(str_starts(result.err, STR("usage: tidy ")));
    REQUIRE(process_run(t, (const char *[]){tidy, "none.c", NULL}, NULL, &result) == ERR_OK);
    CHECK_INT(result.status, 2);
    CHECK_STR(result.err, "tidy: cannot read none.c: No such file or directory\n");
    CHECK_STR(result.out, "");
}
