/* The front page. */
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"

enum err home_show(struct request *request)
{
    home_page(respond_page(request), &(struct home_page){.frame = ui_frame(request, "/")});
    return ERR_OK;
}
