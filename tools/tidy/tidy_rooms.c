/* Rules about the rooms of src: who may include whom, and that no room stands empty. */
#include "tidy.h"

/* From the ground up. A room includes those on floors below its own; the businesses are neighbours
 * on one floor and never look at each other. */
static const struct room {
    const char *name;
    int floor;
    bool is_business;
} rooms[] = {
    {"base", 0, false},    {"text", 1, false},  {"draw", 1, false},   {"ports", 2, false},
    {"web", 3, false},     {"ui", 4, false},    {"guard", 5, false},  {"flow", 6, false},
    {"watch", 7, false},   {"keep", 8, false},  {"fleet", 9, false},  {"shop", 10, true},
    {"front", 10, true},   {"staff", 10, true}, {"parcel", 10, true}, {"papers", 10, true},
    {"insight", 10, true}, {"app", 11, false},
};

static const struct room *room_find(struct str name)
{
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++)
        if (str_equal(name, str_from(rooms[i].name)))
            return &rooms[i];
    return NULL;
}

bool room_is_business(struct str name)
{
    const struct room *room = room_find(name);
    return room && room->is_business;
}

/* The next #include "…" from *at on: its path, and its line. */
static bool next_include(const struct source *source, size_t *at, struct str *path, int *line)
{
    const struct tokens *tokens = &source->directives;
    for (size_t hash = *at; hash < tokens->count; hash = directive_end(tokens, hash)) {
        const struct token *header = token_at(tokens, hash + 2);
        if (!token_is(tokens, hash + 1, "include") || header->kind != TOKEN_TEXT)
            continue;
        *at = directive_end(tokens, hash);
        *line = header->line;
        *path = str_slice(header->text, 1, header->text.len - 1);
        return true;
    }
    return false;
}

static struct str first_folder(struct str path)
{
    size_t slash = str_find_char(path, '/');
    return str_slice(path, 0, slash == STR_NONE ? 0 : slash);
}

void check_includes(struct tidy *tidy, const struct source *source)
{
    const struct room *here = room_find(source->room);
    struct str path;
    int line;
    for (size_t at = 0; here && next_include(source, &at, &path, &line);) {
        const struct room *there = room_find(first_folder(path));
        if (!there || there == here || there->floor < here->floor)
            continue;
        const char *how = there->floor > here->floor ? "up" : "sideways";
        tidy_report(tidy, source, line, "src/%s includes %s to %s", here->name, how, there->name);
    }
}

void check_include_paths(struct tidy *tidy, const struct source *source)
{
    struct str path;
    int line;
    for (size_t at = 0; next_include(source, &at, &path, &line);)
        if (!room_find(first_folder(path)))
            tidy_report(tidy, source, line, "\"" STR_FMT "\" is not in a room", STR_ARG(path));
}

/* What is generated of a business for the program to be wired of: "front/front_routes.h". */
static bool is_wired(struct str stem, struct str room)
{
    static const char *const generated[] = {"_assets", "_msg", "_routes", "_schema", "_sql"};
    for (size_t i = 0; i < sizeof generated / sizeof *generated; i++)
        if (str_starts(stem, room) &&
            str_equal(str_slice(stem, room.len, stem.len), str_from(generated[i])))
            return true;
    return false;
}

void check_business_doors(struct tidy *tidy, const struct source *source)
{
    struct str path;
    int line;
    bool wires = str_equal(source->room, STR("app"));
    for (size_t at = 0; next_include(source, &at, &path, &line);) {
        const struct room *there = room_find(first_folder(path));
        struct str name = str_from(there ? there->name : "");
        if (there && there->is_business && !str_equal(source->room, name) &&
            !str_equal(path_stem(path), name) && !(wires && is_wired(path_stem(path), name)))
            tidy_report(tidy, source, line, "\"" STR_FMT "\" is inside of %s", STR_ARG(path),
                        there->name);
    }
}

/* One finding a room, at what is met of it first. */
void check_rooms_known(struct tidy *tidy, const struct source *none)
{
    (void)none;
    const struct source *last = NULL;
    for (const struct source *source = tidy->sources; source; source = source->next) {
        bool in_src = str_starts(source->path, STR("src/")) && source->kind != SOURCE_FOLDER;
        if (!in_src || room_find(source->room) ||
            (last && source->room.len && str_equal(source->room, last->room)))
            continue;
        last = source;
        tidy_report(tidy, source, 1, "src/" STR_FMT " is not a room of the house",
                    STR_ARG(source->room));
    }
}

static bool is_filled(const struct tidy *tidy, struct str folder)
{
    for (const struct source *source = tidy->sources; source; source = source->next) {
        bool inside = str_starts(source->path, folder) && source->path.len > folder.len &&
                      source->path.ptr[folder.len] == '/';
        if (inside && source->kind != SOURCE_FOLDER &&
            !str_equal(path_name(source->path), STR("meson.build")))
            return true;
    }
    return false;
}

void check_rooms_filled(struct tidy *tidy, const struct source *none)
{
    (void)none;
    for (const struct source *source = tidy->sources; source; source = source->next)
        if (source->kind == SOURCE_FOLDER && !is_filled(tidy, source->path))
            tidy_report(tidy, source, 1, "the folder has no code");
}
