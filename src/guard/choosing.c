/* Chooses a password by a link, for the first time or anew. */
#include "guard/choosing.h"

#include "guard/audit_note.h"
#include "guard/guard_pages.h"
#include "guard/guard_sql.h"
#include "guard/notice.h"

static enum err find_new(struct tx *tx, struct choosing *choosing)
{
    struct link_find_new_row link;
    struct person_by_email_row somebody;
    TRY(link_find_new(tx, str_from(choosing->id), clock_now_us(tx->ctx->clock), &link));
    choosing->email = link.email;
    choosing->name = link.name;
    choosing->person = str_from(choosing->person_id);
    enum err err = person_by_email(tx, link.email, &somebody);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    return err ? err
               : err_fail(&tx->ctx->err, ERR_MISSING, "This link was used already.",
                          "the address became somebody's");
}

static enum err find_person(struct tx *tx, struct choosing *choosing)
{
    struct link_find_person_row row;
    TRY(link_find_person(tx, str_from(choosing->id), clock_now_us(tx->ctx->clock), &row));
    choosing->person = row.person;
    choosing->email = row.email;
    return ERR_OK;
}

static enum err find(struct tx *tx, void *arg)
{
    struct choosing *choosing = arg;
    return choosing->kind == &link_verify ? find_new(tx, choosing) : find_person(tx, choosing);
}

static enum err set_first(struct tx *tx, const struct choosing *choosing)
{
    int64_t now_us = clock_now_us(tx->ctx->clock), changed = 0;
    TRY(person_add(tx, choosing->person, choosing->email, choosing->name, &choosing->hash,
                   str_from(choosing->language), false, &now_us, now_us));
    return link_end(tx, str_from(choosing->id), &changed);
}

/* Whoever had the old password is out. */
static enum err set_another(struct tx *tx, struct choosing *choosing)
{
    struct attempt account = {.limit = &attempt_account, .key = choosing->email};
    TRY(person_find(tx, choosing->person, &choosing->before));
    TRY(person_set_password(tx, choosing->person, choosing->hash, false));
    TRY(person_verify(tx, choosing->person, clock_now_us(tx->ctx->clock)));
    TRY(session_end_all(tx, choosing->person, STR("")));
    TRY(link_end_all(tx, choosing->person));
    return attempt_forget_all(tx, &account);
}

static enum err set(struct tx *tx, void *arg)
{
    struct choosing *choosing = arg;
    bool is_first = choosing->kind == &link_verify;
    TRY(find(tx, choosing));
    TRY(is_first ? set_first(tx, choosing) : set_another(tx, choosing));
    return audit_note(tx, choosing->request, is_first ? "person.make" : "person.reset",
                      choosing->person, STR(""));
}

static struct choosing choose(struct request *request, const struct link_kind *kind,
                              struct str token)
{
    struct choosing choosing = {
        .request = request, .kind = kind, .language = request->ctx->language->code};
    secret_hash(token, choosing.id);
    id_format(id_new(request->ctx->ids), "per", choosing.person_id);
    return choosing;
}

enum err choosing_show(struct request *request, const struct link_kind *kind,
                       const struct field_errors *errors)
{
    struct choosing choosing = choose(request, kind, request->parts[0]);
    TRY(db_read(guard_of(request)->db, request->ctx, find, &choosing));
    password_page(respond_page(request),
                  &(struct password_page){.frame = guard_frame(request),
                                          .errors = errors,
                                          .action = request->path,
                                          .is_new = kind == &link_verify,
                                          .email = choosing.email,
                                          .password = ui_value(request, errors, "password")});
    return ERR_OK;
}

/* A link that is no good costs no hash. */
enum err choosing_set(struct request *request, const struct link_kind *kind, struct str token,
                      struct str password)
{
    struct guard *guard = guard_of(request);
    struct choosing choosing = choose(request, kind, token);
    TRY(db_read(guard->db, request->ctx, find, &choosing));
    TRY(password_hash(request->ctx, &guard->passwords, password, &choosing.hash));
    TRY(db_write(guard->db, request->ctx, set, &choosing));
    who_cache_drop(&guard->known);
    if (kind == &link_reset)
        notice_send(request, &choosing.before, &notice_password);
    return respond_redirect(request, "/sign-in?done=password");
}
