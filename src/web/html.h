/* HTML: where compiled pages write to, and how what is not ours is escaped.
 *
 *     struct html_out out;
 *     html_out_init(&out, &body, ctx->arena, language, clock_now_us(ctx->clock));
 *     contact_page(&out, &(struct contact_page){.query = query});
 *     TRY(buf_err(&body));
 *
 * A page is a .html file beside its room; tools/page/gen_html makes such a function of it
 * (docs/web.md shows how one is written), and chooses by the place where a value stands what
 * escapes it. What is not UTF-8, and NUL, comes out as U+FFFD. */
#ifndef STOA_WEB_HTML_H
#define STOA_WEB_HTML_H

#include "base/buf.h"
#include "text/language.h"

enum { HTML_WORDS_MAX = 64 << 10 }; /* messages that wait at the same time to be written */

/* Markup, made by something that escaped what it took. A page writes it as it is, between tags
 * alone; what should be one and is a struct str, or the other way round, does not compile. */
struct html {
    struct str markup;
};

struct html_out {
    struct buf *buf;
    const struct language *language; /* the reader's */
    int64_t now_us;                  /* what {{ago}} counts from */
    struct buf words;                /* scratch: messages that were not written yet */
};

void html_out_init(struct html_out *out, struct buf *buf, struct arena *arena,
                   const struct language *language, int64_t now_us);

/* Between tags: & < > are escaped. In double quotes: the quotes as well. */
void html_add_text(struct buf *out, struct str text);
void html_add_attribute(struct buf *out, struct str text);

/* A whole URL in an attribute: a path, or http, https, mailto and tel; "#" for anything else. */
void html_add_url(struct buf *out, struct str url);

/* A part of one, percent-encoded: it adds neither : nor / nor & to what stands before it. */
void html_add_url_part(struct buf *out, struct str text);

#endif
