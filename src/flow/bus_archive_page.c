/* The console's pages of events: the newest, as they come, and each of them. */
#include "base/json.h"
#include "base/log.h"
#include "flow/bus_page.h"
#include "flow/flow.h"
#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/flow_sql.h"
#include "flow/pattern.h"
#include "guard/audit_note.h"
#include "web/events.h"
#include "web/server.h"

enum { RULES_AT_ONCE = 100, WANTED_SHOWN = 50 };

enum err bus_look_at_events(struct tx *tx, struct bus_look *look)
{
    struct event_row_brief_rows rows;
    struct str before = look->before.len ? look->before : STR("evt_~");
    TRY(event_row_brief(tx, before, look->source.len ? &look->source : NULL,
                        look->type.len ? &look->type : NULL, look->limit + 1, &rows));
    look->list = ARENA_ARRAY(tx->ctx->arena, rows.count, struct bus_event_brief);
    if (!look->list)
        return err_memory(&tx->ctx->err);
    look->more = (int64_t)rows.count > look->limit;
    look->count = look->more ? (size_t)look->limit : rows.count;
    for (size_t i = 0; i < look->count; i++)
        look->list[i] = (struct bus_event_brief){.id = rows.rows[i].id,
                                                 .source = rows.rows[i].source,
                                                 .type = rows.rows[i].type,
                                                 .made_us = rows.rows[i].made_us};
    return ERR_OK;
}

static enum err read_events(struct tx *tx, void *arg)
{
    return bus_look_at_events(tx, arg);
}

static struct channel *channel_of(struct request *request)
{
    return events_channel(server_events(request->server), STR(FLOW_CHANNEL));
}

static enum err show_events(struct request *request, const struct field_errors *errors,
                            const struct bus_events_input *input)
{
    int64_t told = events_last(channel_of(request));
    struct bus_look look = {.source = input->source,
                            .type = input->type,
                            .before = input->before,
                            .limit = BUS_LIST_ROWS};
    TRY(db_read(request->ports->db, request->ctx, read_events, &look));
    struct bus_events_page page = {.frame = ui_frame(request, "/admin/bus"),
                                   .errors = errors,
                                   .source = input->source,
                                   .type = input->type,
                                   .rows = look.list,
                                   .count = look.count,
                                   .told = told,
                                   .first = !input->has_before,
                                   .more = look.more,
                                   .is_emitted = input->emitted,
                                   .may_manage = request_may(request, "bus.manage")};
    if (errors) {
        page.new_source = ui_value(request, errors, "source");
        page.new_type = ui_value(request, errors, "type");
        page.detail = ui_value(request, errors, "detail");
    }
    bus_events_page(respond_page(request), &page);
    return ERR_OK;
}

enum err bus_events(struct request *request, const struct bus_events_input *input)
{
    return show_events(request, NULL, input);
}

enum err bus_emit_again(struct request *request, const struct field_errors *errors)
{
    return show_events(request, errors, &(struct bus_events_input){.has_before = false});
}

struct emitting {
    const struct request *request;
    struct flow_event event;
};

static enum err emit(struct tx *tx, void *arg)
{
    struct emitting *emitting = arg;
    TRY(flow_emit(tx, &emitting->event));
    return audit_note(tx, emitting->request, "event.emit", str_from(emitting->event.id), STR(""));
}

/* Whatever is wrong with the JSON is so at the field. */
static enum err check_detail(struct ctx *ctx, struct str text)
{
    struct json *tree = NULL;
    struct str words;
    enum err err = json_read(ctx, text, &tree);
    if (err != ERR_INPUT && err != ERR_LIMIT)
        return err;
    TRY(str_copy(ctx->arena, str_from(ctx->err.user), &words));
    return err_input(&ctx->err, "detail", STR_FMT, STR_ARG(words));
}

enum err bus_emit(struct request *request, const struct bus_emit_input *input)
{
    struct emitting emitting = {.request = request,
                                .event = {.source = input->source,
                                          .type = input->type,
                                          .detail = input->detail.len ? input->detail : STR("{}")}};
    TRY(check_detail(request->ctx, emitting.event.detail));
    TRY(db_write(request->ports->db, request->ctx, emit, &emitting));
    return respond_redirect(request, "/admin/bus/events?emitted=true");
}

enum err bus_events_live(struct request *request, const struct bus_events_live_input *input)
{
    return respond_events(request, channel_of(request), input->after);
}

struct event {
    struct str id;
    struct event_row_find_row row;
    struct str text; /* the whole, as targets are given it */
    char names[WANTED_SHOWN][BUS_NAME_MAX + 1];
    struct str wanted[WANTED_SHOWN];
    size_t wanted_count;
};

static enum err write_event(struct ctx *ctx, struct event *event)
{
    struct buf out;
    const struct event_row_find_row *row = &event->row;
    const struct flow_event_told told = {event->id,   row->source, row->type,
                                         row->detail, row->trace,  row->made_us};
    buf_init(&out, ctx->arena, row->detail.len + FLOW_ENVELOPE_MAX);
    flow_event_write(&out, &told, STR(""));
    event->text = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

/* Its name lives with the event: the rules' memory is used again. */
static enum err ask(struct ctx *ctx, const struct bus_rule *rule, const struct json *tree,
                    struct event *event)
{
    struct pattern *pattern;
    enum err err = pattern_parse(ctx, rule->pattern, &pattern);
    if (err == ERR_INPUT || err == ERR_LIMIT) {
        log_failure(ctx, "a rule of the bus cannot be read");
        err_clear(&ctx->err);
        return ERR_OK;
    }
    TRY(err);
    if (event->wanted_count == WANTED_SHOWN || !pattern_matches(pattern, tree))
        return ERR_OK;
    struct buf name;
    buf_init_fixed(&name, event->names[event->wanted_count], BUS_NAME_MAX + 1);
    buf_add(&name, rule->name);
    event->wanted[event->wanted_count++] = buf_str(&name);
    return ERR_OK;
}

static enum err ask_rules(struct tx *tx, const struct json *tree, struct event *event)
{
    struct ctx *ctx = tx->ctx;
    char last[BUS_NAME_MAX + 1];
    struct str after = STR("");
    struct bus_rules rules;
    do {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(bus_rule_list(tx, after, RULES_AT_ONCE, &rules));
        for (size_t i = 0; i < rules.count; i++)
            if (rules.list[i].enabled)
                TRY(ask(ctx, &rules.list[i], tree, event));
        struct buf out;
        buf_init_fixed(&out, last, sizeof last);
        buf_add(&out, rules.count ? rules.list[rules.count - 1].name : STR(""));
        after = buf_str(&out);
        arena_rewind(ctx->arena, mark);
    } while (rules.count == RULES_AT_ONCE);
    return ERR_OK;
}

static enum err read_event(struct tx *tx, void *arg)
{
    struct event *event = arg;
    struct json *tree = NULL;
    event->wanted_count = 0;
    TRY(event_row_find(tx, event->id, &event->row));
    TRY(write_event(tx->ctx, event));
    TRY(json_read(tx->ctx, event->text, &tree));
    return ask_rules(tx, tree, event);
}

enum err bus_event_show(struct request *request, const struct bus_event_show_input *input)
{
    struct str detail;
    struct event *event = ARENA_NEW(request->ctx->arena, struct event);
    if (!event)
        return err_memory(&request->ctx->err);
    event->id = input->id;
    TRY(db_read(request->ports->db, request->ctx, read_event, event));
    TRY(bus_pretty(request->ctx, event->row.detail, &detail));
    bus_event_page(respond_page(request),
                   &(struct bus_event_page){.frame = ui_frame(request, "/admin/bus"),
                                            .id = event->id,
                                            .row = &event->row,
                                            .detail = detail,
                                            .wanted = event->wanted,
                                            .wanted_count = event->wanted_count});
    return ERR_OK;
}
