/* Carries a notice to somebody's mailbox or telephone, in their language. */
#include "flow/flow_pages.h"
#include "flow/topic_inside.h"
#include "flow/topic_msg.h"
#include "ports/mail/mail.h"
#include "ports/sms/sms.h"
#include "web/request.h"

enum { LINK_MAX = 512, PARAGRAPHS_MAX = 200, HTML_MAX = TOPIC_WORDS_MAX * 8 };

static const struct language *language_of(const struct topic_delivery_load_row *is)
{
    const struct language *language = is->language.len ? language_find(is->language) : NULL;
    return language ? language : &languages[0];
}

static enum err unsubscribe_link(struct ctx *ctx, const struct ports *ports,
                                 const struct topic_carrying *carrying, struct str *link)
{
    struct buf out;
    buf_init(&out, ctx->arena, LINK_MAX);
    buf_addf(&out, STR_FMT "/unsubscribe/" STR_FMT, STR_ARG(ports->site_url),
             STR_ARG(carrying->is.subscription));
    *link = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

/* A line is a paragraph; beyond PARAGRAPHS_MAX they are one. */
static size_t cut_paragraphs(struct str words, struct str paragraphs[PARAGRAPHS_MAX])
{
    size_t count = 0;
    while (words.len) {
        struct str one = words;
        if (count + 1 < PARAGRAPHS_MAX)
            str_cut(&words, '\n', &one);
        else
            words.len = 0;
        one = str_trim(one);
        if (one.len)
            paragraphs[count++] = one;
    }
    return count;
}

static enum err make_html(struct ctx *ctx, const struct topic_words *words,
                          const struct language *language, struct str link, struct str *html)
{
    struct str paragraphs[PARAGRAPHS_MAX];
    struct buf out;
    struct html_out page;
    buf_init(&out, ctx->arena, HTML_MAX);
    html_out_init(&page, &out, ctx->arena, language, clock_now_us(ctx->clock));
    topic_mail(&page, &(struct topic_mail){.subject = words->subject,
                                           .count = cut_paragraphs(words->words, paragraphs),
                                           .paragraphs = paragraphs,
                                           .link = link});
    *html = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

enum err topic_carry_mail(struct ctx *ctx, const struct ports *ports,
                          struct topic_carrying *carrying)
{
    const struct language *language = language_of(&carrying->is);
    struct topic_words words = {.by_template = false};
    struct str link, html = carrying->is.html;
    struct buf text;
    TRY(topic_words_make(ctx, ports, &carrying->is, &words));
    TRY(unsubscribe_link(ctx, ports, carrying, &link));
    if (words.by_template || !html.len)
        TRY(make_html(ctx, &words, language, link, &html));
    buf_init(&text, ctx->arena, TOPIC_PAYLOAD_MAX);
    buf_addf(&text, STR_FMT "\n\n-- \n", STR_ARG(words.words));
    text_topic_unsubscribe(&text, language, link);
    if (buf_err(&text))
        return err_memory(&ctx->err);
    struct mail mail = {.to = {.address = carrying->is.target},
                        .subject = words.subject,
                        .text = buf_str(&text),
                        .html = html,
                        .language = str_from(language->code),
                        .list_unsubscribe = str_starts(link, STR("https://")) ? link : STR("")};
    TRY(id_parse(carrying->id, "dlv", &mail.id));
    return mail_send(ports->mail, ctx, &mail);
}

enum err topic_carry_sms(struct ctx *ctx, const struct ports *ports,
                         struct topic_carrying *carrying)
{
    struct sms sms = {.to = carrying->is.target};
    struct topic_words words = {.by_template = false};
    TRY(topic_words_make(ctx, ports, &carrying->is, &words));
    sms.text = words.words;
    TRY(id_parse(carrying->id, "dlv", &sms.id));
    return sms_send(ports->sms, ctx, &sms);
}
