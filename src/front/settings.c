/* The page of the settings, for who runs the company: read only, and never a secret. */
#include "front/front.h"
#include "front/front_pages.h"
#include "front/front_routes.h"

enum err settings_show(struct request *request)
{
    settings_page(respond_page(request),
                  &(struct settings_page){.frame = ui_frame(request, "/admin/settings"),
                                          .front = request->room});
    return ERR_OK;
}
