/* Messages: the sentences of the program, in every language, as typed C functions.
 *
 * A .msg file has the languages side by side; tools/gen_text makes a function of each message:
 *
 *     cart_items count:int name:str
 *       en  {count|one: # item|other: # items} in {name}'s cart
 *       de  {count|one/other: # Artikel} im Warenkorb von {name}
 *       …
 *
 *     text_cart_items(&out, ctx->language, 3, customer->name);         3 items in Ada's cart
 *
 * `{name}` is a parameter. `{count|one: …|other: …}` chooses by the plural category of a whole
 * number, and # inside it is the number; a language needs exactly the categories that it tells
 * apart (`one/other:` shares a text). `{nbsp}` and `{nnbsp}` are the no-break spaces, wide and
 * narrow.
 *
 *     str       struct str name                     as it is; isolated in right-to-left text
 *     int       int64_t name                        1,234
 *     decimal   int64_t name, int name_digits       1,234.5 is 12345 and 1
 *     money     int64_t name_minor, const struct currency *name_currency
 *     date      const struct civil *name            November 21, 2026
 *     time      const struct civil *name            3:05 PM
 *
 * A missing language, category or parameter fails the build. Messages are plain text: what writes
 * a page or a mail escapes them like any other text. */
#ifndef STOA_TEXT_MESSAGE_H
#define STOA_TEXT_MESSAGE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/money.h"
#include "text/language.h"

/* Words that are not the program's own (a name, an address): isolated in right-to-left text, so
 * that Latin ones do not turn what stands around them. */
void text_str(struct buf *out, const struct language *language, struct str words);

/* What follows is for the generated code. */

enum { MESSAGE_PARAMETERS_MAX = 8 };

enum message_kind {
    MESSAGE_STR,
    MESSAGE_INT,
    MESSAGE_DECIMAL,
    MESSAGE_MONEY,
    MESSAGE_DATE,
    MESSAGE_TIME,
};

struct message_value {
    enum message_kind kind;
    struct str text;
    int64_t number; /* also of a decimal and of money */
    int digits;
    const struct currency *currency;
    const struct civil *civil;
};

/* A bit of a sentence: a text, then perhaps a value. */
struct message_piece {
    const char *text;   /* NULL ends the sentence */
    uint8_t value;      /* the parameter that is written behind the text, from 1; 0 is none */
    uint8_t chooser;    /* the parameter whose plural decides if this is said; 0: it always is */
    uint8_t categories; /* for which of its plurals: 1 << PLURAL_ONE | … */
};

void message_write(struct buf *out, const struct language *language,
                   const struct message_piece *const pieces[LANGUAGE_COUNT],
                   const struct message_value values[]);

#endif
