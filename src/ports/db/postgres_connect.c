/* Addresses, connecting with a deadline, and what a session is set to. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "ports/db/postgres_inside.h"

static const enum db_type a_bool[] = {DB_BOOL};

/* What a result depends on is forced. A commit that does not wait for the disk is made to; one that
 * waits for more than that is left as it is. The session says for as long as it lasts that it is
 * there, or else learns that the database is being restored.
 *
 * The writer's statements go by keys, whatever the values. So each is planned once: to plan is half
 * of what a small one costs. A plan that was made while a table was empty must not read it whole
 * once it is large. */
static const struct query session = {
    .name = "session",
    .postgres = "SELECT pg_try_advisory_lock_shared(" POSTGRES_PRESENCE "),"
                " set_config('search_path', 'public', false),"
                " set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO', false),"
                " set_config('client_connection_check_interval', '2s', false),"
                " set_config('idle_in_transaction_session_timeout', '60s', false),"
                " set_config('jit', 'off', false),"
                " CASE WHEN current_setting('synchronous_commit') = 'off'"
                " THEN set_config('synchronous_commit', 'on', false) END,"
                " CASE WHEN $1 THEN set_config('plan_cache_mode', 'force_generic_plan', false) END,"
                " CASE WHEN $1 THEN set_config('enable_seqscan', 'off', false) END",
    .param_types = a_bool,
    .param_count = 1,
    .column_types = a_bool,
    .column_count = 1,
};

/* Options of libpq by name, later ones before earlier ones. */
struct options {
    const char *names[POSTGRES_OPTIONS_MAX + 1], *values[POSTGRES_OPTIONS_MAX + 1];
    size_t count;
};

static void option_add(struct options *options, const char *name, const char *value)
{
    ASSERT(options->count < POSTGRES_OPTIONS_MAX);
    options->names[options->count] = name;
    options->values[options->count++] = value;
}

static const char *option_find(const PQconninfoOption *list, const char *name)
{
    for (; list->keyword; list++)
        if (strcmp(list->keyword, name) == 0)
            return list->val;
    return NULL;
}

static size_t count_hosts(const char *hosts)
{
    size_t count = 1;
    for (; hosts && *hosts; hosts++)
        count += *hosts == ',';
    return count;
}

/* libpq's own words repeat pieces of the address, and the password is one. They do not always say
 * that it was the memory; an address that cannot be is refused twice. */
static enum err url_refused(struct ctx *ctx, const char *url)
{
    PQconninfoOption *list = url ? PQconninfoParse(url, NULL) : NULL;
    PQconninfoFree(list);
    if (list)
        return err_memory(&ctx->err);
    return err_input(&ctx->err, "DATABASE_URL",
                     "must look like postgres://user@host/name, with %%40 for an @ in a password");
}

enum err postgres_open(struct ctx *ctx, const struct db_options *options, struct db_engine **engine)
{
    char url[POSTGRES_URL_MAX] = {0};
    if (options->url.len >= sizeof url || memchr(options->url.ptr, '\0', options->url.len))
        return url_refused(ctx, NULL);
    memcpy(url, options->url.ptr, options->url.len);
    PQconninfoOption *list = PQconninfoParse(url, NULL);
    if (!list)
        return url_refused(ctx, url);
    size_t hosts = count_hosts(option_find(list, "host"));
    PQconninfoFree(list);
    if (hosts > POSTGRES_HOSTS_MAX)
        return err_input(&ctx->err, "DATABASE_URL", "must name at most %d hosts",
                         POSTGRES_HOSTS_MAX);
    *engine = mem_alloc(sizeof **engine);
    if (!*engine)
        return err_memory(&ctx->err);
    memcpy((*engine)->url, url, sizeof url);
    (*engine)->host_count = hosts;
    return ERR_OK;
}

/* The piece of "a,b,c" at `place`; the only piece is everybody's. */
static enum err piece(struct ctx *ctx, const char *list, size_t place, const char **value)
{
    struct str rest = str_from(list), head = rest;
    *value = NULL;
    if (!list)
        return ERR_OK;
    for (size_t i = 0; count_hosts(list) > 1 && i <= place; i++)
        if (!str_cut(&rest, ',', &head))
            return ERR_OK;
    return str_cstr(ctx->arena, head, value) ? err_memory(&ctx->err) : ERR_OK;
}

/* libpq leaves out what is NULL or empty; what stands last counts. */
static enum err options_make(struct ctx *ctx, const struct db_engine *engine,
                             const PQconninfoOption *list, size_t host, const char *role,
                             struct options *options)
{
    static const char *const pieces[] = {"host", "hostaddr", "port"};
    option_add(options, "application_name", "stoa");
    option_add(options, "gssencmode",
               "disable"); /* looking for Kerberos costs more than the rest */
    option_add(options, "keepalives_idle", "30");
    option_add(options, "keepalives_interval", "10");
    option_add(options, "keepalives_count", "3");
    option_add(options, "tcp_user_timeout", "30000");
    option_add(options, "dbname", engine->url);
    option_add(options, "client_encoding", "UTF8");
    option_add(options, "target_session_attrs", role);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        const char *value;
        TRY(piece(ctx, option_find(list, pieces[i]), host, &value));
        option_add(options, pieces[i], value);
    }
    return ERR_OK;
}

/* libpq's own time for connecting counts whole seconds, and only where it may block. */
static bool finish_connecting(struct db_connection *connection, struct ctx *ctx)
{
    PostgresPollingStatusType wants = PGRES_POLLING_WRITING;
    while (wants != PGRES_POLLING_OK) {
        if (wants == PGRES_POLLING_FAILED || PQstatus(connection->pq) == CONNECTION_BAD ||
            postgres_poll(connection, ctx, wants == PGRES_POLLING_READING ? POLLIN : POLLOUT))
            return false;
        wants = PQconnectPoll(connection->pq);
    }
    return true;
}

static void ignore_notice(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

static enum err session_begin(struct db_connection *connection, struct ctx *ctx, bool *restored)
{
    PGresult *result = NULL;
    PQsetNoticeReceiver(connection->pq, ignore_notice, NULL);
    if (PQsetnonblocking(connection->pq, 1) != 0 || !PQenterPipelineMode(connection->pq))
        return postgres_fail_lost(connection, ctx, "a new connection");
    postgres_expect(connection, POSTGRES_CONNECT_MS);
    const struct db_value args[] = {db_bool(connection->role == DB_WRITER)};
    TRY(postgres_send(connection, ctx, &session, args));
    uint64_t number = connection->count - 1;
    TRY(postgres_send_sync(connection, ctx));
    TRY(postgres_wait(connection, ctx, number, &result));
    *restored = !PQgetvalue(result, 0, 0)[0];
    PQclear(result);
    return postgres_wait(connection, ctx, number + 1, NULL);
}

/* Nothing of a host before it: what was sent there, or prepared. */
static void connection_init(struct db_connection *connection, struct db_engine *engine,
                            enum db_role role)
{
    *connection = (struct db_connection){
        .engine = engine, .clock = clock_system(), .role = role, .patience_ms = POSTGRES_ANSWER_MS};
}

/* ERR_TIMEOUT only for the caller's own deadline: another host may answer within it. */
static enum err try_host(struct db_connection *connection, struct ctx *ctx,
                         const PQconninfoOption *list, size_t host, const char *role)
{
    struct options options = {.count = 0};
    connection_init(connection, connection->engine, connection->role);
    TRY(ctx_check_deadline(ctx));
    TRY(options_make(ctx, connection->engine, list, host, role, &options));
    postgres_heed(connection, ctx);
    postgres_expect(connection, POSTGRES_CONNECT_MS);
    connection->pq = PQconnectStartParams(options.names, options.values, 1);
    if (!connection->pq)
        return err_memory(&ctx->err);
    bool connected = finish_connecting(connection, ctx), restored = false;
    bool old = connected && PQserverVersion(connection->pq) < POSTGRES_VERSION_MIN;
    if (connected && !old && session_begin(connection, ctx, &restored) == ERR_OK && !restored)
        return ERR_OK;
    if (restored)
        err_fail(&ctx->err, ERR_BUSY, "The database is being restored. Try again later.",
                 "a restore holds the lock " POSTGRES_PRESENCE " of the database");
    else
        err_fail(&ctx->err, ERR_PEER, "The database cannot be reached. Please try again.",
                 "cannot connect to PostgreSQL: %s",
                 old ? "the server is older than version 14" : PQerrorMessage(connection->pq));
    PQfinish(connection->pq);
    connection->pq = NULL;
    return ctx_check_deadline(ctx) ? ERR_TIMEOUT : ctx->err.code;
}

/* A standby is preferred by asking for one first. What the URL wants binds readers only. */
static size_t roles_of(const PQconninfoOption *list, enum db_role role, const char *roles[2])
{
    const char *wanted = option_find(list, "target_session_attrs");
    roles[0] = role == DB_WRITER ? "read-write" : wanted ? wanted : "any";
    if (strcmp(roles[0], "prefer-standby") != 0)
        return 1;
    roles[0] = "standby";
    roles[1] = "any";
    return 2;
}

static enum err try_hosts(struct db_connection *connection, struct ctx *ctx,
                          const PQconninfoOption *list)
{
    struct db_engine *engine = connection->engine;
    const char *roles[2];
    size_t role_count = roles_of(list, connection->role, roles), first = atomic_load(&engine->host);
    enum err err = ERR_PEER;
    for (size_t r = 0; r < role_count; r++)
        for (size_t i = 0; i < engine->host_count; i++) {
            size_t host = (first + i) % engine->host_count;
            err = try_host(connection, ctx, list, host, roles[r]);
            if (err == ERR_OK && connection->role == DB_WRITER)
                atomic_store(&engine->host, host);
            if (err != ERR_PEER)
                return err;
        }
    return err;
}

enum err postgres_connect(struct db_engine *engine, struct ctx *ctx, enum db_role role,
                          struct db_connection **connection)
{
    struct db_connection *new = mem_alloc(sizeof *new);
    PQconninfoOption *list = PQconninfoParse(engine->url, NULL);
    struct arena_mark mark = arena_mark(ctx->arena);
    enum err err = ERR_OK;
    if (new &&list) {
        connection_init(new, engine, role);
        err = try_hosts(new, ctx, list);
    } else {
        err = err_memory(&ctx->err);
    }
    arena_rewind(ctx->arena, mark);
    PQconninfoFree(list);
    if (err) {
        mem_free(new);
        return err;
    }
    new->deadline_us = 0;
    *connection = new;
    return ERR_OK;
}

void postgres_disconnect(struct db_connection *connection)
{
    PQfinish(connection->pq);
    mem_free(connection);
}
