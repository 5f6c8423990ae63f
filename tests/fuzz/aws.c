/* Fuzzes signed requests: what is read of Authorization, and the canonical form of the whole. */
#include "guard/aws.h"

#include <stdlib.h>

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ASKED_MAX = 64 << 10 };

static bool is_within(struct str part, struct str whole)
{
    return part.len && part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len;
}

static void check_parsed(const struct aws *aws, struct str sent)
{
    ASSERT(is_within(aws->key, sent) && is_within(aws->day, sent));
    ASSERT(is_within(aws->scope.region, sent) && is_within(aws->scope.service, sent));
    ASSERT(is_within(aws->names, sent) && is_within(aws->signature, sent));
    ASSERT(aws->signature.len == SIGV4_HEX - 1 && aws->day.len == SIGV4_DAY_LEN);
    ASSERT(aws_names(aws, STR("host")) && aws_names(aws, STR("X-Amz-Date")));
    ASSERT(str_find_char(aws->key, '/') == STR_NONE);
}

static void check_asked(const struct http_head *head, struct str names)
{
    char *text = malloc(ASKED_MAX);
    struct buf out;
    ASSERT(text);
    buf_init_fixed(&out, text, ASKED_MAX);
    aws_add_asked(&out, head, names, "hash");
    ASSERT(buf_err(&out) || str_ends(buf_str(&out), STR("\nhash")));
    free(text);
}

/* A head, whose Authorization is read; or the header alone. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str sent = str_make((const char *)bytes, size);
    struct http_head head;
    struct aws aws;
    size_t searched = 0;
    if (aws_parse(sent, &aws))
        check_parsed(&aws, sent);
    if (http_read_head(&head, sent, &searched) != HTTP_WHOLE)
        return 0;
    bool parsed = aws_parse(http_header(&head, STR("Authorization")), &aws);
    check_asked(&head, parsed ? aws.names : STR("host;x-amz-date"));
    return 0;
}
