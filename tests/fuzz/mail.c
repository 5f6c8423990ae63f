/* Fuzzes the composer: whatever the fields are, no header is made that was not meant, and what is
 * written as words is read back. */
#include "ports/mail/mail.h"

#include "base/assert.h"
#include "ports/mail/mail_encode.h"

enum { ARENA_MAX = 32 << 20, LINE_LIMIT = 998, FIELD_COUNT = 9 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool is_known(struct str line)
{
    static const char *const names[] = {
        "Date: ",   "From: ",           "To: ",           "Reply-To: ", "Subject: ", "Message-ID: ",
        "Content-", "List-Unsubscribe", "MIME-Version: ", " "};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_starts(line, str_from(names[i])))
            return true;
    return false;
}

static void check_composed(struct str composed)
{
    struct str line;
    bool head = true;
    while (composed.len && str_cut(&composed, '\n', &line)) {
        ASSERT(str_ends(line, STR("\r")) && line.len <= LINE_LIMIT + 1);
        line.len--;
        ASSERT(str_find_char(line, '\r') == STR_NONE);
        for (size_t i = 0; i < line.len; i++)
            ASSERT(line.ptr[i] >= ' ' && line.ptr[i] <= '~');
        head = head && line.len;
        ASSERT(!head || is_known(line));
    }
}

static void check_words(struct arena *arena, struct str text)
{
    struct buf out;
    struct str read;
    buf_init(&out, arena, ARENA_MAX);
    mail_add_words(&out, text);
    ASSERT(!buf_err(&out) && mail_read_words(arena, buf_str(&out), &read) == ERR_OK);
    ASSERT(str_equal(read, text));
    ASSERT(mail_read_words(arena, text, &read) == ERR_OK);
}

/* The input's lines that end with NUL are the fields. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str rest = str_make((const char *)bytes, size), fields[FIELD_COUNT] = {0};
    const struct mail_address from = {STR("Stoa"), STR("shop@example.com")};
    struct arena arena;
    struct buf out;
    arena_init(&arena, ARENA_MAX);
    struct ctx ctx = {.arena = &arena};
    for (size_t i = 0; i < FIELD_COUNT && str_cut(&rest, '\0', &fields[i]);)
        i++;
    const struct mail_attachment attachment = {fields[6], fields[7], fields[8]};
    const struct mail mail = {.to = {fields[0], STR("ada@example.org")},
                              .reply_to = {STR(""), fields[1]},
                              .subject = fields[2],
                              .text = fields[3],
                              .html = fields[4],
                              .list_unsubscribe = fields[5],
                              .attachments = &attachment,
                              .attachment_count = fields[6].len > 0};
    buf_init(&out, &arena, ARENA_MAX);
    if (mail_compose(&ctx, &mail, &from, &out) == ERR_OK)
        check_composed(buf_str(&out));
    check_words(&arena, fields[2]);
    arena_release(&arena);
    return 0;
}
