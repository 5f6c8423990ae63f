/* Remembers the language that a reader chose. */
#include "ui/ui_routes.h"

enum { LANGUAGE_KEPT_S = 365 * 24 * 3600 };

/* Only places of our own: "//host" and "/\host" lead elsewhere. */
static bool is_own_path(struct str path)
{
    return str_starts(path, STR("/")) && !str_starts(path, STR("//")) &&
           str_find_char(path, '\\') == STR_NONE;
}

enum err language_choose(struct request *request, const struct language_choose_input *input)
{
    respond_cookie(request, "language", str_from(languages[input->code].code), LANGUAGE_KEPT_S);
    return respond_redirect(request, STR_FMT,
                            STR_ARG(is_own_path(input->back) ? input->back : STR("/")));
}
