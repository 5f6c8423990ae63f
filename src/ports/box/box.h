/* A box: a folder of small files, each called by an id, which sorts by time. The outboxes of mail
 * and of short messages are such.
 *
 *     TRY(box_open(ctx, &(struct box_options){.url = STR("outbox:"), .setting = "MAIL_URL", …},
 *                  &box));
 *     TRY(box_put(&box, ctx, "mail_01K…", composed));       the same again is the same file
 *     TRY(box_list(&box, ctx, STR(""), ids, 20, &count));   the newest first
 *     TRY(box_read(&box, ctx, ids[0].text, 1 << 20, &bytes, &size));
 *     box_close(&box); */
#ifndef STOA_PORTS_BOX_BOX_H
#define STOA_PORTS_BOX_BOX_H

#include "base/ctx.h"
#include "base/id.h"
#include "base/str.h"

enum { BOX_ENDING_MAX = 8 };

struct box_options {
    struct str url;      /* "outbox:", or "outbox:FOLDER" */
    struct str data;     /* where a folder lies whose name does not begin with "/" */
    const char *folder;  /* where the URL names none */
    const char *setting; /* that the URL came from, for errors */
    const char *kind;    /* the prefix of the ids: "mail" */
    const char *ending;  /* of the files: ".eml"; at most BOX_ENDING_MAX */
    bool only_looks;     /* makes no folder: ERR_MISSING where it is not there */
};

struct box {
    int folder;
    const char *kind, *ending;
};

struct box_id {
    char text[ID_TEXT_MAX];
    int64_t made_us;
};

/* Makes the folder where it is not there. ERR_INPUT names the setting. */
enum err box_open(struct ctx *ctx, const struct box_options *options, struct box *box);
void box_close(struct box *box);
enum err box_reach(const struct box *box, struct ctx *ctx); /* whether files can be put in it */

/* Durable when it returns. */
enum err box_put(const struct box *box, struct ctx *ctx, const char *id, struct str bytes);

/* At most `room` older than the id `before`, which may be empty. */
enum err box_list(const struct box *box, struct ctx *ctx, struct str before, struct box_id ids[],
                  size_t room, size_t *count);

/* At most `max` bytes of it; *size is all of them. ERR_MISSING where there is none of that id. */
enum err box_read(const struct box *box, struct ctx *ctx, const char *id, size_t max,
                  struct str *bytes, int64_t *size);

#endif
