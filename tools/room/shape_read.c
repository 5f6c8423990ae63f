/* Reads tables.tbl: tables at the margin, their columns and indexes indented below. */
#include "shape.h"

/* "key" and such are words of the table itself. */
static void check_name(const struct source *source, struct str name)
{
    if (!source_is_name(name))
        source_fail(source, "\"" STR_FMT "\" is no name; use small letters, digits and _",
                    STR_ARG(name));
    if (name.len > SHAPE_NAME_MAX)
        source_fail(source, "the name \"" STR_FMT "\" is longer than %d; find a shorter one",
                    STR_ARG(name), SHAPE_NAME_MAX);
    if (shape_is_reserved(name))
        source_fail(source, "\"" STR_FMT "\" is a word of SQL or C; find another name",
                    STR_ARG(name));
}

/* Takes what stands behind a # off the line. */
static struct str take_words(struct str *line)
{
    size_t hash = str_find_char(*line, '#');
    struct str words = {0};
    if (hash != STR_NONE) {
        words = str_trim(str_slice(*line, hash + 1, line->len));
        *line = str_slice(*line, 0, hash);
    }
    *line = str_trim(*line);
    return words;
}

static void check_end(const struct source *source, struct str rest)
{
    if (rest.len)
        source_fail(source, "\"" STR_FMT "\" is one word too many; put an explanation behind a #",
                    STR_ARG(rest));
}

static void read_table(struct shape *shape, struct str line)
{
    struct source *source = &shape->source;
    struct str words = take_words(&line), name = source_take_word(&line);
    bool by_key = str_equal(line, STR("by_key"));
    check_name(source, name);
    if (!by_key)
        check_end(source, line);
    if (!str_starts(name, shape->room) || name.len < shape->room.len + 2 ||
        name.ptr[shape->room.len] != '_')
        source_fail(source,
                    "\"" STR_FMT "\" does not carry the room's name; call it " STR_FMT "_" STR_FMT,
                    STR_ARG(name), STR_ARG(shape->room), STR_ARG(name));
    if (shape_find_table(shape, name))
        source_fail(source, "there are two tables " STR_FMT "; rename one", STR_ARG(name));
    if (shape->count == SHAPE_TABLES_MAX)
        source_fail(source, "there are more than %d tables; raise SHAPE_TABLES_MAX",
                    SHAPE_TABLES_MAX);
    shape->tables[shape->count++] = (struct shape_table){
        .name = name, .words = words, .by_key = by_key, .line = source->line};
}

static const struct shape_column *only_key(const struct shape_column *columns, size_t count)
{
    const struct shape_column *key = NULL;
    for (size_t i = 0; i < count; i++)
        if (columns[i].key) {
            if (key)
                return NULL;
            key = &columns[i];
        }
    return key;
}

/* The table that is behind "ref". */
static const struct shape_table *take_target(struct shape *shape, struct str *line)
{
    struct str name = source_take_word(line);
    const struct shape_table *table = shape_find_table(shape, name);
    const struct shape_column *key = table ? only_key(table->columns, table->count) : NULL;
    if (!table)
        source_fail(&shape->source,
                    "\"" STR_FMT "\" is no table above this row; move that one up, or hold the id "
                    "of another room's as id",
                    STR_ARG(name));
    if (!key || key->kind != shape_find_kind(STR("id")))
        source_fail(&shape->source,
                    STR_FMT " has no key that is one id; refer to a table that has, or hold its "
                            "key in columns of your own",
                    STR_ARG(name));
    return table;
}

static void read_column(struct shape *shape, struct shape_table *table, struct str name,
                        struct str line)
{
    struct source *source = &shape->source;
    struct shape_column *column = &table->columns[table->count];
    struct str words = take_words(&line), kind = source_take_word(&line);
    check_name(source, name);
    if (shape_find_column(table, name))
        source_fail(source, "there are two columns " STR_FMT "; rename one", STR_ARG(name));
    if (table->count == SHAPE_COLUMNS_MAX)
        source_fail(source, "there are more than %d columns; split the table", SHAPE_COLUMNS_MAX);
    *column = (struct shape_column){.name = name, .words = words, .line = source->line};
    column->null = str_ends(kind, STR("?"));
    kind = str_slice(kind, 0, kind.len - column->null);
    if (str_equal(kind, STR("ref"))) {
        column->refers = take_target(shape, &line);
        kind = STR("id");
    }
    column->kind = shape_find_kind(kind);
    if (!column->kind)
        source_fail(source, "\"" STR_FMT "\" is no kind of column; there are: %s, and ref TABLE",
                    STR_ARG(kind), shape_kind_words);
    column->key = str_equal(line, STR("key"));
    if (!column->key)
        check_end(source, line);
    if (column->key && column->null)
        source_fail(source, "a key is never null; take the ? or the key away");
    table->count++;
}

static void add_part(struct shape *shape, struct shape_table *table, struct shape_index *index,
                     struct str name)
{
    if (!shape_find_column(table, name))
        source_fail(&shape->source, "\"" STR_FMT "\" is no column above this row", STR_ARG(name));
    if (index->count == SHAPE_PARTS_MAX)
        source_fail(&shape->source, "an index has at most %d columns", SHAPE_PARTS_MAX);
    index->parts[index->count++] = name;
}

static void read_index(struct shape *shape, struct shape_table *table, bool unique, struct str line)
{
    struct source *source = &shape->source;
    struct buf name;
    struct str part;
    if (table->index_count == SHAPE_INDEXES_MAX)
        source_fail(source, "there are more than %d indexes; raise SHAPE_INDEXES_MAX",
                    SHAPE_INDEXES_MAX);
    struct shape_index *index = &table->indexes[table->index_count++];
    *index = (struct shape_index){.unique = unique, .line = source->line};
    take_words(&line);
    buf_init(&name, shape->arena, SHAPE_NAME_MAX + 1);
    buf_add(&name, table->name);
    while ((part = source_take_word(&line)).len) {
        add_part(shape, table, index, part);
        buf_addf(&name, "_" STR_FMT, STR_ARG(part));
    }
    buf_addc(&name, '\0');
    if (!index->count)
        source_fail(source, "an index needs columns; name them behind it");
    if (buf_err(&name))
        source_fail(source, "the index's name is longer than %d; shorten the columns' names",
                    SHAPE_NAME_MAX);
    index->name = name.ptr;
}

static void end_table(struct shape *shape)
{
    if (!shape->count)
        return;
    const struct shape_table *table = &shape->tables[shape->count - 1];
    for (size_t i = 0; i < table->count; i++)
        if (table->columns[i].key)
            return;
    source_fail_at(&shape->source, table->line,
                   STR_FMT " has no key; put the word key behind the column that tells its rows "
                           "apart",
                   STR_ARG(table->name));
}

static void read_inside(struct shape *shape, struct str line)
{
    struct str word = source_take_word(&line);
    if (!shape->count)
        source_fail(&shape->source, "a column stands before any table; name one at the margin");
    struct shape_table *table = &shape->tables[shape->count - 1];
    bool unique = str_equal(word, STR("unique"));
    if (unique || str_equal(word, STR("index")))
        read_index(shape, table, unique, line);
    else
        read_column(shape, table, word, line);
}

/* The file's opening comment is what the documentation says of the room. */
static void read_opening(struct shape *shape, struct buf *words, struct str line)
{
    struct str text = str_trim(str_slice(str_trim(line), 1, line.len));
    if (shape->count || !text.len)
        return;
    if (words->len)
        buf_addc(words, '\n');
    buf_add(words, text);
}

struct shape *shape_read(struct arena *arena, const char *room, const char *path)
{
    struct shape *shape = tool_alloc(arena, 1, sizeof *shape);
    struct buf words;
    struct str line;
    shape->arena = arena;
    shape->room = str_from(room);
    buf_init(&words, arena, TOOL_OUTPUT_MAX);
    source_open(&shape->source, arena, path);
    while (source_next_line(&shape->source, &line)) {
        if (source_is_blank(line)) {
            read_opening(shape, &words, line);
        } else if (line.ptr[0] == ' ') {
            read_inside(shape, line);
        } else {
            end_table(shape);
            read_table(shape, line);
        }
    }
    end_table(shape);
    shape->words = buf_str(&words);
    return shape;
}
