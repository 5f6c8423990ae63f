/* The door of the console: leads to the first of its places that the reader may open. */
#include "ui/frame.h"
#include "ui/ui_routes.h"

enum err console_show(struct request *request)
{
    struct ui_frame frame = ui_frame(request, NULL);
    if (frame.console_count)
        return respond_redirect(request, STR_FMT, STR_ARG(frame.console[0].path));
    return err_fail(&request->ctx->err, ERR_MISSING, "Nothing of the console is open to you.",
                    "no place of the console is open to this reader");
}
