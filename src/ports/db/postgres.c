/* PostgreSQL for the port: transactions and savepoints, sent ahead of their answers. */
#include <inttypes.h>
#include <poll.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "ports/db/postgres_inside.h"

static const enum db_type an_int[] = {DB_INT}, a_text[] = {DB_TEXT};

static const struct query begin_writing = {
    .name = "begin", .postgres = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"};
static const struct query begin_reading = {
    .name = "begin", .postgres = "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"};
/* The most that a standby can do: one moment of the primary, in the order of its commits. */
static const struct query begin_on_standby = {
    .name = "begin", .postgres = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
static const struct query set_timeout = {
    .name = "timeout",
    .postgres = "SELECT set_config('statement_timeout', $1, true)",
    .param_types = a_text,
    .param_count = 1,
};
static const struct query commit = {.name = "commit", .postgres = "COMMIT"};
static const struct query rollback = {.name = "rollback", .postgres = "ROLLBACK"};
static const struct query release = {.name = "release", .postgres = "RELEASE fn"};
static const struct query undo = {.name = "undo", .postgres = "ROLLBACK TO fn"};
static const struct query where = {
    .name = "position",
    .postgres = "SELECT CAST(pg_current_wal_insert_lsn() - '0/0' AS bigint)",
    .column_types = an_int,
    .column_count = 1,
};
static const struct query replayed = {
    .name = "replayed",
    .postgres = "SELECT CAST(pg_last_wal_replay_lsn() - '0/0' AS bigint)",
    .column_types = an_int,
    .column_count = 1,
};

static void close_engine(struct db_engine *engine)
{
    mem_free(engine);
}

static bool is_broken(const struct db_connection *connection)
{
    return connection->broken;
}

static bool may_retry(const struct db_connection *connection)
{
    return connection->may_retry;
}

static bool is_open(const struct db_connection *connection)
{
    return connection->state == POSTGRES_OPEN || connection->state == POSTGRES_FAILED;
}

static void set_careful(struct db_connection *connection, bool careful)
{
    connection->careful = careful;
}

/* A server that went away while nothing was asked has said so: then nothing is lost but time. */
static enum err hear_news(struct db_connection *connection, struct ctx *ctx)
{
    struct pollfd ready = {.fd = PQsocket(connection->pq), .events = POLLIN};
    for (int i = 0; i < POSTGRES_NEWS_MAX && poll(&ready, 1, 0) > 0; i++)
        if (!PQconsumeInput(connection->pq))
            return postgres_fail_lost(connection, ctx, "before a transaction");
    (void)PQisBusy(connection->pq); /* takes in what was read */
    return PQstatus(connection->pq) == CONNECTION_OK
               ? ERR_OK
               : postgres_fail_lost(connection, ctx, "before a transaction");
}

/* The server stops a statement at the deadline, and the connection stays of use. */
static enum err send_timeout(struct db_connection *connection, struct ctx *ctx)
{
    if (!connection->deadline_us)
        return ERR_OK;
    struct buf text;
    char bytes[24];
    int64_t left_us = connection->deadline_us - clock_tick_us(&connection->clock);
    buf_init_fixed(&text, bytes, sizeof bytes);
    buf_add_int(&text, left_us < 1000 ? 1 : left_us / 1000);
    struct db_value args[] = {db_text(buf_str(&text))};
    return postgres_send(connection, ctx, &set_timeout, args);
}

static bool is_standby(const struct db_connection *connection)
{
    const char *standby = PQparameterStatus(connection->pq, "in_hot_standby");
    return standby && strcmp(standby, "on") == 0;
}

static const struct query *how_to_begin(const struct db_connection *connection)
{
    if (connection->role == DB_WRITER)
        return &begin_writing;
    return is_standby(connection) ? &begin_on_standby : &begin_reading;
}

/* Nothing is waited for: it goes with the first statement. */
static enum err begin(struct db_connection *connection, struct ctx *ctx)
{
    ASSERT(connection->state == POSTGRES_IDLE);
    connection->may_retry = false;
    connection->deadline_us = 0;
    connection->saved = connection->in_fn = connection->bare = false;
    connection->later_count = connection->later_taken = 0;
    if (connection->broken)
        return postgres_fail_lost(connection, ctx, "begin");
    TRY(ctx_check_deadline(ctx));
    TRY(hear_news(connection, ctx));
    TRY(postgres_make_room(connection, ctx));
    TRY(postgres_send(connection, ctx, how_to_begin(connection), NULL));
    connection->state = POSTGRES_OPEN;
    if (connection->role == DB_READER || connection->careful)
        postgres_heed(connection, ctx);
    return send_timeout(connection, ctx);
}

static enum err savepoint(struct db_connection *connection, struct ctx *ctx)
{
    ASSERT(!connection->in_fn);
    TRY(ctx_check_deadline(ctx));
    connection->in_fn = true;
    connection->saved = false;
    if (!connection->careful)
        return ERR_OK;
    TRY(postgres_enter(connection, ctx, true));
    return send_timeout(connection, ctx);
}

static void leave_fn(struct db_connection *connection)
{
    connection->in_fn = connection->saved = connection->bare = false;
}

static enum err lost(struct ctx *ctx)
{
    return err_fail(&ctx->err, ERR_BUSY, "The database is busy. Please try again.",
                    "the transaction was lost: %s", ctx->err.operator);
}

static enum err undo_fn(struct db_connection *connection, struct ctx *ctx)
{
    bool saved = connection->saved;
    if (connection->bare)
        connection->state = POSTGRES_LOST;
    leave_fn(connection);
    if (connection->state == POSTGRES_LOST)
        return lost(ctx);
    if (!saved)
        return ERR_OK;
    TRY(postgres_send(connection, ctx, &undo, NULL));
    TRY(postgres_send(connection, ctx, &release, NULL));
    connection->state = POSTGRES_OPEN;
    return ERR_OK;
}

/* A fn that passed over the failure of a statement cannot have meant what is left of it. */
static enum err release_fn(struct db_connection *connection, struct ctx *ctx)
{
    if (connection->state == POSTGRES_FAILED) {
        TRY(undo_fn(connection, ctx));
        return err_fail(&ctx->err, ERR_INTERNAL, "Something went wrong on our side.",
                        "a statement failed, and its error was not passed up");
    }
    if (connection->state == POSTGRES_LOST)
        return undo_fn(connection, ctx);
    bool saved = connection->saved;
    leave_fn(connection);
    if (!saved)
        return ERR_OK;
    uint64_t releases = connection->releases;
    TRY(postgres_send(connection, ctx, &release, NULL));
    connection->releases = releases + 1;
    if (connection->count - connection->flushed >= POSTGRES_EARLY) {
        connection->flushed = connection->count;
        (void)PQflush(connection->pq); /* what stays is sent with the next wait */
    }
    return ERR_OK;
}

int64_t postgres_read_number(const PGresult *result)
{
    uint64_t number = 0;
    const unsigned char *bytes = (const unsigned char *)PQgetvalue(result, 0, 0);
    ASSERT(PQntuples(result) == 1 && PQgetlength(result, 0, 0) == sizeof number);
    for (size_t i = 0; i < sizeof number; i++)
        number = number << 8 | bytes[i];
    return (int64_t)number;
}

/* COMMIT of a transaction that had failed is a ROLLBACK, and says so. */
static enum err take_commit(struct db_connection *connection, struct ctx *ctx, uint64_t number)
{
    PGresult *result = NULL;
    TRY(postgres_wait(connection, ctx, number, &result));
    bool committed = strcmp(PQcmdStatus(result), "COMMIT") == 0;
    PQclear(result);
    connection->state = committed ? POSTGRES_IDLE : POSTGRES_LOST;
    return committed ? ERR_OK : lost(ctx);
}

/* It is durable by now; a connection lost in between leaves the last position known. */
static void take_position(struct db_connection *connection, struct ctx *ctx, uint64_t number)
{
    PGresult *result = NULL;
    postgres_expect(connection, POSTGRES_END_MS);
    if (connection->role == DB_WRITER && postgres_wait(connection, ctx, number, &result) == ERR_OK)
        connection->position = postgres_read_number(result);
    PQclear(result);
    if (!connection->broken)
        (void)postgres_wait(connection, ctx, connection->count - 1, NULL);
    err_clear(&ctx->err);
}

/* Tells the numbers of COMMIT and of the question for the position. */
static enum err send_commit(struct db_connection *connection, struct ctx *ctx, uint64_t *number,
                            uint64_t *position_number)
{
    TRY(postgres_send(connection, ctx, &commit, NULL));
    *number = connection->count - 1;
    if (connection->role == DB_WRITER)
        TRY(postgres_send(connection, ctx, &where, NULL));
    *position_number = connection->count - 1;
    return postgres_send_sync(connection, ctx);
}

/* But for RELEASEs at the end, which take no time. */
static enum err settle(struct db_connection *connection, struct ctx *ctx)
{
    if (connection->count - connection->answered <= connection->releases)
        return ERR_OK;
    return postgres_wait_all(connection, ctx);
}

/* All that takes time is answered before COMMIT is sent. That costs a round trip, and leaves next
 * to no moment in which a lost connection makes the outcome unknown. */
static enum err commit_all(struct db_connection *connection, struct ctx *ctx, int64_t *position)
{
    bool writes = connection->role == DB_WRITER;
    uint64_t number, position_number;
    if (connection->state != POSTGRES_OPEN)
        return lost(ctx);
    if (writes)
        TRY(settle(connection, ctx));
    connection->committing = writes;
    postgres_expect(connection, writes ? POSTGRES_COMMIT_MS : connection->patience_ms);
    enum err err = send_commit(connection, ctx, &number, &position_number);
    if (!err)
        err = take_commit(connection, ctx, number);
    connection->committing = false;
    TRY(err);
    take_position(connection, ctx, position_number);
    *position = connection->position;
    return ERR_OK;
}

/* A statement that fails makes the server pass over what follows up to a Sync: so ROLLBACK has one
 * on each side. */
static bool send_rollback(struct db_connection *connection, struct ctx *ctx)
{
    return postgres_send_sync(connection, ctx) == ERR_OK &&
           postgres_send(connection, ctx, &rollback, NULL) == ERR_OK &&
           postgres_send_sync(connection, ctx) == ERR_OK;
}

/* Locks are given back by the time it returns; a server that does not answer is left. */
static void roll_back(struct db_connection *connection)
{
    struct arena none;
    struct ctx ctx = {.arena = &none, .clock = &connection->clock};
    bool may_retry_still = connection->may_retry, was_idle = connection->state == POSTGRES_IDLE;
    arena_init(&none, ARENA_BLOCK_MIN);
    leave_fn(connection);
    connection->state = POSTGRES_IDLE;
    connection->deadline_us = 0;
    postgres_expect(connection, POSTGRES_END_MS);
    if (!was_idle && !connection->broken && send_rollback(connection, &ctx)) {
        (void)postgres_wait(connection, &ctx, connection->count - 1, NULL);
        connection->broken |= PQtransactionStatus(connection->pq) != PQTRANS_IDLE;
    }
    connection->may_retry = may_retry_still;
    arena_release(&none);
}

static enum err ask_replayed(struct db_connection *connection, struct ctx *ctx, PGresult **result)
{
    TRY(postgres_send(connection, ctx, &replayed, NULL));
    TRY(postgres_send_sync(connection, ctx));
    postgres_expect(connection, connection->patience_ms);
    TRY(postgres_wait(connection, ctx, connection->count - 2, result));
    return postgres_wait(connection, ctx, connection->count - 1, NULL);
}

/* Asked between transactions: within one, its moment is chosen already. */
static enum err has_reached(struct db_connection *connection, struct ctx *ctx, int64_t position,
                            bool *reached)
{
    PGresult *result = NULL;
    ASSERT(connection->state == POSTGRES_IDLE);
    connection->deadline_us = 0;
    postgres_heed(connection, ctx);
    TRY(hear_news(connection, ctx)); /* a standby may have become the primary */
    *reached = !is_standby(connection);
    if (*reached)
        return ERR_OK;
    enum err err = ask_replayed(connection, ctx, &result);
    if (!err)
        *reached = !PQgetisnull(result, 0, 0) && postgres_read_number(result) >= position;
    PQclear(result);
    return err;
}

static void rest(struct db_connection *connection, struct ctx *ctx)
{
    (void)connection;
    (void)ctx;
}

const struct db_driver db_postgres = {
    .scheme = "postgres",
    .is_far = true,
    .open = postgres_open,
    .close = close_engine,
    .connect = postgres_connect,
    .disconnect = postgres_disconnect,
    .is_broken = is_broken,
    .begin = begin,
    .commit = commit_all,
    .rollback = roll_back,
    .savepoint = savepoint,
    .release = release_fn,
    .undo = undo_fn,
    .is_open = is_open,
    .settle = settle,
    .set_careful = set_careful,
    .may_retry = may_retry,
    .query = postgres_query,
    .query_later = postgres_query_later,
    .await = postgres_await,
    .exec = postgres_exec,
    .script = postgres_script,
    .rest = rest,
    .has_reached = has_reached,
    .backup = postgres_backup,
    .check = postgres_check,
    .restore = postgres_restore,
    .describe = postgres_describe,
};
