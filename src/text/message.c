/* Says a message: its pieces, one after the other. */
#include "text/message.h"

#include "base/assert.h"
#include "text/date.h"
#include "text/number.h"

enum { ISOLATE = 0x2068, ISOLATE_END = 0x2069 };

void text_str(struct buf *out, const struct language *language, struct str words)
{
    if (language->right_to_left)
        buf_add_utf8(out, ISOLATE);
    buf_add(out, words);
    if (language->right_to_left)
        buf_add_utf8(out, ISOLATE_END);
}

static void write_value(struct buf *out, const struct language *language,
                        const struct message_value *value)
{
    switch (value->kind) {
    case MESSAGE_STR:
        text_str(out, language, value->text);
        return;
    case MESSAGE_INT:
        text_int(out, language, value->number);
        return;
    case MESSAGE_DECIMAL:
        text_decimal(out, language, value->number, value->digits);
        return;
    case MESSAGE_MONEY:
        text_money(out, language, value->number, value->currency);
        return;
    case MESSAGE_DATE:
        text_date(out, language, value->civil, DATE_LONG);
        return;
    case MESSAGE_TIME:
        text_time(out, language, value->civil);
        return;
    }
    ASSERT_UNREACHABLE("a switch over every kind");
}

/* The plural goes by the number without its sign: -1 item, as 1 item. */
static bool is_said(const struct language *language, const struct message_piece *piece,
                    const struct message_value values[])
{
    if (!piece->chooser)
        return true;
    int64_t number = values[piece->chooser - 1].number;
    uint64_t absolute = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    return piece->categories >> language->plural(absolute) & 1;
}

void message_write(struct buf *out, const struct language *language,
                   const struct message_piece *const pieces[LANGUAGE_COUNT],
                   const struct message_value values[])
{
    for (const struct message_piece *piece = pieces[language - languages]; piece->text; piece++) {
        if (!is_said(language, piece, values))
            continue;
        buf_add(out, str_from(piece->text));
        if (piece->value)
            write_value(out, language, &values[piece->value - 1]);
    }
}
