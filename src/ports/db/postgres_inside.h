/* What the files of the PostgreSQL driver share. Private to them.
 *
 *     postgres.c            engine, transactions, savepoints, the table of the driver
 *     postgres_connect.c    addresses, connecting, what a session is set to
 *     postgres_pipeline.c   what was sent and not yet answered, prepared statements
 *     postgres_values.c     values in and out
 *     postgres_query.c      queries, changes, scripts
 *     postgres_err.c        what an SQLSTATE means to a caller
 *     postgres_backup.c     backup and restore, by PostgreSQL's own programs (postgres_child.c)
 *     postgres_check.c      what is wrong with a database
 *
 * Commands are sent in libpq's pipeline mode, without waiting where nobody needs the answer: a
 * batch of sixty inserts is two round trips. Answers come in the order of the commands, so a
 * command is known by its number; `sent` keeps what those from `answered` to `count` were. */
#ifndef STOA_PORTS_DB_POSTGRES_INSIDE_H
#define STOA_PORTS_DB_POSTGRES_INSIDE_H

#include <libpq-fe.h>
#include <stdatomic.h>

#include "ports/db/driver.h"

enum {
    POSTGRES_STATEMENTS_MAX = 256, /* prepared by a connection; others are planned each time */
    POSTGRES_PROBES_MAX = 8,       /* places that a statement may have among them */
    POSTGRES_UNNAMED_MAX = 1000,   /* statements that found no place; then all places are cleared */
    POSTGRES_SENT_MAX = 1024,      /* commands under way; then answers are waited for */
    POSTGRES_LATER_MAX = 64,       /* queries of a transaction that nobody waits for */
    POSTGRES_NEWS_MAX = 16,        /* messages that came while nothing was asked */
    POSTGRES_EARLY = 48,           /* commands that wait, then the server may begin */
    POSTGRES_HOSTS_MAX = 16,
    POSTGRES_VERSION_MIN = 140000, /* as libpq counts: what a session is set to began there */
    POSTGRES_URL_MAX = 2048,
    POSTGRES_OPTIONS_MAX = 64,  /* of a connection, as libpq counts them */
    POSTGRES_CONNECT_MS = 5000, /* to one host */
    POSTGRES_ANSWER_MS = 60000, /* for an answer, where there is no deadline */
    POSTGRES_SCRIPT_MS = 3600000,
    POSTGRES_COMMIT_MS = 10000, /* for a commit's answer, also beyond the deadline */
    POSTGRES_END_MS = 2000,     /* for a rollback's, and what follows a commit's */
    POSTGRES_GRACE_MS = 200,    /* so that the server's own timeout comes before ours */
};

/* The key of the advisory lock that each session shares, and a restore has for itself. */
#define POSTGRES_PRESENCE "83846666"

struct db_engine {
    char url[POSTGRES_URL_MAX];
    size_t host_count;   /* 1 where the URL names none */
    _Atomic size_t host; /* the one that answered last */
};

enum postgres_state {
    POSTGRES_IDLE, /* no transaction */
    POSTGRES_OPEN,
    POSTGRES_FAILED, /* a statement failed; undo makes it open again */
    POSTGRES_LOST,   /* nothing of it stands; only rollback leads out */
};

enum postgres_kind { SENT_PREPARE, SENT_STATEMENT, SENT_SYNC };

struct postgres_sent {
    uint8_t kind;
    uint16_t place; /* of the statement that is prepared */
};

struct postgres_statement {
    const struct query *query; /* NULL: the place is free */
    uint32_t name;             /* "s17" */
};

/* Who takes the rows of an answer that nobody waits for by itself. */
struct postgres_later {
    uint64_t number; /* of the command */
    struct ctx *ctx;
    const struct query *query;
    tx_row_fn *row;
    void *into;
};

struct db_connection {
    struct db_engine *engine;
    PGconn *pq;
    struct clock clock;
    enum db_role role;
    enum postgres_state state;
    bool broken, careful, may_retry;
    bool saved;          /* the running fn has a savepoint */
    bool bare;           /* it changed something without one: only a rollback undoes it */
    bool in_fn;          /* between savepoint, and release or undo */
    bool committing;     /* COMMIT was sent and not answered */
    int64_t deadline_us; /* the nearest of those in the transaction, by `clock`; 0 is none */
    int64_t limit_us;    /* of the wait that goes on */
    int64_t patience_ms; /* for an answer */
    int64_t position;
    uint32_t unnamed; /* statements that found no place, since places were cleared */
    uint64_t count, answered, flushed; /* commands sent, answered, and given to the kernel */
    uint64_t releases;                 /* of those sent last */
    uint32_t names;                    /* given to statements so far */
    struct postgres_sent sent[POSTGRES_SENT_MAX];
    struct postgres_later later[POSTGRES_LATER_MAX]; /* of the transaction */
    size_t later_count, later_taken;
    struct postgres_statement statements[POSTGRES_STATEMENTS_MAX];
};

/* postgres_connect.c */
enum err postgres_open(struct ctx *ctx, const struct db_options *options,
                       struct db_engine **engine);
enum err postgres_connect(struct db_engine *engine, struct ctx *ctx, enum db_role role,
                          struct db_connection **connection);
void postgres_disconnect(struct db_connection *connection);

/* postgres_pipeline.c: sending. Nothing is waited for, unless too much is under way. */
enum err postgres_send(struct db_connection *connection, struct ctx *ctx, const struct query *query,
                       const struct db_value args[]);
enum err postgres_send_sync(struct db_connection *connection, struct ctx *ctx);

/* Waits for the answer of a command by its number, or of all. A failed one before it is ERR_BUSY,
 * the transaction then lost; its own failure is told as it is. The result is the caller's. */
enum err postgres_wait(struct db_connection *connection, struct ctx *ctx, uint64_t number,
                       PGresult **result);
enum err postgres_wait_all(struct db_connection *connection, struct ctx *ctx);

/* Sends a query and waits for its answer. */
enum err postgres_ask(struct db_connection *connection, struct ctx *ctx, const struct query *query,
                      const struct db_value args[], PGresult **result);

/* The one bigint that a result is. */
int64_t postgres_read_number(const PGresult *result);

/* One or several statements by the simple protocol, outside of the pipeline. */
enum err postgres_run(struct db_connection *connection, struct ctx *ctx, const char *text);

/* Heeds the deadline of one more caller. */
void postgres_heed(struct db_connection *connection, const struct ctx *ctx);

/* Says how long to wait from now on, at most and within the deadlines heeded. */
void postgres_expect(struct db_connection *connection, int64_t at_most_ms);
enum err postgres_poll(struct db_connection *connection, struct ctx *ctx, short events);

/* Gives up statements, where they leave no place for others. In no transaction only. */
enum err postgres_make_room(struct db_connection *connection, struct ctx *ctx);

/* postgres_values.c */
struct postgres_args {
    const char *values[QUERY_PARAMS_MAX];
    int lengths[QUERY_PARAMS_MAX], formats[QUERY_PARAMS_MAX];
    Oid types[QUERY_PARAMS_MAX];
    uint64_t numbers[QUERY_PARAMS_MAX]; /* in the network's order */
};
enum err postgres_args_make(struct ctx *ctx, const struct query *query,
                            const struct db_value args[], struct postgres_args *made);
enum err postgres_read_rows(struct tx *tx, const struct query *query, const PGresult *result,
                            tx_row_fn *row, void *into);

/* postgres_query.c */
enum err postgres_query(struct tx *tx, const struct query *query, const struct db_value args[],
                        tx_row_fn *row, void *into);
enum err postgres_query_later(struct tx *tx, const struct query *query,
                              const struct db_value args[], tx_row_fn *row, void *into);
enum err postgres_await(struct tx *tx);
enum err postgres_exec(struct tx *tx, const struct query *query, const struct db_value args[],
                       int64_t *changed);
enum err postgres_script(struct tx *tx, const char *text);
enum err postgres_describe(struct tx *tx, const char *table, tx_row_fn *row, void *into);

/* The transaction as a fn's next statement finds it: saved, where it changes something. */
enum err postgres_enter(struct db_connection *connection, struct ctx *ctx, bool writes);

/* postgres_err.c: records what an answer failed with, and marks the connection by it. */
enum err postgres_fail(struct db_connection *connection, struct ctx *ctx, const PGresult *result,
                       const char *what);
enum err postgres_fail_lost(struct db_connection *connection, struct ctx *ctx, const char *what);

/* postgres_backup.c and postgres_check.c */
enum err postgres_backup(struct db_engine *engine, struct ctx *ctx, const char *path);
enum err postgres_restore(struct db_engine *engine, struct ctx *ctx, const char *path);
enum err postgres_check(struct db_engine *engine, struct ctx *ctx, struct buf *findings);

/* postgres_child.c: runs one of PostgreSQL's programs on the database that a connection is of. */
enum err postgres_child_run(struct db_connection *connection, struct ctx *ctx,
                            const char *const argv[]);

#endif
