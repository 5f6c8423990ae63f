/* The page that a mail's link leads to, where its subscription is ended. */
#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/flow_sql.h"
#include "flow/topic.h"

struct ending {
    struct str id;
    struct topic_listener_read_row row;
};

static enum err look(struct tx *tx, void *arg)
{
    struct ending *ending = arg;
    return topic_listener_read(tx, ending->id, &ending->row);
}

static enum err end(struct tx *tx, void *arg)
{
    const struct ending *ending = arg;
    TRY(look(tx, arg));
    return topic_unsubscribe(tx, ending->id);
}

static enum err show(struct request *request, const struct ending *ending, bool ended)
{
    unsubscribe_page(respond_page(request),
                     &(struct unsubscribe_page){.frame = ui_frame(request, NULL),
                                                .title = ending->row.title,
                                                .target = ending->row.target,
                                                .id = ending->id,
                                                .ended = ended});
    return ERR_OK;
}

enum err unsubscribe_form(struct request *request, const struct unsubscribe_form_input *input)
{
    struct ending ending = {.id = input->id};
    TRY(db_read(request->ports->db, request->ctx, look, &ending));
    return show(request, &ending, false);
}

enum err unsubscribe_post(struct request *request, const struct unsubscribe_post_input *input)
{
    struct ending ending = {.id = input->id};
    TRY(db_write(request->ports->db, request->ctx, end, &ending));
    return show(request, &ending, true);
}
