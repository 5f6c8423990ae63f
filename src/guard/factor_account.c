/* The page of one's second factors: what there is, removed, and new recovery codes. */
#include "guard/audit_note.h"
#include "guard/factor.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/notice.h"

struct owning {
    const struct request *request;
    const struct guard_who *who;
    struct factors factors;
    struct person_find_row person;
    bool is_needed;    /* the last factor stays */
    struct str factor; /* to be removed */
    char (*codes)[RECOVERY_TEXT_SIZE];
};

static enum err read_owned(struct tx *tx, void *arg)
{
    struct owning *owning = arg;
    TRY(person_find(tx, owning->who->person, &owning->person));
    return factor_read(tx, owning->who->person, &owning->factors);
}

static bool is_needed(struct request *request)
{
    return guard_of(request)->staff_second && (guard_who(request)->roles & ROLES_STAFF);
}

static enum err show(struct request *request, const struct field_errors *errors, int64_t done)
{
    struct webauthn_site site;
    struct owning owning = {.request = request, .who = guard_who(request)};
    TRY(db_read(guard_of(request)->db, request->ctx, read_owned, &owning));
    factor_page(respond_page(request),
                &(struct factor_page){.frame = guard_frame(request),
                                      .errors = errors,
                                      .factors = &owning.factors,
                                      .email = owning.person.email,
                                      .password = ui_value(request, errors, "password"),
                                      .may_have_passkeys = factor_site(guard_of(request), &site),
                                      .is_needed = is_needed(request),
                                      .done = done});
    return ERR_OK;
}

enum err factor_show(struct request *request, const struct factor_show_input *input)
{
    return show(request, NULL, input->has_done ? input->done + 1 : 0);
}

enum err factor_begin_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors, 0);
}

enum err factor_write_codes(struct tx *tx, struct str person,
                            char codes[RECOVERY_CODES][RECOVERY_TEXT_SIZE])
{
    TRY(recovery_end_all(tx, person));
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        char hash[RECOVERY_HASH_TEXT];
        TRY(recovery_hash(person, str_from(codes[i]), hash));
        TRY(recovery_insert(tx, str_from(hash), person));
    }
    return ERR_OK;
}

enum err factor_show_codes(struct request *request, char codes[RECOVERY_CODES][RECOVERY_TEXT_SIZE])
{
    const char *rows[RECOVERY_CODES];
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        rows[i] = codes[i];
    recovery_page(respond_page(request), &(struct recovery_page){.frame = guard_frame(request),
                                                                 .codes = rows,
                                                                 .count = RECOVERY_CODES});
    return ERR_OK;
}

/* Who has a factor has shown one in this session; a session from before ended then. */
static enum err check_strong(const struct request *request)
{
    if (guard_who(request)->strong_us)
        return ERR_OK;
    return err_fail(&request->ctx->err, ERR_CONFLICT,
                    "Sign in again with your second factor, and then change it.",
                    "no second factor was shown in this session");
}

static enum err remove_factor(struct tx *tx, void *arg)
{
    struct owning *owning = arg;
    struct str person = owning->who->person;
    int64_t changed = 0;
    TRY(str_equal(owning->factor, STR("app")) ? totp_end(tx, person, &changed)
                                              : passkey_end(tx, owning->factor, person, &changed));
    TRY(audit_note(tx, owning->request, "factor.remove", owning->factor, STR("")));
    TRY(read_owned(tx, owning));
    if (factor_any(&owning->factors))
        return ERR_OK;
    if (owning->is_needed)
        return err_fail(&tx->ctx->err, ERR_CONFLICT,
                        "You need a second factor. Add another one before you remove this one.",
                        "the last factor of " STR_FMT, STR_ARG(person));
    return recovery_end_all(tx, person);
}

enum err factor_remove(struct request *request, const struct factor_remove_input *input)
{
    struct guard *guard = guard_of(request);
    struct owning owning = {.request = request,
                            .who = guard_who(request),
                            .factor = input->factor,
                            .is_needed = is_needed(request)};
    TRY(check_strong(request));
    TRY(db_write(guard->db, request->ctx, remove_factor, &owning));
    notice_send(request, &owning.person, &notice_factor_removed);
    return respond_redirect(request, "/account/second?done=removed");
}

static enum err renew(struct tx *tx, void *arg)
{
    struct owning *owning = arg;
    TRY(read_owned(tx, owning));
    if (!factor_any(&owning->factors))
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "Add a second factor first.",
                        "codes without a factor");
    TRY(audit_note(tx, owning->request, "factor.codes", owning->who->person, STR("")));
    return factor_write_codes(tx, owning->who->person, owning->codes);
}

enum err factor_renew(struct request *request)
{
    char codes[RECOVERY_CODES][RECOVERY_TEXT_SIZE];
    struct owning owning = {.request = request, .who = guard_who(request), .codes = codes};
    TRY(check_strong(request));
    recovery_make(request->ctx->rand, codes);
    TRY(db_write(guard_of(request)->db, request->ctx, renew, &owning));
    notice_send(request, &owning.person, &notice_codes);
    return factor_show_codes(request, codes);
}
