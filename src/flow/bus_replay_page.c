/* The console's page of replays: what goes out again, how far it is, and more of it. */
#include "flow/bus_page.h"

#include "flow/bus_msg.h"
#include "flow/flow.h"
#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/flow_sql.h"
#include "guard/audit_note.h"
#include "web/events.h"
#include "web/server.h"

enum { PERCENT = 100 };

struct list {
    struct str before;
    struct event_replay_page_rows rows;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    return event_replay_page(tx, list->before.len ? list->before : STR("rpl_~"), BUS_LIST_ROWS + 1,
                             &list->rows);
}

static int64_t time_of(struct str id)
{
    struct id parsed;
    return id_parse(id, "evt", &parsed) ? 0 : id_time_us(parsed);
}

/* How far it is: by the times of its events. */
static int64_t percent_of(const struct event_replay_page_row *row)
{
    int64_t from_us = time_of(row->first), until_us = time_of(row->last), at_us = time_of(row->at);
    if (!row->ended_null)
        return PERCENT;
    return until_us > from_us ? (at_us - from_us) * PERCENT / (until_us - from_us) : 0;
}

static struct bus_replay_shown shown_of(const struct event_replay_page_row *row)
{
    return (struct bus_replay_shown){.id = row->id,
                                     .rule = row->rule,
                                     .from_us = time_of(row->first),
                                     .until_us = time_of(row->last),
                                     .events = row->events,
                                     .made_us = row->made_us,
                                     .percent = percent_of(row),
                                     .ended = !row->ended_null};
}

static enum err show(struct request *request, const struct field_errors *errors, struct str before,
                     bool is_begun)
{
    struct channel *channel = events_channel(server_events(request->server), STR(FLOW_CHANNEL));
    int64_t told = events_last(channel);
    struct bus_replay_shown rows[BUS_LIST_ROWS];
    struct list list = {.before = before};
    TRY(db_read(request->ports->db, request->ctx, read_list, &list));
    bool more = list.rows.count > BUS_LIST_ROWS;
    size_t count = more ? BUS_LIST_ROWS : list.rows.count;
    for (size_t i = 0; i < count; i++)
        rows[i] = shown_of(&list.rows.rows[i]);
    bus_replays_page(respond_page(request),
                     &(struct bus_replays_page){.frame = ui_frame(request, "/admin/bus"),
                                                .errors = errors,
                                                .rows = rows,
                                                .count = count,
                                                .told = told,
                                                .first = !before.len,
                                                .more = more,
                                                .from = ui_value(request, errors, "from"),
                                                .until = ui_value(request, errors, "until"),
                                                .rule = ui_value(request, errors, "rule"),
                                                .is_begun = is_begun,
                                                .may_manage = request_may(request, "bus.manage")});
    return ERR_OK;
}

enum err bus_replays(struct request *request, const struct bus_replays_input *input)
{
    return show(request, NULL, input->before, input->begun);
}

enum err bus_replay_post_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors, STR(""), false);
}

struct beginning {
    const struct request *request;
    struct bus_replay replay;
};

static enum err begin(struct tx *tx, void *arg)
{
    struct beginning *beginning = arg;
    struct bus_rule rule;
    struct bus_replay *replay = &beginning->replay;
    if (replay->from_us >= replay->until_us)
        return bus_wrong(beginning->request, "until", text_bus_until_wrong);
    enum err err = replay->rule.len ? bus_rule_get(tx, replay->rule, &rule) : ERR_OK;
    if (err)
        return err == ERR_MISSING ? bus_wrong(beginning->request, "rule", text_bus_no_rule) : err;
    TRY(bus_replay(tx, replay));
    return audit_note(tx, beginning->request, "replay.begin", str_from(replay->id), STR(""));
}

enum err bus_replay_post(struct request *request, const struct bus_replay_post_input *input)
{
    struct beginning beginning = {
        .request = request,
        .replay = {.from_us = input->from_us, .until_us = input->until_us, .rule = input->rule}};
    TRY(db_write(request->ports->db, request->ctx, begin, &beginning));
    return respond_redirect(request, "/admin/bus/replays?begun=true");
}
