/* Acts on people: their roles, sessions and keys, and whether they may sign in at all. */
#include "guard/people.h"

#include "guard/audit_note.h"
#include "guard/key.h"
#include "guard/session.h"

enum { DETAIL_MAX = 256 };

enum err people_check_person(const struct request *request)
{
    return guard_who(request)->key ? err_fail(&request->ctx->err, ERR_FORBIDDEN,
                                              "A person does that, not a key.", "asked with a key")
                                   : ERR_OK;
}

enum err people_read_mine(struct tx *tx, const struct request *request, unsigned *mine)
{
    return session_read_roles(tx, guard_who(request)->person, mine);
}

static enum err refuse(struct tx *tx)
{
    return err_fail(&tx->ctx->err, ERR_FORBIDDEN, "That is for who may more than you.",
                    "the roles of who asks do not reach so far");
}

static bool reaches(const struct people_act *act, unsigned roles)
{
    return role_reaches(guard_of(act->request)->permissions, act->mine, roles);
}

enum err people_begin(struct tx *tx, struct people_act *act)
{
    TRY(person_find(tx, act->person, &act->row));
    TRY(session_read_roles(tx, act->person, &act->roles));
    TRY(people_read_mine(tx, act->request, &act->mine));
    return reaches(act, act->roles) ? ERR_OK : refuse(tx);
}

static enum err note(struct tx *tx, const struct people_act *act, const char *action,
                     struct str detail)
{
    return audit_note(tx, act->request, action, act->person, detail);
}

/* Names of roles need no escape. */
enum err people_role_detail(struct tx *tx, struct str role, struct str *detail)
{
    struct buf out;
    buf_init(&out, tx->ctx->arena, DETAIL_MAX);
    buf_addf(&out, "{\"role\":\"" STR_FMT "\"}", STR_ARG(role));
    *detail = buf_str(&out);
    return buf_err(&out) ? err_memory(&tx->ctx->err) : ERR_OK;
}

/* Who is no owner, or is shut out already, is not missed. */
static enum err check_owner_left(struct tx *tx, const struct people_act *act)
{
    struct person_other_owner_rows others;
    if (!(act->roles & ROLE_BIT(ROLE_OWNER)) || !act->row.disabled_null)
        return ERR_OK;
    TRY(person_other_owner(tx, act->person, &others));
    return others.count ? ERR_OK
                        : err_fail(&tx->ctx->err, ERR_CONFLICT,
                                   "They are the last owner who can sign in: make another first.",
                                   "no owner would be left");
}

enum err people_set_role(struct tx *tx, struct people_act *act, enum role role, bool gives)
{
    struct str name = str_from(role_name(role)), detail;
    bool has = act->roles & ROLE_BIT(role);
    if (!reaches(act, ROLE_BIT(role)))
        return refuse(tx);
    if (has == gives)
        return ERR_OK;
    if (!gives && role == ROLE_OWNER)
        TRY(check_owner_left(tx, act));
    TRY(people_role_detail(tx, name, &detail));
    TRY(gives ? person_grant(tx, act->person, name) : person_revoke(tx, act->person, name));
    return note(tx, act, gives ? "person.grant" : "person.take", detail);
}

enum err people_shut_out(struct tx *tx, struct str person)
{
    TRY(challenge_end_all(tx, person));
    TRY(link_end_all(tx, person));
    return session_end_all(tx, person, STR(""));
}

enum err people_set_disabled(struct tx *tx, struct people_act *act, bool disabled)
{
    int64_t now_us = clock_now_us(tx->ctx->clock);
    if (disabled == !act->row.disabled_null)
        return ERR_OK;
    if (disabled) {
        TRY(check_owner_left(tx, act));
        TRY(people_shut_out(tx, act->person));
    }
    TRY(person_set_disabled(tx, act->person, disabled ? &now_us : NULL));
    return note(tx, act, disabled ? "person.disable" : "person.enable", STR(""));
}

enum err people_end_sessions(struct tx *tx, struct people_act *act, struct str session)
{
    struct session_of_rows rows;
    bool found = false;
    TRY(session_of(tx, act->person, SESSIONS_EACH_MAX, &rows));
    for (size_t i = 0; i < rows.count; i++)
        found = found || !session.len || str_equal(rows.rows[i].id, session);
    if (!found)
        return ERR_OK;
    TRY(session.len ? session_end_of(tx, session, act->person)
                    : session_end_all(tx, act->person, STR("")));
    return note(tx, act, "person.end_sessions", STR(""));
}

enum err people_revoke_key(struct tx *tx, struct people_act *act, struct str key)
{
    struct key_of_person_row row;
    TRY(key_of_person(tx, key, act->person, &row));
    if (!row.revoked_null)
        return ERR_OK;
    TRY(key_revoke(tx, key, act->person));
    return audit_note(tx, act->request, "key.revoke", key, STR(""));
}
