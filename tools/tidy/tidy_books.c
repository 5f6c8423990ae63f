/* Rules about what stands beside the code: its tests, the pages' links, the list of decisions. */
#include <stdio.h>
#include <unistd.h>

#include "tidy.h"

/* Tested by what stands above them, in other words than a unit test's. */
static const char *const without_test[] = {
    "src/base/assert.c", /* ends the program: tests/harness runs one that asserts */
    "src/base/crash.c",  /* the same */
    "src/base/mem.c",    /* the arena's tests, and the torture layer beneath it */
};

static bool exists(const char *folder, struct str name, const char *end)
{
    char path[TIDY_PATH_MAX];
    int len = snprintf(path, sizeof path, "%s" STR_FMT "%s", folder, STR_ARG(name), end);
    return len > 0 && (size_t)len < sizeof path && access(path, F_OK) == 0;
}

static bool has_test(const char *folder, struct str stem, struct str thing)
{
    return exists(folder, stem, "_test.c") || exists(folder, thing, "_test.c");
}

static bool has_public_function(const struct source *source)
{
    for (size_t i = 0; i < source->item_count; i++)
        if (source->items[i].kind == ITEM_FUNCTION && !source->items[i].is_static)
            return true;
    return false;
}

/* The last folder that a path goes through: "db". */
static struct str path_folder(struct str path)
{
    struct str folder = {0}, head;
    while (str_find_char(path, '/') != STR_NONE && str_cut(&path, '/', &head))
        folder = head;
    return folder;
}

void check_tests_exist(struct tidy *tidy, const struct source *source)
{
    struct str stem = path_stem(source->path), rest = stem, thing = stem;
    str_cut(&rest, '_', &thing); /* json_test.c is for json_read.c and json_write.c too */
    char own[TIDY_PATH_MAX];     /* what needs an engine: tests/db/ for src/ports/db/ */
    struct str folder = path_folder(source->path);
    snprintf(own, sizeof own, "tests/" STR_FMT "/", STR_ARG(folder));
    for (size_t i = 0; i < sizeof without_test / sizeof *without_test; i++)
        if (str_equal(source->path, str_from(without_test[i])))
            return;
    if (has_public_function(source) && !has_test("tests/unit/", stem, thing) &&
        !has_test("tests/ports/", stem, thing) && !has_test(own, stem, thing) &&
        !exists("tests/api/stories/", stem, ".story"))
        tidy_report(tidy, source, 1, "the file has no test; write tests/unit/" STR_FMT "_test.c",
                    STR_ARG(stem));
}

/* The target of the link that begins behind "](" at `at`, without its title and fragment. */
static struct str link_target(struct str line, size_t at)
{
    size_t end = at;
    while (end < line.len && line.ptr[end] != ')' && line.ptr[end] != ' ' && line.ptr[end] != '#')
        end++;
    return str_slice(line, at, end);
}

static bool leads_somewhere(const struct source *source, struct str target)
{
    char folder[TIDY_PATH_MAX];
    size_t len = source->path.len - path_name(source->path).len;
    if (str_find(target, STR("://")) != STR_NONE || str_starts(target, STR("mailto:")))
        return true; /* outside: not ours to check */
    snprintf(folder, sizeof folder, "%.*s", (int)len, source->path.ptr);
    return exists(folder, target, "");
}

static void check_line_links(struct tidy *tidy, const struct source *source, struct str line,
                             int number)
{
    bool quoted = false;
    for (size_t i = 0; i + 1 < line.len; i++) {
        quoted ^= line.ptr[i] == '`';
        if (quoted || line.ptr[i] != ']' || line.ptr[i + 1] != '(')
            continue;
        struct str target = link_target(line, i + 2);
        if (target.len && !leads_somewhere(source, target))
            tidy_report(tidy, source, number, "the link to " STR_FMT " leads nowhere",
                        STR_ARG(target));
    }
}

void check_links(struct tidy *tidy, const struct source *source)
{
    struct str rest = source->text, line;
    bool fenced = false;
    for (int number = 1; str_cut(&rest, '\n', &line); number++) {
        if (str_starts(str_trim(line), STR("```")))
            fenced = !fenced;
        else if (!fenced)
            check_line_links(tidy, source, line, number);
    }
}

static bool mentions(const struct source *page, struct str name)
{
    return page && str_find(page->text, name) != STR_NONE;
}

void check_decisions(struct tidy *tidy, const struct source *source)
{
    struct str name = path_name(source->path);
    if (!str_starts(source->path, STR("docs/decisions/")) || str_equal(name, STR("README.md")))
        return;
    if (!mentions(tidy_find(tidy, "docs/decisions/README.md"), name) &&
        !mentions(tidy_find(tidy, "docs/architecture.md"), name))
        tidy_report(tidy, source, 1, "no list of decisions leads here");
}
