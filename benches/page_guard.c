/* Lets somebody in, as signing in would, without a password. */
#include "page_guard.h"

#include "bench_routes.h"
#include "guard/audit.h"
#include "guard/guard_sql.h"
#include "guard/session.h"

#define PERSON "per_01KAH0XVK4A9N3FYJ0T8Q5RWZC"

static enum err forget(struct ctx *ctx, void *arg, const struct guard_letter *letter)
{
    (void)ctx, (void)arg, (void)letter;
    return ERR_OK;
}

enum err page_guard_open(struct ctx *ctx, struct db *db, struct guard **guard)
{
    static const struct audit_key audit = {.bytes = "the key of a benchmark"};
    static const struct guard_permission permissions[] = {{"bench.see", ROLE_BIT(ROLE_SUPPORT)},
                                                          {NULL, 0}};
    const struct guard_options options = {.db = db,
                                          .permissions = permissions,
                                          .audit = &audit,
                                          .site_url = STR("http://stoa.example"),
                                          .send = forget};
    return guard_open(ctx, &options, guard);
}

static enum err let_in(struct tx *tx, void *arg)
{
    struct new_session *session = arg;
    struct str hash = STR("no hash");
    int64_t now_us = clock_now_us(tx->ctx->clock);
    TRY(person_add(tx, STR(PERSON), STR("grace@stoa.example"), STR("Grace"), &hash, STR("en"),
                   false, &now_us, now_us));
    TRY(person_grant(tx, STR(PERSON), STR("support")));
    return session_begin(tx, session, STR(PERSON), STR(""));
}

enum err enter_show(struct request *request)
{
    struct new_session session;
    TRY(session_prepare(request, &session));
    TRY(db_write(request->ports->db, request->ctx, let_in, &session));
    session_hand_out(request, &session);
    return ERR_OK;
}
