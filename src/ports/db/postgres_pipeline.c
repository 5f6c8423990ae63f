/* The pipeline: commands under way, their answers in order, and prepared statements. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>

#include "base/assert.h"
#include "ports/db/postgres_inside.h"

enum { NAME_MAX_LEN = 16, COMMANDS_OF_ONE = 4 /* its Parse, itself, and a Sync behind it */ };

void postgres_heed(struct db_connection *connection, const struct ctx *ctx)
{
    if (!ctx->deadline_us)
        return;
    /* The caller's clock may be another one than ours. */
    int64_t left_us = ctx->deadline_us - clock_tick_us(ctx->clock);
    int64_t deadline_us = clock_tick_us(&connection->clock) + left_us;
    if (!connection->deadline_us || deadline_us < connection->deadline_us)
        connection->deadline_us = deadline_us;
}

void postgres_expect(struct db_connection *connection, int64_t at_most_ms)
{
    int64_t last_us = connection->deadline_us + POSTGRES_GRACE_MS * INT64_C(1000);
    connection->limit_us = clock_tick_us(&connection->clock) + at_most_ms * 1000;
    if (connection->deadline_us && last_us < connection->limit_us && !connection->committing)
        connection->limit_us = last_us;
}

static enum err answer_is_late(struct db_connection *connection, struct ctx *ctx)
{
    if (connection->committing)
        return postgres_fail_lost(connection, ctx, "no answer in time");
    connection->broken = connection->may_retry = true; /* by those who have time left */
    if (connection->state != POSTGRES_IDLE)
        connection->state = POSTGRES_LOST;
    return err_fail(&ctx->err, ERR_TIMEOUT, "This took too long and was stopped. Please try again.",
                    "PostgreSQL gave no answer in time");
}

enum err postgres_poll(struct db_connection *connection, struct ctx *ctx, short events)
{
    struct pollfd ready = {.fd = PQsocket(connection->pq), .events = events};
    for (;;) { /* until limit_us */
        int64_t left_ms = (connection->limit_us - clock_tick_us(&connection->clock) + 999) / 1000;
        if (left_ms <= 0)
            return answer_is_late(connection, ctx);
        int found = poll(&ready, 1, left_ms < INT_MAX ? (int)left_ms : INT_MAX);
        if (found > 0)
            return ERR_OK;
        if (found < 0 && errno != EINTR)
            return postgres_fail_lost(connection, ctx, "poll");
    }
}

/* The server may be waiting for us to read what it says before it reads what we say. */
static enum err next_result(struct db_connection *connection, struct ctx *ctx, PGresult **result)
{
    PGconn *pq = connection->pq;
    for (;;) { /* until limit_us */
        int unsent = PQflush(pq);
        if (!PQisBusy(pq))
            break;
        TRY(postgres_poll(connection, ctx, (short)(POLLIN | (unsent > 0 ? POLLOUT : 0))));
        if (!PQconsumeInput(pq))
            return postgres_fail_lost(connection, ctx, "reading an answer");
    }
    *result = PQgetResult(pq);
    return ERR_OK;
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
           status == PGRES_PIPELINE_SYNC || status == PGRES_EMPTY_QUERY;
}

/* Takes the answer to the oldest command. All but a Sync's are ended by a NULL. */
static enum err take(struct db_connection *connection, struct ctx *ctx, PGresult **answer)
{
    const struct postgres_sent *sent = &connection->sent[connection->answered % POSTGRES_SENT_MAX];
    PGresult *end = NULL;
    *answer = NULL;
    TRY(next_result(connection, ctx, answer));
    if (!*answer)
        return postgres_fail_lost(connection, ctx, "taking an answer");
    if (sent->kind == SENT_PREPARE && !is_good(*answer))
        connection->statements[sent->place].query = NULL;
    connection->answered++;
    if (PQstatus(connection->pq) == CONNECTION_BAD || sent->kind == SENT_SYNC)
        return ERR_OK;
    enum err err = next_result(connection, ctx, &end);
    PQclear(end);
    if (err)
        PQclear(*answer);
    return err;
}

static void sent_add(struct db_connection *connection, enum postgres_kind kind, size_t place)
{
    ASSERT(connection->count - connection->answered < POSTGRES_SENT_MAX);
    connection->sent[connection->count++ % POSTGRES_SENT_MAX] = (struct postgres_sent){
        .kind = (uint8_t)kind, .place = (uint16_t)place};
}

enum err postgres_send_sync(struct db_connection *connection, struct ctx *ctx)
{
    if (!PQpipelineSync(connection->pq))
        return postgres_fail_lost(connection, ctx, "sending");
    sent_add(connection, SENT_SYNC, 0);
    return ERR_OK;
}

/* After a failure the server passes over all commands up to a Sync. */
static void pass_over(struct db_connection *connection, struct ctx *ctx)
{
    struct err_record told = ctx->err;
    bool may_retry = connection->may_retry;
    connection->broken |= PQstatus(connection->pq) == CONNECTION_BAD;
    if (!connection->broken)
        (void)postgres_send_sync(connection, ctx);
    while (!connection->broken && connection->answered < connection->count) {
        PGresult *answer;
        if (take(connection, ctx, &answer) == ERR_OK)
            PQclear(answer);
    }
    ctx->err = told;
    connection->may_retry = may_retry;
}

static enum err answer_failed(struct db_connection *connection, struct ctx *ctx, PGresult *answer,
                              bool is_wanted)
{
    enum err err = postgres_fail(connection, ctx, answer, "a statement");
    PQclear(answer);
    pass_over(connection, ctx);
    bool rescued = is_wanted && connection->saved && !connection->bare && !connection->may_retry &&
                   !connection->broken;
    if (connection->state != POSTGRES_IDLE)
        connection->state = rescued ? POSTGRES_FAILED : POSTGRES_LOST;
    if (is_wanted || err == ERR_PEER)
        return err;
    return err_fail(&ctx->err, ERR_BUSY, "The database is busy. Please try again.",
                    "an earlier statement of the transaction failed: %s", ctx->err.operator);
}

/* The next answer is to the Parse of the command: where it fails, the command did. */
static bool prepares(const struct db_connection *connection, uint64_t number)
{
    return connection->answered + 1 == number &&
           connection->sent[connection->answered % POSTGRES_SENT_MAX].kind == SENT_PREPARE;
}

/* The answer that was just taken, if somebody has left word for it. What cannot be taken spoils the
 * transaction: run again by itself, its fn is told why. */
static enum err take_later(struct db_connection *connection, struct ctx *ctx, PGresult *answer)
{
    const struct postgres_later *later = &connection->later[connection->later_taken];
    if (connection->later_taken == connection->later_count ||
        later->number + 1 != connection->answered || connection->state != POSTGRES_OPEN)
        return ERR_OK;
    struct tx tx = {
        .ctx = later->ctx, .connection = connection, .driver = &db_postgres, .writes = true};
    connection->later_taken++;
    if (postgres_read_rows(&tx, later->query, answer, later->row, later->into) == ERR_OK)
        return ERR_OK;
    PQclear(answer);
    connection->state = POSTGRES_LOST;
    return err_fail(&ctx->err, ERR_BUSY, "The database is busy. Please try again.",
                    "rows of the transaction could not be taken: %s", later->ctx->err.operator);
}

enum err postgres_wait(struct db_connection *connection, struct ctx *ctx, uint64_t number,
                       PGresult **result)
{
    const struct postgres_sent *last =
        &connection->sent[(connection->count - 1) % POSTGRES_SENT_MAX];
    if (connection->answered > number)
        return ERR_OK;
    if (last->kind != SENT_SYNC && !PQsendFlushRequest(connection->pq))
        return postgres_fail_lost(connection, ctx, "sending");
    connection->flushed = connection->count;
    while (connection->answered <= number) {
        bool is_wanted = connection->answered == number, is_part = prepares(connection, number);
        PGresult *answer;
        TRY(take(connection, ctx, &answer));
        if (!is_good(answer))
            return answer_failed(connection, ctx, answer, is_wanted || is_part);
        TRY(take_later(connection, ctx, answer));
        if (is_wanted && result)
            *result = answer;
        else
            PQclear(answer);
    }
    return ERR_OK;
}

enum err postgres_wait_all(struct db_connection *connection, struct ctx *ctx)
{
    postgres_expect(connection, connection->patience_ms);
    return connection->count == connection->answered
               ? ERR_OK
               : postgres_wait(connection, ctx, connection->count - 1, NULL);
}

static size_t place_of(const struct query *query, size_t probe)
{
    uint64_t mixed = (uint64_t)(uintptr_t)query * UINT64_C(0x9e3779b97f4a7c15);
    return ((size_t)(mixed >> 32) + probe) % POSTGRES_STATEMENTS_MAX;
}

/* Where the query is prepared, or else a free place for it; NULL where there is none. */
static struct postgres_statement *statement_find(struct db_connection *connection,
                                                 const struct query *query)
{
    struct postgres_statement *free_one = NULL;
    for (size_t probe = 0; probe < POSTGRES_PROBES_MAX; probe++) {
        struct postgres_statement *statement = &connection->statements[place_of(query, probe)];
        if (statement->query == query)
            return statement;
        if (!statement->query && !free_one)
            free_one = statement;
    }
    return free_one;
}

static void statement_name(const struct postgres_statement *statement, char name[NAME_MAX_LEN])
{
    snprintf(name, NAME_MAX_LEN, "s%u", statement->name);
}

/* A Parse goes ahead of the first use, in the pipeline. One that the server passed over leaves its
 * place free again. */
static bool prepare(struct db_connection *connection, struct postgres_statement *statement,
                    const struct query *query, const Oid types[])
{
    char name[NAME_MAX_LEN];
    statement->name = ++connection->names;
    statement_name(statement, name);
    if (!PQsendPrepare(connection->pq, name, query->postgres, query->param_count, types))
        return false;
    statement->query = query;
    sent_add(connection, SENT_PREPARE, (size_t)(statement - connection->statements));
    return true;
}

static bool send_made(struct db_connection *connection, const struct query *query,
                      const struct postgres_args *made)
{
    struct postgres_statement *statement = statement_find(connection, query);
    char name[NAME_MAX_LEN];
    if (!statement) {
        connection->unnamed++;
        return PQsendQueryParams(connection->pq, query->postgres, query->param_count, made->types,
                                 made->values, made->lengths, made->formats, 1);
    }
    if (statement->query != query && !prepare(connection, statement, query, made->types))
        return false;
    statement_name(statement, name);
    return PQsendQueryPrepared(connection->pq, name, query->param_count, made->values,
                               made->lengths, made->formats, 1);
}

enum err postgres_send(struct db_connection *connection, struct ctx *ctx, const struct query *query,
                       const struct db_value args[])
{
    struct postgres_args made;
    if (connection->broken)
        return postgres_fail_lost(connection, ctx, query->name);
    if (connection->count - connection->answered > POSTGRES_SENT_MAX - COMMANDS_OF_ONE)
        TRY(postgres_wait_all(connection, ctx));
    struct arena_mark mark = arena_mark(ctx->arena);
    enum err err = postgres_args_make(ctx, query, args, &made);
    if (!err && !send_made(connection, query, &made))
        err = postgres_fail_lost(connection, ctx, query->name);
    arena_rewind(ctx->arena, mark);
    if (!err)
        sent_add(connection, SENT_STATEMENT, 0);
    connection->releases = 0;
    return err;
}

enum err postgres_make_room(struct db_connection *connection, struct ctx *ctx)
{
    if (connection->unnamed < POSTGRES_UNNAMED_MAX)
        return ERR_OK;
    ASSERT(connection->state == POSTGRES_IDLE);
    connection->unnamed = 0;
    postgres_expect(connection, POSTGRES_END_MS);
    TRY(postgres_run(connection, ctx, "DEALLOCATE ALL"));
    for (size_t i = 0; i < POSTGRES_STATEMENTS_MAX; i++)
        connection->statements[i].query = NULL;
    return ERR_OK;
}

enum err postgres_ask(struct db_connection *connection, struct ctx *ctx, const struct query *query,
                      const struct db_value args[], PGresult **result)
{
    TRY(postgres_send(connection, ctx, query, args));
    postgres_expect(connection, connection->patience_ms);
    return postgres_wait(connection, ctx, connection->count - 1, result);
}

/* All results of a simple query; the first failure counts. */
static enum err take_simple(struct db_connection *connection, struct ctx *ctx)
{
    enum err err = ERR_OK;
    for (PGresult *result = NULL;; PQclear(result)) { /* one a statement; each wait has its limit */
        TRY(next_result(connection, ctx, &result));
        if (!result)
            return err;
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            PQclear(result);
            return postgres_fail_lost(connection, ctx, "COPY in a script");
        }
        if (!is_good(result) && !err)
            err = postgres_fail(connection, ctx, result, "a script");
    }
}

enum err postgres_run(struct db_connection *connection, struct ctx *ctx, const char *text)
{
    if (connection->count > connection->answered) {
        TRY(postgres_send_sync(connection, ctx));
        TRY(postgres_wait(connection, ctx, connection->count - 1, NULL));
    }
    if (!PQexitPipelineMode(connection->pq) || !PQsendQuery(connection->pq, text))
        return postgres_fail_lost(connection, ctx, "sending a script");
    enum err err = take_simple(connection, ctx);
    if (!connection->broken && !PQenterPipelineMode(connection->pq))
        return postgres_fail_lost(connection, ctx, "after a script");
    return err;
}
