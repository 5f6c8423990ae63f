/* The console's page to try a pattern: on one event, and on the newest. */
#include "flow/bus_page.h"

#include "base/json.h"
#include "flow/bus_msg.h"
#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/flow_sql.h"
#include "flow/pattern.h"

enum { NEWEST = 100, CHOICES = 20, MATCHES_SHOWN = 25 };

struct trying {
    struct request *request;
    struct str rule, event; /* which the page begins with; may be empty */
    struct str chosen;      /* an event's id */
    struct pattern *pattern;
    struct bus_look newest;
    struct bus_rule found;
    struct str text; /* of the event that was asked for */
    const struct bus_event_brief *matches[MATCHES_SHOWN];
    size_t matched;
};

/* The text of an event of the archive, as its targets are given it. */
static enum err read_text(struct tx *tx, struct str id, struct str *text)
{
    struct event_row_find_row row;
    struct buf out;
    TRY(event_row_find(tx, id, &row));
    const struct flow_event_told told = {id,         row.source, row.type,
                                         row.detail, row.trace,  row.made_us};
    buf_init(&out, tx->ctx->arena, row.detail.len + FLOW_ENVELOPE_MAX);
    flow_event_write(&out, &told, STR(""));
    *text = buf_str(&out);
    return buf_err(&out) ? err_memory(&tx->ctx->err) : ERR_OK;
}

static enum err matches(struct tx *tx, const struct pattern *pattern, struct str id, bool *yes)
{
    struct str text;
    struct json *tree = NULL;
    enum err err = read_text(tx, id, &text);
    *yes = false;
    if (err == ERR_MISSING) { /* forgotten in between */
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    TRY(err);
    TRY(json_read(tx->ctx, text, &tree));
    *yes = pattern_matches(pattern, tree);
    return ERR_OK;
}

/* One event's memory at a time: they may be large. */
static enum err match_newest(struct tx *tx, struct trying *trying)
{
    trying->matched = 0;
    for (size_t i = 0; trying->pattern && i < trying->newest.count; i++) {
        bool yes;
        struct arena_mark mark = arena_mark(tx->ctx->arena);
        TRY(matches(tx, trying->pattern, trying->newest.list[i].id, &yes));
        arena_rewind(tx->ctx->arena, mark);
        if (yes && trying->matched < MATCHES_SHOWN)
            trying->matches[trying->matched] = &trying->newest.list[i];
        trying->matched += yes;
    }
    return ERR_OK;
}

static enum err read_chosen(struct tx *tx, const struct trying *trying, struct str id,
                            struct str *text)
{
    enum err err = read_text(tx, id, text);
    return err == ERR_MISSING ? bus_wrong(trying->request, "chosen", text_bus_try_gone) : err;
}

static enum err read_all(struct tx *tx, void *arg)
{
    struct trying *trying = arg;
    trying->newest.limit = NEWEST;
    TRY(bus_look_at_events(tx, &trying->newest));
    if (trying->rule.len)
        TRY(bus_rule_get(tx, trying->rule, &trying->found));
    if (trying->event.len)
        TRY(read_text(tx, trying->event, &trying->text));
    if (trying->chosen.len)
        TRY(read_chosen(tx, trying, trying->chosen, &trying->text));
    return match_newest(tx, trying);
}

static struct bus_try_page page_of(struct trying *trying, const struct field_errors *errors)
{
    struct request *request = trying->request;
    size_t count = trying->newest.count;
    struct str chosen = route_typed(request, "chosen");
    for (size_t i = 0; i < count; i++)
        trying->newest.list[i].is_chosen = str_equal(trying->newest.list[i].id, chosen);
    return (struct bus_try_page){.frame = ui_frame(request, "/admin/bus"),
                                 .errors = errors,
                                 .pattern = ui_value(request, errors, "pattern"),
                                 .event = ui_value(request, errors, "event"),
                                 .chosen = ui_value(request, errors, "chosen"),
                                 .choices = trying->newest.list,
                                 .choice_count = count < CHOICES ? count : CHOICES,
                                 .newest = NEWEST,
                                 .looked_at = count};
}

static enum err show(struct request *request, const struct bus_try_page *page)
{
    bus_try_page(respond_page(request), page);
    return ERR_OK;
}

enum err bus_try_form(struct request *request, const struct bus_try_form_input *input)
{
    struct trying trying = {.request = request, .rule = input->rule, .event = input->event};
    TRY(db_read(request->ports->db, request->ctx, read_all, &trying));
    struct bus_try_page page = page_of(&trying, NULL);
    TRY(bus_pretty(request->ctx, trying.found.pattern, &page.pattern.typed));
    TRY(bus_pretty(request->ctx, trying.text, &page.event.typed));
    return show(request, &page);
}

enum err bus_try_post_again(struct request *request, const struct field_errors *errors)
{
    struct trying trying = {.request = request};
    TRY(db_read(request->ports->db, request->ctx, read_all, &trying));
    struct bus_try_page page = page_of(&trying, errors);
    return show(request, &page);
}

/* An event that somebody wrote is JSON, of whatever kind. */
static enum err read_typed(struct ctx *ctx, struct str text, struct json **tree)
{
    struct str words;
    enum err err = json_read(ctx, text, tree);
    if (err != ERR_INPUT && err != ERR_LIMIT)
        return err;
    TRY(str_copy(ctx->arena, str_from(ctx->err.user), &words));
    return err_input(&ctx->err, "event", STR_FMT, STR_ARG(words));
}

enum err bus_try_post(struct request *request, const struct bus_try_post_input *input)
{
    struct trying trying = {.request = request};
    struct json *tree = NULL;
    TRY(bus_read_pattern(request->ctx, input->pattern, &trying.pattern));
    if (input->event.len)
        TRY(read_typed(request->ctx, input->event, &tree));
    else
        trying.chosen = input->chosen;
    TRY(db_read(request->ports->db, request->ctx, read_all, &trying));
    if (trying.chosen.len)
        TRY(json_read(request->ctx, trying.text, &tree));
    struct bus_try_page page = page_of(&trying, NULL);
    page.is_tried = true;
    page.is_one = tree != NULL;
    page.is_match = tree && pattern_matches(trying.pattern, tree);
    page.matched = trying.matched;
    page.matches = trying.matches;
    page.match_count = trying.matched < MATCHES_SHOWN ? trying.matched : MATCHES_SHOWN;
    return show(request, &page);
}
