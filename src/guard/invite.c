/* Invites people, and sends who is somebody already a link for another password. */
#include "guard/audit_note.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/link.h"
#include "guard/people.h"
#include "guard/people_page.h"

static void fill_languages(struct str chosen, struct people_role rows[LANGUAGE_COUNT])
{
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        rows[i] = (struct people_role){.name = languages[i].code,
                                       .words = str_from(languages[i].name),
                                       .has = str_equal(chosen, str_from(languages[i].code))};
}

enum err invite_again(struct request *request, const struct field_errors *errors)
{
    struct people_role roles[ROLE_COUNT], spoken[LANGUAGE_COUNT];
    struct ui_value language = ui_value(request, errors, "language");
    struct ui_value role = ui_value(request, errors, "role");
    TRY(people_check_person(request));
    fill_languages(language.typed.len ? language.typed : str_from(request->ctx->language->code),
                   spoken);
    size_t count = people_fill_roles(request, role.typed, roles);
    invite_page(respond_page(request),
                &(struct invite_page){.frame = ui_frame(request, "/admin/people"),
                                      .errors = errors,
                                      .name = ui_value(request, errors, "name"),
                                      .email = ui_value(request, errors, "email"),
                                      .spoken = language,
                                      .languages = spoken,
                                      .language_count = LANGUAGE_COUNT,
                                      .role = role,
                                      .roles = roles,
                                      .role_count = count});
    return ERR_OK;
}

enum err invite_form(struct request *request)
{
    return invite_again(request, NULL);
}

struct inviting {
    const struct request *request;
    struct str name, email, role, person;
    unsigned role_bit;
    char id[ID_TEXT_MAX];
    struct link link;
    bool known; /* the address is somebody's already */
};

static enum err make(struct tx *tx, struct inviting *inviting)
{
    struct str detail = STR("");
    TRY(person_add(tx, inviting->person, inviting->email, inviting->name, NULL,
                   str_from(inviting->link.language->code), false, NULL,
                   clock_now_us(tx->ctx->clock)));
    if (inviting->role.len) {
        TRY(person_grant(tx, inviting->person, inviting->role));
        TRY(people_role_detail(tx, inviting->role, &detail));
    }
    TRY(link_write(tx, &inviting->link));
    return audit_note(tx, inviting->request, "person.invite", inviting->person, detail);
}

/* Sent twice, the second finds whom the first made. */
static enum err write_invitation(struct tx *tx, void *arg)
{
    struct inviting *inviting = arg;
    struct person_by_email_row row;
    unsigned mine = 0;
    TRY(people_read_mine(tx, inviting->request, &mine));
    if (!role_reaches(guard_of(inviting->request)->permissions, mine, inviting->role_bit))
        return err_fail(&tx->ctx->err, ERR_FORBIDDEN, "That is for who may more than you.",
                        "the role of the invitation is beyond who asks");
    enum err err = person_by_email(tx, inviting->email, &row);
    inviting->known = err == ERR_OK;
    inviting->person = inviting->known ? row.id : str_from(inviting->id);
    if (err != ERR_MISSING)
        return err;
    err_clear(&tx->ctx->err);
    return make(tx, inviting);
}

enum err invite(struct request *request, const struct invite_input *input)
{
    struct inviting inviting = {.request = request, .name = input->name};
    TRY(people_check_person(request));
    if (input->has_role && input->role != ROLE_CUSTOMER)
        inviting.role = str_from(role_name((enum role)input->role));
    inviting.role_bit = role_find(inviting.role);
    TRY(guard_small(request->ctx, input->email, &inviting.email));
    id_format(id_new(request->ctx->ids), "per", inviting.id);
    inviting.link = (struct link){
        .kind = &link_invite, .person = &inviting.person, .language = &languages[input->language]};
    link_prepare(request->ctx, &inviting.link);
    TRY(db_write(guard_of(request)->db, request->ctx, write_invitation, &inviting));
    if (!inviting.known)
        TRY(link_send(request, &inviting.link, inviting.email, inviting.name));
    return respond_redirect(request, "/admin/people/" STR_FMT "?done=%s", STR_ARG(inviting.person),
                            inviting.known ? "known" : "invited");
}

struct resetting {
    struct people_act act;
    struct link link;
};

/* Who never chose a password is invited once more. */
static enum err write_reset(struct tx *tx, void *arg)
{
    struct resetting *resetting = arg;
    struct people_act *act = &resetting->act;
    TRY(people_begin(tx, act));
    if (!act->row.disabled_null)
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "They may not sign in: let them in first.",
                        "a link for somebody who is disabled");
    resetting->link.kind = act->row.password_null ? &link_invite : &link_reset;
    resetting->link.language = language_find(act->row.language);
    TRY(link_end_all(tx, act->person));
    TRY(link_write(tx, &resetting->link));
    return audit_note(tx, act->request, "person.send_link", act->person, STR(""));
}

enum err invite_link(struct request *request, const struct invite_link_input *input)
{
    struct resetting resetting = {.act = {.request = request, .person = input->id}};
    struct people_act *act = &resetting.act;
    TRY(people_check_person(request));
    resetting.link.person = &act->person;
    link_prepare(request->ctx, &resetting.link);
    TRY(db_write(guard_of(request)->db, request->ctx, write_reset, &resetting));
    TRY(link_send(request, &resetting.link, act->row.email, act->row.name));
    return respond_redirect(request, "/admin/people/" STR_FMT "?done=sent", STR_ARG(input->id));
}
