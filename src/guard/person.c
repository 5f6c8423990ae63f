/* The page of somebody, and what is done to them there. */
#include "guard/factor.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/key.h"
#include "guard/people.h"
#include "guard/people_page.h"
#include "guard/session.h"

struct showing {
    struct str person;
    struct person_find_row row;
    unsigned roles;
    struct factors factors;
    struct session_of_rows sessions;
    struct key_list_rows keys;
};

static enum err read_person(struct tx *tx, void *arg)
{
    struct showing *showing = arg;
    TRY(person_find(tx, showing->person, &showing->row));
    TRY(session_read_roles(tx, showing->person, &showing->roles));
    TRY(factor_read(tx, showing->person, &showing->factors));
    TRY(session_of(tx, showing->person, SESSIONS_EACH_MAX, &showing->sessions));
    return key_list(tx, showing->person, KEY_EACH_MAX, &showing->keys);
}

/* What would be refused is not offered. */
static bool may_change(struct request *request, unsigned roles)
{
    const struct guard_who *who = guard_who(request);
    return !who->key && request_may(request, "people.write") &&
           role_reaches(guard_of(request)->permissions, who->roles, roles);
}

enum err person_show(struct request *request, const struct person_show_input *input)
{
    struct showing *showing = ARENA_NEW(request->ctx->arena, struct showing);
    struct people_role roles[ROLE_COUNT];
    if (!showing)
        return err_memory(&request->ctx->err);
    showing->person = input->id;
    TRY(db_read(guard_of(request)->db, request->ctx, read_person, showing));
    for (enum role role = 0; role < ROLE_COUNT; role++)
        roles[role] = (struct people_role){.name = role_name(role),
                                           .words = ui_words(request, people_role_words(role)),
                                           .has = showing->roles & ROLE_BIT(role),
                                           .may_change = role != ROLE_CUSTOMER &&
                                                         may_change(request, ROLE_BIT(role))};
    const struct language *language = language_find(showing->row.language);
    person_page(respond_page(request),
                &(struct person_page){.frame = ui_frame(request, "/admin/people"),
                                      .person = &showing->row,
                                      .spoken = str_from(language ? language->name : ""),
                                      .roles = roles,
                                      .role_count = ROLE_COUNT,
                                      .factors = &showing->factors,
                                      .sessions = &showing->sessions,
                                      .keys = &showing->keys,
                                      .may_change = may_change(request, showing->roles),
                                      .now_us = clock_now_us(request->ctx->clock),
                                      .done = input->has_done ? input->done + 1 : 0});
    return ERR_OK;
}

/* An act, and which. */
struct acting {
    struct people_act act;
    enum err (*run)(struct tx *tx, struct acting *acting);
    enum role role;
    bool wanted;     /* the role is given, they are disabled */
    struct str what; /* a session or a key */
};

static enum err write_act(struct tx *tx, void *arg)
{
    struct acting *acting = arg;
    TRY(people_begin(tx, &acting->act));
    return acting->run(tx, acting);
}

static enum err run(struct request *request, struct str person, struct acting *acting)
{
    struct guard *guard = guard_of(request);
    TRY(people_check_person(request));
    acting->act = (struct people_act){.request = request, .person = person};
    TRY(db_write(guard->db, request->ctx, write_act, acting));
    who_cache_drop(&guard->known);
    return respond_redirect(request, "/admin/people/" STR_FMT "?done=saved", STR_ARG(person));
}

static enum err set_role(struct tx *tx, struct acting *acting)
{
    return people_set_role(tx, &acting->act, acting->role, acting->wanted);
}

static enum err set_disabled(struct tx *tx, struct acting *acting)
{
    return people_set_disabled(tx, &acting->act, acting->wanted);
}

static enum err end_sessions(struct tx *tx, struct acting *acting)
{
    return people_end_sessions(tx, &acting->act, acting->what);
}

static enum err revoke_key(struct tx *tx, struct acting *acting)
{
    return people_revoke_key(tx, &acting->act, acting->what);
}

enum err person_role(struct request *request, const struct person_role_input *input)
{
    return run(
        request, input->id,
        &(struct acting){.run = set_role, .role = (enum role)input->role, .wanted = input->gives});
}

enum err person_disable(struct request *request, const struct person_disable_input *input)
{
    return run(request, input->id,
               &(struct acting){.run = set_disabled, .wanted = input->disabled});
}

enum err person_sessions(struct request *request, const struct person_sessions_input *input)
{
    return run(request, input->id, &(struct acting){.run = end_sessions, .what = input->session});
}

enum err person_key(struct request *request, const struct person_key_input *input)
{
    return run(request, input->id, &(struct acting){.run = revoke_key, .what = input->key});
}
