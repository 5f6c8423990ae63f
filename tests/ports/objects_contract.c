/* The contract of every store of objects. */
#include "ports/objects_contract.h"

#include <stdio.h>
#include <string.h>

struct contract {
    struct test *t;
    struct ctx *ctx;
    struct objects *objects;
    const struct objects_store_traits *traits;
};

static char sample_byte(int64_t at)
{
    return (char)(at * 7 + at / 251 + at / 65536);
}

/* Now and then less than there is room for, as sockets give it. */
enum err sample_read(struct ctx *ctx, void *arg, char *bytes, size_t size, size_t *got)
{
    struct sample_bytes *sample = arg;
    (void)ctx;
    size = size > 10007 ? 10007 : size;
    for (*got = 0; *got < size && sample->next < sample->size; sample->next++)
        bytes[(*got)++] = sample_byte(sample->next);
    return ERR_OK;
}

enum err sample_check(struct ctx *ctx, void *arg, struct str bytes)
{
    struct sample_bytes *sample = arg;
    (void)ctx;
    for (size_t i = 0; i < bytes.len; i++)
        sample->wrong += bytes.ptr[i] != sample_byte(sample->next++);
    return ERR_OK;
}

static enum err put_text(struct contract *on, const char *name, const char *text)
{
    return objects_put(on->objects, on->ctx, str_from(name), &(struct objects_put){.type = {0}},
                       &(struct objects_body){.bytes = str_from(text)}, NULL);
}

static void check_text(struct contract *on, const char *name, const char *text)
{
    struct test *t = on->t;
    struct str bytes = {0};
    test_note(t, "%s", name);
    CHECK_ERR(objects_get_bytes(on->objects, on->ctx, str_from(name), 1 << 20, &bytes), ERR_OK);
    CHECK_STR(bytes, text);
    test_note(t, "%s", "");
}

static void check_missing(struct contract *on, const char *name)
{
    struct test *t = on->t;
    struct objects_info info;
    struct str bytes;
    CHECK_ERR(objects_head(on->objects, on->ctx, str_from(name), &info), ERR_MISSING);
    CHECK_ERR(objects_get_bytes(on->objects, on->ctx, str_from(name), 100, &bytes), ERR_MISSING);
}

static void keeps_what_was_put(struct contract *on)
{
    struct test *t = on->t;
    struct objects_meta meta[] = {{STR("order"), STR("ord_1")}, {STR("made-by"), STR("a person")}};
    struct objects_put put = {STR("text/plain; charset=utf-8"), meta, 2};
    struct objects_body body = {.bytes = STR("first")};
    struct objects_info info, head = {.size = -1};
    struct str name = STR("kept/note.txt"), bytes;
    check_missing(on, "kept/note.txt");
    CHECK_ERR(objects_put(on->objects, on->ctx, name, &put, &body, &info), ERR_OK);
    CHECK_ERR(objects_head(on->objects, on->ctx, name, &head), ERR_OK);
    CHECK_INT(head.size, 5);
    CHECK_STR(head.type, "text/plain; charset=utf-8");
    CHECK(head.etag.len > 0 && str_equal(head.etag, info.etag));
    CHECK_INT(head.meta_count, 2);
    for (size_t i = 0; i < head.meta_count; i++) {
        bool first = str_equal(head.meta[i].name, STR("order"));
        CHECK_STR(head.meta[i].name, first ? "order" : "made-by");
        CHECK_STR(head.meta[i].value, first ? "ord_1" : "a person");
    }
    check_text(on, "kept/note.txt", "first");
    CHECK_ERR(objects_get_bytes(on->objects, on->ctx, name, 4, &bytes), ERR_LIMIT);
    CHECK_ERR(put_text(on, "kept/note.txt", "second"), ERR_OK);
    check_text(on, "kept/note.txt", "second");
    CHECK_ERR(objects_head(on->objects, on->ctx, name, &head), ERR_OK);
    CHECK(!str_equal(head.etag, info.etag));
    CHECK_INT(head.meta_count, 0);
    CHECK_ERR(objects_delete(on->objects, on->ctx, name), ERR_OK);
    CHECK_ERR(objects_delete(on->objects, on->ctx, name), ERR_OK);
    check_missing(on, "kept/note.txt");
}

static void check_range(struct contract *on, int64_t size, int64_t from, int64_t length)
{
    struct test *t = on->t;
    struct sample_bytes seen = {.next = from};
    struct objects_range range = {.from = from, .length = length};
    struct objects_info info = {.size = -1};
    int64_t end = length && length < size - from ? from + length : size;
    test_note(t, "%ld from %ld of %ld", (long)length, (long)from, (long)size);
    CHECK_ERR(objects_get(on->objects, on->ctx, STR("range"), &range, sample_check, &seen, &info),
              ERR_OK);
    CHECK_INT(seen.next, end);
    CHECK_INT(seen.wrong, 0);
    CHECK_INT(info.size, size);
    test_note(t, "%s", "");
}

static void streams_and_gives_ranges(struct contract *on)
{
    static const int64_t sizes[] = {0, 1, 65535, 65536, 65537, 300000};
    struct test *t = on->t;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int64_t size = sizes[i];
        struct sample_bytes sample = {.size = size};
        struct objects_body body = {
            .read = sample_read, .arg = &sample, .sized = i % 2, .size = size};
        CHECK_ERR(objects_put(on->objects, on->ctx, STR("range"),
                              &(struct objects_put){.type = {0}}, &body, NULL),
                  ERR_OK);
        check_range(on, size, 0, 0);
        if (!size)
            continue;
        check_range(on, size, 0, 1);
        check_range(on, size, size - 1, 0);
        check_range(on, size, size / 2, 70000);
        check_range(on, size, size / 3, size);
        struct objects_range beyond = {.from = size};
        struct sample_bytes seen = {.next = 0};
        CHECK_ERR(
            objects_get(on->objects, on->ctx, STR("range"), &beyond, sample_check, &seen, NULL),
            ERR_INPUT);
        CHECK_TEXT(on->ctx->err.field, "range");
    }
}

/* A body that is not as long as it was told is not put. */
static void refuses_a_wrong_size(struct contract *on)
{
    struct test *t = on->t;
    for (int64_t more = -1; more <= 1; more += 2) {
        struct sample_bytes sample = {.size = 1000 + more};
        struct objects_body body = {
            .read = sample_read, .arg = &sample, .sized = true, .size = 1000};
        CHECK_ERR(objects_put(on->objects, on->ctx, STR("wrong"),
                              &(struct objects_put){.type = {0}}, &body, NULL),
                  ERR_INPUT);
        CHECK_TEXT(on->ctx->err.field, "size");
    }
    check_missing(on, "wrong");
}

static enum err fail_midway(struct ctx *ctx, void *arg, char *bytes, size_t size, size_t *got)
{
    struct sample_bytes *sample = arg;
    if (sample->next > 150000)
        return err_fail(&ctx->err, ERR_PEER, "Gone.", "the sender left");
    return sample_read(ctx, arg, bytes, size, got);
}

static void a_body_that_fails_changes_nothing(struct contract *on)
{
    struct test *t = on->t;
    struct sample_bytes sample = {.size = 200000};
    struct objects_body body = {.read = fail_midway, .arg = &sample};
    CHECK_ERR(put_text(on, "stays", "as it was"), ERR_OK);
    CHECK_ERR(objects_put(on->objects, on->ctx, STR("stays"), &(struct objects_put){.type = {0}},
                          &body, NULL),
              ERR_PEER);
    check_text(on, "stays", "as it was");
}

static const char *const odd_names[] = {
    "odd/a b+c%2F&d=e?#.txt",
    "odd/A",
    "odd/a",
    "odd/\xc3\xa4\xc3\x96\xe2\x82\xac",
    "odd/~=+",
    "odd/.hidden",
    "odd/x..y",
    "odd/...",
};

static const char *const any_names[] = {"odd/n", "odd/n/m", "odd/n/m/o", "odd/n-", "odd/n0"};

static void check_names(struct contract *on, const char *const names[], size_t count)
{
    struct test *t = on->t;
    for (size_t i = 0; i < count; i++) {
        test_note(t, "%s", names[i]);
        CHECK_ERR(put_text(on, names[i], names[i]), ERR_OK);
    }
    for (size_t i = 0; i < count; i++)
        check_text(on, names[i], names[i]);
}

/* From 60 bytes to a whole name in one part, and in as many as there can be. */
static void takes_long_names(struct contract *on)
{
    struct test *t = on->t;
    char name[OBJECTS_NAME_MAX + 1];
    for (size_t len = 60; len <= OBJECTS_NAME_MAX; len += len < 70 ? 1 : 159) {
        memset(name, 'L', len);
        name[len] = 0;
        CHECK_ERR(put_text(on, name, "long"), ERR_OK);
        check_text(on, name, "long");
    }
    for (size_t i = 0; i < OBJECTS_NAME_MAX; i++)
        name[i] = i % 2 ? '/' : 'D';
    name[OBJECTS_NAME_MAX - 1] = 0;
    CHECK_ERR(put_text(on, name, "deep"), ERR_OK);
    check_text(on, name, "deep");
    struct objects_query query = {.prefix = STR("D/")};
    struct objects_page page = {0};
    CHECK_ERR(objects_list(on->objects, on->ctx, &query, &page), ERR_OK);
    CHECK_INT(page.count, 1);
    if (page.count == 1)
        CHECK_STR(page.items[0].name, name);
}

static void takes_any_name(struct contract *on)
{
    check_names(on, odd_names, sizeof odd_names / sizeof *odd_names);
    if (!on->traits->takes_any_name)
        return;
    check_names(on, any_names, sizeof any_names / sizeof *any_names);
    takes_long_names(on);
}

static void refuses_names(struct contract *on)
{
    static const char *const bad[] = {"",     "/",     "/a",        "a/",   "a//b",
                                      "..",   "../a",  "a/../b",    ".",    "a/.",
                                      "a\nb", "a\x7f", "a\xc2\x85", "\xff", "\xc0\xaf"};
    struct test *t = on->t;
    char long_name[OBJECTS_NAME_MAX + 2];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        test_note(t, "bad name %zu", i);
        CHECK_ERR(put_text(on, bad[i], "no"), ERR_INPUT);
        CHECK_TEXT(on->ctx->err.field, "name");
    }
    struct str with_nul = str_make("a\0b", 3);
    CHECK_ERR(objects_delete(on->objects, on->ctx, with_nul), ERR_INPUT);
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    CHECK_ERR(put_text(on, long_name, "no"), ERR_INPUT);
}

static void refuses_what_cannot_be_kept(struct contract *on)
{
    struct test *t = on->t;
    static const struct objects_meta bad[] = {{STR("Upper"), STR("x")},
                                              {STR(""), STR("x")},
                                              {STR("a"), STR("")},
                                              {STR("a"), STR(" x")},
                                              {STR("a"), STR("\r\n")}};
    struct objects_body body = {.bytes = STR("x")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct objects_put put = {.meta = &bad[i], .meta_count = 1};
        CHECK_ERR(objects_put(on->objects, on->ctx, STR("n"), &put, &body, NULL), ERR_INPUT);
        CHECK_TEXT(on->ctx->err.field, "meta");
    }
    struct objects_put typed = {.type = STR("a\nb")};
    CHECK_ERR(objects_put(on->objects, on->ctx, STR("n"), &typed, &body, NULL), ERR_INPUT);
    CHECK_TEXT(on->ctx->err.field, "type");
}

/* The whole list as it comes in pages of `limit`, one name a line. */
static struct str list_all(struct contract *on, const char *prefix, bool folders, size_t limit)
{
    struct test *t = on->t;
    struct objects_query query = {.prefix = str_from(prefix), .folders = folders, .limit = limit};
    struct objects_page page = {.more = true};
    struct buf out;
    buf_init(&out, t->arena, 1 << 20);
    for (int i = 0; i < 1000 && page.more; i++) {
        REQUIRE(objects_list(on->objects, on->ctx, &query, &page) == ERR_OK);
        CHECK(page.count <= limit);
        REQUIRE(!page.more || page.count > 0);
        for (size_t n = 0; n < page.count; n++) {
            buf_add(&out, page.items[n].name);
            buf_add(&out, page.items[n].is_folder ? STR(" folder\n") : STR("\n"));
            query.after = page.items[n].name;
        }
    }
    CHECK(!page.more);
    return buf_str(&out);
}

static void lists_in_order(struct contract *on)
{
    struct test *t = on->t;
    static const char *const names[] = {"list/b", "list/a/2", "list/a-", "list/a/1", "list/c/d/e",
                                        "list/B", "list/aa",  "lis",     "lista"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_ERR(put_text(on, names[i], "x"), ERR_OK);
    for (size_t limit = 1; limit < 9; limit++) {
        test_note(t, "pages of %zu", limit);
        CHECK_STR(list_all(on, "list/", false, limit), "list/B\nlist/a-\nlist/a/1\nlist/a/2\n"
                                                       "list/aa\nlist/b\nlist/c/d/e\n");
        CHECK_STR(list_all(on, "list/a", false, limit), "list/a-\nlist/a/1\nlist/a/2\nlist/aa\n");
        CHECK_STR(list_all(on, "list/", true, limit),
                  "list/B\nlist/a-\nlist/a/ folder\nlist/aa\nlist/b\nlist/c/ folder\n");
        CHECK_STR(list_all(on, "list/c", true, limit), "list/c/ folder\n");
        CHECK_STR(list_all(on, "lis", true, limit), "lis\nlist/ folder\nlista\n");
        CHECK_STR(list_all(on, "nothing/", false, limit), "");
    }
    CHECK_ERR(objects_delete(on->objects, on->ctx, STR("list/c/d/e")), ERR_OK);
    if (!on->traits->folders_linger)
        CHECK_STR(list_all(on, "list/c", true, 10), "");
    struct objects_query too_many = {.limit = OBJECTS_PAGE_MAX + 1};
    struct objects_page page;
    CHECK_ERR(objects_list(on->objects, on->ctx, &too_many, &page), ERR_INPUT);
}

static void lists_many(struct contract *on)
{
    struct test *t = on->t;
    struct buf expected;
    char name[64];
    buf_init(&expected, t->arena, 1 << 20);
    for (int i = 0; i < 150; i++) {
        snprintf(name, sizeof name, "many/%03d", i * 37 % 150); /* in no order */
        CHECK_ERR(put_text(on, name, "x"), ERR_OK);
        buf_addf(&expected, "many/%03d\n", i);
    }
    buf_addc(&expected, 0);
    CHECK_STR(list_all(on, "many/", false, 1000), expected.ptr);
    CHECK_STR(list_all(on, "many/", false, 149), expected.ptr);
    CHECK_STR(list_all(on, "many/", false, 7), expected.ptr);
}

static struct objects_page all_versions(struct contract *on, size_t expected)
{
    struct test *t = on->t;
    struct objects_page page = {0};
    CHECK_ERR(objects_versions(on->objects, on->ctx, STR("versions/one"), &page), ERR_OK);
    REQUIRE(page.count == expected);
    return page;
}

static void check_version(struct contract *on, struct str version, const char *text)
{
    struct test *t = on->t;
    struct sample_bytes seen = {.next = 0};
    struct objects_info info = {.size = -1};
    struct objects_range range = {.version = version};
    CHECK_ERR(
        objects_get(on->objects, on->ctx, STR("versions/one"), &range, sample_check, &seen, &info),
        ERR_OK);
    CHECK_INT(info.size, strlen(text));
    CHECK(str_equal(info.version, version));
}

static void keeps_versions(struct contract *on)
{
    struct test *t = on->t;
    struct str name = STR("versions/one");
    CHECK_ERR(put_text(on, "versions/one", "1"), ERR_OK);
    CHECK_ERR(put_text(on, "versions/one", "22"), ERR_OK);
    CHECK_ERR(put_text(on, "versions/one", "333"), ERR_OK);
    struct objects_page page = all_versions(on, 3);
    CHECK(page.items[0].is_latest && !page.items[1].is_latest && !page.items[2].is_latest);
    check_version(on, page.items[0].version, "333");
    check_version(on, page.items[1].version, "22");
    check_version(on, page.items[2].version, "1");
    CHECK_ERR(objects_delete(on->objects, on->ctx, name), ERR_OK);
    check_missing(on, "versions/one");
    CHECK_STR(list_all(on, "versions/", false, 10), "");
    CHECK(!all_versions(on, 3).items[0].is_latest);
    check_version(on, page.items[0].version, "333");
    CHECK_ERR(objects_undelete(on->objects, on->ctx, name), ERR_OK);
    CHECK_ERR(objects_undelete(on->objects, on->ctx, name), ERR_OK);
    check_text(on, "versions/one", "333");
    CHECK(all_versions(on, 3).items[0].is_latest);
    CHECK_ERR(objects_delete_version(on->objects, on->ctx, name, page.items[0].version), ERR_OK);
    check_text(on, "versions/one", "22");
    CHECK_ERR(objects_delete_version(on->objects, on->ctx, name, page.items[2].version), ERR_OK);
    struct objects_range gone = {.version = page.items[2].version};
    struct sample_bytes seen = {.next = 0};
    CHECK_ERR(objects_get(on->objects, on->ctx, name, &gone, sample_check, &seen, NULL),
              ERR_MISSING);
    CHECK_ERR(objects_delete_version(on->objects, on->ctx, name, page.items[1].version), ERR_OK);
    check_missing(on, "versions/one");
    all_versions(on, 0);
    CHECK_ERR(objects_undelete(on->objects, on->ctx, name), ERR_MISSING);
}

static struct str put_part(struct contract *on, struct str upload, int number, int64_t from,
                           int64_t to)
{
    struct test *t = on->t;
    struct sample_bytes sample = {.next = from, .size = to};
    struct objects_body body = {
        .read = sample_read, .arg = &sample, .sized = true, .size = to - from};
    struct str etag = {0};
    CHECK_ERR(objects_part(on->objects, on->ctx, STR("parts/one"), upload, number, &body, &etag),
              ERR_OK);
    CHECK(etag.len > 0);
    return etag;
}

/* In another order, one of them twice. */
static void joins_parts(struct contract *on)
{
    struct test *t = on->t;
    struct objects_put put = {.type = STR("image/png")};
    struct str upload = {0}, name = STR("parts/one");
    struct objects_info info = {.size = -1};
    int64_t each = on->traits->part_bytes, size = 2 * each + 10;
    REQUIRE(objects_begin(on->objects, on->ctx, name, &put, &upload) == ERR_OK);
    struct objects_part parts[3] = {{.number = 2}, {.number = 5}, {.number = 9}};
    parts[2].etag = put_part(on, upload, 9, 2 * each, size);
    put_part(on, upload, 2, 5, 5 + each);
    parts[1].etag = put_part(on, upload, 5, each, 2 * each);
    parts[0].etag = put_part(on, upload, 2, 0, each);
    check_missing(on, "parts/one");
    CHECK_STR(list_all(on, "parts/", false, 10), "");
    struct objects_part wrong[] = {parts[0], {.number = 4, .etag = parts[1].etag}};
    CHECK_ERR(objects_complete(on->objects, on->ctx, name, upload, wrong, 2, NULL), ERR_CONFLICT);
    struct objects_part unordered[] = {parts[1], parts[0]};
    CHECK_ERR(objects_complete(on->objects, on->ctx, name, upload, unordered, 2, NULL), ERR_INPUT);
    CHECK_ERR(objects_complete(on->objects, on->ctx, name, upload, parts, 3, &info), ERR_OK);
    struct sample_bytes seen = {.next = 0};
    CHECK_ERR(objects_get(on->objects, on->ctx, name, NULL, sample_check, &seen, &info), ERR_OK);
    CHECK_INT(seen.next, size);
    CHECK_INT(seen.wrong, 0);
    CHECK_STR(info.type, "image/png");
    enum err again = objects_complete(on->objects, on->ctx, name, upload, parts, 3, NULL);
    CHECK(again == ERR_MISSING || !again); /* some stores know what was done */
}

static void gives_parts_up(struct contract *on)
{
    struct test *t = on->t;
    struct str upload = {0}, etag, name = STR("parts/two");
    struct objects_put put = {.type = STR("image/png")};
    struct objects_body body = {.bytes = STR("x")};
    REQUIRE(objects_begin(on->objects, on->ctx, name, &put, &upload) == ERR_OK);
    CHECK_ERR(objects_part(on->objects, on->ctx, name, upload, 1, &body, &etag), ERR_OK);
    CHECK_ERR(objects_part(on->objects, on->ctx, name, upload, 0, &body, &etag), ERR_INPUT);
    CHECK_ERR(objects_part(on->objects, on->ctx, name, upload, OBJECTS_PARTS_MAX + 1, &body, &etag),
              ERR_INPUT);
    CHECK_ERR(objects_abort(on->objects, on->ctx, name, upload), ERR_OK);
    CHECK_ERR(objects_part(on->objects, on->ctx, name, upload, 1, &body, &etag), ERR_MISSING);
    CHECK_ERR(objects_abort(on->objects, on->ctx, name, upload), ERR_MISSING);
    CHECK_ERR(objects_abort(on->objects, on->ctx, name, STR("../../objects")), ERR_MISSING);
    check_missing(on, "parts/two");
}

void objects_contract(struct test *t, struct objects *objects,
                      const struct objects_store_traits *traits)
{
    CHECK_ERR(objects_reach(objects, t->ctx), ERR_OK);
    struct contract on = {t, t->ctx, objects, traits};
    keeps_what_was_put(&on);
    streams_and_gives_ranges(&on);
    refuses_a_wrong_size(&on);
    a_body_that_fails_changes_nothing(&on);
    takes_any_name(&on);
    refuses_names(&on);
    refuses_what_cannot_be_kept(&on);
    lists_in_order(&on);
    lists_many(&on);
    if (traits->keeps_versions)
        keeps_versions(&on);
    joins_parts(&on);
    gives_parts_up(&on);
}
