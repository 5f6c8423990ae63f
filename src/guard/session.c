/* Begins sessions, finds them by their cookie, and ends them. */
#include "guard/session.h"

#include <stdio.h>

#include "base/log.h"
#include "guard/audit.h"
#include "guard/guard_sql.h"

/* How long one is good, used or not. */
static const struct {
    int64_t idle_us, whole_us;
} limits[] = {{7 * DAY_US, 30 * DAY_US}, {2 * HOUR_US, 12 * HOUR_US}};

static bool is_staff(unsigned roles)
{
    return roles & ROLES_STAFF;
}

static const char *cookie_name(const struct request *request)
{
    return request->secure ? "__Host-session" : "session";
}

struct str session_token(const struct request *request)
{
    struct str token = request_cookie(request, str_from(cookie_name(request)));
    return token.len == SECRET_LEN ? token : STR("");
}

enum err session_prepare(struct request *request, struct new_session *session)
{
    char *address = arena_alloc(request->ctx->arena, ADDRESS_TEXT_MAX);
    struct buf agent;
    if (!address)
        return err_memory(&request->ctx->err);
    *session = (struct new_session){.audit = guard_of(request)->audit};
    secret_new(request->ctx->rand, session->token);
    secret_hash(str_from(session->token), session->id);
    address_format(request->client, address);
    session->address = str_from(address);
    buf_init(&agent, request->ctx->arena, AGENT_SIZE_MAX);
    buf_add_repaired(&agent, str_slice(request_header(request, STR("User-Agent")), 0, AGENT_MAX));
    session->agent = buf_str(&agent);
    return buf_err(&agent) == ERR_MEMORY ? err_memory(&request->ctx->err) : ERR_OK;
}

enum err session_read_roles(struct tx *tx, struct str person, unsigned *roles)
{
    struct person_roles_rows rows;
    TRY(person_roles(tx, person, &rows));
    *roles = ROLE_BIT(ROLE_CUSTOMER);
    for (size_t i = 0; i < rows.count; i++)
        *roles |= role_find(rows.rows[i].role);
    return ERR_OK;
}

static enum err end_too_many(struct tx *tx, struct str person, int64_t now_us)
{
    struct session_of_rows rows;
    TRY(session_prune(tx, person, now_us));
    TRY(session_of(tx, person, SESSIONS_EACH_MAX + 1, &rows));
    for (size_t i = SESSIONS_EACH_MAX - 1; i < rows.count; i++)
        TRY(session_end(tx, rows.rows[i].id));
    return ERR_OK;
}

enum err session_begin(struct tx *tx, struct new_session *session, struct str person,
                       struct str old)
{
    char old_id[SECRET_TEXT];
    unsigned roles = 0;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    TRY(session_read_roles(tx, person, &roles));
    TRY(end_too_many(tx, person, now_us));
    if (old.len) {
        secret_hash(old, old_id);
        TRY(session_end(tx, str_from(old_id)));
    }
    session->lasts_us = limits[is_staff(roles)].whole_us;
    TRY(session_add(tx, str_from(session->id), person, session->address, session->agent,
                    session->strong_us, now_us, now_us + session->lasts_us));
    struct audit_entry entry = {.who = person,
                                .action = "session.begin",
                                .subject = str_from(session->id),
                                .address = session->address};
    return audit_add(tx, session->audit, &entry);
}

void session_hand_out(struct request *request, const struct new_session *session)
{
    respond_cookie(request, cookie_name(request), str_from(session->token),
                   session->lasts_us / SECOND_US);
}

void session_take_back(struct request *request)
{
    respond_cookie(request, cookie_name(request), STR(""), 0);
}

struct look_up {
    struct str id;
    struct session_find_row row;
    unsigned roles;
};

static enum err read_session(struct tx *tx, void *arg)
{
    struct look_up *look = arg;
    TRY(session_find(tx, look->id, &look->row));
    return session_read_roles(tx, look->row.person, &look->roles);
}

static enum err write_seen(struct tx *tx, void *arg)
{
    const struct look_up *look = arg;
    return session_see(tx, look->id, clock_now_us(tx->ctx->clock));
}

/* Once in some minutes. That it cannot be written is no reason to turn anybody away. */
static void see(struct request *request, struct look_up *look)
{
    int64_t now_us = clock_now_us(request->ctx->clock);
    struct err_record before = request->ctx->err;
    if (now_us - look->row.seen_us < SESSION_SEEN_US)
        return;
    if (db_write(guard_of(request)->db, request->ctx, write_seen, look))
        log_failure_rarely(request->ctx, "that a session is used was not written");
    else
        look->row.seen_us = now_us;
    request->ctx->err = before;
}

static int64_t over_us(const struct look_up *look)
{
    int64_t idle_us = look->row.seen_us + limits[is_staff(look->roles)].idle_us;
    return idle_us < look->row.expires_us ? idle_us : look->row.expires_us;
}

static void fill(const struct look_up *look, struct known *known)
{
    *known = (struct known){.roles = look->roles,
                            .must_change = look->row.must_change,
                            .strong_us = look->row.strong_us,
                            .over_us = over_us(look)};
    snprintf(known->session, sizeof known->session, STR_FMT, STR_ARG(look->id));
    snprintf(known->person, sizeof known->person, STR_FMT, STR_ARG(look->row.person));
    snprintf(known->name, sizeof known->name, STR_FMT, STR_ARG(look->row.name));
}

static enum err nobody(struct request *request)
{
    return err_fail(&request->ctx->err, ERR_MISSING, "You are not signed in.", "no such session");
}

static enum err read_known(struct request *request, struct str id, struct known *known)
{
    struct guard *guard = guard_of(request);
    struct look_up look = {.id = id};
    uint64_t drops = who_cache_drops(&guard->known);
    TRY(db_read(guard->db, request->ctx, read_session, &look));
    if (!look.row.disabled_null || over_us(&look) <= clock_now_us(request->ctx->clock))
        return nobody(request);
    see(request, &look);
    fill(&look, known);
    who_cache_keep(&guard->known, known, clock_tick_us(request->ctx->clock), drops);
    return ERR_OK;
}

enum err session_look_up(struct request *request, struct str token, struct known *known)
{
    char *id = arena_alloc(request->ctx->arena, SECRET_TEXT);
    if (!id)
        return err_memory(&request->ctx->err);
    secret_hash(token, id);
    struct ctx *ctx = request->ctx;
    if (!who_cache_find(&guard_of(request)->known, str_from(id), clock_tick_us(ctx->clock), known))
        TRY(read_known(request, str_from(id), known));
    return known->over_us > clock_now_us(ctx->clock) ? ERR_OK : nobody(request);
}
