/* Remembers the language that a reader chose. */
#include "ui/ui_routes.h"
#include "web/url.h"

enum { LANGUAGE_KEPT_S = 365 * 24 * 3600 };

enum err language_choose(struct request *request, const struct language_choose_input *input)
{
    respond_cookie(request, "language", str_from(languages[input->code].code), LANGUAGE_KEPT_S);
    return respond_redirect(request, STR_FMT,
                            STR_ARG(url_is_own_path(input->back) ? input->back : STR("/")));
}
