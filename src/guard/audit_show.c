/* The page of the audit trail: who did what, in pages, for those who may know. */
#include "guard/audit_msg.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/guard_sql.h"
#include "ports/db/db.h"

enum { LIST_ROWS = 50 };

struct list {
    const struct audit_show_input *input;
    struct audit_list_rows rows;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    const struct audit_show_input *input = list->input;
    bool timed = input->has_since || input->has_until, goes_on = input->has_at && input->has_before;
    int64_t since_us = input->has_since ? input->since_us : CLOCK_MIN_US;
    int64_t until_us = input->has_until ? input->until_us : CLOCK_MAX_US;
    return audit_list(tx, input->who.len ? &input->who : NULL,
                      input->action.len ? &input->action : NULL, timed ? &since_us : NULL,
                      timed ? &until_us : NULL, goes_on ? &input->at_us : NULL,
                      goes_on ? &input->before : NULL, LIST_ROWS + 1, &list->rows);
}

enum err audit_show(struct request *request, const struct audit_show_input *input)
{
    struct list list = {.input = input};
    TRY(db_read(request->ports->db, request->ctx, read_list, &list));
    bool more = list.rows.count > LIST_ROWS;
    audit_page(respond_page(request),
               &(struct audit_page){.frame = ui_frame(request, "/admin/audit"),
                                    .who = ui_value(request, NULL, "who"),
                                    .action = ui_value(request, NULL, "action"),
                                    .since = ui_value(request, NULL, "since"),
                                    .until = ui_value(request, NULL, "until"),
                                    .rows = list.rows.rows,
                                    .count = more ? LIST_ROWS : list.rows.count,
                                    .first = !input->has_before,
                                    .more = more});
    return ERR_OK;
}
