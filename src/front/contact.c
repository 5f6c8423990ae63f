/* What visitors write to the company: the form, and the message that becomes of it. */
#include <inttypes.h>

#include "base/hash.h"
#include "base/log.h"
#include "front/front_pages.h"
#include "front/front_routes.h"
#include "front/front_sql.h"
#include "front/message.h"
#include "ports/db/db.h"
#include "web/events.h"

enum err contact_send_again(struct request *request, const struct field_errors *errors)
{
    struct contact_page page = {.frame = ui_frame(request, "/contact"),
                                .errors = errors,
                                .form = ui_form(request, errors, "form"),
                                .name = ui_value(request, errors, "name"),
                                .email = ui_value(request, errors, "email"),
                                .words = ui_value(request, errors, "words")};
    contact_page(respond_page(request), &page);
    return ERR_OK;
}

enum err contact_form(struct request *request)
{
    return contact_send_again(request, NULL);
}

/* What becomes of a form: a message, or the one that it became when just that was sent before. Who
 * goes back and sends it corrected has written another. */
struct letter {
    const struct contact_send_input *input;
    char form[2 * ID_TEXT_MAX]; /* its id, and a hash of what was sent */
    char id[ID_TEXT_MAX];
    struct message_of_form_row row;
};

static enum err keep_letter(struct tx *tx, void *arg)
{
    struct letter *letter = arg;
    const struct contact_send_input *input = letter->input;
    struct str form = str_from(letter->form);
    enum err err = message_of_form(tx, form, &letter->row);
    if (err != ERR_MISSING)
        return err;
    err_clear(&tx->ctx->err);
    letter->row.id = str_from(letter->id);
    return message_add(tx, letter->row.id, form, input->name, input->email, input->words,
                       clock_now_us(tx->ctx->clock));
}

enum err contact_send(struct request *request, const struct contact_send_input *input)
{
    struct letter letter = {.input = input};
    struct buf form;
    id_format(id_new(request->ctx->ids), "msg", letter.id);
    buf_init_fixed(&form, letter.form, sizeof letter.form);
    buf_addf(&form, STR_FMT "-%016" PRIx64 "%c", STR_ARG(input->form),
             hash_str(&(struct hash_key){0}, request->body), '\0');
    TRY(db_write(request->ports->db, request->ctx, keep_letter, &letter));
    if (events_publish(request->ctx, message_channel(request), STR("message"), letter.row.id))
        log_failure(request->ctx, "a message was not told of");
    return respond_redirect(request, "/contact/" STR_FMT, STR_ARG(letter.row.id));
}

static enum err find_message(struct tx *tx, void *arg)
{
    struct message_find_row *row = arg;
    return message_find(tx, row->id, row);
}

enum err contact_show(struct request *request, const struct contact_show_input *input)
{
    struct message_find_row row = {.id = input->id};
    TRY(db_read(request->ports->db, request->ctx, find_message, &row));
    contact_message(
        respond_page(request),
        &(struct contact_message){.frame = ui_frame(request, "/contact"), .message = &row});
    return ERR_OK;
}
