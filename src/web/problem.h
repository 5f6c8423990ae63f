/* What went wrong, as the one who asked is told.
 *
 *     err = route_decode(request, input, &errors);
 *     if (err)
 *         problem_answer(request, &errors, options->show_error);
 *
 * Programs get problem+json (RFC 9457), people a page of `page`'s making; without one, and where it
 * fails, a line of text. Each says the user's words of ctx->err and never the operator's. The
 * status is that of err.h, or a failing one that somebody set in response.status (405, 408, 415 …);
 * all else that was said until then is forgotten, but for response.close, retry_s and rate. A
 * room whose protocol has failures of its own (request->show_error) tells them to everybody.
 *
 *     {"type":"about:blank","title":"Bad Request","status":400,"code":"input",
 *      "detail":"Use at least 10 characters.","instance":"/contact",
 *      "errors":[{"field":"words","detail":"Use at least 10 characters."}]} */
#ifndef STOA_WEB_PROBLEM_H
#define STOA_WEB_PROBLEM_H

#include "web/request.h"

struct field_errors; /* route.h */

enum { PROBLEM_RETRY_S = 1 }; /* where 429 or 503 do not say how long */

/* `errors` may be NULL: then ctx->err may name a field. What is not the asker's fault is logged,
 * 503 at most once a second. */
void problem_answer(struct request *request, const struct field_errors *errors, problem_page *page);

#endif
