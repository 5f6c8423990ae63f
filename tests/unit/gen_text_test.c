/* What gen_text refuses, at which line and in which words; and that it then writes nothing. */
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define REST  "  de x\n  fr x\n  es x\n  ar x\n"
#define WHOLE "whole\n  en x\n" REST

static const char *path_in(struct test *t, const char *folder, const char *name)
{
    struct buf path;
    const char *cstr = NULL;
    buf_init(&path, t->arena, 4096);
    buf_addf(&path, "%s/%s", folder, name);
    REQUIRE(!buf_err(&path) && !str_cstr(t->arena, buf_str(&path), &cstr));
    return cstr;
}

/* Runs the tool on a text and gives what it said, without the input's path before it. */
static struct str generate(struct test *t, const char *folder, struct str text, int *status)
{
    const char *input = path_in(t, folder, "x.msg");
    FILE *file = fopen(input, "w");
    REQUIRE(file && fwrite(text.ptr, 1, text.len, file) == text.len && fclose(file) == 0);
    struct process_result result;
    const char *argv[] = {test_built(t, "tools/gen_text"), input, path_in(t, folder, "x.h"),
                          path_in(t, folder, "x.c"), NULL};
    REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
    *status = result.status;
    CHECK_STR(result.out, "");
    size_t path_len = str_from(input).len;
    return str_starts(result.err, str_from(input)) ? str_slice(result.err, path_len, result.err.len)
                                                   : result.err;
}

static const struct {
    const char *text, *said;
} mistakes[] = {
    {"", ":1: there is no message; add one or remove the file\n"},
    {"# nothing\n", ":1: there is no message; add one or remove the file\n"},
    {"  en x\n", ":1: a text stands before the first message; name it first\n"},
    {"a\n  en x\n  de x\n  fr x\n  ar x\n", ":1: \"a\" is missing in \"es\"; add a line for it\n"},
    {"a\n  en x\n  de x\n  fr x\n  ar x\n\n" WHOLE,
     ":1: \"a\" is missing in \"es\"; add a line for it\n"},
    {WHOLE "  it x\n",
     ":7: \"it\" is not a language of src/text/language.c; correct or remove it\n"},
    {WHOLE "  de y\n", ":7: \"whole\" has two texts in \"de\"; remove one\n"},
    {"a\n  en\n" REST, ":2: the text is missing; write it behind \"en\"\n"},
    {WHOLE WHOLE, ":7: there is a message \"whole\" already; rename one\n"},
    {"A\n  en x\n" REST, ":1: \"A\" cannot name a message; use small letters, digits and _\n"},
    {"9a\n  en x\n" REST, ":1: \"9a\" cannot name a message; use small letters, digits and _\n"},
    {"a n\n  en {n}\n" REST,
     ":1: \"n\" has no known type; write name:type with one of str, int, decimal, money, "
     "date, time\n"},
    {"a n:float\n  en {n}\n" REST,
     ":1: \"n:float\" has no known type; write name:type with one of str, int, decimal, "
     "money, date, time\n"},
    {"a n:int n:str\n  en {n}\n" REST, ":1: there are two parameters \"n\"; rename one\n"},
    {"a N:int\n  en {N}\n" REST,
     ":1: \"N\" cannot name a parameter; use small letters, digits and _, and none of out, "
     "language, nbsp, nnbsp\n"},
    {"a nbsp:int\n  en {nbsp}\n" REST,
     ":1: \"nbsp\" cannot name a parameter; use small letters, digits and _, and none of "
     "out, language, nbsp, nnbsp\n"},
    {"a out:int\n  en {out}\n" REST,
     ":1: \"out\" cannot name a parameter; use small letters, digits and _, and none of "
     "out, language, nbsp, nnbsp\n"},
    {"a b:int c:int d:int e:int f:int g:int h:int i:int j:int\n  en x\n" REST,
     ":1: there are more than 8 parameters; split the message\n"},
    {"a n:int\n  en {m}\n" REST, ":2: {m} is no parameter; declare it behind the message's name\n"},
    {"a n:int\n  en {}\n" REST, ":2: {} is no parameter; declare it behind the message's name\n"},
    {"a n:int\n  en x\n" REST, ":1: no language uses the parameter \"n\"; use it or remove it\n"},
    {"a n:int\n  en {n\n" REST,
     ":2: a { has no }; close it, and let no choice stand inside another\n"},
    {"a n:int\n  en n}\n" REST, ":2: a } has no { before it; remove it or add the {\n"},
    {"a n:int\n  en {n|one: {n|other: x}|other: y}\n" REST,
     ":2: a { has no }; close it, and let no choice stand inside another\n"},
    {"a n:int\n  en {m|one: x|other: y}\n" REST,
     ":2: \"m\" cannot choose a plural; name a parameter of type int\n"},
    {"a n:str\n  en {n|one: x|other: y}\n" REST,
     ":2: \"n\" cannot choose a plural; name a parameter of type int\n"},
    {"a n:int\n  en {n|one x|other: y}\n" REST,
     ":2: a choice names no plural; write {count|one: …|other: …}\n"},
    {"a n:int\n  en {n|}\n" REST, ":2: a choice names no plural; write {count|one: …|other: …}\n"},
    {"a n:int\n  en {n|one: x}\n" REST, ":2: the plural \"other\" is missing; \"en\" needs it\n"},
    {"a n:int\n  en {n|other: x}\n" REST, ":2: the plural \"one\" is missing; \"en\" needs it\n"},
    {"a n:int\n  fr {n|one: x|other: y}\n",
     ":2: the plural \"many\" is missing; \"fr\" needs it\n"},
    {"a n:int\n  ar {n|one: x|two: x|few: x|many: x|other: y}\n",
     ":2: the plural \"zero\" is missing; \"ar\" needs it\n"},
    {"a n:int\n  en {n|one: x|many: x|other: y}\n" REST,
     ":2: \"many\" is no plural of \"en\"; remove it\n"},
    {"a n:int\n  en {n|eins: x|other: y}\n" REST,
     ":2: \"eins\" is no plural of \"en\"; remove it\n"},
    {"a n:int\n  en {n|one: x|one: x|other: y}\n" REST,
     ":2: \"one\" stands there twice; remove one\n"},
    {"a n:int\n  en {n|one/other/one: x}\n" REST, ":2: \"one\" stands there twice; remove one\n"},
    {"a\n  en x\xff\n" REST, ":2: this is not UTF-8; save the file as UTF-8\n"},
    {"a\n  en x \n" REST, ":2: there is a space at the end of the line; remove it\n"},
    {"a\n  en\tx\n" REST,
     ":2: there is a tab or a carriage return; use spaces and plain newlines\n"},
    {"a\r\n", ":1: there is a tab or a carriage return; use spaces and plain newlines\n"},
    {"a\n  en x", ":2: the last line has no end; add a newline\n"},
    {"a\n  en x\u00a0y\n" REST,
     ":2: there is an invisible character; remove it, or write {nbsp} or {nnbsp} for a "
     "no-break space\n"},
    {"a\n  en x\u200fy\n" REST,
     ":2: there is an invisible character; remove it, or write {nbsp} or {nnbsp} for a "
     "no-break space\n"},
    {"a\n  en x\x01\n" REST,
     ":2: there is an invisible character; remove it, or write {nbsp} or {nnbsp} for a "
     "no-break space\n"},
};

TEST(gen_text_says_what_is_wrong_and_where)
{
    const char *folder = test_folder(t, "gen_text/bad");
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        int status;
        struct str said = generate(t, folder, str_from(mistakes[i].text), &status);
        test_note(t, "row %zu: %s", i, mistakes[i].text);
        CHECK_STR(said, mistakes[i].said);
        CHECK_INT(status, 1);
        CHECK(access(path_in(t, folder, "x.h"), F_OK) != 0);
        CHECK(access(path_in(t, folder, "x.c"), F_OK) != 0);
    }
}

TEST(gen_text_writes_both_files)
{
    int status;
    const char *folder = test_folder(t, "gen_text/good");
    CHECK_STR(generate(t, folder, STR("# …\n\n" WHOLE), &status), "");
    CHECK_INT(status, 0);
    CHECK(access(path_in(t, folder, "x.h"), F_OK) == 0);
    CHECK(access(path_in(t, folder, "x.c"), F_OK) == 0);
    CHECK(access(path_in(t, folder, "x.h.new"), F_OK) != 0);
}

TEST(gen_text_says_which_file_it_cannot_use)
{
    struct process_result result;
    const char *tool = test_built(t, "tools/gen_text");
    const char *folder = test_folder(t, "gen_text/none");
    const char *missing = path_in(t, folder, "missing.msg");
    REQUIRE(!process_run(t, (const char *[]){tool, missing, "x.h", "x.c", NULL}, NULL, &result));
    CHECK_INT(result.status, 1);
    CHECK(str_starts(result.err, str_from(missing)));
    CHECK(str_ends(result.err, STR("cannot be opened: No such file or directory\n")));

    REQUIRE(!process_run(t, (const char *[]){tool, folder, "x.h", "x.c", NULL}, NULL, &result));
    CHECK_INT(result.status, 1);
    CHECK(str_ends(result.err, STR("cannot be read: Is a directory\n")));

    REQUIRE(!process_run(t, (const char *[]){tool, NULL}, NULL, &result));
    CHECK_INT(result.status, 2);
}
