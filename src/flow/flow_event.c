/* Tells of an event in the caller's transaction, and writes events as JSON. */
#include "flow/flow_event.h"

#include <string.h>

#include "base/json.h"
#include "base/span.h"
#include "flow/flow_sql.h"

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':';
}

static enum err check_name(struct ctx *ctx, const char *field, struct str name)
{
    bool fine = name.len > 0 && name.len <= FLOW_NAME_MAX;
    for (size_t i = 0; fine && i < name.len; i++)
        fine = is_name_char(name.ptr[i]);
    return fine ? ERR_OK
                : err_input(&ctx->err, field,
                            "must be 1 to %d letters, digits, . - _ and :", FLOW_NAME_MAX);
}

static enum err check_detail(struct ctx *ctx, struct str detail)
{
    struct json *tree;
    struct arena_mark mark = arena_mark(ctx->arena);
    if (detail.len > FLOW_DETAIL_MAX)
        return err_input(&ctx->err, "detail", "must be at most %d bytes", FLOW_DETAIL_MAX);
    enum err err = json_read(ctx, detail, &tree);
    if (err == ERR_INPUT)
        memcpy(ctx->err.field, "detail", sizeof "detail");
    TRY(err);
    if (tree->kind != JSON_OBJECT)
        return err_input(&ctx->err, "detail", "must be an object");
    arena_rewind(ctx->arena, mark);
    return ERR_OK;
}

enum err flow_emit(struct tx *tx, struct flow_event *event)
{
    struct ctx *ctx = tx->ctx;
    char trace[TRACE_PARENT_LEN + 1] = "";
    TRY(check_name(ctx, "source", event->source));
    TRY(check_name(ctx, "type", event->type));
    TRY(check_detail(ctx, event->detail));
    if (ctx->span)
        span_traceparent(ctx->span, trace);
    id_format(id_new(ctx->ids), "evt", event->id);
    TRY(event_row_add(tx, str_from(event->id), event->source, event->type, event->detail,
                      str_from(trace), clock_now_us(ctx->clock)));
    TRY(event_pending_add(tx, STR(""), str_from(event->id), STR(""), NULL));
    tx_note(tx, FLOW_NOTE);
    return ERR_OK;
}

void flow_event_write(struct buf *out, const struct flow_event_told *event, struct str replay)
{
    char time[CLOCK_TEXT_MAX];
    clock_format(event->made_us, time);
    buf_add(out, STR("{\"id\":"));
    json_quote(out, event->id);
    buf_add(out, STR(",\"source\":"));
    json_quote(out, event->source);
    buf_add(out, STR(",\"type\":"));
    json_quote(out, event->type);
    buf_addf(out, ",\"time\":\"%s\"", time);
    if (event->trace.len) {
        buf_add(out, STR(",\"trace\":"));
        json_quote(out, event->trace);
    }
    if (replay.len) {
        buf_add(out, STR(",\"replay\":"));
        json_quote(out, replay);
    }
    buf_add(out, STR(",\"detail\":"));
    buf_add(out, event->detail);
    buf_addc(out, '}');
}
