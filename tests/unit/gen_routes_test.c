/* What gen_routes refuses, at which line and in which words; and that it then writes nothing. */
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define SAYS     "  Does it.\n  may anyone\n"
#define GET      "GET /a a\n" SAYS
#define GET_PART "GET /a/{id} a\n" SAYS
#define POST     "POST /a a\n" SAYS
#define ORDERS   "POST /a a\n" SAYS "  json lines list 1..5\n"

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
static struct str generate(struct test *t, const char *folder, const char *text, int *status)
{
    const char *input = path_in(t, folder, "routes.tbl");
    FILE *file = fopen(input, "w");
    REQUIRE(file && fputs(text, file) >= 0 && fclose(file) == 0);
    struct process_result result;
    const char *argv[] = {
        test_built(t, "tools/gen_routes"),  "try", input, path_in(t, folder, "try_routes.h"),
        path_in(t, folder, "try_routes.c"), NULL};
    REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
    *status = result.status;
    size_t path_len = str_from(input).len;
    return str_starts(result.err, str_from(input)) ? str_slice(result.err, path_len, result.err.len)
                                                   : result.err;
}

static const struct {
    const char *text, *said;
} mistakes[] = {
    {"", ":1: there is no route; add one or remove the file"},
    {"  may anyone\n", ":1: begin with a route at the margin: METHOD /path name"},
    /* heads */
    {"FETCH /a a\n" SAYS, ":1: \"FETCH\" is no method; write one of GET, POST, PUT, PATCH, DELETE"},
    {"HEAD /a a\n" SAYS, ":1: \"HEAD\" is answered without a row; remove it"},
    {"OPTIONS /a a\n" SAYS, ":1: \"OPTIONS\" is answered without a row; remove it"},
    {"GET /a\n" SAYS, ":1: write METHOD /path name"},
    {"GET /a a b\n" SAYS, ":1: write METHOD /path name"},
    {"GET a a\n" SAYS, ":1: a path begins with /"},
    {"GET /a/ a\n" SAYS,
     ":1: \"\" cannot stand in a path; use letters, digits and -._~, or a {name} "
     "as a whole"},
    {"GET //a a\n" SAYS, ":1: \"\" cannot stand in a path; use letters, digits and -._~, or a "
                         "{name} as a whole"},
    {"GET /../a a\n" SAYS, ":1: \"..\" cannot stand in a path; use letters, digits and -._~, or a "
                           "{name} as a whole"},
    {"GET /a/{id}.json a\n" SAYS, ":1: \"{id}.json\" cannot stand in a path; use letters, digits "
                                  "and -._~, or a {name} as a whole"},
    {"GET /a%20 a\n" SAYS, ":1: \"a%20\" cannot stand in a path; use letters, digits and -._~, or "
                           "a {name} as a whole"},
    {"GET /a/{b...}/c a\n" SAYS, ":1: \"{b...}\" cannot stand in a path; use letters, digits and "
                                 "-._~, or a {name} as a whole"},
    {"GET /a/{b...} a\n" SAYS "  path b id x\nGET /a/{b...} c\n" SAYS "  path b id x\n",
     ":5: the same method and path stand at line 1; remove one"},
    {"GET /1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17 a\n" SAYS,
     ":1: the path has more than 16 segments or 8 parts; shorten it"},
    {"GET /{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i} a\n" SAYS,
     ":1: the path has more than 16 segments or 8 parts; shorten it"},
    {"GET /a A\n" SAYS, ":1: \"A\" cannot name a route; use small letters, digits and _, and no "
                        "word of C"},
    {"GET /a for\n" SAYS, ":1: \"for\" cannot name a route; use small letters, digits and _, and "
                          "no word of C"},
    {"GET /a a\n", ":1: say below what the route does"},
    {"GET /a a\n  may anyone\n", ":2: say below the head what the route does, in a sentence that "
                                 "begins with a capital and ends with a full stop"},
    {"GET /a a\n  Does it.\n", ":1: say who may: \"may anyone\", or a permission"},
    {GET GET, ":4: \"a\" stands at line 1 already; rename one"},
    {GET "GET /a b\n" SAYS, ":4: the same method and path stand at line 1; remove one"},
    {GET_PART "  path id id msg\nGET /a/{x} b\n" SAYS "  path x id msg\n",
     ":5: the same method and path stand at line 1; remove one"},
    {GET_PART "  path id id msg\nPOST /a/{x} b\n" SAYS "  path x id msg\n",
     ":5: the parts of this path have other names at line 1; use the same"},
    /* words */
    {GET "  size 3\n",
     ":4: \"size\" is no word of a route; write one of may, rate, answers, cache, "
     "body, flags, again, path, query, form, json, out"},
    {GET "   rate api\n", ":4: the line stands 3 spaces in; use steps of 2"},
    {GET "    query q int 1..2\n", ":4: the line stands further in, but there is no list above it"},
    {GET "  may anyone\n", ":4: \"may\" stands here twice; remove one"},
    {"GET /a a\n  Does it.\n  may\n", ":3: write one permission behind \"may\", or \"anyone\""},
    {"GET /a a\n  Does it.\n  may a b\n", ":3: write one permission behind \"may\", or \"anyone\""},
    {"GET /a a\n  Does it.\n  may A!\n", ":3: \"A!\" is no permission; use small letters, _ and ., "
                                         "and | between several"},
    {GET "  rate slow\n", ":4: \"slow\" is no rate; write one of page, write, sign_in, api, free"},
    {GET "  answers xml\n",
     ":4: \"xml\" is no answer; write one of page, json, redirect, events, nothing"},
    {GET "  flags fast\n",
     ":4: \"fast\" is no flag; write one of inline, stream, raw, reserved, quick"},
    {GET "  cache 0\n", ":4: write the seconds behind \"cache\", from 1 on"},
    {POST "  cache 5\n",
     ":1: only a GET that anyone may is shared by all readers; remove \"cache\""},
    {"GET /a a\n  Does it.\n  may a.b\n  cache 5\n",
     ":1: only a GET that anyone may is shared by all readers; remove \"cache\""},
    {GET "  body 64X\n", ":4: write the most bytes behind \"body\": 4096, 64K or 200M"},
    {GET "  body 64K\n", ":1: nothing is taken of a body; remove \"body\""},
    {POST "  body 2M\n  form a int 1..2\n",
     ":1: a body of more than 1048576 bytes is not decoded; add \"flags stream\""},
    {POST "  flags stream\n",
     ":1: \"stream\" needs POST, PUT or PATCH, and the most bytes: body 200M"},
    {POST "  flags stream\n  body 2M\n  form a int 1..2\n",
     ":6: the handler reads the body itself; remove the field or \"stream\""},
    {POST "  flags raw\n", ":1: \"raw\" needs POST, PUT or PATCH, and the most bytes: body 64K"},
    {POST "  flags raw\n  body 64K\n  form a int 1..2\n",
     ":6: the handler reads the body itself; remove the field or \"raw\""},
    {POST "  flags stream inline\n  body 2M\n", ":1: what streams may block; remove \"inline\""},
    {POST "  again\n", ":1: there is no form to show again; remove \"again\""},
    {POST "  again a_form\n", ":4: nothing stands behind \"again\"; the function is a_again"},
    {GET "  answers page\n  out n int\n", ":5: \"out\" goes with \"answers json\" alone"},
    /* fields */
    {GET_PART, ":1: {id} needs its row: path id id PREFIX"},
    {GET "  path id id msg\n", ":4: the path has no {id}; add it"},
    {GET_PART "  path id email\n",
     ":4: in a path stand only text, id, int and choice, without a ?"},
    {GET_PART "  path id id? msg\n",
     ":4: in a path stand only text, id, int and choice, without a ?"},
    {GET "  form a int 1..2\n", ":4: the method has no body; take it as \"query\", or use POST"},
    {"DELETE /a a\n" SAYS "  json a int 1..2\n",
     ":4: the method has no body; take it as \"query\", or use POST"},
    {POST "  form a int 1..2\n  json b int 1..2\n",
     ":5: a body is a form or JSON; write all of it as \"json\""},
    {GET "  query q string 1..2\n",
     ":4: \"string\" is no kind; write one of text, lines, email, id, "
     "int, bool, choice, time, money, list"},
    {GET "  query q\n", ":4: \"\" is no kind; write one of text, lines, email, id, "
                        "int, bool, choice, time, money, list"},
    {GET "  query int int 1..2\n", ":4: \"int\" cannot name a field; use small letters, digits and "
                                   "_, and no word of C"},
    {GET "  query a-b int 1..2\n", ":4: \"a-b\" cannot name a field; use small letters, digits and "
                                   "_, and no word of C"},
    {GET "  query a int 1..2\n  query a int 1..2\n", ":5: there is \"a\" already; rename one"},
    {GET "  query a_us int 1..2\n  query a time\n", ":5: there is \"a\" already; rename one"},
    {GET "  query has_a bool\n  query a int? 1..2\n", ":5: there is \"a\" already; rename one"},
    {GET_PART "  path id id msg\n  query id id msg\n", ":5: there is \"id\" already; rename one"},
    {GET "  query a int\n", ":4: \"int\" needs its bounds: 1..80"},
    {GET "  query a text ..\n", ":4: \"text\" needs its bounds: 1..80"},
    {GET "  query a text 80\n", ":4: \"text\" needs its bounds: 1..80"},
    {GET "  query a int 1..x\n", ":4: \"x\" is no bound; write whole numbers: 1..80"},
    {GET "  query a int 2..1\n", ":4: the bounds 2..1 hold nothing; turn them around"},
    {GET "  query a text -1..1\n", ":4: the bounds of \"text\" lie between 0 and 1048576"},
    {GET "  query a text 1..\n", ":4: the bounds of \"text\" lie between 0 and 1048576"},
    {POST "  json a list 1..10001\n    json b bool\n",
     ":4: the bounds of \"list\" lie between 0 and 10000"},
    {GET "  query a bool 1..2\n", ":4: \"1..2\" is one word too many; remove it"},
    {GET "  query a int 1..2 3\n", ":4: \"3\" is one word too many; remove it"},
    {GET "  query a int 1..2 = 3\n", ":4: the preset \"3\" breaks the field's own rule"},
    {GET "  query a int 1..2 = x\n", ":4: the preset \"x\" breaks the field's own rule"},
    {GET "  query a text 1..2 = xyz\n", ":4: the preset \"xyz\" breaks the field's own rule"},
    {GET "  query a bool = on\n", ":4: the preset \"on\" breaks the field's own rule"},
    {GET "  query a money EUR 1..2 = 0.03\n",
     ":4: the preset \"0.03\" breaks the field's own rule"},
    {GET "  query a choice b c = d\n", ":4: the preset \"d\" breaks the field's own rule"},
    {GET "  query a int? 1..2 = 1\n",
     ":4: with a preset it is never missing; remove the ? or the preset"},
    {GET "  query a time = now\n", ":4: there is no preset here; remove what stands behind the ="},
    {GET "  query a choice b\n", ":4: \"choice\" needs two words or more: new read"},
    {GET "  query a choice b c b\n", ":4: the choice \"b\" stands there twice; remove one"},
    {GET "  query a id\n", ":4: \"id\" needs its prefix behind it, of at most 8 letters: msg"},
    {GET "  query a id ninechars\n",
     ":4: \"id\" needs its prefix behind it, of at most 8 letters: msg"},
    {GET "  query a money 1..2\n", ":4: \"money\" needs its currency behind it: EUR"},
    {GET "  query a money XXX 1..2\n", ":4: \"money\" needs its currency behind it: EUR"},
    /* lists */
    {GET "  query a list 1..2\n", ":4: a list comes only as \"json\" or goes as \"out\""},
    {POST "  form a list 1..2\n", ":4: a list comes only as \"json\" or goes as \"out\""},
    {POST "  json a list? 1..2\n", ":4: a list that is missing is empty; write its bounds as 0..2"},
    {ORDERS, ":4: the list has no fields; write them below, two spaces further in"},
    {ORDERS "    form a bool\n", ":5: what is in the list is \"json\" as the list is"},
    {ORDERS "    json a bool\n    json a bool\n", ":6: there is \"a\" already; rename one"},
    {ORDERS "    json a list 1..2\n      json b list 1..2\n        json c list 1..2\n"
            "          json d list 1..2\n",
     ":8: lists stand at most 3 deep; make it flatter"},
    {ORDERS "    rate api\n",
     ":5: \"rate\" is no word of a route; write one of may, rate, answers, "
     "cache, body, flags, again, path, query, form, json, out"},
};

TEST(gen_routes_says_what_is_wrong_and_where)
{
    const char *folder = test_folder(t, "gen_routes/bad");
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        int status;
        struct str said = generate(t, folder, mistakes[i].text, &status);
        test_note(t, "row %zu: %s", i, mistakes[i].text);
        CHECK_STR(str_trim(said), mistakes[i].said);
        CHECK_INT(status, 1);
        CHECK(access(path_in(t, folder, "try_routes.h"), F_OK) != 0);
        CHECK(access(path_in(t, folder, "try_routes.c"), F_OK) != 0);
    }
}

TEST(gen_routes_has_a_limit_of_fields)
{
    struct buf text;
    const char *cstr;
    int status;
    const char *folder = test_folder(t, "gen_routes/many");
    buf_init(&text, t->arena, 1 << 20);
    buf_add(&text, STR(GET));
    for (int i = 0; i < 65; i++)
        buf_addf(&text, "  query a%d bool\n", i);
    REQUIRE(!str_cstr(t->arena, buf_str(&text), &cstr));
    CHECK_STR(str_trim(generate(t, folder, cstr, &status)),
              ":68: there are more than 64 fields; split the route");
}

TEST(gen_routes_writes_both_files)
{
    int status;
    const char *folder = test_folder(t, "gen_routes/good");
    CHECK_STR(generate(t, folder,
                       "# one\n\n" GET "  query q text? ..5 # \"what\" \\ for\n"
                       "POST /a b\n" SAYS "  json q text ..5 = a = b\n",
                       &status),
              "");
    CHECK_INT(status, 0);
    CHECK(access(path_in(t, folder, "try_routes.h"), F_OK) == 0);
    CHECK(access(path_in(t, folder, "try_routes.c"), F_OK) == 0);
}

TEST(gen_routes_wants_four_words)
{
    struct process_result result;
    const char *tool = test_built(t, "tools/gen_routes");
    REQUIRE(!process_run(t, (const char *[]){tool, "Try", "a", "b", "c", NULL}, NULL, &result));
    CHECK_INT(result.status, 2);
    CHECK_STR(result.err, "usage: gen_routes ROOM IN.tbl OUT.h OUT.c\n");
}
