/* Tests of the error record and of what is known of each code. */
#include "base/err.h"

#include <errno.h>
#include <string.h>

#include "harness/test.h"

static const enum err codes[] = {
#define CODE(code, status, name) code,
    ERR_TABLE(CODE)
#undef CODE
};

enum { CODE_COUNT = sizeof codes / sizeof *codes };

TEST(err_codes_have_names_of_their_own_and_a_status)
{
    CHECK_INT(ERR_OK, 0);
    for (size_t i = 0; i < CODE_COUNT; i++) {
        CHECK(err_http_status(codes[i]) >= 200 && err_http_status(codes[i]) < 600);
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(err_name(codes[i]), err_name(codes[k])) != 0);
    }
    CHECK_TEXT(err_name(ERR_SIGNED_OUT), "signed_out");
    CHECK_INT(err_http_status(ERR_CONFLICT), 409);
}

TEST(err_is_passing_where_waiting_helps)
{
    CHECK(err_is_passing(ERR_BUSY));
    CHECK(err_is_passing(ERR_TIMEOUT));
    CHECK(err_is_passing(ERR_RATE));
    CHECK(!err_is_passing(ERR_OK));
    CHECK(!err_is_passing(ERR_INPUT));
    CHECK(!err_is_passing(ERR_INTERNAL));
    CHECK(!err_is_passing(ERR_IO));
}

TEST(err_input_names_the_field)
{
    struct err_record *err = &t->ctx->err;
    CHECK_ERR(err_input(err, "quantity", "must be at least %d", 1), ERR_INPUT);
    CHECK_ERR(err->code, ERR_INPUT);
    CHECK_TEXT(err->field, "quantity");
    CHECK_TEXT(err->user, "must be at least 1");
    CHECK_TEXT(err->operator, "");
    CHECK(str_find(str_from(err->where), STR("err_test.c:")) != STR_NONE);
}

TEST(err_fail_keeps_users_and_operators_words_apart)
{
    struct err_record *err = &t->ctx->err;
    err_input(err, "old", "old");
    CHECK_ERR(err_fail(err, ERR_PEER, "The bank did not answer.", "%s: %d", "bank.example", 503),
              ERR_PEER);
    CHECK_TEXT(err->field, "");
    CHECK_TEXT(err->user, "The bank did not answer.");
    CHECK_TEXT(err->operator, "bank.example: 503");
    CHECK_ERR(err_memory(err), ERR_MEMORY);
    err_clear(err);
    CHECK_ERR(err->code, ERR_OK);
    CHECK_TEXT(err->user, "");
    CHECK(!err->where);
}

TEST(err_system_tells_errno)
{
    static const struct {
        int number;
        enum err code;
        const char *operator;
    } rows[] = {
        {ENOENT, ERR_IO, "open: No such file or directory (ENOENT)"},
        {ENOMEM, ERR_MEMORY, "open: Cannot allocate memory (ENOMEM)"},
        {99999, ERR_IO, "open: unknown error (no name)"},
    };
    struct err_record *err = &t->ctx->err;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        errno = rows[i].number;
        CHECK_ERR(err_system(err, "The file cannot be read.", "open"), rows[i].code);
        CHECK_TEXT(err->operator, rows[i].operator);
        CHECK_TEXT(err->user, "The file cannot be read.");
    }
}

TEST(err_words_may_come_from_the_record_itself)
{
    struct err_record *err = &t->ctx->err;
    err_fail(err, ERR_IO, "Try later.", "disk full");
    err_fail(err, ERR_BUSY, err->user, "while saving: %s", err->operator);
    CHECK_TEXT(err->user, "Try later.");
    CHECK_TEXT(err->operator, "while saving: disk full");
    err_input(err, "a", "one");
    err_input(err, err->field, "%s two", err->user);
    CHECK_TEXT(err->field, "a");
    CHECK_TEXT(err->user, "one two");
}

TEST(err_words_are_utf8_whatever_a_stranger_sent)
{
    struct err_record *err = &t->ctx->err;
    err_input(err, "na\xffme", "is \"%s\"", "a\xc3(\x80z");
    CHECK_TEXT(err->field, "na?me");
    CHECK_TEXT(err->user, "is \"a?(?z\"");
}

/* Of two bytes a letter, at every place of the cut: a half one must not stay. */
TEST(err_words_are_one_line)
{
    CHECK_ERR(err_fail(&t->ctx->err, ERR_PEER, "No.\n", "refused\n\tIs it running?\n\n"), ERR_PEER);
    CHECK_TEXT(t->ctx->err.user, "No.");
    CHECK_TEXT(t->ctx->err.operator, "refused  Is it running?");
    CHECK_ERR(err_fail(&t->ctx->err, ERR_PEER, "", "\n"), ERR_PEER);
    CHECK_TEXT(t->ctx->err.operator, "");
}

TEST(err_words_that_are_too_long_are_cut_between_characters)
{
    char text[ERR_WORDS_MAX * 2 + 2];
    for (size_t shift = 0; shift < 2; shift++) {
        memset(text, 'x', sizeof text);
        for (size_t i = shift; i + 2 < sizeof text; i += 2)
            memcpy(text + i, "ü", 2);
        text[sizeof text - 1] = '\0';
        struct err_record *err = &t->ctx->err;
        err_input(err, text, "%s", text);
        CHECK(str_is_utf8(str_from(err->user)));
        CHECK(str_is_utf8(str_from(err->field)));
        CHECK(strlen(err->user) >= ERR_WORDS_MAX - 2);
        CHECK(strlen(err->field) >= ERR_FIELD_MAX - 2);
        err_fail(err, ERR_IO, text, "%s", text);
        CHECK(str_is_utf8(str_from(err->user)));
        CHECK(str_is_utf8(str_from(err->operator)));
        errno = EIO;
        err_system(err, "", "%s", text);
        CHECK(str_is_utf8(str_from(err->operator)));
        CHECK(str_ends(str_from(err->operator), STR("(EIO)")));
    }
}

static enum err pass_up(enum err inner, bool *went_on)
{
    TRY(inner);
    *went_on = true;
    return ERR_OK;
}

TEST(err_try_passes_a_failure_up)
{
    bool went_on = false;
    CHECK_ERR(pass_up(ERR_BUSY, &went_on), ERR_BUSY);
    CHECK(!went_on);
    CHECK_ERR(pass_up(ERR_OK, &went_on), ERR_OK);
    CHECK(went_on);
}
