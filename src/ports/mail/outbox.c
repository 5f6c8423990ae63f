/* Keeps each mail as a file, mail_01K….eml, whose name sorts by time: for a machine that sends
 * none, and for tests. The same mail sent again is the same file. */
#include <string.h>

#include "base/mem.h"
#include "ports/box/box.h"
#include "ports/mail/driver.h"
#include "ports/mail/mail_encode.h"

enum { HEAD_MAX = 8 << 10 };

struct mail_carrier {
    struct box box;
};

static enum err outbox_open(struct ctx *ctx, const struct mailer_options *options,
                            struct mail_carrier **carrier)
{
    const struct box_options place = {.url = options->url,
                                      .data = options->folder,
                                      .folder = "outbox",
                                      .setting = "MAIL_URL",
                                      .kind = "mail",
                                      .only_looks = options->only_looks,
                                      .ending = ".eml"};
    struct box box;
    TRY(box_open(ctx, &place, &box));
    *carrier = mem_alloc(sizeof **carrier);
    if (!*carrier) {
        box_close(&box);
        return err_memory(&ctx->err);
    }
    (*carrier)->box = box;
    return ERR_OK;
}

static void outbox_close(struct mail_carrier *carrier)
{
    box_close(&carrier->box);
    mem_free(carrier);
}

static enum err outbox_reach(struct mail_carrier *carrier, struct ctx *ctx, const char *from)
{
    (void)from;
    return box_reach(&carrier->box, ctx);
}

static enum err outbox_send(struct mail_carrier *carrier, struct ctx *ctx,
                            const struct mail_letter *letter)
{
    return box_put(&carrier->box, ctx, letter->id, letter->composed);
}

static enum err outbox_read(struct mail_carrier *carrier, struct ctx *ctx, const char *id,
                            struct str *composed)
{
    int64_t size;
    return box_read(&carrier->box, ctx, id, MAIL_COMPOSED_MAX, composed, &size);
}

static enum err fill_row(const struct box *box, struct ctx *ctx, const struct box_id *id,
                         struct mail_row *row)
{
    struct str head, words;
    *row = (struct mail_row){.sent_us = id->made_us};
    memcpy(row->id, id->text, sizeof row->id);
    TRY(box_read(box, ctx, id->text, HEAD_MAX, &head, &row->bytes));
    struct str to = mail_find_header(head, STR("\nTo: "));
    size_t begin = str_find_char(to, '<');
    row->to = begin == STR_NONE ? to : str_slice(to, begin + 1, to.len - 1);
    if (mail_read_words(ctx->arena, mail_find_header(head, STR("\nSubject: ")), &words))
        return err_memory(&ctx->err);
    row->subject = words;
    return ERR_OK;
}

static enum err outbox_list(struct mail_carrier *carrier, struct ctx *ctx, struct str before,
                            struct mail_row rows[], size_t room, size_t *count)
{
    struct box_id ids[MAIL_PAGE_MAX];
    TRY(box_list(&carrier->box, ctx, before, ids, room < MAIL_PAGE_MAX ? room : MAIL_PAGE_MAX,
                 count));
    for (size_t i = 0; i < *count; i++)
        TRY(fill_row(&carrier->box, ctx, &ids[i], &rows[i]));
    return ERR_OK;
}

const struct mail_driver mail_outbox = {.scheme = "outbox",
                                        .open = outbox_open,
                                        .close = outbox_close,
                                        .send = outbox_send,
                                        .reach = outbox_reach,
                                        .list = outbox_list,
                                        .read = outbox_read};
