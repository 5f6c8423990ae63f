/* The console's page of what a topic's mails and short messages say, with a look at the result. */
#include "base/json.h"
#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/topic_inside.h"
#include "flow/topic_msg.h"
#include "flow/topic_page.h"
#include "guard/audit_note.h"

#define EXAMPLE "{{order.number}}"

enum act { ACT_LOOK, ACT_KEEP, ACT_DROP };

struct look {
    struct str name, language;
    struct topic_find_row topic;
    struct topic_template_list_rows rows;
    struct topic_notice_last_rows notices;
    const struct topic_template_list_row *row; /* NULL where there is none in this language */
};

static enum err read_words(struct tx *tx, void *arg)
{
    struct look *look = arg;
    TRY(topic_find(tx, look->name, &look->topic));
    TRY(topic_template_list(tx, look->name, LANGUAGE_COUNT, &look->rows));
    for (size_t i = 0; i < look->rows.count; i++)
        if (str_equal(look->rows.rows[i].language, look->language))
            look->row = &look->rows.rows[i];
    return topic_notice_last(tx, look->name, 1, &look->notices);
}

/* Filled with the newest notice, as a reader would have it. */
static enum err fill(struct ctx *ctx, const struct look *look, const struct topic_template *words,
                     struct topic_words *filled)
{
    struct json *body = NULL;
    struct str text = look->notices.count ? look->notices.rows[0].body : STR("{}");
    TRY(json_read(ctx, text, &body));
    TRY(topic_template_fill(ctx, words->subject, body, true, &filled->subject));
    return topic_template_fill(ctx, words->words, body, false, &filled->words);
}

static enum err show(struct request *request, struct look *look, const struct field_errors *errors,
                     struct str done)
{
    const struct language *language = language_find(look->language);
    struct topic_words filled = {.by_template = true};
    struct ui_value subject = ui_value(request, errors, "subject");
    struct ui_value words = ui_value(request, errors, "words");
    if (!language)
        return err_fail(&request->ctx->err, ERR_MISSING, "There is no such language.", "none");
    TRY(db_read(request->ports->db, request->ctx, read_words, look));
    if (!subject.typed.len && !words.typed.len && look->row) {
        subject.typed = look->row->subject;
        words.typed = look->row->words;
    }
    if (!errors)
        TRY(fill(request->ctx, look,
                 &(struct topic_template){.subject = subject.typed, .words = words.typed},
                 &filled));
    template_page(respond_page(request),
                  &(struct template_page){.frame = ui_frame(request, "/admin/topics"),
                                          .errors = errors,
                                          .name = look->name,
                                          .title = look->topic.title,
                                          .code = str_from(language->code),
                                          .spoken = str_from(language->name),
                                          .side = language_direction(language),
                                          .is_there = look->row != NULL,
                                          .done = done,
                                          .subject = subject,
                                          .words = words,
                                          .sample = look->notices.count ? look->notices.rows[0].body
                                                                        : STR(""),
                                          .filled_subject = filled.subject,
                                          .filled_words = filled.words,
                                          .example = STR(EXAMPLE),
                                          .may_manage = request_may(request, "topics.manage")});
    return ERR_OK;
}

enum err topic_template_show(struct request *request, const struct topic_template_show_input *input)
{
    struct look look = {.name = input->name, .language = input->language};
    return show(request, &look, NULL, STR(""));
}

struct putting {
    const struct request *request;
    const struct topic_template_change_input *input;
};

/* Where it is wrong, in the reader's words. */
static enum err check(const struct request *request, const char *field, struct str text)
{
    struct topic_place place = topic_template_check(text);
    struct buf words;
    if (!place.line)
        return ERR_OK;
    buf_init(&words, request->ctx->arena, TOPIC_ANSWER_MAX);
    text_template_wrong(&words, request->ctx->language, place.line, place.column, STR(EXAMPLE));
    return buf_err(&words) ? err_memory(&request->ctx->err)
                           : topic_wrong(request, field, buf_str(&words));
}

static enum err put(struct tx *tx, void *arg)
{
    const struct putting *putting = arg;
    const struct topic_template_change_input *input = putting->input;
    if (input->act == ACT_DROP)
        TRY(topic_template_drop(tx, input->name, input->language));
    else
        TRY(topic_template_set(tx, &(struct topic_template){.topic = input->name,
                                                            .language = input->language,
                                                            .subject = input->subject,
                                                            .words = input->words}));
    return audit_note(tx, putting->request,
                      input->act == ACT_DROP ? "topic.template.drop" : "topic.template",
                      input->name, STR(""));
}

enum err topic_template_change(struct request *request,
                               const struct topic_template_change_input *input)
{
    static ui_say *const dones[] = {NULL, text_template_kept, text_template_dropped};
    struct putting putting = {.request = request, .input = input};
    struct look look = {.name = input->name, .language = input->language};
    TRY(check(request, "subject", input->subject));
    TRY(check(request, "words", input->words));
    if (input->act != ACT_LOOK)
        TRY(db_write(request->ports->db, request->ctx, put, &putting));
    return show(request, &look, NULL,
                dones[input->act] ? ui_words(request, dones[input->act]) : STR(""));
}

enum err topic_template_change_again(struct request *request, const struct field_errors *errors)
{
    struct look look = {.name = request->parts[0], .language = request->parts[1]};
    return show(request, &look, errors, STR(""));
}
