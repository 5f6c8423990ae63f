/* The mails that this installation sent, for who may read them: where they are kept, each of them;
 * where they leave for a mail server, how many. */
#include "front/front_msg.h"
#include "front/front_pages.h"
#include "front/front_routes.h"
#include "guard/audit_note.h"
#include "guard/guard.h"
#include "ports/db/db.h"
#include "ports/mail/mail.h"

enum { LIST_ROWS = 25 };

enum err outbox_list(struct request *request, const struct outbox_list_input *input)
{
    struct mail_row rows[LIST_ROWS + 1];
    size_t count = 0;
    struct mailer *mail = request->ports->mail;
    struct mail_counts counts = mail_count(mail);
    if (counts.keeps)
        TRY(mail_list(mail, request->ctx, input->before, rows, LIST_ROWS + 1, &count));
    bool more = count > LIST_ROWS;
    int64_t boxed = (int64_t)guard_letters_waiting(request->ports->guard);
    outbox_page(respond_page(request),
                &(struct outbox_page){.frame = ui_frame(request, "/admin/outbox"),
                                      .counts = &counts,
                                      .waiting = counts.under_way + boxed,
                                      .rows = rows,
                                      .count = more ? LIST_ROWS : count,
                                      .first = !input->has_before,
                                      .more = more});
    return ERR_OK;
}

struct reading {
    const struct request *request;
    struct str id;
};

/* Its links may open somebody's account: who looked is written down. */
static enum err note(struct tx *tx, void *arg)
{
    const struct reading *reading = arg;
    return audit_note(tx, reading->request, "mail.read", reading->id, STR(""));
}

enum err outbox_show(struct request *request, const struct outbox_show_input *input)
{
    struct str composed;
    struct mail_view view;
    struct reading reading = {.request = request, .id = input->id};
    TRY(mail_read(request->ports->mail, request->ctx, input->id, &composed));
    TRY(mail_view(request->ctx, composed, &view));
    TRY(db_write(request->ports->db, request->ctx, note, &reading));
    outbox_letter_page(
        respond_page(request),
        &(struct outbox_letter_page){.frame = ui_frame(request, "/admin/outbox"), .view = &view});
    return ERR_OK;
}
