/* Objects in a folder: the contract, with and without versions and sealing, and what damages it. */
#include "ports/objects/objects.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/power.h"
#include "harness/process.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "ports/objects_contract.h"

enum { URL_MAX = 512, CUTS_MAX = 200, SEEDS = 3, THREADS = 8, ROUNDS = 20 };

static const unsigned char keys[2][OBJECTS_KEY_BYTES] = {"32 bytes that nobody should know",
                                                         "another key, also of 32 bytes..."};
/* How a store may be opened: without keys, with the first, with both, and with another alone. */
static const struct objects_options open_store,
    sealed = {.seal_keys = keys, .seal_key_count = 1},
    resealed = {.seal_keys = keys, .seal_key_count = 2},
    other = {.seal_keys = &keys[1], .seal_key_count = 1};

struct place {
    const char *folder;
    char url[URL_MAX];
    struct objects *objects;
};

static void place_begin(struct test *t, const char *name, const char *options, struct place *place)
{
    place->folder = test_folder(t, name);
    snprintf(place->url, sizeof place->url, "dir:%s/store%s", place->folder, options);
}

static enum err place_reopen(struct test *t, struct place *place, const struct objects_options *how)
{
    struct objects_options options = *how;
    options.url = str_from(place->url);
    return objects_open(t->ctx, &options, &place->objects);
}

static void place_open(struct test *t, const char *name, const char *options,
                       const struct objects_options *how, struct place *place)
{
    place_begin(t, name, options, place);
    REQUIRE(place_reopen(t, place, how) == ERR_OK);
}

TEST(dir_is_looked_at_without_being_made)
{
    static const struct objects_options looks = {.only_looks = true};
    struct place place;
    place_begin(t, "dir/looks", "", &place);
    CHECK_ERR(place_reopen(t, &place, &looks), ERR_MISSING);
    CHECK_ERR(place_reopen(t, &place, &looks), ERR_MISSING);
    REQUIRE(place_reopen(t, &place, &open_store) == ERR_OK);
    CHECK_ERR(objects_reach(place.objects, t->ctx), ERR_OK);
    objects_close(place.objects);
    REQUIRE(place_reopen(t, &place, &looks) == ERR_OK);
    CHECK_ERR(objects_reach(place.objects, t->ctx), ERR_OK);
    objects_close(place.objects);
    snprintf(place.url, sizeof place.url, "dir:/dev/null");
    CHECK_ERR(place_reopen(t, &place, &looks), ERR_IO);
}

static const char *path_in(struct test *t, const struct place *place, const char *name)
{
    const char *path = NULL;
    struct buf text;
    buf_init(&text, t->arena, URL_MAX);
    buf_addf(&text, "%s/store/%s", place->folder, name);
    REQUIRE(str_cstr(t->arena, buf_str(&text), &path) == ERR_OK);
    return path;
}

static enum err put(struct test *t, struct objects *objects, const char *name, struct str bytes)
{
    return objects_put(objects, t->ctx, str_from(name), &(struct objects_put){.type = {0}},
                       &(struct objects_body){.bytes = bytes}, NULL);
}

static void run_contract(struct test *t, const char *name, const char *options,
                         const struct objects_options *how)
{
    struct place place;
    struct objects_store_traits traits = {.keeps_versions = strstr(options, "versions") != NULL,
                                          .takes_any_name = true,
                                          .part_bytes = 100000};
    place_open(t, name, options, how, &place);
    objects_contract(t, place.objects, &traits);
    objects_close(place.objects);
}

TEST(objects_dir_keeps_the_contract)
{
    run_contract(t, "ports/objects/plain", "", &open_store);
}

TEST(objects_dir_keeps_the_contract_with_versions)
{
    run_contract(t, "ports/objects/versions", "?versions=yes", &open_store);
}

TEST(objects_dir_keeps_the_contract_sealed)
{
    run_contract(t, "ports/objects/sealed", "?versions=yes", &sealed);
}

TEST(objects_dir_keeps_the_contract_open_beside_sealed)
{
    run_contract(t, "ports/objects/unsealed", "?sealed=no", &sealed);
}

TEST(objects_urls_that_cannot_be_are_refused)
{
    static const char *const urls[] = {"",
                                       "dir",
                                       "dir:",
                                       "dir:?sealed=no",
                                       "dir:x?",
                                       "dir:x?versions=no",
                                       "dir:x?sealed=no&sealed=no",
                                       "ftp:x"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct objects_options options = {.url = str_from(urls[i])};
        struct objects *objects;
        CHECK_ERR(objects_open(t->ctx, &options, &objects), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "OBJECTS_URL");
    }
}

/* Each byte of the file turned, and each length cut: found at the latest when it is read. */
static void damage_everywhere(struct test *t, const struct objects_options *how, const char *folder)
{
    struct place place;
    struct str bytes;
    char file[2048];
    place_open(t, folder, "", how, &place);
    CHECK_ERR(put(t, place.objects, "d", STR("some bytes that are to stay")), ERR_OK);
    const char *path = path_in(t, &place, "objects/d~");
    int fd = open(path, O_RDWR | O_CLOEXEC);
    ssize_t size = pread(fd, file, sizeof file, 0);
    REQUIRE(size > 100 && size < (ssize_t)sizeof file);
    for (ssize_t i = 0; i < size; i++) {
        char turned = (char)(file[i] ^ 1);
        bool counts = i < 9 || (i >= 12 && i < 48) || i >= 64; /* the rest of the preamble is 0 */
        test_note(t, "byte %zd", i);
        CHECK(pwrite(fd, &turned, 1, i) == 1);
        enum err err = objects_get_bytes(place.objects, t->ctx, STR("d"), 100, &bytes);
        CHECK_ERR(err, counts ? ERR_IO : ERR_OK);
        CHECK(pwrite(fd, &file[i], 1, i) == 1);
    }
    for (ssize_t i = 0; i < size; i++) {
        CHECK(ftruncate(fd, i) == 0);
        CHECK_ERR(objects_get_bytes(place.objects, t->ctx, STR("d"), 100, &bytes), ERR_IO);
        CHECK(pwrite(fd, file, (size_t)size, 0) == size);
    }
    CHECK(pwrite(fd, "more", 4, size) == 4);
    CHECK_ERR(objects_get_bytes(place.objects, t->ctx, STR("d"), 100, &bytes), ERR_IO);
    CHECK_TEXT(t->ctx->err.user, "This file is damaged and cannot be read.");
    close(fd);
    objects_close(place.objects);
}

TEST(objects_dir_finds_damage)
{
    damage_everywhere(t, &open_store, "ports/objects/damage");
    damage_everywhere(t, &sealed, "ports/objects/damage_sealed");
}

static void check_bad(struct test *t, struct objects *objects, const char *name, int64_t most)
{
    struct sample_bytes seen = {.next = 0};
    CHECK_ERR(objects_get(objects, t->ctx, str_from(name), NULL, sample_check, &seen, NULL),
              ERR_IO);
    CHECK_INT(seen.wrong, 0);
    CHECK(seen.next <= most);
}

static void move_piece(const char *from, const char *to, off_t from_at, off_t to_at)
{
    static char piece[65536 + 16];
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CLOEXEC);
    if (pread(in, piece, sizeof piece, from_at) == sizeof piece)
        (void)!pwrite(out, piece, sizeof piece, to_at);
    close(in);
    close(out);
}

/* Pieces put in another order, taken from another object, and one object in place of another; what
 * stands before is given, and nothing of what is wrong. */
static void swap_pieces(struct test *t, const struct objects_options *how, const char *folder)
{
    static const char *const names[] = {"one", "two", "three"};
    struct place place;
    struct stat about;
    place_open(t, folder, "", how, &place);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct sample_bytes sample = {.size = 3 * 65536};
        CHECK_ERR(objects_put(place.objects, t->ctx, str_from(names[i]),
                              &(struct objects_put){.type = {0}},
                              &(struct objects_body){.read = sample_read, .arg = &sample}, NULL),
                  ERR_OK);
    }
    const char *one = path_in(t, &place, "objects/one~"), *two = path_in(t, &place, "objects/two~");
    REQUIRE(stat(one, &about) == 0);
    off_t head = about.st_size - 3 * (off_t)(65536 + 16);
    move_piece(one, two, head + 65536 + 16, head + 65536 + 16);
    check_bad(t, place.objects, "two", 65536);
    move_piece(one, one, head + 65536 + 16, head + 2 * (off_t)(65536 + 16));
    check_bad(t, place.objects, "one", 2 * 65536);
    CHECK(rename(path_in(t, &place, "objects/three~"), one) == 0);
    check_bad(t, place.objects, "one", 0);
    objects_close(place.objects);
}

TEST(objects_dir_finds_pieces_that_were_moved)
{
    swap_pieces(t, &open_store, "ports/objects/moved");
    swap_pieces(t, &sealed, "ports/objects/moved_sealed");
}

TEST(objects_dir_one_that_is_damaged_hides_no_other)
{
    struct place place;
    struct objects_page page = {0};
    place_open(t, "ports/objects/hides", "?versions=yes", &open_store, &place);
    CHECK_ERR(put(t, place.objects, "a", STR("1")), ERR_OK);
    CHECK_ERR(put(t, place.objects, "b", STR("2")), ERR_OK);
    CHECK(truncate(path_in(t, &place, "objects/a~"), 20) == 0);
    CHECK_ERR(objects_list(place.objects, t->ctx, &(struct objects_query){.limit = 10}, &page),
              ERR_OK);
    CHECK_INT(page.count, 2);
    CHECK(page.count == 2 && page.items[0].is_bad && !page.items[1].is_bad);
    CHECK_ERR(put(t, place.objects, "a", STR("3")), ERR_OK); /* mended by what is put */
    CHECK_ERR(objects_versions(place.objects, t->ctx, STR("a"), &page), ERR_OK);
    CHECK_INT(page.count, 2);
    CHECK(page.count == 2 && !page.items[0].is_bad && page.items[1].is_bad);
    objects_close(place.objects);
}

TEST(objects_dir_sealed_is_read_with_its_key_alone)
{
    struct place place;
    struct str bytes = {0};
    char file[1024];
    place_open(t, "ports/objects/keys", "", &sealed, &place);
    CHECK_ERR(put(t, place.objects, "s", STR("nobody reads this")), ERR_OK);
    objects_close(place.objects);
    int fd = open(path_in(t, &place, "objects/s~"), O_RDONLY | O_CLOEXEC);
    ssize_t size = read(fd, file, sizeof file);
    close(fd);
    REQUIRE(size > 0);
    CHECK(!memmem(file, (size_t)size, "nobody", 6));
    CHECK(!memmem(file, (size_t)size, "octet-stream", 12));
    const struct objects_options *const wrong[] = {&other, &open_store};
    for (size_t i = 0; i < 2; i++) {
        REQUIRE(place_reopen(t, &place, wrong[i]) == ERR_OK);
        CHECK_ERR(objects_get_bytes(place.objects, t->ctx, STR("s"), 100, &bytes), ERR_IO);
        CHECK_ERR(put(t, place.objects, "p", STR("put in its place")), ERR_OK);
        objects_close(place.objects);
    }
    REQUIRE(place_reopen(t, &place, &resealed) == ERR_OK);
    CHECK_ERR(objects_get_bytes(place.objects, t->ctx, STR("s"), 100, &bytes), ERR_OK);
    CHECK_STR(bytes, "nobody reads this");
    CHECK_ERR(objects_get_bytes(place.objects, t->ctx, STR("p"), 100, &bytes), ERR_IO);
    objects_close(place.objects);
}

/* What was sealed before is still read where nothing is sealed any more, and not the other way. */
TEST(objects_dir_that_seals_no_more_reads_both)
{
    struct place place;
    struct str bytes = {0};
    place_open(t, "ports/objects/both", "", &sealed, &place);
    CHECK_ERR(put(t, place.objects, "s", STR("sealed")), ERR_OK);
    objects_close(place.objects);
    size_t len = strlen(place.url);
    snprintf(place.url + len, sizeof place.url - len, "?versions=yes&sealed=no");
    REQUIRE(place_reopen(t, &place, &sealed) == ERR_OK);
    CHECK_ERR(put(t, place.objects, "o", STR("open")), ERR_OK);
    CHECK_ERR(objects_get_bytes(place.objects, t->ctx, STR("s"), 100, &bytes), ERR_OK);
    CHECK_STR(bytes, "sealed");
    CHECK_ERR(objects_get_bytes(place.objects, t->ctx, STR("o"), 100, &bytes), ERR_OK);
    CHECK_STR(bytes, "open");
    objects_close(place.objects);
    place.url[len] = 0;
    REQUIRE(place_reopen(t, &place, &sealed) == ERR_OK);
    CHECK_ERR(objects_get_bytes(place.objects, t->ctx, STR("o"), 100, &bytes), ERR_IO);
    objects_close(place.objects);
}

enum { STREAM_BYTES = 3 * (64 << 10) + 5 };

static char stream_byte(int64_t at)
{
    return (char)(at % 251);
}

/* The bytes of a piece are those of its place: how many, or 0. */
static int64_t right_piece(struct test *t, const struct objects_piece *piece, int64_t from)
{
    static char bytes[STREAM_BYTES];
    struct str seen = piece->bytes;
    if (!seen.ptr) {
        REQUIRE(piece->len <= sizeof bytes);
        seen = str_make(bytes, piece->len);
        REQUIRE(pread(piece->fd, bytes, piece->len, piece->at) == (ssize_t)piece->len);
    }
    for (size_t i = 0; i < seen.len; i++)
        if (seen.ptr[i] != stream_byte(from + (int64_t)i))
            return 0;
    return (int64_t)seen.len;
}

static void read_pieces(struct test *t, struct objects_reader *reader, int64_t from, int64_t size)
{
    struct objects_piece piece;
    while (from < size) {
        test_note(t, "from %lld", (long long)from);
        REQUIRE(objects_read(reader, t->ctx, from, &piece) == ERR_OK);
        int64_t right = right_piece(t, &piece, from);
        REQUIRE(right > 0);
        from += right;
    }
    CHECK_INT(from, size);
}

/* Whatever happens to the name meanwhile, and from anywhere. */
static void stream_one(struct test *t, const struct objects_options *how, const char *folder,
                       size_t size)
{
    static char bytes[STREAM_BYTES];
    struct place place;
    struct objects_reader *reader;
    struct objects_info info;
    for (size_t i = 0; i < size; i++)
        bytes[i] = stream_byte((int64_t)i);
    place_open(t, folder, "", how, &place);
    CHECK_ERR(objects_reader_open(place.objects, t->ctx, STR("r"), &info, &reader), ERR_MISSING);
    CHECK_ERR(put(t, place.objects, "r", str_make(bytes, size)), ERR_OK);
    REQUIRE(objects_reader_open(place.objects, t->ctx, STR("r"), &info, &reader) == ERR_OK);
    CHECK_INT(info.size, size);
    CHECK_ERR(put(t, place.objects, "r", STR("another")), ERR_OK);
    CHECK_ERR(objects_delete(place.objects, t->ctx, STR("r")), ERR_OK);
    for (int64_t from = 0; from < (int64_t)size; from += 1 + (int64_t)size / 7)
        read_pieces(t, reader, from, (int64_t)size);
    objects_reader_close(reader);
    objects_close(place.objects);
}

TEST(objects_dir_is_read_in_pieces)
{
    static const size_t sizes[] = {1, 4096, 64 << 10, (64 << 10) + 1, STREAM_BYTES};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        stream_one(t, &open_store, "ports/objects/pieces", sizes[i]);
        stream_one(t, &sealed, "ports/objects/pieces-sealed", sizes[i]);
    }
}

static void check_stream(struct test *t, struct objects *objects, enum err expected,
                         struct str expected_bytes)
{
    struct objects_reader *reader;
    struct objects_info info;
    struct objects_piece piece = {.fd = -1};
    enum err err = objects_reader_open(objects, t->ctx, STR("h"), &info, &reader);
    CHECK_ERR(err, expected);
    if (err)
        return;
    CHECK_STR(info.type, "application/octet-stream");
    CHECK_STR(info.name, "h");
    CHECK_ERR(objects_read(reader, t->ctx, 0, &piece), ERR_OK);
    CHECK(str_equal(piece.bytes, expected_bytes));
    CHECK_ERR(objects_read(reader, t->ctx, 1, &piece), ERR_OK); /* of the file by now */
    CHECK(str_equal(piece.bytes, str_slice(expected_bytes, 1, expected_bytes.len)));
    objects_reader_close(reader);
}

/* What is asked for often is kept, and never longer than it is there: another process has a store
 * of its own on the folder. The clock is so far ahead that all files are old. */
static void keep_and_change(struct test *t, const char *folder, const char *options)
{
    struct place place, other_process;
    struct str versions[] = {STR("first"), STR("second"), STR("third")};
    place_open(t, folder, options, &sealed, &place);
    other_process = place;
    REQUIRE(place_reopen(t, &other_process, &sealed) == ERR_OK);
    fake_clock_turn(&t->clock, 100 * 365 * DAY_US);
    check_stream(t, place.objects, ERR_MISSING, STR(""));
    for (size_t i = 0; i < 3; i++) {
        CHECK_ERR(put(t, i % 2 ? place.objects : other_process.objects, "h", versions[i]), ERR_OK);
        for (int again = 0; again < 3; again++)
            check_stream(t, place.objects, ERR_OK, versions[i]);
    }
    CHECK_ERR(objects_delete(other_process.objects, t->ctx, STR("h")), ERR_OK);
    check_stream(t, place.objects, ERR_MISSING, STR(""));
    objects_close(place.objects);
    objects_close(other_process.objects);
}

TEST(objects_dir_keeps_what_is_asked_for_often)
{
    keep_and_change(t, "ports/objects/hot", "");
    keep_and_change(t, "ports/objects/hot-versions", "?versions=yes");
}

/* What would wait is said to; what is in memory comes at once. */
TEST(objects_dir_does_not_wait_where_it_must_not)
{
    static char large[STREAM_BYTES];
    struct place place;
    struct objects_reader *reader;
    struct objects_info info;
    place_open(t, "ports/objects/quick", "", &sealed, &place);
    CHECK_ERR(put(t, place.objects, "large", str_make(large, sizeof large)), ERR_OK);
    CHECK_ERR(put(t, place.objects, "h", STR("small")), ERR_OK);
    t->ctx->never_waits = true;
    CHECK_ERR(objects_reader_open(place.objects, t->ctx, STR("large"), &info, &reader), ERR_BUSY);
    enum err err = objects_reader_open(place.objects, t->ctx, STR("h"), &info, &reader);
    CHECK(err == ERR_OK || err == ERR_BUSY); /* not every system tells */
    if (!err)
        objects_reader_close(reader);
    t->ctx->never_waits = false;
    objects_close(place.objects);
}

/* A piece that was changed is not given, and those before it are. */
TEST(objects_dir_finds_damage_in_pieces)
{
    static char bytes[STREAM_BYTES];
    struct place place;
    struct objects_reader *reader;
    struct objects_info info;
    struct objects_piece piece;
    place_open(t, "ports/objects/damaged", "", &sealed, &place);
    CHECK_ERR(put(t, place.objects, "d", str_make(bytes, sizeof bytes)), ERR_OK);
    int fd = open(path_in(t, &place, "objects/d~"), O_WRONLY | O_CLOEXEC);
    REQUIRE(fd >= 0 && pwrite(fd, "x", 1, 100000) == 1);
    close(fd);
    REQUIRE(objects_reader_open(place.objects, t->ctx, STR("d"), &info, &reader) == ERR_OK);
    CHECK_ERR(objects_read(reader, t->ctx, 0, &piece), ERR_OK);
    CHECK_ERR(objects_read(reader, t->ctx, 70000, &piece), ERR_IO);
    CHECK_ERR(objects_read(reader, t->ctx, 2 * (64 << 10), &piece), ERR_OK);
    objects_reader_close(reader);
    objects_close(place.objects);
}

/* Good for its use, its name and its time, and unchanged. */
TEST(objects_dir_links_are_for_one_thing_and_a_time)
{
    struct place place;
    struct objects_options options = {.link_key = keys[0],
                                      .link_base = STR("https://shop.example/files/")};
    struct str url = {0}, name = STR("a/b \xc3\xa4"), path;
    place_open(t, "ports/objects/links", "", &options, &place);
    CHECK_ERR(objects_link(place.objects, t->ctx, OBJECTS_LINK_GET, name, 60, &url), ERR_OK);
    CHECK(str_starts(url, STR("https://shop.example/files/a/b%20%C3%A4?until=")));
    str_cut(&url, '?', &path);
    struct objects *objects = place.objects;
    CHECK_ERR(objects_link_check(objects, t->ctx, OBJECTS_LINK_GET, name, url), ERR_OK);
    CHECK_ERR(objects_link_check(objects, t->ctx, OBJECTS_LINK_PUT, name, url), ERR_FORBIDDEN);
    CHECK_ERR(objects_link_check(objects, t->ctx, OBJECTS_LINK_GET, STR("a/b"), url),
              ERR_FORBIDDEN);
    for (size_t i = 0; i < url.len; i++) {
        char turned[URL_MAX];
        memcpy(turned, url.ptr, url.len);
        turned[i] ^= 1;
        CHECK_ERR(
            objects_link_check(objects, t->ctx, OBJECTS_LINK_GET, name, str_make(turned, url.len)),
            ERR_FORBIDDEN);
        CHECK_ERR(objects_link_check(objects, t->ctx, OBJECTS_LINK_GET, name, str_make(url.ptr, i)),
                  ERR_FORBIDDEN);
    }
    fake_clock_turn(&t->clock, 59 * SECOND_US);
    CHECK_ERR(objects_link_check(objects, t->ctx, OBJECTS_LINK_GET, name, url), ERR_OK);
    fake_clock_turn(&t->clock, SECOND_US);
    CHECK_ERR(objects_link_check(objects, t->ctx, OBJECTS_LINK_GET, name, url), ERR_FORBIDDEN);
    CHECK_ERR(objects_link(objects, t->ctx, OBJECTS_LINK_GET, name, 0, &url), ERR_INPUT);
    CHECK_ERR(objects_link(objects, t->ctx, OBJECTS_LINK_GET, name, OBJECTS_LINK_MAX_S + 1, &url),
              ERR_INPUT);
    objects_close(objects);
    REQUIRE(place_reopen(t, &place, &open_store) == ERR_OK);
    CHECK_ERR(objects_link(place.objects, t->ctx, OBJECTS_LINK_GET, name, 60, &url), ERR_CONFLICT);
    objects_close(place.objects);
}

static int count_entries(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count - 2;
}

static void make_file(const char *path)
{
    close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

/* What a process that was killed left goes; what one that lives writes stays. */
TEST(objects_dir_sweeps_what_is_left_over)
{
    struct place place, second;
    struct str upload;
    place_open(t, "ports/objects/sweep", "", &open_store, &place);
    CHECK(mkdir(path_in(t, &place, "tmp/tmp_dead"), 0700) == 0);
    make_file(path_in(t, &place, "tmp/tmp_dead/1"));
    make_file(path_in(t, &place, "tmp/tmp_dead/2"));
    CHECK_ERR(
        objects_begin(place.objects, t->ctx, STR("u"), &(struct objects_put){.type = {0}}, &upload),
        ERR_OK);
    second = place;
    REQUIRE(place_reopen(t, &second, &open_store) == ERR_OK);
    CHECK_INT(count_entries(path_in(t, &place, "tmp")), 2);
    CHECK_INT(count_entries(path_in(t, &place, "parts")), 1);
    CHECK_ERR(put(t, place.objects, "still", STR("works")), ERR_OK);
    objects_close(second.objects);
    struct buf name;
    buf_init(&name, t->arena, URL_MAX);
    buf_addf(&name, "parts/" STR_FMT "%c", STR_ARG(upload), 0);
    const char *folder = path_in(t, &place, name.ptr);
    struct timespec long_ago[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    CHECK(utimensat(AT_FDCWD, folder, long_ago, 0) == 0);
    REQUIRE(place_reopen(t, &second, &open_store) == ERR_OK);
    CHECK_INT(count_entries(path_in(t, &place, "parts")), 0);
    objects_close(second.objects);
    objects_close(place.objects);
    CHECK_INT(count_entries(path_in(t, &place, "tmp")), 0);
}

TEST(objects_dir_folders_that_were_removed_are_made_again)
{
    struct place place;
    struct str bytes = {0};
    place_open(t, "ports/objects/removed", "", &open_store, &place);
    CHECK_ERR(put(t, place.objects, "a/b", STR("1")), ERR_OK);
    CHECK_ERR(objects_delete(place.objects, t->ctx, STR("a/b")), ERR_OK);
    CHECK(rmdir(path_in(t, &place, "objects/a=")) == 0);
    CHECK_ERR(put(t, place.objects, "a/b", STR("2")), ERR_OK);
    CHECK_ERR(objects_get_bytes(place.objects, t->ctx, STR("a/b"), 100, &bytes), ERR_OK);
    CHECK_STR(bytes, "2");
    objects_close(place.objects);
}

/* Every system call and every allocation fails once, in everything that is done to objects: each
 * time in a store of its own. */
struct fresh {
    const char *folder;
    int runs;
};

static enum err read_one(struct objects *objects, struct ctx *ctx, struct str name)
{
    struct objects_reader *reader;
    struct objects_info info;
    struct objects_piece piece;
    TRY(objects_reader_open(objects, ctx, name, &info, &reader));
    enum err err = objects_read(reader, ctx, 0, &piece);
    objects_reader_close(reader);
    return err;
}

static enum err use_all(struct test *t, void *arg)
{
    struct fresh *fresh = arg;
    struct objects *objects;
    char url[URL_MAX];
    snprintf(url, sizeof url, "dir:%s/store%d?versions=yes", fresh->folder, fresh->runs++);
    struct objects_options options = {.url = str_from(url)};
    struct str bytes = {0}, upload, etag;
    struct objects_page page;
    struct objects_put plain = {.type = {0}};
    struct objects_body body = {.bytes = STR("new")};
    TRY(objects_open(t->ctx, &options, &objects));
    enum err err = put(t, objects, "t/a", STR("old"));
    if (!err)
        err = put(t, objects, "t/a", STR("new"));
    enum err read_err = objects_get_bytes(objects, t->ctx, STR("t/a"), 100, &bytes);
    if (!err && !read_err)
        CHECK_STR(bytes, "new");
    CHECK(read_err || str_equal(bytes, STR("old")) || str_equal(bytes, STR("new")));
    err = err ? err : read_err;
    err = err ? err : read_one(objects, t->ctx, STR("t/a"));
    err = err ? err : objects_list(objects, t->ctx, &(struct objects_query){.limit = 5}, &page);
    err = err ? err : objects_versions(objects, t->ctx, STR("t/a"), &page);
    err = err ? err : objects_delete(objects, t->ctx, STR("t/a"));
    err = err ? err : objects_undelete(objects, t->ctx, STR("t/a"));
    err = err ? err : objects_begin(objects, t->ctx, STR("t/p"), &plain, &upload);
    err = err ? err : objects_part(objects, t->ctx, STR("t/p"), upload, 1, &body, &etag);
    if (!err)
        err = objects_complete(objects, t->ctx, STR("t/p"), upload,
                               &(struct objects_part){.number = 1, .etag = etag}, 1, NULL);
    objects_close(objects);
    return err;
}

TEST(objects_dir_each_system_call_may_fail)
{
    struct fresh fresh = {.folder = test_folder(t, "ports/objects/torture")};
    TORTURE_EVERY(t, TORTURE_SYSTEM, use_all, &fresh);
}

TEST(objects_dir_each_allocation_may_fail)
{
    struct fresh fresh = {.folder = test_folder(t, "ports/objects/memory")};
    TORTURE_EVERY(t, TORTURE_MEMORY, use_all, &fresh);
}

/* One of several threads that put into one folder, and over each other. */
struct putter {
    struct objects *objects;
    struct ctx ctx;
    struct arena arena;
    struct clock clock;
    int number, wrong;
};

static void put_and_look(struct putter *putter, const char *name, int64_t size)
{
    struct ctx *ctx = &putter->ctx;
    struct objects_put plain = {.type = {0}};
    struct sample_bytes sample = {.size = size}, seen = {.next = 0};
    struct objects_body body = {.read = sample_read, .arg = &sample};
    putter->wrong += objects_put(putter->objects, ctx, str_from(name), &plain, &body, NULL) !=
                     ERR_OK;
    putter->wrong += objects_get(putter->objects, ctx, str_from(name), NULL, sample_check, &seen,
                                 NULL) != ERR_OK;
    putter->wrong += seen.wrong != 0;
    arena_clear(&putter->arena);
}

static void *run_putter(void *arg)
{
    struct putter *putter = arg;
    char name[64];
    for (int i = 0; i < ROUNDS; i++) {
        snprintf(name, sizeof name, "folder/%d-%d", putter->number, i);
        put_and_look(putter, name, 4096);
        put_and_look(putter, "folder/shared", 1000 * (putter->number + 1));
    }
    return NULL;
}

TEST(objects_dir_threads_share_a_folder)
{
    static struct putter putters[THREADS];
    pthread_t threads[THREADS];
    struct place place;
    struct objects_page page;
    place_open(t, "ports/objects/threads", "?versions=yes", &open_store, &place);
    for (int i = 0; i < THREADS; i++) {
        putters[i] = (struct putter){.objects = place.objects, .number = i};
        putters[i].clock = clock_system();
        arena_init(&putters[i].arena, 16 << 20);
        putters[i].ctx = (struct ctx){
            .arena = &putters[i].arena, .clock = &putters[i].clock, .ids = t->ctx->ids};
        REQUIRE(pthread_create(&threads[i], NULL, run_putter, &putters[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(putters[i].wrong, 0);
        arena_release(&putters[i].arena);
    }
    CHECK_ERR(objects_versions(place.objects, t->ctx, STR("folder/shared"), &page), ERR_OK);
    CHECK_INT(page.count, THREADS * ROUNDS);
    objects_close(place.objects);
}

/* What the program that is cut said is done, up to the last that it said. */
static int said_until(struct str out)
{
    struct str line;
    int last = 0;
    int64_t number;
    while (str_cut(&out, '\n', &line))
        if (!str_to_int(line, 1, 1000, &number))
            last = (int)number;
    return last;
}

/* The writer (samples/object_writer.c) puts, replaces and deletes in rounds; after step n of them
 * each of its objects is as step n left it, or for the step under way as the next leaves it. */
static const char *state_after(int step, int object)
{
    static const char *const states[][3] = {
        {NULL, NULL, NULL},  {"one", NULL, NULL},    {"one", "two", NULL},    {"uno", "two", NULL},
        {"uno", NULL, NULL}, {"uno", NULL, "parts"}, {"uno", "two", "parts"},
    };
    return states[step][object];
}

enum { STEPS = 6, OBJECTS = 3 };

static bool is_state(struct test *t, struct objects *objects, int step)
{
    static const char *const names[OBJECTS] = {"a/one", "a/b/two", "parts"};
    bool same = true;
    for (int i = 0; i < OBJECTS; i++) {
        struct str bytes = {0};
        const char *expected = state_after(step, i);
        enum err err = objects_get_bytes(objects, t->ctx, str_from(names[i]), 100, &bytes);
        same &= expected ? !err && str_equal(bytes, str_from(expected)) : err == ERR_MISSING;
    }
    return same;
}

static void judge(struct test *t, struct place *place, int said, bool honest, int *wrong)
{
    bool well = false;
    enum err err = place_reopen(t, place, &open_store);
    if (!err) {
        well = is_state(t, place->objects, said) ||
               (said < STEPS && is_state(t, place->objects, said + 1));
        objects_close(place->objects);
    }
    *wrong += !well;
    if (honest)
        CHECK(well);
}

/* Returns how many of the restores were wrong. */
static int black_out(struct test *t, const char *name, const char *options, const char *program,
                     bool honest)
{
    struct place place;
    struct process_result result = {.signal = SIGKILL};
    char folder[URL_MAX];
    int wrong = 0, restores = 0;
    snprintf(folder, sizeof folder, "ports/objects/%s/root", name);
    place_begin(t, folder, options, &place);
    snprintf(folder, sizeof folder, "ports/objects/%s/shadow", name);
    struct power_plan plan = {.root = place.folder, .shadow = test_folder(t, folder), .cut = 1};
    const char *argv[] = {test_built(t, program), place.url, NULL};
    for (; result.signal && plan.cut < CUTS_MAX; plan.cut++) {
        struct arena_mark mark = arena_mark(t->arena);
        REQUIRE(folder_clear(plan.root) == ERR_OK);
        REQUIRE(power_run(t, &plan, argv, NULL, &result) == ERR_OK);
        test_note(t, "cut %d: " STR_FMT, (int)plan.cut, STR_ARG(result.err));
        REQUIRE(result.signal == SIGKILL || result.status == 0);
        for (uint64_t seed = 0; seed <= SEEDS; seed++, restores++) {
            enum power_loss loss = seed ? POWER_LOSE_SOME : POWER_LOSE_ALL;
            REQUIRE(power_restore(t, &plan, loss, seed) == ERR_OK);
            judge(t, &place, said_until(result.out), honest, &wrong);
        }
        arena_rewind(t->arena, mark);
    }
    printf("# %s: %d cuts, %d restores, %d wrong\n", name, (int)plan.cut - 2, restores, wrong);
    CHECK(plan.cut > 20 && plan.cut < CUTS_MAX);
    return wrong;
}

TEST(objects_dir_power_lost_at_every_change_loses_nothing)
{
    CHECK_INT(black_out(t, "power", "", "tests/ports/object_writer", true), 0);
}

TEST(objects_dir_power_lost_at_every_change_loses_no_version)
{
    CHECK_INT(black_out(t, "power_versions", "?versions=yes", "tests/ports/object_writer", true),
              0);
}

/* The same without fsync: the proof has to see it. */
TEST(objects_dir_power_lost_without_fsync_is_seen)
{
    CHECK(black_out(t, "power_careless", "", "tests/ports/careless_object_writer", false) > 20);
}
