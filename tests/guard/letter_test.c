/* Tests of src/guard/letter.c. */
#include "guard/letter.h"

#include <string.h>

#include "harness/test.h"

struct sent {
    int count;
    bool fails;
    char to[LETTER_TO_MAX], text[LETTER_TEXT_MAX];
};

static enum err take(struct ctx *ctx, void *arg, const struct guard_letter *letter)
{
    struct sent *sent = arg;
    sent->count++;
    memcpy(sent->to, letter->to.ptr, letter->to.len);
    memcpy(sent->text, letter->text.ptr, letter->text.len);
    return sent->fails ? err_fail(&ctx->err, ERR_PEER, "", "away") : ERR_OK;
}

TEST(letters_are_sent_before_the_box_is_closed)
{
    struct letter_box box;
    struct sent sent = {0};
    struct guard_letter letter = {STR("ada@stoa.example"), STR("Hello"), STR("the words"), "en"};
    REQUIRE(letter_box_open(t->ctx, &box, take, &sent, NULL) == ERR_OK);
    for (int i = 0; i < 20; i++)
        letter_post(t->ctx, &box, &letter);
    letter_box_close(&box);
    CHECK_INT(sent.count, 20);
    CHECK_TEXT(sent.to, "ada@stoa.example");
    CHECK_TEXT(sent.text, "the words");
}

TEST(letter_that_is_not_sent_is_told_without_its_reader)
{
    struct letter_box box;
    struct sent sent = {.fails = true};
    struct guard_letter letter = {STR("ada@stoa.example"), STR("Hello"), STR("a secret link"),
                                  "en"};
    REQUIRE(letter_box_open(t->ctx, &box, take, &sent, t->ctx->log) == ERR_OK);
    letter_post(t->ctx, &box, &letter);
    letter_box_close(&box);
    CHECK(str_find(test_log(t), STR("a mail was not sent")) != STR_NONE);
    CHECK(str_find(test_log(t), STR("ada@")) == STR_NONE);
    CHECK(str_find(test_log(t), STR("secret")) == STR_NONE);
}

TEST(letters_that_are_too_many_are_dropped)
{
    struct letter_box box;
    struct sent sent = {0};
    struct guard_letter letter = {STR("ada@stoa.example"), STR("Hello"), STR("the words"), "en"};
    REQUIRE(letter_box_open(t->ctx, &box, take, &sent, NULL) == ERR_OK);
    pthread_mutex_lock(&box.lock);
    box.count += LETTERS_MAX;
    pthread_mutex_unlock(&box.lock);
    letter_post(t->ctx, &box, &letter);
    pthread_mutex_lock(&box.lock);
    box.count -= LETTERS_MAX;
    pthread_mutex_unlock(&box.lock);
    letter_box_close(&box);
    CHECK_INT(sent.count, 0);
    CHECK(str_find(test_log(t), STR("a mail was dropped")) != STR_NONE);
}
