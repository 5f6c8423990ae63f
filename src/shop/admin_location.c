/* The console's page of locations: where goods lie, and the form for another one. */
#include "guard/audit_note.h"
#include "ports/db/db.h"
#include "shop/admin.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "shop/shop_sql.h"

enum { LOCATIONS_MAX = 100 };

static enum err read_list(struct tx *tx, void *arg)
{
    return admin_category_locations(tx, LOCATIONS_MAX, arg);
}

static enum err show(struct request *request, const struct field_errors *errors, bool is_done)
{
    struct admin_category_locations_rows rows;
    TRY(db_read(request->ports->db, request->ctx, read_list, &rows));
    admin_locations_page(
        respond_page(request),
        &(struct admin_locations_page){.frame = ui_frame(request, "/admin/stock"),
                                       .errors = errors,
                                       .list = &rows,
                                       .name = ui_value(request, errors, "name"),
                                       .street = ui_value(request, errors, "street"),
                                       .postcode = ui_value(request, errors, "postcode"),
                                       .city = ui_value(request, errors, "city"),
                                       .country = ui_value(request, errors, "country"),
                                       .is_done = is_done,
                                       .may_write = request_may(request, "shop.locations.write")});
    return ERR_OK;
}

enum err admin_locations(struct request *request, const struct admin_locations_input *input)
{
    return show(request, NULL, input->done);
}

enum err admin_location_make_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors, false);
}

struct making {
    const struct request *request;
    const struct admin_location_make_input *input;
    char id[ID_TEXT_MAX];
};

static enum err make(struct tx *tx, void *arg)
{
    const struct making *making = arg;
    const struct admin_location_make_input *input = making->input;
    struct str id = str_from(making->id);
    TRY(admin_category_add_location(tx, id, input->name, input->country, input->postcode,
                                    input->city, input->street));
    return audit_note(tx, making->request, "location.make", id, STR(""));
}

enum err admin_location_make(struct request *request, const struct admin_location_make_input *input)
{
    struct making making = {.request = request, .input = input};
    id_format(id_new(request->ctx->ids), "loc", making.id);
    TRY(db_write(request->ports->db, request->ctx, make, &making));
    return respond_redirect(request, "/admin/locations?done=true");
}
