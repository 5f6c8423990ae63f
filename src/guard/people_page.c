/* The list of people, and the page of what each role may. */
#include "guard/people_page.h"

#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/people.h"
#include "guard/people_msg.h"
#include "guard/session.h"

enum { LIST_ROWS = 30, ROLES_TEXT_MAX = 1 << 10, PERMISSIONS_MAX = 128 };

ui_say *people_role_words(enum role role)
{
    static ui_say *const words[ROLE_COUNT] = {
        [ROLE_OWNER] = text_role_owner,       [ROLE_MANAGER] = text_role_manager,
        [ROLE_CATALOG] = text_role_catalog,   [ROLE_ORDERS] = text_role_orders,
        [ROLE_SUPPORT] = text_role_support,   [ROLE_PHARMACIST] = text_role_pharmacist,
        [ROLE_READONLY] = text_role_readonly, [ROLE_CUSTOMER] = text_role_customer,
    };
    return words[role];
}

size_t people_fill_roles(struct request *request, struct str chosen, struct people_role roles[])
{
    const struct guard *guard = guard_of(request);
    size_t count = 0;
    for (enum role role = 0; role < ROLE_CUSTOMER; role++)
        if (role_reaches(guard->permissions, guard_who(request)->roles, ROLE_BIT(role)))
            roles[count++] = (struct people_role){
                .name = role_name(role),
                .words = ui_words(request, people_role_words(role)),
                .has = str_equal(chosen, str_from(role_name(role)))};
    return count;
}

struct list {
    const struct people_show_input *input;
    struct person_list_rows found;
    unsigned roles[LIST_ROWS];
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    const struct people_show_input *input = list->input;
    struct str role = str_from(role_name((enum role)input->role));
    TRY(person_list(tx, input->q.len ? &input->q : NULL, input->has_role ? &role : NULL,
                    input->has_before ? &input->before : NULL, LIST_ROWS + 1, &list->found));
    for (size_t i = 0; i < list->found.count && i < LIST_ROWS; i++)
        TRY(session_read_roles(tx, list->found.rows[i].id, &list->roles[i]));
    return ERR_OK;
}

/* Everybody is a customer: who is nothing else is called that. */
static struct str name_roles(const struct request *request, unsigned roles)
{
    struct buf out;
    buf_init(&out, request->ctx->arena, ROLES_TEXT_MAX);
    if (roles & ROLES_STAFF)
        roles &= ROLES_STAFF;
    for (enum role role = 0; role < ROLE_COUNT; role++)
        if (roles & ROLE_BIT(role)) {
            buf_add(&out, out.len ? STR(", ") : STR(""));
            people_role_words(role)(&out, request->ctx->language);
        }
    return buf_str(&out);
}

static size_t fill_rows(const struct request *request, const struct list *list,
                        struct people_row rows[LIST_ROWS])
{
    size_t count = 0;
    for (; count < list->found.count && count < LIST_ROWS; count++) {
        const struct person_list_row *row = &list->found.rows[count];
        rows[count] = (struct people_row){.id = row->id,
                                          .email = row->email,
                                          .name = row->name,
                                          .roles = name_roles(request, list->roles[count]),
                                          .is_invited = !row->has_password,
                                          .is_disabled = !row->disabled_null};
    }
    return count;
}

enum err people_show(struct request *request, const struct people_show_input *input)
{
    struct list *list = ARENA_NEW(request->ctx->arena, struct list);
    struct people_row rows[LIST_ROWS];
    struct people_role roles[ROLE_CUSTOMER];
    if (!list)
        return err_memory(&request->ctx->err);
    list->input = input;
    TRY(db_read(guard_of(request)->db, request->ctx, read_list, list));
    for (enum role role = 0; role < ROLE_CUSTOMER; role++)
        roles[role] = (struct people_role){.name = role_name(role),
                                           .words = ui_words(request, people_role_words(role)),
                                           .has = input->has_role && input->role == (int64_t)role};
    size_t count = fill_rows(request, list, rows);
    people_page(respond_page(request),
                &(struct people_page){.frame = ui_frame(request, "/admin/people"),
                                      .query = input->q,
                                      .role = route_typed(request, "role"),
                                      .roles = roles,
                                      .role_count = ROLE_CUSTOMER,
                                      .rows = rows,
                                      .count = count,
                                      .may_invite = request_may(request, "people.write"),
                                      .first = !input->has_before,
                                      .more = list->found.count > LIST_ROWS});
    return ERR_OK;
}

struct held {
    struct person_roles_held_rows rows;
    struct person_count_row people;
};

static enum err read_held(struct tx *tx, void *arg)
{
    struct held *held = arg;
    TRY(person_count(tx, &held->people));
    return person_roles_held(tx, &held->rows);
}

static int64_t count_of(const struct held *held, enum role role)
{
    for (size_t i = 0; i < held->rows.count; i++)
        if (str_equal(held->rows.rows[i].role, str_from(role_name(role))))
            return held->rows.rows[i].count;
    return role == ROLE_CUSTOMER ? held->people.count : 0;
}

static size_t fill_permissions(const struct guard_permission *at, enum role role,
                               const char *names[PERMISSIONS_MAX])
{
    size_t count = 0;
    for (; at->name && count < PERMISSIONS_MAX; at++)
        if (at->roles & ROLE_BIT(role))
            names[count++] = at->name;
    return count;
}

enum err people_roles(struct request *request)
{
    const char *names[ROLE_COUNT][PERMISSIONS_MAX];
    struct people_role roles[ROLE_COUNT];
    struct held held;
    TRY(db_read(guard_of(request)->db, request->ctx, read_held, &held));
    for (enum role role = 0; role < ROLE_COUNT; role++)
        roles[role] = (struct people_role){.name = role_name(role),
                                           .words = ui_words(request, people_role_words(role)),
                                           .has = role == ROLE_CUSTOMER,
                                           .count = count_of(&held, role),
                                           .permissions = names[role],
                                           .permission_count = fill_permissions(
                                               guard_of(request)->permissions, role, names[role])};
    roles_page(respond_page(request),
               &(struct roles_page){.frame = ui_frame(request, "/admin/roles"),
                                    .roles = roles,
                                    .count = ROLE_COUNT});
    return ERR_OK;
}
