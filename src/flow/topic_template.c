/* Templates of topics: what notices say in each language, with values of their bodies. */
#include "base/buf.h"
#include "base/json.h"
#include "flow/bus_input.h"
#include "flow/topic_inside.h"
#include "text/language.h"
#include "web/request.h"

enum { PATH_MAX_LEN = 256, FILLED_MAX = TOPIC_WORDS_MAX + TOPIC_BODY_MAX };

/* Up to the next "{{", and what stands between that and its "}}"; false at the end of the text.
 * Where it is not closed, `path` is NULL. */
static bool cut_piece(struct str *rest, struct str *plain, struct str *path)
{
    size_t begin = str_find(*rest, STR("{{"));
    *path = STR("");
    if (begin == STR_NONE) {
        *plain = *rest;
        *rest = STR("");
        return false;
    }
    *plain = str_slice(*rest, 0, begin);
    struct str inside = str_slice(*rest, begin + 2, rest->len);
    size_t end = str_find(inside, STR("}}"));
    path->ptr = NULL;
    if (end != STR_NONE)
        *path = str_trim(str_slice(inside, 0, end));
    *rest = end == STR_NONE ? STR("") : str_slice(inside, end + 2, inside.len);
    return true;
}

/* "order.lines[0].sku": a name, then what bus_input.h calls a path. */
static bool find_value(struct str path, const struct json *body, const struct json **value)
{
    char bytes[PATH_MAX_LEN + 1];
    struct buf full;
    buf_init_fixed(&full, bytes, sizeof bytes);
    buf_addc(&full, '.');
    buf_add(&full, path);
    return path.len && !buf_err(&full) && bus_input_follow(buf_str(&full), body, value);
}

static struct topic_place place_of(struct str text, size_t offset)
{
    struct topic_place place = {.line = 1, .column = 1};
    for (size_t i = 0; i < offset; i++) {
        bool ends = text.ptr[i] == '\n';
        place.line += ends;
        if ((text.ptr[i] & 0xc0) != 0x80) /* a character, whatever its bytes */
            place.column = ends ? 1 : place.column + 1;
    }
    return place;
}

struct topic_place topic_template_check(struct str text)
{
    struct str rest = text, plain, path;
    const struct json *value;
    size_t at = 0;
    while (cut_piece(&rest, &plain, &path)) {
        at += plain.len;
        if (!path.ptr || !find_value(path, NULL, &value))
            return place_of(text, at);
        at = text.len - rest.len;
    }
    return (struct topic_place){0};
}

static enum err check_template(struct ctx *ctx, const char *field, struct str text, size_t max)
{
    struct topic_place place = topic_template_check(text);
    if (!text.len || text.len > max || !str_is_utf8(text))
        return err_input(&ctx->err, field, "must be UTF-8 of 1 to %zu bytes", max);
    if (place.line)
        return err_input(&ctx->err, field, "line %d, column %d: write {{order.number}}", place.line,
                         place.column);
    return ERR_OK;
}

enum err topic_template_set(struct tx *tx, const struct topic_template *template)
{
    struct ctx *ctx = tx->ctx;
    struct topic_find_row topic;
    if (!language_find(template->language))
        return err_input(&ctx->err, "language", "must be one that Stoa speaks, like en");
    TRY(check_template(ctx, "subject", template->subject, TOPIC_SUBJECT_MAX));
    TRY(check_template(ctx, "words", template->words, TOPIC_WORDS_MAX));
    TRY(topic_find(tx, template->topic, &topic));
    return topic_template_put(tx, template->topic, template->language, template->subject,
                              template->words, clock_now_us(ctx->clock));
}

enum err topic_template_drop(struct tx *tx, struct str topic, struct str language)
{
    int64_t removed;
    TRY(topic_template_remove(tx, topic, language, &removed));
    return removed ? ERR_OK
                   : err_fail(&tx->ctx->err, ERR_MISSING, "There is no such template.",
                              "it was removed before");
}

static void add_value(struct ctx *ctx, struct buf *out, const struct json *value)
{
    struct buf json;
    if (!value || value->kind == JSON_NULL)
        return;
    if (value->kind == JSON_STRING) {
        buf_add(out, value->text);
        return;
    }
    buf_init(&json, ctx->arena, FILLED_MAX);
    json_write(&json, value);
    buf_add(out, buf_str(&json));
    if (buf_err(&json))
        buf_fail(out, buf_err(&json));
}

/* What ends a line, or rings a bell, becomes a space. */
static void make_line(struct str *text, char *bytes)
{
    for (size_t i = 0; i < text->len; i++)
        if ((unsigned char)bytes[i] < ' ' || bytes[i] == '\x7f')
            bytes[i] = ' ';
    *text = str_trim(*text);
}

enum err topic_template_fill(struct ctx *ctx, struct str text, const struct json *body,
                             bool is_line, struct str *filled)
{
    struct str plain, path;
    struct buf out;
    bool more = true;
    buf_init(&out, ctx->arena, FILLED_MAX);
    while (more) {
        const struct json *value = NULL;
        more = cut_piece(&text, &plain, &path);
        buf_add(&out, plain);
        if (more && path.ptr && find_value(path, body, &value))
            add_value(ctx, &out, value);
    }
    *filled = buf_str(&out);
    if (buf_err(&out) == ERR_MEMORY)
        return err_memory(&ctx->err);
    if (buf_err(&out))
        return err_fail(&ctx->err, ERR_INPUT, "What the template makes is too long.",
                        "more than %d bytes", FILLED_MAX);
    if (is_line)
        make_line(filled, out.ptr);
    return ERR_OK;
}

struct listing {
    struct str topic;
    struct topic_template_list_rows rows;
};

static enum err list(struct tx *tx, void *arg)
{
    struct listing *listing = arg;
    return topic_template_list(tx, listing->topic, LANGUAGE_COUNT, &listing->rows);
}

/* The reader's language, else the first of the program's that there is one in. */
static const struct topic_template_list_row *choose(const struct topic_template_list_rows *rows,
                                                    struct str language)
{
    const struct topic_template_list_row *chosen = NULL;
    size_t best = LANGUAGE_COUNT + 1;
    for (size_t i = 0; i < rows->count; i++) {
        const struct topic_template_list_row *row = &rows->rows[i];
        const struct language *found = language_find(row->language);
        size_t rank = found ? (size_t)(found - languages) + 1 : LANGUAGE_COUNT;
        rank = str_equal(row->language, language) ? 0 : rank;
        if (rank < best) {
            best = rank;
            chosen = row;
        }
    }
    return chosen;
}

enum err topic_words_make(struct ctx *ctx, const struct ports *ports,
                          const struct topic_delivery_load_row *is, struct topic_words *words)
{
    struct listing listing = {.topic = is->topic};
    struct json *body = NULL;
    TRY(db_read(ports->db, ctx, list, &listing));
    const struct topic_template_list_row *template = choose(&listing.rows, is->language);
    *words = (struct topic_words){.subject = is->subject, .words = is->words};
    if (!words->words.len)
        words->words = is->subject;
    if (!template)
        return ERR_OK;
    words->by_template = true;
    TRY(json_read(ctx, is->body, &body));
    TRY(topic_template_fill(ctx, template->subject, body, true, &words->subject));
    words->subject = str_slice(words->subject, 0, TOPIC_SUBJECT_MAX);
    return topic_template_fill(ctx, template->words, body, false, &words->words);
}
