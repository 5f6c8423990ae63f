/* What runs here and how it is set up, without secrets. */
#include "front/front.h"
#include "front/front_pages.h"
#include "front/front_routes.h"

enum err about_show(struct request *request)
{
    about_page(respond_page(request),
               &(struct about_page){.frame = ui_frame(request, "/about"), .front = request->room});
    return ERR_OK;
}
