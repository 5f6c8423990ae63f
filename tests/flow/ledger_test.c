/* Processes that send and apply are killed, and the power is lost: every message that was accepted
 * is applied exactly once, and those of a group in their order. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/power.h"
#include "harness/process.h"
#include "place.h"
#include "samples/books.h"

enum {
    PROCESSES_MAX = 3,
    KILLS = 12,
    ROUND_MS = 150,
    CUTS = 6,
    CUT_FIRST = 150, /* changes of the disk before the first cut: the start is others' to prove */
    CUT_STEP = 97,
    SAID_MAX = 64 << 20,
    PATH_BYTES = 256,
    WHO_MAX = 4096,
};

static int64_t count_of(const char *variable, int64_t usual)
{
    const char *text = getenv(variable);
    int64_t count = usual;
    if (text && str_to_int(str_from(text), 1, 1000000, &count))
        return usual;
    return count;
}

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

struct proof {
    struct test *t;
    const char *url, *said;
    pid_t pids[PROCESSES_MAX];
    int numbers; /* each process has its own */
    int64_t last[WHO_MAX];
};

static pid_t start(struct proof *proof, const char *way)
{
    struct test *t = proof->t;
    char number[16];
    const char *argv[] = {test_built(t, "tests/flow_ledger"), way, proof->url, number, NULL};
    snprintf(number, sizeof number, "%d", ++proof->numbers);
    if (way[0] != 'r')
        argv[3] = NULL;
    fflush(stdout);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        int fd = open(proof->said, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0666);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
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

static void take_said(struct proof *proof, struct str text)
{
    for (struct str line, who;
         str_find_char(text, '\n') != STR_NONE && str_cut(&text, '\n', &line);) {
        int64_t from = 0, number = 0;
        if (!str_cut(&line, ' ', &who) || str_to_int(who, 0, WHO_MAX - 1, &from) ||
            str_to_int(line, 1, INT64_MAX, &number))
            continue;
        if (number > proof->last[from])
            proof->last[from] = number;
    }
}

static struct str read_said(struct proof *proof)
{
    struct test *t = proof->t;
    char *bytes = arena_alloc(t->arena, SAID_MAX / 4);
    int fd = open(proof->said, O_RDONLY | O_CREAT | O_CLOEXEC, 0666);
    REQUIRE(bytes && fd >= 0);
    ssize_t got = read(fd, bytes, SAID_MAX / 4);
    close(fd);
    REQUIRE(got >= 0);
    return str_make(bytes, (size_t)got);
}

static const struct schema *const none[] = {NULL};

/* All that is left is applied; then the books are looked through. */
static void judge(struct proof *proof)
{
    struct test *t = proof->t;
    struct worker worker;
    struct db *db = NULL;
    struct books_judgement judgement = {0};
    CHECK_INT(wait_for(start(proof, "drain")), 0);
    worker_init(&worker, t);
    struct db_options options = {.url = str_from(proof->url), .schemas = none};
    REQUIRE(db_open(&worker.ctx, &options, &db) == ERR_OK);
    CHECK_ERR(db_read(db, &worker.ctx, books_judge, &judgement), ERR_OK);
    printf("# %" PRId64 " sent, %" PRId64 " applied\n", judgement.sent, judgement.applied);
    CHECK_INT(judgement.missing, 0);
    CHECK_INT(judgement.doubled, 0);
    CHECK_INT(judgement.unsent, 0);
    CHECK_INT(judgement.left, 0);
    for (int64_t who = 0; who < WHO_MAX; who++) {
        struct books_line line = {.who = who};
        if (!proof->last[who])
            continue;
        CHECK_ERR(db_read(db, &worker.ctx, books_last, &line), ERR_OK);
        CHECK(line.number >= proof->last[who]); /* what was said to be safe is there */
    }
    db_close(db);
    worker_release(&worker);
}

/* `restart` may be NULL: what else is killed, half way. */
static void kill_them(struct proof *proof, int processes, struct postgres *server)
{
    struct test *t = proof->t;
    struct rand rand = rand_system();
    int64_t kills = count_of("TORTURE_QUEUE_KILLS", KILLS);
    for (int i = 0; i < processes; i++)
        proof->pids[i] = start(proof, "run");
    for (int64_t i = 0; i < kills; i++) {
        pid_t *pid = &proof->pids[i % processes];
        pause_ms(ROUND_MS / 2 + (int64_t)rand_below(&rand, ROUND_MS));
        kill(*pid, SIGKILL);
        CHECK_INT(wait_for(*pid), -SIGKILL);
        if (server && i == kills / 2) {
            postgres_kill(server);
            REQUIRE(postgres_restart(t->ctx, server) == ERR_OK);
        }
        proof->numbers %= WHO_MAX / 2 - PROCESSES_MAX; /* two senders each */
        *pid = start(proof, "run");
    }
    for (int i = 0; i < processes; i++) {
        kill(proof->pids[i], SIGKILL);
        CHECK_INT(wait_for(proof->pids[i]), -SIGKILL);
    }
    take_said(proof, read_said(proof));
    judge(proof);
}

static void open_proof(struct test *t, const char *name, const char *url, struct proof *proof)
{
    char *path = arena_alloc(t->arena, PATH_BYTES);
    *proof = (struct proof){.t = t, .url = url, .said = path};
    REQUIRE(path);
    snprintf(path, PATH_BYTES, "%s/said", test_folder(t, name));
    CHECK_INT(wait_for(start(proof, "make")), 0);
}

TEST(queue_ledger_is_whole_after_kills_on_sqlite)
{
    struct proof *proof = ARENA_NEW(t->arena, struct proof);
    char url[PATH_BYTES];
    REQUIRE(proof);
    snprintf(url, sizeof url, "sqlite:%s/stoa.db", test_folder(t, "flow/kills"));
    open_proof(t, "flow/kills_said", url, proof);
    kill_them(proof, 2, NULL);
}

TEST(queue_ledger_is_whole_after_kills_on_postgres)
{
    struct proof *proof = ARENA_NEW(t->arena, struct proof);
    struct worker worker;
    struct postgres server;
    REQUIRE(proof);
    worker_init(&worker, t);
    REQUIRE(postgres_start(&worker.ctx, test_folder(t, "flow/pg_kills"), true, &server) == ERR_OK);
    open_proof(t, "flow/pg_kills_said", server.url, proof);
    kill_them(proof, 3, &server);
    postgres_stop(&server);
    worker_release(&worker);
}

TEST(queue_ledger_is_whole_after_lost_power)
{
    struct proof *proof = ARENA_NEW(t->arena, struct proof);
    struct power_plan plan = {.root = test_folder(t, "flow/power/root"),
                              .shadow = test_folder(t, "flow/power/shadow")};
    char url[PATH_BYTES];
    REQUIRE(proof);
    snprintf(url, sizeof url, "sqlite:%s/stoa.db", plan.root);
    open_proof(t, "flow/power/said", url, proof);
    int64_t cuts = count_of("TORTURE_QUEUE_CUTS", CUTS);
    for (int64_t i = 0; i < cuts && !t->failures; i++) {
        struct process_result result;
        char number[16];
        proof->numbers = proof->numbers % (WHO_MAX / 2 - 1) + 1;
        snprintf(number, sizeof number, "%d", proof->numbers);
        const char *argv[] = {test_built(t, "tests/flow_ledger"), "run", url, number, NULL};
        plan.cut = CUT_FIRST + i * CUT_STEP % (CUT_FIRST * 10);
        REQUIRE(power_run(t, &plan, argv, NULL, &result) == ERR_OK);
        CHECK_INT(result.signal, SIGKILL);
        REQUIRE(power_restore(t, &plan, i % 2 ? POWER_LOSE_SOME : POWER_LOSE_ALL, (uint64_t)i) ==
                ERR_OK);
        take_said(proof, result.out);
        judge(proof);
    }
}
