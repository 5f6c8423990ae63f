/* Tests of boxes: files that are called by an id, the newest first. */
#include "ports/box/box.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/test.h"
#include "harness/torture.h"

enum { PUT = 5, PAGE = 3, BYTES_MAX = 64 };

static struct box open_box(struct test *t, const char *name)
{
    const struct box_options options = {.url = STR("outbox:"),
                                        .data = str_from(test_folder(t, name)),
                                        .folder = "letters",
                                        .setting = "LETTERS_URL",
                                        .kind = "let",
                                        .ending = ".txt"};
    struct box box;
    REQUIRE(box_open(t->ctx, &options, &box) == ERR_OK);
    return box;
}

static void put(struct test *t, const struct box *box, int number, char id[ID_TEXT_MAX])
{
    char bytes[BYTES_MAX];
    int len = snprintf(bytes, sizeof bytes, "letter %d", number);
    id_format(id_new(t->ctx->ids), "let", id);
    CHECK_ERR(box_put(box, t->ctx, id, str_make(bytes, (size_t)len)), ERR_OK);
    fake_clock_turn(&t->clock, SECOND_US);
}

TEST(box_lists_the_newest_first)
{
    struct box box = open_box(t, "box/newest");
    char ids[PUT][ID_TEXT_MAX];
    struct box_id found[PAGE];
    size_t count;
    for (int i = 0; i < PUT; i++)
        put(t, &box, i, ids[i]);
    close(openat(box.folder, "notes.txt", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    REQUIRE(box_list(&box, t->ctx, STR(""), found, PAGE, &count) == ERR_OK && count == PAGE);
    for (int i = 0; i < PAGE; i++)
        CHECK_STR(str_from(found[i].text), ids[PUT - 1 - i]);
    CHECK_INT(found[0].made_us, FAKE_NOW_US + (PUT - 1) * SECOND_US);
    REQUIRE(box_list(&box, t->ctx, str_from(ids[2]), found, PAGE, &count) == ERR_OK);
    REQUIRE(count == 2);
    CHECK_STR(str_from(found[0].text), ids[1]);
    CHECK_STR(str_from(found[1].text), ids[0]);
    box_close(&box);
}

TEST(box_reads_as_much_as_is_wanted)
{
    struct box box = open_box(t, "box/reads");
    char id[ID_TEXT_MAX];
    struct str bytes;
    int64_t size;
    put(t, &box, 7, id);
    CHECK_ERR(box_read(&box, t->ctx, id, BYTES_MAX, &bytes, &size), ERR_OK);
    CHECK_STR(bytes, "letter 7");
    CHECK_ERR(box_read(&box, t->ctx, id, 3, &bytes, &size), ERR_OK);
    CHECK_STR(bytes, "let");
    CHECK_INT(size, 8);
    CHECK_ERR(box_read(&box, t->ctx, "let_none", BYTES_MAX, &bytes, &size), ERR_MISSING);
    box_close(&box);
}

TEST(box_says_which_setting_names_no_folder)
{
    struct box_options options = {.url = STR("outbox:a\0b"),
                                  .data = str_from(test_folder(t, "box/wrong")),
                                  .setting = "LETTERS_URL",
                                  .kind = "let",
                                  .ending = ".txt"};
    struct box box;
    CHECK_ERR(box_open(t->ctx, &options, &box), ERR_INPUT);
    CHECK_STR(str_from(t->ctx->err.field), "LETTERS_URL");
    options.url = STR("outbox:no/such/place");
    CHECK_ERR(box_open(t->ctx, &options, &box), ERR_IO);
}

TEST(box_is_looked_at_without_being_made)
{
    struct box_options options = {.url = STR("outbox:looks"),
                                  .data = str_from(test_folder(t, "box/looks")),
                                  .setting = "LETTERS_URL",
                                  .kind = "let",
                                  .ending = ".txt",
                                  .only_looks = true};
    struct box box;
    CHECK_ERR(box_open(t->ctx, &options, &box), ERR_MISSING);
    CHECK_ERR(box_open(t->ctx, &options, &box), ERR_MISSING);
    options.only_looks = false;
    REQUIRE(box_open(t->ctx, &options, &box) == ERR_OK);
    box_close(&box);
    options.only_looks = true;
    REQUIRE(box_open(t->ctx, &options, &box) == ERR_OK);
    CHECK_ERR(box_reach(&box, t->ctx), ERR_OK);
    box_close(&box);
}
