/* Every command, with each allocation and each system call of it failing once, and from there on:
 * it ends by itself, it says what is wrong, and what it calls success is whole. */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

enum { WORDS_MAX = 3, CALLS_MAX = 5000 };

enum shape { SHAPE_SAME, SHAPE_LINES, SHAPE_JSON };

static const char stoa[] = "stoa", sample_stoa[] = "tests/db/sample_stoa";

/* The sample_stoa is the program with tables. What writes to a database is tortured with it. */
static const struct use {
    const char *program, *words[WORDS_MAX];
    enum shape shape; /* of what it says where it succeeds: as ever, any lines, or a JSON text */
    bool migrated;    /* its database is there and as it should be; else there is none */
} uses[] = {
    {stoa, {"version"}, SHAPE_SAME, false},
    {stoa, {"help"}, SHAPE_SAME, false},
    {stoa, {"help", "doctor"}, SHAPE_SAME, false},
    {stoa, {"settings"}, SHAPE_SAME, false},
    {stoa, {"doctor"}, SHAPE_LINES, false},
    {stoa, {"doctor", "--json"}, SHAPE_JSON, false},
    {stoa, {"secret", "list"}, SHAPE_SAME, false},
    {stoa, {"secret", "rotate"}, SHAPE_SAME, false},
    {sample_stoa, {"doctor"}, SHAPE_LINES, true},
    {sample_stoa, {"migrate", "--plan"}, SHAPE_SAME, false},
    {sample_stoa, {"migrate", "--plan"}, SHAPE_SAME, true},
};

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) != STR_NONE;
}

static struct process_result run(struct test *t, const struct use *use, const char *migrated,
                                 const char *torture, const char *report)
{
    char order[64], place[4096], data[4096], url[4096];
    struct process_result result;
    const char *argv[WORDS_MAX + 2] = {test_built(t, use->program)};
    const char *environment[] = {order, place, data, url, "PORT=18437", NULL};
    for (size_t i = 0; i < WORDS_MAX && use->words[i]; i++)
        argv[i + 1] = use->words[i];
    snprintf(order, sizeof order, "TORTURE=%s", torture);
    snprintf(place, sizeof place, report ? "TORTURE_REPORT=%s" : "TORTURE_REPORT", report);
    snprintf(data, sizeof data, "STOA_DATA=%s", test_folder(t, "torture/data"));
    snprintf(url, sizeof url, use->migrated ? "DATABASE_URL=%s" : "DATABASE_URL", migrated);
    CHECK_ERR(process_run_with(t, "tests/libtorture.so", argv, environment, &result), ERR_OK);
    return result;
}

/* How many calls of the kind there were in a run that nothing failed in. */
static int64_t calls(struct test *t, const char *path, const char *kind)
{
    struct process_result result;
    struct str line, word;
    int64_t count = 0;
    CHECK_ERR(process_run(t, (const char *[]){"/bin/cat", path, NULL}, NULL, &result), ERR_OK);
    while (str_cut(&result.out, '\n', &line))
        if (str_cut(&line, ' ', &word) && str_equal(word, str_from(kind)))
            CHECK_ERR(str_to_int(line, 1, CALLS_MAX, &count), ERR_OK);
    return count;
}

static bool is_whole(struct test *t, const struct use *use, struct str said, struct str usual)
{
    struct json *json;
    switch (use->shape) {
    case SHAPE_SAME:
        return str_equal(said, usual);
    case SHAPE_LINES:
        return str_ends(said, STR("\n"));
    case SHAPE_JSON:
        return json_read(t->ctx, said, &json) == ERR_OK;
    }
    return false;
}

/* What was logged stands before it. Empty where the last line has no end. */
static struct str last_line(struct str text)
{
    struct str line = STR("");
    if (str_ends(text, STR("\n")))
        while (text.len)
            str_cut(&text, '\n', &line);
    return line;
}

static void check_run(struct test *t, const struct use *use, struct process_result result,
                      struct str usual)
{
    CHECK_INT(result.signal, 0);
    CHECK(!has(result.err, "Sanitizer") && !has(result.err, "runtime error"));
    if (result.status == 0)
        CHECK(is_whole(t, use, result.out, usual));
    else
        CHECK(str_starts(last_line(result.err), STR("stoa: ")));
}

/* The URL of a database in which the migrations have run. */
static const char *make_migrated(struct test *t, char url[static 4096])
{
    static const struct use use = {sample_stoa, {"migrate"}, SHAPE_LINES, true};
    snprintf(url, 4096, "sqlite:%s/stoa.db", test_folder(t, "torture/database"));
    CHECK_INT(run(t, &use, url, "", NULL).status, 0);
    return url;
}

static void torture(struct test *t, const char *kind)
{
    char url[4096];
    const char *migrated = make_migrated(t, url);
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        char report[4096], order[64];
        const struct use *use = &uses[i];
        snprintf(report, sizeof report, "%s/calls", test_folder(t, "torture/report"));
        struct process_result usual = run(t, use, migrated, "", report);
        check_run(t, use, usual, usual.out);
        int64_t count = calls(t, report, kind);
        CHECK(count > 0);
        /* SQLite asks for ten seconds for a lock that it never gets: there only once. */
        for (int64_t n = 1; n <= 2 * count; n += use->migrated ? 2 : 1) {
            struct arena_mark mark = arena_mark(t->arena);
            snprintf(order, sizeof order, "%s:%" PRId64 "%s", kind, (n + 1) / 2, n % 2 ? "" : "+");
            struct process_result result = run(t, use, migrated, order, NULL);
            test_note(t, "TORTURE=%s stoa %s %s: %d, \"%.*s\"", order, use->words[0],
                      use->words[1] ? use->words[1] : "", result.status, STR_ARG(result.err));
            check_run(t, use, result, usual.out);
            arena_rewind(t->arena, mark);
        }
    }
}

TEST(commands_survive_each_failing_allocation)
{
    torture(t, "memory");
}

TEST(commands_survive_each_failing_system_call)
{
    torture(t, "system");
}
