/* Starts and kills the processes of a ledger, and looks through its books. */
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engines.h"
#include "harness/process.h"

enum {
    SAID_MAX = 16 << 20,
    PATH_BYTES = 512,
    COUNT_MAX = 1000000,
    MOVES_MAX = 1000,
    SAYS_MAX = 500
};

#define MOVES_US (SECOND_US / 50)

int64_t ledger_count(const char *variable, int64_t usual)
{
    const char *text = getenv(variable);
    int64_t count = usual;
    if (text && str_to_int(str_from(text), 1, COUNT_MAX, &count))
        return usual;
    return count;
}

void ledger_pause_us(int64_t us)
{
    nanosleep(&(struct timespec){.tv_sec = us / SECOND_US, .tv_nsec = us % SECOND_US * 1000}, NULL);
}

static pid_t spawn(struct ledger *ledger, const char *way, int process)
{
    struct test *t = ledger->t;
    char number[16];
    const char *argv[] = {test_built(t, "tests/flow_ledger"), way, ledger->url, number, NULL};
    snprintf(number, sizeof number, "%d", ledger->starts);
    if (way[0] != 'r')
        argv[3] = NULL;
    fflush(stdout);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        int fd = open(ledger->said[process], O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0666);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (ledger->board_paths[process])
            setenv(BOARD_VARIABLE, ledger->board_paths[process], true);
        if (getppid() == parent && fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
            execv(argv[0], (char *const *)argv);
        _exit(PROCESS_NOT_STARTED);
    }
    REQUIRE(pid > 0);
    return pid;
}

static int wait_for(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static const char *path_in(struct test *t, const char *folder, const char *name, int number)
{
    char *path = arena_alloc(t->arena, PATH_BYTES);
    REQUIRE(path);
    snprintf(path, PATH_BYTES, "%s/%s.%d", folder, name, number);
    return path;
}

void ledger_open(struct test *t, const char *folder, const char *url, struct ledger *ledger)
{
    *ledger = (struct ledger){.t = t, .url = url};
    for (int i = 0; i < LEDGER_PROCESSES_MAX; i++)
        ledger->said[i] = path_in(t, folder, "said", i);
    REQUIRE(wait_for(spawn(ledger, "make", 0)) == 0);
}

static struct board *open_board(struct test *t, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    REQUIRE(fd >= 0 && ftruncate(fd, sizeof(struct board)) == 0);
    struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    REQUIRE(board != MAP_FAILED);
    close(fd);
    return board;
}

void ledger_open_with_boards(struct test *t, const char *folder, const char *url,
                             struct ledger *ledger)
{
    ledger_open(t, folder, url, ledger);
    for (int i = 0; i < LEDGER_PROCESSES_MAX; i++) {
        ledger->board_paths[i] = path_in(t, folder, "board", i);
        ledger->boards[i] = open_board(t, ledger->board_paths[i]);
    }
}

static int64_t said_size(const struct ledger *ledger, int process)
{
    struct stat said;
    return stat(ledger->said[process], &said) == 0 ? said.st_size : 0;
}

void ledger_start(struct ledger *ledger, int process)
{
    struct test *t = ledger->t;
    REQUIRE(++ledger->starts < LEDGER_WHO_MAX / BOOKS_WAYS);
    ledger->said_before[process] = said_size(ledger, process);
    ledger->pids[process] = spawn(ledger, "run", process);
}

void ledger_kill(struct ledger *ledger, int process)
{
    struct test *t = ledger->t;
    pid_t pid = ledger->pids[process];
    if (!pid)
        return;
    ledger->pids[process] = 0;
    kill(pid, SIGKILL);
    CHECK_INT(wait_for(pid), -SIGKILL);
}

void ledger_signal(struct ledger *ledger, int process, int number)
{
    struct test *t = ledger->t;
    REQUIRE(ledger->pids[process] > 0 && kill(ledger->pids[process], number) == 0);
}

void ledger_await_said(struct ledger *ledger, int process)
{
    for (int i = 0; i < SAYS_MAX; i++, ledger_pause_us(SECOND_US / SAYS_MAX))
        if (said_size(ledger, process) > ledger->said_before[process])
            return;
}

void ledger_take_said(struct ledger *ledger, struct str text)
{
    for (struct str line, who;
         str_find_char(text, '\n') != STR_NONE && str_cut(&text, '\n', &line);) {
        int64_t from = 0, number = 0;
        ledger->disorders += str_starts(line, STR("! "));
        if (!str_cut(&line, ' ', &who) || str_to_int(who, 0, LEDGER_WHO_MAX - 1, &from) ||
            str_to_int(line, 1, INT64_MAX, &number))
            continue;
        if (number > ledger->last[from])
            ledger->last[from] = number;
    }
}

static void read_said(struct ledger *ledger, const char *path)
{
    struct test *t = ledger->t;
    struct arena_mark mark = arena_mark(t->arena);
    char *bytes = arena_alloc(t->arena, SAID_MAX);
    int fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0666);
    REQUIRE(bytes && fd >= 0);
    ssize_t got = read(fd, bytes, SAID_MAX);
    close(fd);
    REQUIRE(got >= 0 && got < SAID_MAX);
    ledger_take_said(ledger, str_make(bytes, (size_t)got));
    arena_rewind(t->arena, mark);
}

static const struct schema *const none[] = {NULL};

static void worker_open(struct ledger *ledger, struct worker *worker, struct db **db)
{
    struct test *t = ledger->t;
    struct db_options options = {.url = str_from(ledger->url), .schemas = none};
    worker_init(worker, t);
    REQUIRE(db_open(&worker->ctx, &options, db) == ERR_OK);
}

/* What was said to be safe is there. */
static void check_said(struct ledger *ledger, struct db *db, struct ctx *ctx)
{
    struct test *t = ledger->t;
    for (int64_t who = 0; who < LEDGER_WHO_MAX; who++) {
        struct books_line line = {.who = who};
        if (!ledger->last[who])
            continue;
        REQUIRE(db_read(db, ctx, books_last, &line) == ERR_OK);
        PROVE(line.number >= ledger->last[who]);
    }
}

static void check_books(struct ledger *ledger)
{
    struct test *t = ledger->t;
    const struct books_judgement *found = &ledger->found;
    test_note(t,
              "%" PRId64 " sent, %" PRId64 " applied: %" PRId64 " missing, %" PRId64
              " twice, %" PRId64 " of nobody, %" PRId64 " left; %" PRId64 " out of order; %" PRId64
              " runs in %" PRId64 " minutes",
              found->sent, found->applied, found->missing, found->doubled, found->unsent,
              found->left, ledger->disorders, found->runs, found->minutes);
    PROVE(!found->missing && !found->doubled && !found->unsent && !found->left);
    PROVE(!ledger->disorders);
    PROVE(found->runs == found->minutes);
    CHECK(found->sent > 0);
    test_note(t, "%s", "");
}

void ledger_judge(struct ledger *ledger)
{
    struct test *t = ledger->t;
    struct worker worker;
    struct db *db = NULL;
    for (int i = 0; i < LEDGER_PROCESSES_MAX; i++)
        ledger_kill(ledger, i);
    PROVE(wait_for(spawn(ledger, "drain", 0)) == 0);
    for (int i = 0; i < LEDGER_PROCESSES_MAX; i++)
        read_said(ledger, ledger->said[i]);
    worker_open(ledger, &worker, &db);
    REQUIRE(db_read(db, &worker.ctx, books_judge, &ledger->found) == ERR_OK);
    check_books(ledger);
    check_said(ledger, db, &worker.ctx);
    db_close(db);
    worker_release(&worker);
    for (int i = 0; i < LEDGER_PROCESSES_MAX && ledger->boards[i]; i++)
        munmap(ledger->boards[i], sizeof(struct board));
}

bool ledger_moves(struct ledger *ledger)
{
    struct test *t = ledger->t;
    struct worker worker;
    struct db *db = NULL;
    struct books_judgement first = {0}, now = {0};
    worker_open(ledger, &worker, &db);
    CHECK_ERR(db_read(db, &worker.ctx, books_judge, &first), ERR_OK);
    for (int i = 0; i < MOVES_MAX; i++, ledger_pause_us(MOVES_US)) {
        if (db_read(db, &worker.ctx, books_judge, &now) == ERR_OK && now.sent > first.sent &&
            now.applied > first.applied)
            break;
        arena_clear(&worker.arena);
    }
    db_close(db);
    worker_release(&worker);
    return now.sent > first.sent && now.applied > first.applied;
}
