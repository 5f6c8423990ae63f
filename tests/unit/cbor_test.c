/* Tests the CBOR reader: what is read, and all that is refused. */
#include "guard/cbor.h"

#include "base/buf.h"

#include "harness/test.h"
#include "harness/torture.h"

/* A text of bytes with NULs in it. */
#define BYTES(literal) str_make("" literal, sizeof(literal) - 1)

static enum err read_all(struct test *t, struct str bytes, struct cbor **root)
{
    struct str rest = bytes;
    enum err err = cbor_read(t->ctx, &rest, root);
    return err ? err : rest.len ? ERR_INPUT : ERR_OK;
}

TEST(cbor_reads_numbers)
{
    const struct {
        struct str bytes;
        int64_t number;
    } rows[] = {
        {BYTES("\x00"), 0},
        {BYTES("\x17"), 23},
        {BYTES("\x18\x18"), 24},
        {BYTES("\x18\xff"), 255},
        {BYTES("\x19\x01\x00"), 256},
        {BYTES("\x1a\x00\x01\x00\x00"), 65536},
        {BYTES("\x1b\x00\x00\x00\x01\x00\x00\x00\x00"), INT64_C(4294967296)},
        {BYTES("\x1b\x7f\xff\xff\xff\xff\xff\xff\xff"), INT64_MAX},
        {BYTES("\x20"), -1},
        {BYTES("\x39\x01\x00"), -257},
        {BYTES("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff"), INT64_MIN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cbor *root = NULL;
        int64_t number = 7;
        CHECK_ERR(read_all(t, rows[i].bytes, &root), ERR_OK);
        CHECK_ERR(cbor_int(root, &number), ERR_OK);
        CHECK_INT(number, rows[i].number);
    }
}

TEST(cbor_reads_a_tree)
{
    struct str text = BYTES("\xa4\x01\x02\x20\x43"
                            "abc"
                            "\x63"
                            "fmt"
                            "\x64"
                            "none"
                            "\x61"
                            "l"
                            "\x83\xf4\xf5\xf6"),
               rest = text, bytes;
    struct cbor *root;
    int64_t number;
    REQUIRE(cbor_read(t->ctx, &rest, &root) == ERR_OK);
    CHECK_INT(rest.len, 0);
    CHECK_INT(root->count, 4);
    CHECK_ERR(cbor_int(cbor_at(root, 1), &number), ERR_OK);
    CHECK_INT(number, 2);
    CHECK_ERR(cbor_bytes(cbor_at(root, -1), &bytes), ERR_OK);
    CHECK_STR(bytes, "abc");
    CHECK_ERR(cbor_text(cbor_get(root, "fmt"), &bytes), ERR_OK);
    CHECK_STR(bytes, "none");
    const struct cbor *list = cbor_get(root, "l");
    REQUIRE(list && list->count == 3);
    CHECK_INT(list->first->kind, CBOR_FALSE);
    CHECK_INT(list->first->next->kind, CBOR_TRUE);
    CHECK_INT(list->first->next->next->kind, CBOR_NULL);
}

TEST(cbor_values_are_asked_for_by_kind)
{
    struct cbor *root;
    struct str bytes;
    int64_t number;
    REQUIRE(read_all(t, BYTES("\xa1\x01\x41x"), &root) == ERR_OK);
    CHECK(!cbor_at(root, 2) && !cbor_get(root, "x") && !cbor_at(NULL, 1));
    CHECK(!cbor_at(cbor_at(root, 1), 1));
    CHECK_ERR(cbor_int(cbor_at(root, 1), &number), ERR_INPUT);
    CHECK_ERR(cbor_text(cbor_at(root, 1), &bytes), ERR_INPUT);
    CHECK_ERR(cbor_bytes(root, &bytes), ERR_INPUT);
    CHECK_ERR(cbor_bytes(NULL, &bytes), ERR_INPUT);
    CHECK_ERR(cbor_int(NULL, &number), ERR_INPUT);
}

TEST(cbor_leaves_what_follows)
{
    struct str rest = BYTES("\x01\x02");
    struct cbor *root;
    CHECK_ERR(cbor_read(t->ctx, &rest, &root), ERR_OK);
    CHECK_STR(rest, "\x02");
}

TEST(cbor_refuses_what_is_not_the_one_spelling)
{
    const struct {
        const char *what;
        struct str bytes;
        enum err err;
    } rows[] = {
        {"nothing", BYTES(""), ERR_INPUT},
        {"a number without its byte", BYTES("\x18"), ERR_INPUT},
        {"a number without its eighth byte", BYTES("\x1b\x01\x01\x01\x01\x01\x01\x01"), ERR_INPUT},
        {"23 in two bytes", BYTES("\x18\x17"), ERR_INPUT},
        {"255 in three bytes", BYTES("\x19\x00\xff"), ERR_INPUT},
        {"65535 in five bytes", BYTES("\x1a\x00\x00\xff\xff"), ERR_INPUT},
        {"4294967295 in nine bytes", BYTES("\x1b\x00\x00\x00\x00\xff\xff\xff\xff"), ERR_INPUT},
        {"64 bits", BYTES("\x1b\x80\x00\x00\x00\x00\x00\x00\x00"), ERR_LIMIT},
        {"64 bits below zero", BYTES("\x3b\xff\xff\xff\xff\xff\xff\xff\xff"), ERR_LIMIT},
        {"a reserved length", BYTES("\x1c"), ERR_INPUT},
        {"bytes of no length", BYTES("\x5f\x41x\xff"), ERR_INPUT},
        {"a list of no length", BYTES("\x9f\xff"), ERR_INPUT},
        {"a map of no length", BYTES("\xbf\xff"), ERR_INPUT},
        {"a tag", BYTES("\xc0\x00"), ERR_INPUT},
        {"a half float", BYTES("\xf9\x00\x00"), ERR_INPUT},
        {"a float", BYTES("\xfa\x00\x00\x00\x00"), ERR_INPUT},
        {"undefined", BYTES("\xf7"), ERR_INPUT},
        {"a break", BYTES("\xff"), ERR_INPUT},
        {"bytes that end", BYTES("\x42x"), ERR_INPUT},
        {"bytes that are very long", BYTES("\x5b\xff\xff\xff\xff\xff\xff\xff\xff"), ERR_INPUT},
        {"a text that is none", BYTES("\x61\xff"), ERR_INPUT},
        {"a list that ends", BYTES("\x82\x01"), ERR_INPUT},
        {"a very long list", BYTES("\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"), ERR_INPUT},
        {"a map without its value", BYTES("\xa1\x01"), ERR_INPUT},
        {"a number twice", BYTES("\xa2\x01\x00\x01\x00"), ERR_INPUT},
        {"a text twice", BYTES("\xa2\x61x\x00\x61x\x00"), ERR_INPUT},
        {"bytes as a key", BYTES("\xa1\x41x\x00"), ERR_INPUT},
        {"a list as a key", BYTES("\xa1\x80\x00"), ERR_INPUT},
        {"more than one", BYTES("\x01\x01"), ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cbor *root;
        test_note(t, "%s", rows[i].what);
        CHECK_ERR(read_all(t, rows[i].bytes, &root), rows[i].err);
    }
}

TEST(cbor_has_limits)
{
    char *many = arena_alloc(t->arena, CBOR_SIZE_MAX + 1);
    struct cbor *root;
    struct buf out;
    REQUIRE(many);
    CHECK_ERR(read_all(t, str_make(many, CBOR_SIZE_MAX + 1), &root), ERR_LIMIT);
    buf_init(&out, t->arena, CBOR_SIZE_MAX);
    for (int i = 0; i < CBOR_DEPTH_MAX; i++)
        buf_addc(&out, (char)0x81);
    buf_addc(&out, '\0');
    CHECK_ERR(read_all(t, buf_str(&out), &root), ERR_OK);
    buf_clear(&out);
    for (int i = 0; i <= CBOR_DEPTH_MAX; i++)
        buf_addc(&out, (char)0x81);
    buf_addc(&out, '\0');
    CHECK_ERR(read_all(t, buf_str(&out), &root), ERR_LIMIT);
    buf_clear(&out);
    buf_add(&out, BYTES("\x99\x04\x00")); /* 1024, and itself */
    for (int i = 0; i < CBOR_VALUES_MAX; i++)
        buf_addc(&out, '\0');
    CHECK_ERR(read_all(t, buf_str(&out), &root), ERR_LIMIT);
}

static enum err read_some(struct test *t, void *arg)
{
    struct str rest = BYTES("\xa2\x01\x41x\x61y\x82\x01\x02");
    struct cbor *root;
    (void)arg;
    return cbor_read(t->ctx, &rest, &root);
}

TEST(cbor_survives_failing_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, read_some, NULL);
}
