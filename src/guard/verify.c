/* Where the link of a new account leads. */
#include "guard/choosing.h"
#include "guard/guard_routes.h"

enum err verify_form(struct request *request, const struct verify_form_input *input)
{
    (void)input;
    return choosing_show(request, &link_verify, NULL);
}

enum err verify_again(struct request *request, const struct field_errors *errors)
{
    return choosing_show(request, &link_verify, errors);
}

enum err verify(struct request *request, const struct verify_input *input)
{
    return choosing_set(request, &link_verify, input->token, input->password);
}
