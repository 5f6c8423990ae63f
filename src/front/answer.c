/* What the company answers to what visitors wrote: kept first, then mailed, and mailed again where
 * that failed. */
#include "base/log.h"
#include "front/front_msg.h"
#include "front/front_pages.h"
#include "front/front_routes.h"
#include "front/front_sql.h"
#include "ports/db/db.h"
#include "ports/mail/mail.h"

enum { ANSWERS_SHOWN = 50 };

struct conversation {
    struct message_find_row message;
    struct answer_list_rows answers;
};

static enum err read_conversation(struct tx *tx, void *arg)
{
    struct conversation *conversation = arg;
    TRY(message_find(tx, conversation->message.id, &conversation->message));
    return answer_list(tx, conversation->message.id, ANSWERS_SHOWN, &conversation->answers);
}

static enum err show(struct request *request, struct str message, const struct field_errors *errors)
{
    struct conversation conversation = {.message.id = message};
    TRY(db_read(request->ports->db, request->ctx, read_conversation, &conversation));
    answer_page(respond_page(request),
                &(struct answer_page){.frame = ui_frame(request, "/admin/messages"),
                                      .message = &conversation.message,
                                      .answers = &conversation.answers,
                                      .errors = errors,
                                      .form = ui_form(request, errors, "ans"),
                                      .words = ui_value(request, errors, "words"),
                                      .may = request_may(request, "messages.answer")});
    return ERR_OK;
}

enum err answer_form(struct request *request, const struct answer_form_input *input)
{
    return show(request, input->id, NULL);
}

enum err answer_post_again(struct request *request, const struct field_errors *errors)
{
    return show(request, request->parts[0], errors);
}

struct answer {
    struct str id, message;
    struct message_find_row to;
    struct answer_find_row row;
};

static enum err find_answer(struct tx *tx, void *arg)
{
    struct answer *answer = arg;
    answer->to.id = answer->message;
    TRY(message_find(tx, answer->message, &answer->to));
    return answer_find(tx, answer->id, answer->message, &answer->row);
}

static enum err mark_sent(struct tx *tx, void *arg)
{
    const struct answer *answer = arg;
    return answer_sent(tx, answer->id, clock_now_us(tx->ctx->clock));
}

/* The mail has the answer's id: given on twice, it is still one. What cannot be sent waits on the
 * page, which says so. */
static enum err mail_answer(struct request *request, struct answer *answer)
{
    struct ctx *ctx = request->ctx;
    TRY(db_read(request->ports->db, ctx, find_answer, answer));
    if (!answer->row.sent_null)
        return ERR_OK;
    struct mail mail = {.to = {.address = answer->to.email},
                        .subject = ui_words(request, text_answer_subject),
                        .text = answer->row.words};
    if (id_parse(answer->id, "ans", &mail.id) || mail_send(request->ports->mail, ctx, &mail)) {
        log_failure(ctx, "an answer was not mailed");
        return ERR_OK;
    }
    return db_write(request->ports->db, ctx, mark_sent, answer);
}

static enum err back(struct request *request, const struct answer *answer)
{
    return respond_redirect(request, "/admin/messages/" STR_FMT "#" STR_FMT,
                            STR_ARG(answer->message), STR_ARG(answer->id));
}

static enum err keep_answer(struct tx *tx, void *arg)
{
    const struct answer_post_input *input = arg;
    struct message_find_row row = {.id = input->id};
    int64_t added;
    TRY(message_find(tx, input->id, &row));
    return answer_add(tx, input->form, input->id, input->words, clock_now_us(tx->ctx->clock),
                      &added);
}

enum err answer_post(struct request *request, const struct answer_post_input *input)
{
    struct answer answer = {.id = input->form, .message = input->id};
    struct answer_post_input kept = *input;
    TRY(db_write(request->ports->db, request->ctx, keep_answer, &kept));
    TRY(mail_answer(request, &answer));
    return back(request, &answer);
}

enum err answer_resend(struct request *request, const struct answer_resend_input *input)
{
    struct answer answer = {.id = input->answer, .message = input->id};
    TRY(mail_answer(request, &answer));
    return back(request, &answer);
}
