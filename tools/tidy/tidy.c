/* The style test: says where the sources leave the house's rules, and what to do.
 *
 *     tidy [--tap] FOLDER          every source below it
 *     tidy [--tap] FILE …          these, named from the root: src/base/arena.c
 *
 * The exit status is 0 where all is tidy, 1 where something is not, 2 where it could not look. */
#include "tidy.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct rule rules[] = {
    {"includes run down the house", "move what both need further down, or wire it in src/app",
     AREA_HOUSE, SOURCE_CODE, check_includes},
    {"headers are included by their path below src", "write it as \"room/thing.h\"", AREA_HOUSE,
     SOURCE_CODE, check_include_paths},
    {"a business is entered by its own header",
     "include shop/shop.h, and put there what is missing", AREA_APP, SOURCE_CODE,
     check_business_doors},
    {"every room has its place in the house", "put it where it belongs, or add it to tidy_rooms.c",
     AREA_ALL, 0, check_rooms_known},
    {"every room has code", "make a folder with its first code, not before", AREA_ALL, 0,
     check_rooms_filled},
    {"functions are at most 70 lines", "give its parts names of their own", AREA_ALL, SOURCE_CODE,
     check_function_length},
    {"banned functions are not called", NULL, AREA_ALL, SOURCE_CODE, check_banned},
    {"variables that change belong to somebody",
     "make it const, or a member of a struct that is passed along", AREA_SRC, SOURCE_CODE,
     check_variables},
    {"names are in snake_case", "write it in lower case with underscores", AREA_ALL, SOURCE_CODE,
     check_snake_case},
    {"macros and enum constants are in UPPER_CASE", "write it in capitals with underscores",
     AREA_ALL, SOURCE_CODE, check_upper_case},
    {"structs, unions and enums have no typedef", "say struct, union or enum where it is used",
     AREA_ALL, SOURCE_CODE, check_typedefs},
    {"public functions begin with their thing",
     "begin with the file's first word or with a struct of its header, or make it static", AREA_SRC,
     SOURCE_C, check_public_names},
    {"public functions have names of their own",
     "rename one, or make it static: the linker takes either", AREA_HOUSE, SOURCE_C,
     check_same_names},
    {"quantities name their unit", NULL, AREA_ALL, SOURCE_CODE, check_units},
    {"every file opens with its purpose",
     "open with a comment: one sentence of three words or more, ended by a full stop", AREA_ALL,
     SOURCE_WORK, check_purpose},
    {"headers have guards", NULL, AREA_ALL, SOURCE_HEADER, check_guard},
    {"public headers show an example",
     "indent some lines of use by four spaces in the first comment", AREA_SRC, SOURCE_HEADER,
     check_example},
    {"lines are at most 100 columns", "break it", AREA_ALL, SOURCE_LINES, check_columns},
    {"space is plain", NULL, AREA_ALL, SOURCE_TEXT, check_space},
    {"comments are words between /* and */", NULL, AREA_ALL, SOURCE_CODE, check_comments},
    {"nothing is left for later", "do it now, or open an issue", AREA_ALL, SOURCE_WORK,
     check_leftovers},
    {"every file of src has its unit test", NULL, AREA_SRC, SOURCE_C, check_tests_exist},
    {"links lead somewhere", "mend the link, or write the page", AREA_ALL, SOURCE_PAGE,
     check_links},
    {"every decision is listed", "link it from docs/decisions/README.md", AREA_ALL, SOURCE_PAGE,
     check_decisions},
};

enum { RULE_COUNT = sizeof rules / sizeof *rules, FINDINGS_MIN = 64 };

void *tidy_alloc(struct tidy *tidy, size_t count, size_t size)
{
    void *memory = arena_array(&tidy->arena, count, size);
    if (memory)
        return memory;
    fputs("tidy: there is no memory left\n", stderr);
    exit(2);
}

/* The room doubles, so that a finding costs the copying of one. */
static struct finding *finding_add(struct tidy *tidy)
{
    if (tidy->count == tidy->room) {
        size_t room = tidy->room ? tidy->room * 2 : FINDINGS_MIN;
        struct finding *findings = tidy_alloc(tidy, room, sizeof *findings);
        if (tidy->count)
            memcpy(findings, tidy->findings, tidy->count * sizeof *findings);
        tidy->findings = findings;
        tidy->room = room;
    }
    return &tidy->findings[tidy->count++];
}

void tidy_report(struct tidy *tidy, const struct source *source, int line, const char *what, ...)
{
    char *words = tidy_alloc(tidy, 1, TIDY_WHAT_MAX);
    va_list args;
    va_start(args, what);
    vsnprintf(words, TIDY_WHAT_MAX, what, args);
    va_end(args);
    *finding_add(tidy) = (struct finding){source->path, line, tidy->rule, words};
}

static int finding_compare(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    int order = str_compare(a->path, b->path);
    if (!order)
        order = (a->line > b->line) - (a->line < b->line);
    if (!order)
        order = (a->rule > b->rule) - (a->rule < b->rule);
    return order ? order : strcmp(a->what, b->what);
}

static void finding_print(const struct finding *finding, const char *before)
{
    printf("%s" STR_FMT ":%d: %s", before, STR_ARG(finding->path), finding->line, finding->what);
    if (finding->rule->advice)
        printf("; %s", finding->rule->advice);
    putchar('\n');
}

static void check_all(struct tidy *tidy)
{
    for (tidy->rule = rules; tidy->rule < rules + RULE_COUNT; tidy->rule++) {
        if (!tidy->rule->kinds)
            tidy->rule->check(tidy, NULL);
        for (const struct source *source = tidy->sources; source; source = source->next)
            if ((tidy->rule->areas & source->area) && (tidy->rule->kinds & source->kind))
                tidy->rule->check(tidy, source);
    }
    if (tidy->count)
        qsort(tidy->findings, tidy->count, sizeof *tidy->findings, finding_compare);
}

static void print_tap(const struct tidy *tidy)
{
    printf("1..%d\n", RULE_COUNT);
    for (const struct rule *rule = rules; rule < rules + RULE_COUNT; rule++) {
        bool clean = true;
        for (size_t i = 0; i < tidy->count; i++)
            clean &= tidy->findings[i].rule != rule;
        printf("%s %td - %s\n", clean ? "ok" : "not ok", rule - rules + 1, rule->name);
        for (size_t i = 0; i < tidy->count; i++)
            if (tidy->findings[i].rule == rule)
                finding_print(&tidy->findings[i], "# ");
    }
}

static void print_plain(const struct tidy *tidy)
{
    size_t files = 0;
    for (const struct source *source = tidy->sources; source; source = source->next)
        files += (source->kind & SOURCE_TEXT) != 0;
    for (size_t i = 0; i < tidy->count; i++)
        finding_print(&tidy->findings[i], "");
    if (tidy->count)
        printf("tidy: %zu finding%s in %zu files\n", tidy->count, tidy->count == 1 ? "" : "s",
               files);
    else
        printf("tidy: %zu files are tidy\n", files);
}

static void read_arguments(struct tidy *tidy, char *paths[])
{
    struct stat status;
    if (stat(paths[0], &status) == 0 && S_ISDIR(status.st_mode)) {
        if (chdir(paths[0]) < 0) {
            perror(paths[0]);
            exit(2);
        }
        tidy_read_tree(tidy);
        return;
    }
    for (size_t i = 0; paths[i]; i++)
        tidy_read_file(tidy, paths[i]);
}

int main(int argc, char *argv[])
{
    bool tap = argc > 1 && strcmp(argv[1], "--tap") == 0;
    if (argc < (tap ? 3 : 2)) {
        fputs("usage: tidy [--tap] FOLDER | FILE …\n", stderr);
        return 2;
    }
    struct tidy tidy = {0};
    tidy.sources_end = &tidy.sources;
    arena_init(&tidy.arena, TIDY_MEMORY_MAX);
    read_arguments(&tidy, argv + (tap ? 2 : 1));
    check_all(&tidy);
    (tap ? print_tap : print_plain)(&tidy);
    bool clean = tidy.count == 0;
    arena_release(&tidy.arena);
    return clean ? 0 : 1;
}
