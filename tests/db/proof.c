/* Runs the writers of the proofs, and looks through what they left behind. */
#include "proof.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "engines.h"
#include "harness/process.h"
#include "ports/db/backup.h"
#include "samples/sales.h"

enum { WORDS_MAX = 12, TEXT_MAX = 32 << 20, CHUNK = 64 << 10, COUNT_MAX = 1000000 };

static const char *arena_text(struct test *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static const char *arena_text(struct test *t, const char *format, ...)
{
    struct buf buf;
    const char *text = "";
    va_list args;
    buf_init(&buf, t->arena, TEST_ARENA_MAX);
    va_start(args, format);
    buf_addv(&buf, format, args);
    va_end(args);
    REQUIRE(str_cstr(t->arena, buf_str(&buf), &text) == ERR_OK);
    return text;
}

const char *path_in(struct test *t, const char *folder, const char *name)
{
    return arena_text(t, "%s/%s", folder, name);
}

const char *database_in(struct test *t, const char *folder)
{
    return arena_text(t, "sqlite:%s/stoa.db", folder);
}

struct str file_text(struct test *t, const char *path)
{
    struct buf buf;
    ssize_t got = 0;
    buf_init(&buf, t->arena, TEXT_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    REQUIRE(fd >= 0);
    while (buf_reserve(&buf, CHUNK) && (got = read(fd, buf.ptr + buf.len, CHUNK)) > 0)
        buf.len += (size_t)got;
    close(fd);
    REQUIRE(got == 0 && buf_err(&buf) == ERR_OK);
    return buf_str(&buf);
}

void file_empty(struct test *t, const char *path)
{
    int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0666);
    REQUIRE(fd >= 0);
    close(fd);
}

static _Noreturn void become_writer(const char *const argv[], const char *said, pid_t parent)
{
    int fd = open(said, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0666);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent && fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
        execv(argv[0], (char *const *)argv);
    _exit(PROCESS_NOT_STARTED);
}

pid_t writer_start(struct test *t, const char *const words[], const char *said)
{
    const char *argv[WORDS_MAX + 2] = {test_built(t, "tests/db/writer")};
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++)
        argv[i + 1] = words[i];
    fflush(stdout);
    pid_t parent = getpid(), writer = fork();
    if (writer == 0)
        become_writer(argv, said, parent);
    REQUIRE(writer > 0);
    return writer;
}

int writer_wait(pid_t writer)
{
    int status = 0;
    while (waitpid(writer, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status) ? -1 : 0;
}

int writer_kill(pid_t writer)
{
    kill(writer, SIGKILL);
    return writer_wait(writer);
}

void writer_run(struct test *t, const char *const words[], const char *said)
{
    test_note(t, "writer %s", words[0]);
    REQUIRE(writer_wait(writer_start(t, words, said)) == 0);
    test_note(t, "%s", "");
}

bool said_next(struct str *text, struct said_line *line)
{
    int64_t *const numbers[] = {&line->thread, &line->number, &line->position, &line->begun_us,
                                &line->ended_us};
    struct str rest, word;
    if (str_find_char(*text, '\n') == STR_NONE || !str_cut(text, '\n', &rest))
        return false;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!str_cut(&rest, ' ', &word) || str_to_int(word, 0, INT64_MAX, numbers[i]))
            return false;
    return true;
}

void said_take(struct test *t, struct said *said, int seller, struct str text)
{
    struct said_line line;
    REQUIRE(seller < SELLERS_MAX);
    while (said_next(&text, &line)) {
        REQUIRE(line.thread < SELLER_THREADS_MAX);
        int64_t *last = &said->last[seller][line.thread];
        CHECK_INT(line.number, *last + 1);
        *last = line.number;
        said->sales++;
    }
}

static const enum db_type numbers[] = {DB_INT};
static const enum db_type texts[] = {DB_TEXT, DB_TEXT};

/* Each counts what is wrong. */
#define COUNTS(what, text)                                                       \
    {                                                                            \
        .name = (what), .sqlite = (text), .postgres = (text), .column_count = 1, \
        .column_types = numbers                                                  \
    }

static const struct query wrongs[] = {
    COUNTS("items whose stock is not what was delivered",
           "SELECT COUNT(*) FROM sample_item WHERE free + held + sold <> 1000000"),
    COUNTS("items that are missing", "SELECT 4 - COUNT(*) FROM sample_item"),
    COUNTS("items that hold what is not in the sales",
           "SELECT COUNT(*) FROM sample_item AS i WHERE held <> (SELECT "
           "COALESCE(SUM(quantity), 0) FROM sample_sale WHERE item = i.id AND state = 'held')"),
    COUNTS("items that sold what is not in the sales",
           "SELECT COUNT(*) FROM sample_item AS i WHERE sold <> (SELECT "
           "COALESCE(SUM(quantity), 0) FROM sample_sale WHERE item = i.id AND state = 'paid')"),
    COUNTS("sales that are not in the books as they are",
           "SELECT COUNT(*) FROM sample_sale AS s WHERE (SELECT COUNT(*) || ' ' || "
           "COALESCE(SUM(amount), 0) FROM sample_entry WHERE sale = s.id) <> "
           "CASE state WHEN 'paid' THEN '2 ' || total ELSE '0 0' END"),
    COUNTS("lines in the books of no sale",
           "SELECT COUNT(*) FROM sample_entry WHERE sale NOT IN (SELECT id FROM sample_sale)"),
    COUNTS("sales that were given up", "SELECT COUNT(*) FROM sample_sale WHERE id NOT LIKE 'sal%'"),
};

static const struct query sales_between = {
    .name = "sales_between",
    .sqlite = "SELECT COUNT(*) FROM sample_sale WHERE id > ?1 AND id <= ?2",
    .postgres = "SELECT COUNT(*) FROM sample_sale WHERE id > $1 AND id <= $2",
    .param_types = texts,
    .param_count = 2,
    .column_types = numbers,
    .column_count = 1,
};

static enum err take_number(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx;
    *(int64_t *)into = row[0].number;
    return ERR_OK;
}

/* A look through the books in one transaction. */
struct audit {
    struct test *t;
    const struct said *said;
    const char *wrong;
};

static enum err count_between(struct tx *tx, const struct sale *after, const struct sale *last,
                              int64_t *count)
{
    char from[SALE_ID_MAX], to[SALE_ID_MAX];
    sale_id(after, from);
    sale_id(last, to);
    return tx_query_one(tx, &sales_between,
                        (struct db_value[]){db_text(str_from(from)), db_text(str_from(to))},
                        take_number, count);
}

static enum err audit_thread(struct tx *tx, struct audit *audit, int seller, int thread)
{
    const struct sale none = {.seller = seller, .thread = thread};
    struct sale last = none, end = none;
    int64_t there, beyond;
    last.number = audit->said->last[seller][thread];
    end.number = COUNT_MAX;
    TRY(count_between(tx, &none, &last, &there));
    TRY(count_between(tx, &last, &end, &beyond));
    if (there != last.number)
        audit->wrong = arena_text(audit->t,
                                  "of seller %d's thread %d %" PRId64 " of %" PRId64
                                  " acknowledged sales are there",
                                  seller, thread, there, last.number);
    if (beyond > !audit->said->exact)
        audit->wrong = arena_text(audit->t,
                                  "of seller %d's thread %d %" PRId64
                                  " sales are there beyond the acknowledged",
                                  seller, thread, beyond);
    return ERR_OK;
}

static enum err audit(struct tx *tx, void *arg)
{
    struct audit *audit = arg;
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs && !audit->wrong; i++) {
        int64_t count = 0;
        TRY(tx_query_one(tx, &wrongs[i], NULL, take_number, &count));
        if (count)
            audit->wrong = arena_text(audit->t, "%" PRId64 " %s", count, wrongs[i].name);
    }
    for (int seller = 0; seller < SELLERS_MAX && !audit->wrong; seller++)
        for (int thread = 0; thread < SELLER_THREADS_MAX && !audit->wrong; thread++)
            if (audit->said->last[seller][thread] || audit->said->exact)
                TRY(audit_thread(tx, audit, seller, thread));
    return ERR_OK;
}

static const char *look(struct test *t, struct db *db, struct ctx *ctx, const struct said *said)
{
    struct audit books = {.t = t, .said = said};
    struct buf findings;
    buf_init(&findings, ctx->arena, CHUNK);
    if (db_check(db, ctx, &findings) || db_read(db, ctx, audit, &books))
        return arena_text(t, "%s", ctx->err.operator);
    if (findings.len)
        return arena_text(t, STR_FMT, STR_ARG(buf_str(&findings)));
    return books.wrong;
}

const char *books_wrong(struct test *t, const char *url, const struct said *said)
{
    struct worker worker;
    struct db *db;
    worker_init(&worker, t);
    struct db_options options = {.url = str_from(url), .schemas = sales_schemas};
    const char *wrong = NULL;
    if (db_open(&worker.ctx, &options, &db)) {
        wrong = arena_text(t, "%s", worker.ctx.err.operator);
    } else {
        wrong = look(t, db, &worker.ctx, said);
        db_close(db);
    }
    worker_release(&worker);
    return wrong;
}

int64_t proof_count(const char *variable, int64_t usual)
{
    const char *text = getenv(variable);
    int64_t count = usual;
    if (text && str_to_int(str_from(text), 1, COUNT_MAX, &count))
        return usual;
    return count;
}
