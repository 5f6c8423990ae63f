/* What a target is given of an event: all of it, a part, or a text that parts are put into.
 *
 *     ""                                      the event
 *     "$.detail.order"                        that part, as JSON
 *     {"to": <$.detail.email>, "text": "Order <$.detail.number> of <$.time>"}
 *
 *     TRY(bus_input_check(ctx, input));                      when it is set
 *     TRY(bus_input_make(ctx, input, event, text, &body));   for each event
 *
 * A path is $ and names behind dots, with [0] for an element of an array. In a template <$.path>
 * stands for a value: outside of quotes as JSON, with null for what is not there; within quotes as
 * text, escaped as it must be, and nothing for what is not there. A template is JSON whatever the
 * event holds. In one that does not begin with $ no other < before $ may stand within quotes. */
#ifndef STOA_FLOW_BUS_INPUT_H
#define STOA_FLOW_BUS_INPUT_H

#include "base/ctx.h"
#include "base/json.h"

enum { BUS_INPUT_MAX = 8 << 10, BUS_BODY_MAX = 256 << 10 };

/* Follows ".name[0].name"; false where that is no path. What is not there is NULL. */
bool bus_input_follow(struct str path, const struct json *value, const struct json **found);

/* ERR_INPUT with the field "input" and what would be right. */
enum err bus_input_check(struct ctx *ctx, struct str input);

/* `event` is what json_read made of `text`. ERR_LIMIT for what becomes longer than BUS_BODY_MAX;
 * ERR_MISSING where a path leads to nothing. The body lives in ctx->arena, or is `text`. */
enum err bus_input_make(struct ctx *ctx, struct str input, const struct json *event,
                        struct str text, struct str *body);

#endif
