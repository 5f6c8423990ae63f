/* Signing up: the form, and what is sent by it. */
#include "guard/asking.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"

enum err sign_up_again(struct request *request, const struct field_errors *errors)
{
    sign_up_page(respond_page(request),
                 &(struct sign_up_page){.frame = guard_frame(request),
                                        .errors = errors,
                                        .name = ui_value(request, errors, "name"),
                                        .email = ui_value(request, errors, "email")});
    return ERR_OK;
}

enum err sign_up_form(struct request *request)
{
    return sign_up_again(request, NULL);
}

enum err sign_up(struct request *request, const struct sign_up_input *input)
{
    struct asking asking = {.signs_up = true, .name = input->name};
    return asking_answer(request, &asking, input->email);
}
