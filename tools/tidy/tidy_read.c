/* Reads the sources: one file, or the whole tree below the current folder. */
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tidy.h"

/* What a name says of a file. The first row that fits counts. */
static const struct {
    const char *name; /* the end of it; the whole of it where it begins with a / */
    enum source_kind kind;
} kinds[] = {
    {".c", SOURCE_C},
    {".h", SOURCE_HEADER},
    {".md", SOURCE_PAGE},
    {".sql", SOURCE_SQL},
    {".tbl", SOURCE_ROWS},
    {".msg", SOURCE_ROWS},
    {".sh", SOURCE_ROWS},
    {"/Makefile", SOURCE_BUILD},
    {"/meson.build", SOURCE_BUILD},
    {"/meson_options.txt", SOURCE_BUILD},
};

static const struct {
    const char *prefix;
    enum area area;
} areas[] = {
    {"src/app/", AREA_APP}, {"src/", AREA_SRC},       {"tools/", AREA_TOOLS},
    {"tests/", AREA_TESTS}, {"benches/", AREA_BENCH}, {"", AREA_REST},
};

/* Not written by hand, or not ours: names at the root, then names anywhere. */
static const char *const skipped_roots[] = {"build", "var"};
static const char *const skipped_names[] = {".git", "corpus"};

struct str path_name(struct str path)
{
    struct str name = path;
    while (str_find_char(name, '/') != STR_NONE)
        name = str_slice(name, str_find_char(name, '/') + 1, name.len);
    return name;
}

struct str path_stem(struct str path)
{
    struct str name = path_name(path);
    size_t dot = str_find_char(name, '.');
    return str_slice(name, 0, dot == STR_NONE ? name.len : dot);
}

/* The folder right below src: empty elsewhere, and for a file that lies in src itself. */
static struct str path_room(struct str path)
{
    if (!str_starts(path, STR("src/")))
        return (struct str){0};
    struct str room, rest = str_slice(path, 4, path.len);
    return str_cut(&rest, '/', &room) && rest.ptr ? room : (struct str){0};
}

static enum source_kind kind_of(struct str path)
{
    struct str name = path_name(path);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct str end = str_from(kinds[i].name);
        if (end.ptr[0] == '/' ? str_equal(name, str_slice(end, 1, end.len)) : str_ends(name, end))
            return kinds[i].kind;
    }
    /* A script without an ending is known by its first line, once it is read. */
    return str_find_char(name, '.') == STR_NONE ? SOURCE_ROWS : SOURCE_OTHER;
}

static enum area area_of(struct str path)
{
    size_t i = 0;
    while (!str_starts(path, str_from(areas[i].prefix)))
        i++;
    return areas[i].area;
}

static _Noreturn void die(const char *path)
{
    fprintf(stderr, "tidy: cannot read %s: %s\n", path, strerrordesc_np(errno));
    exit(2);
}

static struct str read_text(struct tidy *tidy, const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = -1;
    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size > TIDY_FILE_MAX)
        errno = EFBIG;
    if (size < 0 || size > TIDY_FILE_MAX || fseek(file, 0, SEEK_SET) < 0)
        die(path);
    char *text = tidy_alloc(tidy, 1, (size_t)size + 1);
    size_t len = fread(text, 1, (size_t)size, file);
    if (ferror(file))
        die(path);
    fclose(file);
    return str_make(text, len);
}

static struct source *source_add(struct tidy *tidy, const char *path, enum source_kind kind)
{
    struct source *source = tidy_alloc(tidy, 1, sizeof *source);
    if (str_copy(&tidy->arena, str_make(path, strlen(path) + 1), &source->path))
        exit(2);
    source->path.len--;
    source->kind = kind;
    source->area = area_of(source->path);
    source->room = path_room(source->path);
    *tidy->sources_end = source;
    tidy->sources_end = &source->next;
    return source;
}

void tidy_read_file(struct tidy *tidy, const char *path)
{
    if (strncmp(path, "./", 2) == 0)
        path += 2;
    struct source *source = source_add(tidy, path, kind_of(str_from(path)));
    if (!(source->kind & SOURCE_TEXT))
        return;
    source->text = read_text(tidy, path);
    bool sure = str_find_char(path_name(source->path), '.') != STR_NONE;
    if (source->kind == SOURCE_ROWS && !sure && !str_starts(source->text, STR("#")))
        source->kind = SOURCE_OTHER;
    if (source->kind & SOURCE_CODE) {
        lex_source(tidy, source);
        items_find(tidy, source);
    }
}

static bool is_skipped(const FTSENT *entry)
{
    for (size_t i = 0; i < sizeof skipped_names / sizeof *skipped_names; i++)
        if (strcmp(entry->fts_name, skipped_names[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof skipped_roots / sizeof *skipped_roots; i++)
        if (entry->fts_level == 1 && strcmp(entry->fts_name, skipped_roots[i]) == 0)
            return true;
    return false;
}

void tidy_read_tree(struct tidy *tidy)
{
    char root[] = ".";
    char *roots[] = {root, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (!tree)
        die(root);
    for (FTSENT *entry = fts_read(tree); entry; entry = fts_read(tree)) {
        const char *path = entry->fts_path;
        if (entry->fts_info == FTS_D && is_skipped(entry))
            fts_set(tree, entry, FTS_SKIP);
        else if (entry->fts_info == FTS_D && strncmp(path, "./src/", 6) == 0)
            source_add(tidy, path + 2, SOURCE_FOLDER);
        else if (entry->fts_info == FTS_F)
            tidy_read_file(tidy, path);
    }
    fts_close(tree);
}

const struct source *tidy_find(const struct tidy *tidy, const char *path)
{
    for (const struct source *source = tidy->sources; source; source = source->next)
        if (str_equal(source->path, str_from(path)))
            return source;
    return NULL;
}
