/* An answer on its way out: what the server makes of what a handler said.
 *
 *     response_init(&request);
 *     enum err err = route->handler(&request, input);
 *     response_finish(&request, err, NULL, options->show_error);
 *     response_head(&request, &head);
 *     send(fd, head, request.response.bytes);
 *
 * Finishing makes a failure its page (problem.h), compresses what is worth it, and names a page
 * that all readers share by its ETag. Writing the head settles whether the reader has it already
 * (304), or wants a part (206), and leaves in response.bytes what goes behind it: nothing for HEAD.
 * With response.events the events follow the head until the connection ends.
 *
 * A page that all readers share (a route with `cache`, no cookie, no Authorization):
 *
 *     if (response_is_shared(&request)) {
 *         response_key(&request, &key);
 *         page = page_cache_find(cache, buf_str(&key), tick_us, &render);
 *         if (page && !render)
 *             response_kept(&request, page, &head);         and response.bytes again
 *         …
 *         response_finish(…);
 *         response_keep(&request, cache, buf_str(&key), drops);     before response_head
 *     } */
#ifndef STOA_WEB_RESPONSE_H
#define STOA_WEB_RESPONSE_H

#include "web/page_cache.h"
#include "web/problem.h"
#include "web/request.h"

/* What a head takes at most, the headers of the handler included. */
enum { RESPONSE_HEAD_MAX = RESPONSE_HEADERS_MAX + (2 << 10), RESPONSE_KEY_MAX = 10 << 10 };

/* Makes request->response ready; it needs request->ctx. */
void response_init(struct request *request);

/* `errors` are route_decode's, or NULL; `page` may be NULL. It cannot fail: where there is no
 * memory the answer is one that needs none. */
void response_finish(struct request *request, enum err err, const struct field_errors *errors,
                     problem_page *page);

/* Writes the status line and all headers to the empty line: RESPONSE_HEAD_MAX holds it. */
void response_head(struct request *request, struct buf *head);

/* Whether the answer may be one that all readers share. */
bool response_is_shared(const struct request *request);

/* The key of it: path, query, language and coding, RESPONSE_KEY_MAX at most. */
void response_key(const struct request *request, struct buf *key);

/* Keeps a finished answer, if it is one to be kept. `drops` is page_cache_drops as of before it was
 * made. */
void response_keep(const struct request *request, struct page_cache *cache, struct str key,
                   uint64_t drops);

/* As response_head, of a page that was kept. */
void response_kept(struct request *request, const struct kept_page *page, struct buf *head);

#endif
