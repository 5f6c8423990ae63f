/* Fuzzes forms with files: the same parts come out however the bytes are cut. */
#include "web/multipart.h"

#include "base/assert.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { INPUT_MAX = 16 << 10, ARENA_MAX = 16 << 20, STORY_MAX = 1 << 20 };

static void add_event(struct buf *story, enum multipart_event event, const struct multipart *parts,
                      struct str data)
{
    if (event == MULTIPART_DATA)
        buf_add(story, data);
    else if (event == MULTIPART_BAD)
        buf_addf(story, "\n!%s", parts->reason);
    else if (event == MULTIPART_PART_END)
        buf_add(story, STR("\n."));
    else
        buf_addf(story, "\n%zu " STR_FMT "|%d" STR_FMT "|" STR_FMT "\n", parts->parts,
                 STR_ARG(parts->name), parts->filename.ptr != NULL, STR_ARG(parts->filename),
                 STR_ARG(parts->type));
}

static struct str tell(struct arena *arena, struct str body, size_t step)
{
    struct multipart parts;
    struct buf story;
    struct str data = {0};
    ASSERT(multipart_init(&parts, STR("multipart/form-data; boundary=cut")) == ERR_OK);
    buf_init(&story, arena, STORY_MAX);
    for (size_t at = 0; at < body.len; at += step) {
        struct str rest = str_slice(body, at, at + step);
        for (enum multipart_event event; (event = multipart_read(&parts, &rest, &data));) {
            add_event(&story, event, &parts, data);
            if (event == MULTIPART_BAD) {
                ASSERT(multipart_read(&parts, &rest, &data) == MULTIPART_BAD || !rest.len);
                ASSERT(!multipart_is_whole(&parts));
                return buf_str(&story);
            }
        }
        ASSERT(!rest.len);
    }
    buf_add(&story, multipart_is_whole(&parts) ? STR("\nwhole") : STR("\ncut"));
    ASSERT(!buf_err(&story));
    return buf_str(&story);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    if (size < 2 || size > INPUT_MAX)
        return 0;
    arena_init(&arena, ARENA_MAX);
    struct str body = str_make((const char *)bytes + 1, size - 1);
    struct str whole = tell(&arena, body, body.len);
    ASSERT(str_equal(whole, tell(&arena, body, 1)));
    ASSERT(str_equal(whole, tell(&arena, body, bytes[0] + 1u)));
    arena_release(&arena);
    return 0;
}
