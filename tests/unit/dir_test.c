/* Names as paths of the folder's driver, and its pieces of a file. */
#include <stdio.h>
#include <string.h>

#include "harness/test.h"
#include "ports/objects/dir_inside.h"

static const char *path_of(struct test *t, struct str name)
{
    struct dir_path path = {.file = ""};
    CHECK_ERR(dir_path_make(t->ctx, "objects", name, &path), ERR_OK);
    return path.file;
}

TEST(dir_path_is_the_name_in_safe_letters)
{
    CHECK_TEXT(path_of(t, STR("a/b-c_d.txt")), "objects/a=/b-c_d.txt~");
    CHECK_TEXT(path_of(t, STR("A~=+%/\xc3\xa4 ")), "objects/%41%7E%3D%2B%25=/%C3%A4%20~");
    CHECK_TEXT(path_of(t, STR(".hidden")), "objects/.hidden~");
}

TEST(dir_path_of_a_long_part_goes_on_in_a_folder)
{
    char name[128], expected[160], piece[DIR_PIECE_MAX + 1];
    memset(name, 'x', sizeof name);
    snprintf(piece, sizeof piece, "%.*s", DIR_PIECE_MAX, name);
    snprintf(expected, sizeof expected, "objects/%s+/%.63s~", piece, piece);
    CHECK_TEXT(path_of(t, str_make(name, 127)), expected);
    snprintf(expected, sizeof expected, "objects/%s+/%s+/~", piece, piece);
    CHECK_TEXT(path_of(t, str_make(name, 128)), expected);
}

TEST(dir_path_has_room_for_any_name)
{
    char name[OBJECTS_NAME_MAX];
    memset(name, 'A', sizeof name);
    CHECK(strlen(path_of(t, str_make(name, sizeof name))) < DIR_PATH_MAX);
    for (size_t i = 1; i < sizeof name; i += 2)
        name[i] = '/';
    CHECK(strlen(path_of(t, str_make(name, sizeof name - 1))) < DIR_PATH_MAX);
}

TEST(dir_entries_are_read_as_they_are_written)
{
    static const struct str keys[] = {{"a", 1}, {"", 0}, {"A~", 2}, {"\xff\x01", 2}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char bytes[300], key[DIR_KEY_MAX];
        struct buf out;
        enum dir_kind kind = DIR_MORE;
        size_t len = 0;
        buf_init_fixed(&out, bytes, sizeof bytes);
        dir_entry_write(&out, DIR_OBJECT, keys[i]);
        buf_addc(&out, 0);
        CHECK(dir_entry_read(bytes, &kind, key, &len));
        CHECK_INT(kind, DIR_OBJECT);
        CHECK(str_equal(str_make(key, len), keys[i]));
    }
}

/* What somebody else laid there is nobody's object, and no name has two paths. */
TEST(dir_entries_of_others_are_none)
{
    static const char *const others[] = {"",    "a",    "a ~",        "A~",  "%41",      "%61~",
                                         "%4~", "%4g~", "%4a~",       "~~",  "a/~",      ".",
                                         "..",  "a+",   "lost+found", "a%~", "\xc3\xa4~"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char key[DIR_KEY_MAX];
        enum dir_kind kind;
        size_t len;
        test_note(t, "%s", others[i]);
        CHECK(!dir_entry_read(others[i], &kind, key, &len));
    }
}

TEST(dir_box_opens_what_it_closed_and_nothing_else)
{
    static struct objects_store store = {.keys = {"a key of thirty two bytes, as is"}};
    for (int seals = 0; seals < 2; seals++) {
        struct dir_box box, other;
        char bytes[5 + DIR_TAG] = "bytes", copy[sizeof bytes];
        store.key_count = (size_t)seals;
        store.seals = seals;
        dir_box_init(&box, &store, STR("name"));
        dir_box_init(&other, &store, STR("name"));
        dir_box_close(&box, 7, bytes, 5);
        memcpy(copy, bytes, sizeof bytes);
        CHECK((memcmp(bytes, "bytes", 5) != 0) == seals);
        CHECK(!dir_box_open(&box, 8, copy, 5));
        memcpy(copy, bytes, sizeof bytes);
        CHECK(!dir_box_open(&other, 7, copy, 5));
        CHECK(dir_box_open(&box, 7, bytes, 5));
        CHECK(memcmp(bytes, "bytes", 5) == 0);
    }
}
