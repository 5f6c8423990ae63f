/* The list of what visitors wrote: searched, in pages, and told of as it grows. */
#include "front/message.h"

#include "front/front_pages.h"
#include "front/front_routes.h"
#include "front/front_sql.h"
#include "ports/db/db.h"
#include "web/events.h"
#include "web/server.h"

enum { LIST_ROWS = 12 };

struct channel *message_channel(struct request *request)
{
    return events_channel(server_events(request->server), STR("messages"));
}

struct list {
    const struct message_list_input *input;
    struct message_page_rows rows;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    const struct message_list_input *input = list->input;
    return message_page(tx, input->q.len ? &input->q : NULL,
                        input->has_before ? &input->before : NULL, LIST_ROWS + 1, &list->rows);
}

enum err message_list(struct request *request, const struct message_list_input *input)
{
    struct list list = {.input = input};
    int64_t told = events_last(message_channel(request));
    TRY(db_read(request->ports->db, request->ctx, read_list, &list));
    bool more = list.rows.count > LIST_ROWS;
    size_t count = more ? LIST_ROWS : list.rows.count;
    message_list_page(respond_page(request),
                      &(struct message_list_page){.frame = ui_frame(request, "/admin/messages"),
                                                  .query = input->q,
                                                  .rows = list.rows.rows,
                                                  .count = count,
                                                  .first = !input->has_before,
                                                  .told = told,
                                                  .more = more});
    return ERR_OK;
}

enum err message_events(struct request *request, const struct message_events_input *input)
{
    return respond_events(request, message_channel(request), input->after);
}
