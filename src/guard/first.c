/* People who are made without a mail: the first owner, and whom the operator lets in. */
#include "guard/audit.h"
#include "guard/factor.h"
#include "guard/guard_sql.h"
#include "guard/people.h"

static const char first_email[] = "admin@localhost";

/* Somebody with a password that works once. */
struct making {
    const struct audit_key *audit;
    struct str email, role, hash;
    char id[ID_TEXT_MAX];
    bool only_first, made;
};

static enum err look(struct tx *tx, void *arg)
{
    struct person_owners_rows *rows = arg;
    return person_owners(tx, rows);
}

static enum err add_person(struct tx *tx, struct making *making)
{
    struct str at = str_slice(making->email, 0, str_find_char(making->email, '@'));
    return person_add(tx, str_from(making->id), making->email, at, &making->hash, STR("en"), true,
                      NULL, clock_now_us(tx->ctx->clock));
}

static enum err let_in_again(struct tx *tx, const struct making *making, struct str person)
{
    struct attempt account = {.limit = &attempt_account, .key = making->email};
    TRY(person_set_password(tx, person, making->hash, true));
    TRY(person_set_disabled(tx, person, NULL));
    TRY(factor_end_all(tx, person));
    TRY(people_shut_out(tx, person));
    return attempt_forget_all(tx, &account);
}

/* The operator, at the machine itself. */
static enum err note(struct tx *tx, const struct making *making, struct str person)
{
    struct str detail;
    TRY(people_role_detail(tx, making->role, &detail));
    struct audit_entry entry = {
        .who = STR("stoa"), .action = "person.let_in", .subject = person, .detail = detail};
    return audit_add(tx, making->audit, &entry);
}

static enum err make(struct tx *tx, void *arg)
{
    struct making *making = arg;
    struct person_owners_rows owners;
    struct person_by_email_row row;
    struct str person = str_from(making->id);
    TRY(person_owners(tx, &owners));
    making->made = !(making->only_first && owners.count);
    if (!making->made)
        return ERR_OK;
    enum err err = person_by_email(tx, making->email, &row);
    if (err && err != ERR_MISSING)
        return err;
    err_clear(&tx->ctx->err);
    if (err == ERR_OK)
        person = row.id;
    TRY(err ? add_person(tx, making) : let_in_again(tx, making, person));
    if (making->role.len)
        TRY(person_grant(tx, person, making->role));
    return note(tx, making, person);
}

static enum err make_person(struct ctx *ctx, struct db *db, struct making *making,
                            struct str *password)
{
    struct password_gate gate;
    char *word = arena_alloc(ctx->arena, SECRET_WORD_TEXT);
    if (!word)
        return err_memory(&ctx->err);
    secret_word(ctx->rand, word);
    id_format(id_new(ctx->ids), "per", making->id);
    password_gate_init(&gate);
    enum err err = password_hash(ctx, &gate, str_from(word), &making->hash);
    password_gate_release(&gate);
    TRY(err);
    TRY(db_write(db, ctx, make, making));
    *password = making->made ? str_from(word) : STR("");
    return ERR_OK;
}

enum err guard_first_owner(struct ctx *ctx, struct db *db, const struct audit_key *audit,
                           struct str *email, struct str *password)
{
    struct person_owners_rows owners;
    struct making making = {.audit = audit,
                            .email = str_from(first_email),
                            .role = str_from(role_name(ROLE_OWNER)),
                            .only_first = true};
    *email = making.email;
    *password = STR("");
    TRY(db_read(db, ctx, look, &owners));
    return owners.count ? ERR_OK : make_person(ctx, db, &making, password);
}

enum err guard_set_person(struct ctx *ctx, struct db *db, const struct audit_key *audit,
                          struct str email, struct str role, struct str *password)
{
    struct making making = {.audit = audit, .role = role};
    if (role.len && !role_find(role))
        return err_input(&ctx->err, "role",
                         "must be owner, manager, catalog, orders, support, pharmacist, readonly "
                         "or customer");
    TRY(guard_small(ctx, email, &making.email));
    return make_person(ctx, db, &making, password);
}
