/* What is sent is a row and a message; what is applied is a row, in a fifo queue the next one. */
#include "books.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "flow/flow_event.h"
#include "flow/schedule.h"

enum { NOBODY = -1 /* whose lines the schedule's runs are */ };

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
    .sqlite = "SELECT (SELECT coalesce(max(number), 0) FROM ledger_sent WHERE who = ?1), "
              "(SELECT coalesce(max(number), 0) FROM ledger_applied WHERE who = ?1)",
    .postgres = "SELECT (SELECT coalesce(max(number), 0) FROM ledger_sent WHERE who = $1), "
                "(SELECT coalesce(max(number), 0) FROM ledger_applied WHERE who = $1)",
    .param_types = two,
    .param_count = 1,
    .column_types = two,
    .column_count = 2};
static const struct query find_left = {
    .name = "left",
    BOTH("SELECT (SELECT count(*) FROM flow_message) + (SELECT count(*) FROM flow_event_pending)"),
    .column_types = two,
    .column_count = 1,
    .scans = true};

_Static_assert(BOOKS_WAYS == 3, "books_judge counts by the way");
enum { JUDGED = 11 };

static const enum db_type ints[JUDGED] = {DB_INT, DB_INT, DB_INT, DB_INT, DB_INT, DB_INT,
                                          DB_INT, DB_INT, DB_INT, DB_INT, DB_INT};
static const struct query judge = {
    .name = "judge",
    BOTH("SELECT (SELECT count(*) FROM ledger_sent), "
         "(SELECT count(*) FROM ledger_applied WHERE who >= 0), "
         "(SELECT count(*) FROM ledger_sent s WHERE NOT EXISTS (SELECT 1 FROM ledger_applied a "
         "WHERE a.who = s.who AND a.number = s.number)), "
         "(SELECT count(*) FROM (SELECT who, number FROM ledger_applied GROUP BY who, number "
         "HAVING count(*) > 1) d), "
         "(SELECT count(*) FROM ledger_applied a WHERE a.who >= 0 AND NOT EXISTS (SELECT 1 "
         "FROM ledger_sent s WHERE a.who = s.who AND a.number = s.number)), "
         "(SELECT count(*) FROM flow_message) + (SELECT count(*) FROM flow_event_pending), "
         "(SELECT count(*) FROM ledger_applied WHERE who < 0), "
         "(SELECT coalesce(max(number) - min(number) + 1, 0) FROM ledger_applied WHERE who < 0), "
         "(SELECT count(*) FROM ledger_sent WHERE who % 3 = 0), "
         "(SELECT count(*) FROM ledger_sent WHERE who % 3 = 1), "
         "(SELECT count(*) FROM ledger_sent WHERE who % 3 = 2)"),
    .column_types = ints,
    .column_count = JUDGED,
    .scans = true};

static enum err take_one(struct tx *tx, const struct db_value row[], void *into)
{
    int64_t *number = into;
    (void)tx;
    *number = row[0].number;
    return ERR_OK;
}

static enum err take_last(struct tx *tx, const struct db_value row[], void *into)
{
    struct books_line *line = into;
    (void)tx;
    line->number = row[0].number;
    line->applied = row[1].number;
    return ERR_OK;
}

static enum err take_judgement(struct tx *tx, const struct db_value row[], void *into)
{
    struct books_judgement *judgement = into;
    (void)tx;
    *judgement = (struct books_judgement){
        row[0].number, row[1].number, row[2].number,
        row[3].number, row[4].number, row[5].number,
        row[6].number, row[7].number, {row[8].number, row[9].number, row[10].number}};
    return ERR_OK;
}

/* Kills are no failures of a message: it may be received as often as there are kills. */
static enum err make_queue(struct tx *tx, const char *name)
{
    struct queue queue;
    struct queue_options options = queue_usual;
    options.name = str_from(name);
    options.fifo = str_ends(options.name, STR(".fifo"));
    options.visibility_s = BOOKS_VISIBILITY_S;
    return queue_create(tx, &options, &queue);
}

static const struct schedule_options each_minute = {.name = STR("ledger"),
                                                    .expression = STR("* * * * *"),
                                                    .address = STR(BOOKS_TICKS),
                                                    .missed = SCHEDULE_ALL};

enum err books_make(struct tx *tx, void *arg)
{
    (void)arg;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        TRY(tx_exec(tx, &tables[i], NULL, NULL));
    for (const struct flow_consumer *consumer = books_consumers; consumer->queue; consumer++)
        TRY(make_queue(tx, consumer->queue));
    return schedule_put(tx, &each_minute);
}

enum err books_last(struct tx *tx, void *arg)
{
    struct books_line *line = arg;
    return tx_query(tx, &find_last, (struct db_value[]){db_int(line->who)}, take_last, line);
}

enum err books_left(struct tx *tx, void *arg)
{
    return tx_query(tx, &find_left, NULL, take_one, arg);
}

static enum err send_event(struct tx *tx, const char *words)
{
    char detail[2 * BOOKS_WORD];
    snprintf(detail, sizeof detail, "{\"line\":\"%s\"}", words);
    return flow_emit(tx, &(struct flow_event){.source = STR("books"),
                                              .type = STR("line"),
                                              .detail = str_from(detail)});
}

enum err books_send(struct tx *tx, void *arg)
{
    const struct books_line *line = arg;
    struct queue queue;
    char body[BOOKS_WORD], group[BOOKS_WORD], dedup[BOOKS_WORD];
    enum books_way way = (enum books_way)(line->who % BOOKS_WAYS);
    snprintf(body, sizeof body, "%" PRId64 " %" PRId64, line->who, line->number);
    snprintf(group, sizeof group, "%" PRId64, line->who);
    snprintf(dedup, sizeof dedup, "%" PRId64 "-%" PRId64, line->who, line->number);
    TRY(tx_exec(tx, &add_sent, (struct db_value[]){db_int(line->who), db_int(line->number)}, NULL));
    if (way == BOOKS_BY_EVENT)
        return send_event(tx, body);
    TRY(queue_find(tx, way == BOOKS_BY_FIFO ? STR(BOOKS_FIFO) : STR(BOOKS_QUEUE), &queue));
    struct queue_sending sending = QUEUE_SENDING(str_from(body));
    if (queue.is.fifo) {
        sending.group_id = str_from(group);
        sending.dedup_id = str_from(dedup);
    }
    return queue_send(tx, &queue, &sending);
}

/* Of a sender's messages in a fifo queue the one before was applied before. It would be the next
 * time: so it is told, whatever becomes of this transaction. */
static enum err check_order(struct tx *tx, const struct db_value line[2])
{
    char said[BOOKS_WORD];
    int64_t before = 1;
    struct db_value place[] = {line[0], db_int(line[1].number - 1)};
    if (line[0].number % BOOKS_WAYS != BOOKS_BY_FIFO || line[1].number == 1)
        return ERR_OK;
    TRY(tx_query(tx, &find_before, place, take_one, &before));
    if (before == 1)
        return ERR_OK;
    int len = snprintf(said, sizeof said, "! %" PRId64 " %" PRId64 "\n", line[0].number,
                       line[1].number);
    ssize_t wrote = write(STDOUT_FILENO, said, (size_t)len);
    return err_fail(&tx->ctx->err, ERR_INTERNAL, "It came before its time.", "%s (%zd)", said,
                    wrote);
}

static enum err add_line(struct tx *tx, struct str text)
{
    struct str who;
    struct db_value line[2] = {db_int(0), db_int(0)};
    if (!str_cut(&text, ' ', &who) || str_to_int(who, 0, INT64_MAX, &line[0].number) ||
        str_to_int(text, 1, INT64_MAX, &line[1].number))
        return err_fail(&tx->ctx->err, ERR_INTERNAL, "It is no line of the books.", "body");
    TRY(check_order(tx, line));
    return tx_exec(tx, &add_applied, line, NULL);
}

static enum err apply(struct tx *tx, const struct ports *ports, const struct queue_message *message)
{
    (void)ports;
    return add_line(tx, message->body);
}

/* What stands behind these words, up to the next quote. */
static struct str quoted(struct str text, struct str words)
{
    struct str found = {0};
    size_t at = str_find(text, words);
    text = str_slice(text, at == STR_NONE ? text.len : at + words.len, text.len);
    return str_cut(&text, '"', &found) ? found : (struct str){0};
}

static enum err apply_event(struct tx *tx, const struct ports *ports,
                            const struct queue_message *message)
{
    (void)ports;
    return add_line(tx, quoted(message->body, STR("{\"line\":\"")));
}

static enum err apply_run(struct tx *tx, const struct ports *ports,
                          const struct queue_message *message)
{
    int64_t due_us = 0;
    (void)ports;
    TRY(clock_parse(quoted(message->body, STR("\"due\":\"")), &due_us));
    struct db_value line[] = {db_int(NOBODY), db_int(due_us / MINUTE_US)};
    return tx_exec(tx, &add_applied, line, NULL);
}

const struct flow_consumer books_consumers[] = {
    {.queue = BOOKS_QUEUE, .apply = apply, .threads = 2, .visibility_s = BOOKS_VISIBILITY_S},
    {.queue = BOOKS_FIFO, .apply = apply, .threads = 2, .visibility_s = BOOKS_VISIBILITY_S},
    {.queue = BOOKS_EVENTS,
     .pattern = "{\"source\":[\"books\"]}",
     .apply = apply_event,
     .visibility_s = BOOKS_VISIBILITY_S},
    {.queue = BOOKS_TICKS, .apply = apply_run, .visibility_s = BOOKS_VISIBILITY_S},
    {.queue = NULL},
};

enum err books_judge(struct tx *tx, void *arg)
{
    return tx_query(tx, &judge, NULL, take_judgement, arg);
}
