/* Keeps each short message as a file, sms_01K….txt: the number on the first line, then the text. */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "ports/box/box.h"
#include "ports/sms/driver.h"

enum { FILE_MAX = 1 + SMS_DIGITS_MAX + 1 + 4 * SMS_TEXT_MAX };

struct sms_carrier {
    struct box box;
};

static enum err outbox_open(struct ctx *ctx, const struct sms_options *options,
                            struct sms_carrier **carrier)
{
    const struct box_options place = {.url = options->url,
                                      .data = options->folder,
                                      .folder = "texts",
                                      .setting = "SMS_URL",
                                      .kind = "sms",
                                      .only_looks = options->only_looks,
                                      .ending = ".txt"};
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

static void outbox_close(struct sms_carrier *carrier)
{
    box_close(&carrier->box);
    mem_free(carrier);
}

static enum err outbox_reach(struct sms_carrier *carrier, struct ctx *ctx)
{
    return box_reach(&carrier->box, ctx);
}

static enum err outbox_send(struct sms_carrier *carrier, struct ctx *ctx, const char *id,
                            const struct sms *sms)
{
    struct buf file;
    buf_init(&file, ctx->arena, FILE_MAX);
    buf_addf(&file, STR_FMT "\n" STR_FMT, STR_ARG(sms->to), STR_ARG(sms->text));
    if (buf_err(&file))
        return err_memory(&ctx->err);
    return box_put(&carrier->box, ctx, id, buf_str(&file));
}

static enum err outbox_list(struct sms_carrier *carrier, struct ctx *ctx, struct str before,
                            struct sms_row rows[], size_t room, size_t *count)
{
    struct box_id ids[SMS_PAGE_MAX];
    int64_t size;
    TRY(box_list(&carrier->box, ctx, before, ids, room < SMS_PAGE_MAX ? room : SMS_PAGE_MAX,
                 count));
    for (size_t i = 0; i < *count; i++) {
        struct sms_row *row = &rows[i];
        *row = (struct sms_row){.sent_us = ids[i].made_us};
        memcpy(row->id, ids[i].text, sizeof row->id);
        TRY(box_read(&carrier->box, ctx, row->id, FILE_MAX, &row->text, &size));
        str_cut(&row->text, '\n', &row->to);
    }
    return ERR_OK;
}

const struct sms_driver sms_outbox = {.scheme = "outbox",
                                      .open = outbox_open,
                                      .close = outbox_close,
                                      .send = outbox_send,
                                      .reach = outbox_reach,
                                      .list = outbox_list};
