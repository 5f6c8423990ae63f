/* Fuzzes request heads: what is read lies within what was sent, and is the same in pieces. */
#include "web/http.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { PIECES_MAX = 512 };

static bool is_within(struct str part, struct str whole)
{
    return part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

static void check_whole(const struct http_head *head, struct str sent)
{
    ASSERT(head->len <= sent.len && head->len <= HTTP_HEAD_MAX);
    struct str read = str_slice(sent, 0, head->len);
    ASSERT(str_ends(read, STR("\r\n\r\n")));
    ASSERT(is_within(head->query, read) && is_within(head->host, read));
    ASSERT(str_starts(head->path, STR("/")) || str_equal(head->path, STR("*")));
    ASSERT(head->host.len || head->old);
    ASSERT(!(head->chunked && (head->body_len || head->old)));
    ASSERT(head->body_len >= 0 && head->body_len <= HTTP_BODY_MAX);
    ASSERT(head->header_count <= HTTP_HEADERS_MAX);
    for (size_t i = 0; i < head->header_count; i++) {
        struct http_header header = head->headers[i];
        ASSERT(header.name.len && is_within(header.name, read) && is_within(header.value, read));
        ASSERT(str_find_char(header.value, '\r') == STR_NONE);
        ASSERT(str_find_char(header.value, '\n') == STR_NONE);
        ASSERT(str_find_char(header.value, '\0') == STR_NONE);
        ASSERT(str_find_char(header.name, ' ') == STR_NONE);
        ASSERT(http_header(head, header.name).ptr);
    }
}

static void check_refusal(const struct http_head *head)
{
    ASSERT(head->reason && head->reason[0]);
    ASSERT(!str_equal(str_from(http_status_words(head->status)), STR("Unknown")));
}

/* Each piece is in memory of its own size: a sanitizer sees a look behind it. */
static enum http_verdict read_pieces(struct http_head *head, struct str sent, size_t piece)
{
    enum http_verdict verdict = HTTP_MORE;
    size_t searched = 0;
    for (size_t len = 0; verdict == HTTP_MORE && len < sent.len;) {
        len = len + piece < sent.len ? len + piece : sent.len;
        char *copy = malloc(len);
        ASSERT(copy);
        memcpy(copy, sent.ptr, len);
        verdict = http_read_head(head, str_make(copy, len), &searched);
        free(copy);
    }
    return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct http_head head, other;
    struct str sent = str_make((const char *)bytes, size);
    size_t searched = 0;
    enum http_verdict verdict = http_read_head(&head, sent, &searched);
    if (verdict == HTTP_WHOLE)
        check_whole(&head, sent);
    if (verdict == HTTP_BAD)
        check_refusal(&head);
    ASSERT(read_pieces(&other, sent, size / PIECES_MAX + 1) == verdict);
    if (verdict == HTTP_MORE)
        return 0;
    ASSERT(other.status == head.status && other.len == head.len);
    if (verdict == HTTP_WHOLE)
        ASSERT(other.header_count == head.header_count && other.body_len == head.body_len &&
               other.path.len == head.path.len && other.keep_alive == head.keep_alive);
    return 0;
}
