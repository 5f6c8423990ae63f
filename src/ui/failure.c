/* The page for who met a failure. */
#include "ui/frame.h"
#include "ui/ui_msg.h"
#include "ui/ui_pages.h"

/* The title for a status, and what may be done about it where that is not in the error's words. */
static const struct failure {
    int status;
    ui_say *title, *hint;
} failures[] = {
    {401, text_wrong_signed_out, NULL},
    {403, text_wrong_forbidden, NULL},
    {404, text_wrong_missing, text_wrong_missing_hint},
    {409, text_wrong_conflict, NULL},
    {413, text_wrong_large, NULL},
    {429, text_wrong_busy, text_wrong_busy_hint},
    {503, text_wrong_busy, text_wrong_busy_hint},
    {500, text_wrong_inside, text_wrong_inside_hint},
    {502, text_wrong_inside, text_wrong_inside_hint},
    {504, text_wrong_busy, text_wrong_busy_hint},
};

static const struct failure *failure_of(int status)
{
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (failures[i].status == status)
            return &failures[i];
    return NULL;
}

void ui_show_error(struct request *request, int status)
{
    const struct failure *failure = failure_of(status);
    struct str said = str_from(request->ctx->err.user);
    struct ui_error page = {
        .frame = ui_frame(request, NULL),
        .status = status,
        .title = ui_words(request, failure ? failure->title : text_wrong_request),
        .words = failure && failure->hint ? ui_words(request, failure->hint) : said};
    ui_error(respond_page(request), &page);
}
