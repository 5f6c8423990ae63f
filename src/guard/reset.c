/* Where the link for another password leads. */
#include "guard/choosing.h"
#include "guard/guard_routes.h"

enum err reset_form(struct request *request, const struct reset_form_input *input)
{
    (void)input;
    return choosing_show(request, &link_reset, NULL);
}

enum err reset_again(struct request *request, const struct field_errors *errors)
{
    return choosing_show(request, &link_reset, errors);
}

enum err reset(struct request *request, const struct reset_input *input)
{
    return choosing_set(request, &link_reset, input->token, input->password);
}
