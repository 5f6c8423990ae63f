/* Asking for another password. */
#include "guard/asking.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"

enum err forgot_again(struct request *request, const struct field_errors *errors)
{
    forgot_page(respond_page(request),
                &(struct forgot_page){.frame = guard_frame(request),
                                      .errors = errors,
                                      .email = ui_value(request, errors, "email")});
    return ERR_OK;
}

enum err forgot_form(struct request *request)
{
    return forgot_again(request, NULL);
}

enum err forgot(struct request *request, const struct forgot_input *input)
{
    struct asking asking = {.signs_up = false};
    return asking_answer(request, &asking, input->email);
}
