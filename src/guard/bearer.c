/* Finds out whose API key a request bears. */
#include "guard/bearer.h"

#include "base/log.h"
#include "guard/aws.h"
#include "guard/guard_sql.h"
#include "guard/inside.h"
#include "guard/rate.h"
#include "guard/session.h"

struct bearing {
    struct str token;
    const struct aws *aws; /* instead, of what is signed */
    struct key key;
    struct person_find_row person;
    unsigned roles;
};

static enum err read_key(struct tx *tx, void *arg)
{
    struct bearing *bearing = arg;
    TRY(bearing->aws ? key_find_signing(tx, bearing->aws->key, &bearing->key)
                     : key_find(tx, bearing->token, &bearing->key));
    TRY(person_find(tx, bearing->key.person, &bearing->person));
    if (!bearing->person.disabled_null)
        return err_fail(&tx->ctx->err, ERR_SIGNED_OUT, "This API key is not in force.",
                        "its maker is disabled");
    return session_read_roles(tx, bearing->key.person, &bearing->roles);
}

static enum err write_use(struct tx *tx, void *arg)
{
    const struct bearing *bearing = arg;
    return key_note(tx, &bearing->key);
}

/* That it cannot be written is no reason to turn anybody away. */
static void note_use(struct request *request, struct bearing *bearing)
{
    struct err_record before = request->ctx->err;
    if (bearing->key.is_stale && db_write(guard_of(request)->db, request->ctx, write_use, bearing))
        log_failure_rarely(request->ctx, "that a key is used was not written");
    request->ctx->err = before;
}

static enum err turn_away(struct request *request)
{
    struct err_record found = request->ctx->err;
    TRY(rate_admit_as(guard_of(request)->rate, request, RATE_SIGN_IN));
    request->ctx->err = found;
    return found.code;
}

/* The key's limit is not for what is not limited at all. */
static enum err identify(struct request *request, struct bearing *bearing)
{
    struct guard *guard = guard_of(request);
    struct guard_who *who = ARENA_NEW(request->ctx->arena, struct guard_who);
    if (!who)
        return err_memory(&request->ctx->err);
    enum err err = db_read(guard->db, request->ctx, read_key, bearing);
    if (err == ERR_SIGNED_OUT && bearing->aws)
        err = aws_refuse_key(request);
    if (!err && bearing->aws)
        err = aws_check(request, bearing->aws, &bearing->key);
    if (err == ERR_SIGNED_OUT)
        return turn_away(request);
    TRY(err);
    if (request->route->rate != RATE_FREE)
        TRY(rate_admit_key(guard->rate, request, bearing->key.id));
    note_use(request, bearing);
    *who = (struct guard_who){.seen = {.name = bearing->person.name},
                              .person = bearing->key.person,
                              .key = &bearing->key,
                              .roles = bearing->roles,
                              .must_change = bearing->person.must_change};
    request->who = &who->seen;
    return ERR_OK;
}

enum err bearer_identify(struct request *request, struct str token)
{
    struct bearing *bearing = ARENA_NEW(request->ctx->arena, struct bearing);
    if (!bearing)
        return err_memory(&request->ctx->err);
    bearing->token = token;
    return identify(request, bearing);
}

enum err bearer_identify_signed(struct request *request)
{
    struct bearing *bearing = ARENA_NEW(request->ctx->arena, struct bearing);
    struct aws *aws = ARENA_NEW(request->ctx->arena, struct aws);
    if (!bearing || !aws)
        return err_memory(&request->ctx->err);
    bearing->aws = aws;
    enum err err = aws_read(request, aws);
    return err == ERR_SIGNED_OUT ? turn_away(request) : err ? err : identify(request, bearing);
}
