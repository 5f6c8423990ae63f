/* Tests of src/guard/form_token.c. */
#include "guard/form_token.h"

#include <string.h>

#include "harness/test.h"

#define SESSION "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER   "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

TEST(form_token_fits_its_session_alone)
{
    char a[FORM_TOKEN_TEXT], b[FORM_TOKEN_TEXT];
    form_token_make(t->ctx->rand, STR(SESSION), a);
    form_token_make(t->ctx->rand, STR(SESSION), b);
    CHECK(strcmp(a, b) != 0);
    CHECK(form_token_fits(STR(SESSION), str_from(a)));
    CHECK(form_token_fits(STR(SESSION), str_from(b)));
    CHECK(!form_token_fits(STR(OTHER), str_from(a)));
    CHECK(!form_token_fits(STR(SESSION), STR("")));
    CHECK(!form_token_fits(STR(SESSION), STR(SESSION)));
}

TEST(form_token_with_any_digit_changed_fits_nothing)
{
    char token[FORM_TOKEN_TEXT];
    form_token_make(t->ctx->rand, STR(SESSION), token);
    for (size_t i = 0; i < FORM_TOKEN_TEXT - 1; i++) {
        char was = token[i];
        token[i] = was == '0' ? '1' : '0';
        CHECK(!form_token_fits(STR(SESSION), str_from(token)));
        token[i] = 'g';
        CHECK(!form_token_fits(STR(SESSION), str_from(token)));
        token[i] = was;
        CHECK(!form_token_fits(STR(SESSION), str_make(token, i)));
    }
}
