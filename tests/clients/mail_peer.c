/* Prints mails and what was composed of them, a JSON object a line, for mail_peers.sh.
 *
 * The texts are made by chance from pieces that are awkward: in a header, in quoted-printable, at
 * the length of a line. */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "harness/fakes.h"
#include "ports/mail/mail.h"

enum { ARENA_MAX = 64 << 20, LINE_MAX_LEN = 8 << 20, PIECES_MAX = 60, ATTACHMENTS_MAX = 3 };

struct maker {
    struct ctx *ctx;
    struct rand *rand;
};

static const char *const header_pieces[] = {"a",
                                            "Order",
                                            " ",
                                            "=?UTF-8?B?YQ==?=",
                                            "\"",
                                            "\\",
                                            ",",
                                            ";",
                                            "<b>",
                                            "@",
                                            "\xc3\xbc",
                                            "\xe2\x82\xac",
                                            "\xf0\x9f\x98\x80",
                                            "\xd8\xa7",
                                            "a=b",
                                            "=20",
                                            "__",
                                            "?=",
                                            "(x)",
                                            "%41",
                                            "'",
                                            "abcdefghijklmnopqrstuvwxyz"};
static const char *const body_pieces[] = {"a",
                                          "\n",
                                          "\r\n",
                                          " ",
                                          "\t",
                                          ".",
                                          "\n.\n",
                                          "From me",
                                          "=",
                                          "=3D",
                                          "--=_mail",
                                          "\xc3\xbc",
                                          "\xe2\x82\xac",
                                          "\xf0\x9f\x98\x80",
                                          " \n",
                                          "<p>",
                                          "abcdefghijklmnopqrstuvwxyz",
                                          "\xd8\xa7\xd9\x84\xd9\x81"};

static struct str make(struct maker *maker, const char *const pieces[], size_t kinds, size_t max)
{
    struct buf out;
    size_t count = rand_below(maker->rand, PIECES_MAX) + 1;
    buf_init(&out, maker->ctx->arena, LINE_MAX_LEN);
    while (count--) {
        struct str piece = str_from(pieces[rand_below(maker->rand, kinds)]);
        if (out.len + piece.len <= max)
            buf_add(&out, piece);
    }
    return out.len ? buf_str(&out) : STR("a");
}

#define MAKE(maker, pieces, max) make(maker, pieces, sizeof(pieces) / sizeof *(pieces), max)

static struct str make_bytes(struct maker *maker)
{
    size_t len = rand_below(maker->rand, 300);
    char *bytes = arena_bytes(maker->ctx->arena, len);
    if (!bytes)
        abort();
    rand_fill(maker->rand, bytes, len);
    return str_make(bytes, len);
}

static bool chance(struct maker *maker)
{
    return rand_below(maker->rand, 2);
}

static struct mail make_mail(struct maker *maker, struct mail_attachment attachments[])
{
    struct mail mail = {.id = id_new(maker->ctx->ids), .attachments = attachments};
    mail.to = (struct mail_address){MAKE(maker, header_pieces, MAIL_NAME_MAX),
                                    STR("ada.lovelace+orders@mail.example.org")};
    if (chance(maker))
        mail.reply_to = (struct mail_address){STR(""), STR("help@example.com")};
    mail.subject = MAKE(maker, header_pieces, MAIL_SUBJECT_MAX);
    mail.text = MAKE(maker, body_pieces, MAIL_TEXT_MAX);
    if (chance(maker))
        mail.html = MAKE(maker, body_pieces, MAIL_TEXT_MAX);
    if (chance(maker))
        mail.language = STR("de");
    if (chance(maker))
        mail.list_unsubscribe = STR("https://example.com/unsubscribe/01KAH0XVK4A9N3FYJ0T8Q5RWZC");
    mail.attachment_count = rand_below(maker->rand, ATTACHMENTS_MAX + 1);
    for (size_t i = 0; i < mail.attachment_count; i++)
        attachments[i] = (struct mail_attachment){MAKE(maker, header_pieces, MAIL_NAME_MAX),
                                                  STR("application/pdf"), make_bytes(maker)};
    return mail;
}

static void add_hex(struct json_writer *w, struct ctx *ctx, struct str bytes)
{
    struct buf hex;
    buf_init(&hex, ctx->arena, LINE_MAX_LEN);
    for (size_t i = 0; i < bytes.len; i++)
        buf_addf(&hex, "%02x", (unsigned char)bytes.ptr[i]);
    json_add_str(w, buf_str(&hex));
}

static void write_mail(struct buf *out, struct ctx *ctx, const struct mail *mail,
                       struct str composed)
{
    struct json_writer w;
    const struct {
        const char *name;
        struct str value;
    } fields[] = {{"to_name", mail->to.name},
                  {"to", mail->to.address},
                  {"reply_to", mail->reply_to.address},
                  {"subject", mail->subject},
                  {"text", mail->text},
                  {"html", mail->html},
                  {"language", mail->language},
                  {"unsubscribe", mail->list_unsubscribe},
                  {"composed", composed}};
    json_writer_init(&w, out);
    json_begin_object(&w);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        json_key(&w, str_from(fields[i].name));
        json_add_str(&w, fields[i].value);
    }
    json_key(&w, STR("attachments"));
    json_begin_array(&w);
    for (size_t i = 0; i < mail->attachment_count; i++) {
        json_begin_array(&w);
        json_add_str(&w, mail->attachments[i].name);
        json_add_str(&w, mail->attachments[i].type);
        add_hex(&w, ctx, mail->attachments[i].bytes);
        json_end_array(&w);
    }
    json_end_array(&w);
    json_end_object(&w);
    buf_addc(out, '\n');
}

static bool print_one(struct maker *maker)
{
    const struct mail_address from = {STR("Stoa, Gr\xc3\xbc\xc3\x9f"
                                          "e"),
                                      STR("shop@example.com")};
    struct mail_attachment attachments[ATTACHMENTS_MAX] = {0};
    struct buf composed, out;
    struct mail mail = make_mail(maker, attachments);
    buf_init(&composed, maker->ctx->arena, MAIL_COMPOSED_MAX);
    buf_init(&out, maker->ctx->arena, LINE_MAX_LEN);
    if (mail_compose(maker->ctx, &mail, &from, &composed))
        return false;
    write_mail(&out, maker->ctx, &mail, buf_str(&composed));
    return !buf_err(&out) && fwrite(out.ptr, 1, out.len, stdout) == out.len;
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct fake_clock clock;
    struct fake_rand rand, id_rand;
    struct id_source ids;
    int64_t count = 0;
    if (argc != 2 || str_to_int(str_from(argv[1]), 1, INT32_MAX, &count))
        return 2;
    arena_init(&arena, ARENA_MAX);
    fake_clock_init(&clock);
    fake_rand_init(&rand, 1);
    fake_rand_init(&id_rand, 2);
    id_source_init(&ids, &clock.clock, &id_rand.rand);
    struct ctx ctx = {.arena = &arena, .clock = &clock.clock, .ids = &ids};
    struct maker maker = {&ctx, &rand.rand};
    bool fine = true;
    for (; fine && count > 0; count--) {
        fine = print_one(&maker);
        arena_clear(&arena);
    }
    if (!fine)
        fprintf(stderr, "mail_peer: %s: %s\n", ctx.err.field, ctx.err.user);
    arena_release(&arena);
    return !fine;
}
