/* What is sent is a row and a message; what is applied is a row, in a fifo queue the next one. */
#include "books.h"

#include <stdio.h>

enum { WORD_MAX = 64 };

#define BOTH(text) .sqlite = text, .postgres = text

static const enum db_type two[] = {DB_INT, DB_INT};
static const struct query tables[] = {
    {.name = "sent",
     BOTH("CREATE TABLE ledger_sent (who BIGINT NOT NULL, number BIGINT NOT NULL, "
          "PRIMARY KEY (who, number))"),
     .writes = true},
    {.name = "applied",
     BOTH("CREATE TABLE ledger_applied (who BIGINT NOT NULL, number BIGINT NOT NULL)"),
     .writes = true},
    {.name = "applied_index",
     BOTH("CREATE INDEX ledger_applied_who ON ledger_applied (who, number)"),
     .writes = true},
};
#define CHANGE(text1, text2)                                                                     \
    {                                                                                            \
        .name = text1, .sqlite = text1, .postgres = text2, .param_types = two, .param_count = 2, \
        .writes = true                                                                           \
    }
static const struct query add_sent = CHANGE(
    "INSERT INTO ledger_sent (who, number) VALUES (?1, ?2)",
    "INSERT INTO ledger_sent (who, number) VALUES ($1, $2)");
static const struct query add_applied = CHANGE(
    "INSERT INTO ledger_applied (who, number) VALUES (?1, ?2)",
    "INSERT INTO ledger_applied (who, number) VALUES ($1, $2)");
static const struct query find_before = {
    .name = "before",
    .sqlite = "SELECT count(*) FROM ledger_applied WHERE who = ?1 AND number = ?2",
    .postgres = "SELECT count(*) FROM ledger_applied WHERE who = $1 AND number = $2",
    .param_types = two,
    .param_count = 2,
    .column_types = two,
    .column_count = 1};
static const struct query find_last = {
    .name = "last",
    .sqlite = "SELECT coalesce(max(number), 0) FROM ledger_sent WHERE who = ?1",
    .postgres = "SELECT coalesce(max(number), 0) FROM ledger_sent WHERE who = $1",
    .param_types = two,
    .param_count = 1,
    .column_types = two,
    .column_count = 1};

static const enum db_type six[] = {DB_INT, DB_INT, DB_INT, DB_INT, DB_INT, DB_INT};
static const struct query judge = {
    .name = "judge",
    BOTH("SELECT (SELECT count(*) FROM ledger_sent), (SELECT count(*) FROM ledger_applied), "
         "(SELECT count(*) FROM ledger_sent s WHERE NOT EXISTS (SELECT 1 FROM ledger_applied a "
         "WHERE a.who = s.who AND a.number = s.number)), "
         "(SELECT count(*) FROM (SELECT who, number FROM ledger_applied GROUP BY who, number "
         "HAVING count(*) > 1) d), "
         "(SELECT count(*) FROM ledger_applied a WHERE NOT EXISTS (SELECT 1 FROM ledger_sent s "
         "WHERE a.who = s.who AND a.number = s.number)), "
         "(SELECT count(*) FROM flow_message)"),
    .column_types = six,
    .column_count = 6,
    .scans = true};

static enum err take_one(struct tx *tx, const struct db_value row[], void *into)
{
    int64_t *number = into;
    (void)tx;
    *number = row[0].number;
    return ERR_OK;
}

static enum err take_judgement(struct tx *tx, const struct db_value row[], void *into)
{
    struct books_judgement *judgement = into;
    (void)tx;
    *judgement = (struct books_judgement){row[0].number, row[1].number, row[2].number,
                                          row[3].number, row[4].number, row[5].number};
    return ERR_OK;
}

static enum err make_queue(struct tx *tx, const char *name)
{
    struct queue queue;
    struct queue_options options = queue_usual;
    options.name = str_from(name);
    options.fifo = str_ends(options.name, STR(".fifo"));
    options.visibility_s = BOOKS_VISIBILITY_S;
    return queue_create(tx, &options, &queue);
}

enum err books_make(struct tx *tx, void *arg)
{
    (void)arg;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        TRY(tx_exec(tx, &tables[i], NULL, NULL));
    TRY(make_queue(tx, BOOKS_QUEUE));
    return make_queue(tx, BOOKS_FIFO);
}

enum err books_last(struct tx *tx, void *arg)
{
    struct books_line *line = arg;
    return tx_query(tx, &find_last, (struct db_value[]){db_int(line->who)}, take_one,
                    &line->number);
}

enum err books_send(struct tx *tx, void *arg)
{
    const struct books_line *line = arg;
    struct queue queue;
    char body[WORD_MAX], group[WORD_MAX], dedup[WORD_MAX];
    snprintf(body, sizeof body, "%lld %lld", (long long)line->who, (long long)line->number);
    snprintf(dedup, sizeof dedup, "%lld-%lld", (long long)line->who, (long long)line->number);
    TRY(tx_exec(tx, &add_sent, (struct db_value[]){db_int(line->who), db_int(line->number)}, NULL));
    TRY(queue_find(tx, line->who % 2 ? STR(BOOKS_FIFO) : STR(BOOKS_QUEUE), &queue));
    struct queue_sending sending = QUEUE_SENDING(str_from(body));
    snprintf(group, sizeof group, "%lld", (long long)line->who);
    if (queue.is.fifo) {
        sending.group_id = str_from(group);
        sending.dedup_id = str_from(dedup);
    }
    return queue_send(tx, &queue, &sending);
}

/* Of a sender's messages in a fifo queue the one before was applied before. */
static enum err check_order(struct tx *tx, const struct db_value line[2])
{
    int64_t before = 1;
    struct db_value place[] = {line[0], db_int(line[1].number - 1)};
    if (line[0].number % 2 == 0 || line[1].number == 1)
        return ERR_OK;
    TRY(tx_query(tx, &find_before, place, take_one, &before));
    if (before == 1)
        return ERR_OK;
    return err_fail(&tx->ctx->err, ERR_INTERNAL, "It came before its time.", "%lld of %lld",
                    (long long)line[1].number, (long long)line[0].number);
}

static enum err apply(struct tx *tx, const struct ports *ports, const struct queue_message *message)
{
    struct str rest = message->body, who;
    struct db_value line[2] = {db_int(0), db_int(0)};
    (void)ports;
    if (!str_cut(&rest, ' ', &who) || str_to_int(who, 0, INT64_MAX, &line[0].number) ||
        str_to_int(rest, 1, INT64_MAX, &line[1].number))
        return err_fail(&tx->ctx->err, ERR_INTERNAL, "It is no line of the books.", "body");
    TRY(check_order(tx, line));
    return tx_exec(tx, &add_applied, line, NULL);
}

const struct flow_consumer books_consumers[] = {
    {.queue = BOOKS_QUEUE, .apply = apply, .threads = 2, .visibility_s = BOOKS_VISIBILITY_S},
    {.queue = BOOKS_FIFO, .apply = apply, .threads = 2, .visibility_s = BOOKS_VISIBILITY_S},
    {.queue = NULL},
};

enum err books_judge(struct tx *tx, void *arg)
{
    return tx_query(tx, &judge, NULL, take_judgement, arg);
}
