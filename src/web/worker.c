/* Runs requests on threads, as few of them as it takes. */
#include "web/worker.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/crash.h"
#include "base/mem.h"
#include "web/later_inside.h"
#include "web/server_inside.h"

static const struct {
    const char *name; /* of its threads */
    size_t workers, queue;
    bool starts; /* has a worker from the start */
} lanes[] = {
    [LANE_NORMAL] = {"worker", SERVER_WORKERS, SERVER_QUEUE_MAX, true},
    [LANE_RESERVED] = {"reserved", SERVER_WORKERS_RESERVED, LANE_RESERVED_QUEUE_MAX, true},
    [LANE_STREAM] = {"stream", SERVER_STREAMS_MAX, 0, false},
    [LANE_SEND] = {"sender", SERVER_SENDERS, SERVER_CONNECTIONS_MAX, false},
};

/* False once the limit has passed. */
static bool futex_wait(_Atomic uint32_t *word, int64_t limit_ms)
{
    struct timespec limit = {.tv_sec = limit_ms / 1000, .tv_nsec = limit_ms % 1000 * 1000000};
    long failed = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, limit_ms ? &limit : NULL, NULL,
                          0);
    return !failed || errno != ETIMEDOUT;
}

static void wake(struct worker *worker)
{
    atomic_store(&worker->woken, 1);
    syscall(SYS_futex, &worker->woken, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* What is done about a job that nobody takes yet. */
enum call { CALL_NOBODY, CALL_WAKE, CALL_START };

/* Under the lock; what it says is done without it. */
static enum call call_for_help(struct lane *lane, struct worker **called)
{
    if (!lane->first || lane->waking || lane->closing)
        return CALL_NOBODY;
    *called = lane->idle;
    if (lane->idle) {
        lane->idle = lane->idle->idle_next;
        lane->waking = true;
        return CALL_WAKE;
    }
    if (lane->worker_count == lane->worker_max)
        return CALL_NOBODY;
    lane->worker_count++;
    lane->waking = true;
    return CALL_START;
}

static bool worker_start(struct lane *lane);

static bool answer_call(struct lane *lane, enum call call, struct worker *called)
{
    if (call == CALL_WAKE)
        wake(called);
    return call != CALL_START || worker_start(lane);
}

/* Sleeps until it is called; gives its memory back where that takes long. */
static void rest(struct worker *worker)
{
    int64_t limit_ms = WORKER_REST_MS;
    while (!atomic_load(&worker->woken)) {
        if (futex_wait(&worker->woken, limit_ms))
            continue;
        arena_release(&worker->desk.arena);
        limit_ms = 0;
    }
}

static struct connection *queue_take(struct lane *lane)
{
    struct connection *connection = lane->first;
    lane->first = connection ? connection->next : NULL;
    return connection;
}

/* The next job; NULL when the lane closes. `arrives` where it was called for. Before it sleeps it
 * lets others of the lane go first, once: what they answer is often followed by the next request,
 * and to find that costs less than to be called for it. */
static struct connection *next_job(struct worker *worker, bool done)
{
    struct lane *lane = worker->lane;
    bool arrives = !done, was_busy = done;
    for (;;) {
        struct worker *called = NULL;
        pthread_mutex_lock(&lane->lock);
        lane->jobs -= done;
        done = false;
        if (arrives)
            lane->waking = false;
        bool closing = lane->closing;
        struct connection *connection = closing ? NULL : queue_take(lane);
        enum call call = call_for_help(lane, &called);
        bool yields = was_busy && !connection && !closing && lane->jobs > 0;
        if (!connection && !closing && !yields) {
            atomic_store(&worker->woken, 0);
            worker->idle_next = lane->idle;
            lane->idle = worker;
        }
        pthread_mutex_unlock(&lane->lock);
        answer_call(lane, call, called);
        if (connection || closing)
            return connection;
        if (yields)
            sched_yield();
        else
            rest(worker);
        arrives = !yields;
        was_busy = false;
    }
}

static bool is_late(struct desk *desk)
{
    int64_t now_us = clock_tick_us(desk->ctx.clock);
    measure_wait(&desk->server->measure, now_us - desk->intake->begun_us);
    if (now_us < desk->ctx.deadline_us)
        return false;
    server_refused(desk->server, REFUSED_LATE);
    return true;
}

static enum err find_and_run(struct desk *desk)
{
    if (is_late(desk))
        return err_fail(&desk->ctx.err, ERR_BUSY, "There is too much to do. Please try again.",
                        "waited for a worker until its deadline");
    TRY(exchange_find(desk));
    return desk->request.route ? exchange_run(desk) : ERR_OK;
}

static void give_back(struct server *server, struct connection *connection, bool quiet)
{
    if (!connection_give_back(connection, quiet))
        reactor_return(&server->reactor, connection);
}

static void work(struct desk *desk, struct connection *connection)
{
    struct server *server = desk->server;
    struct intake *intake = connection->intake;
    if (connection->output) {
        give_back(server, connection, exchange_flow(desk, connection));
        return;
    }
    exchange_begin(desk, connection, intake);
    struct request *request = &desk->request;
    struct str parent = request_header(request, STR("traceparent"));
    span_begin_root(&desk->ctx, &desk->span, intake->route->name, server->options.tracer, parent);
    if (intake->route->flags & ROUTE_STREAM) {
        request_stream_begin(&desk->stream, server, connection, intake, &desk->ctx);
        request->stream = &desk->stream;
    }
    enum err err = find_and_run(desk);
    if (request->stream)
        intake->has_body = request_stream_finish(&desk->stream);
    bool parked = later_park(desk, err);
    if (!parked)
        exchange_send(desk, err);
    measure_trace(&desk->span, request, err);
    span_end(&desk->ctx, &desk->span);
    arena_clear(&desk->arena);
    give_back(server, connection, !parked && exchange_settle(desk));
}

/* A stack that overflowed is reported on another. What was set before belongs to a sanitizer. */
static void *worker_main(void *arg)
{
    struct worker *worker = arg;
    struct crash_stack stack;
    stack_t before;
    sigaltstack(&(stack_t){.ss_sp = stack.bytes, .ss_size = sizeof stack.bytes}, &before);
    struct connection *connection = next_job(worker, false);
    for (; connection; connection = next_job(worker, true)) {
        counter_add(&worker->lane->server->counts.queued, -1);
        work(&worker->desk, connection);
    }
    sigaltstack(&before, NULL);
    return NULL;
}

/* For a call that was counted: it is taken back where no thread can be made. */
static bool worker_start(struct lane *lane)
{
    struct worker *worker = mem_alloc(sizeof *worker);
    bool runs = false;
    if (worker) {
        worker->lane = lane;
        desk_init(&worker->desk, lane->server);
        runs = thread_start(&worker->thread, lane->name, worker_main, worker);
    }
    pthread_mutex_lock(&lane->lock);
    if (runs) {
        worker->next = lane->workers;
        lane->workers = worker;
    } else {
        lane->worker_count--;
        lane->waking = false;
    }
    pthread_mutex_unlock(&lane->lock);
    if (!runs)
        mem_free(worker);
    return runs;
}

void lane_prepare(struct lane *lane, struct server *server, enum lane_kind kind)
{
    *lane = (struct lane){.server = server,
                          .name = lanes[kind].name,
                          .jobs_max = lanes[kind].workers + lanes[kind].queue,
                          .worker_max = lanes[kind].workers};
    pthread_mutex_init(&lane->lock, NULL);
}

enum err lane_open(struct lane *lane, struct ctx *ctx, enum lane_kind kind)
{
    if (!lanes[kind].starts)
        return ERR_OK;
    lane->waking = true;
    lane->worker_count = 1;
    if (worker_start(lane))
        return ERR_OK;
    return err_system(&ctx->err, "The server cannot be started.", "starting a worker's thread");
}

static void queue_add(struct lane *lane, struct connection *connection)
{
    connection->next = NULL;
    *(lane->first ? &lane->last->next : &lane->first) = connection;
    lane->last = connection;
}

/* A job that no thread could be made for is taken back where there is no other to do it. */
static bool take_back(struct lane *lane)
{
    pthread_mutex_lock(&lane->lock);
    bool nobody = lane->worker_count == 0;
    if (nobody) {
        ASSERT(lane->jobs == 1);
        lane->first = NULL;
        lane->jobs = 0;
    }
    pthread_mutex_unlock(&lane->lock);
    if (nobody)
        counter_add(&lane->server->counts.queued, -1);
    return nobody;
}

bool lane_add(struct lane *lane, struct connection *connection)
{
    struct worker *called = NULL;
    enum call call = CALL_NOBODY;
    pthread_mutex_lock(&lane->lock);
    bool taken = lane->jobs < lane->jobs_max;
    if (taken) {
        queue_add(lane, connection);
        lane->jobs++;
        call = call_for_help(lane, &called);
    }
    pthread_mutex_unlock(&lane->lock);
    if (taken)
        counter_add(&lane->server->counts.queued, 1);
    return taken && (answer_call(lane, call, called) || !take_back(lane));
}

/* One that starts another adds it to the list before it ends itself. */
static struct worker *take_worker(struct lane *lane)
{
    pthread_mutex_lock(&lane->lock);
    struct worker *worker = lane->workers;
    lane->workers = worker ? worker->next : NULL;
    pthread_mutex_unlock(&lane->lock);
    return worker;
}

void lane_close(struct lane *lane)
{
    pthread_mutex_lock(&lane->lock);
    lane->closing = true;
    struct worker *idle = lane->idle;
    lane->idle = NULL;
    pthread_mutex_unlock(&lane->lock);
    for (; idle; idle = idle->idle_next)
        wake(idle);
    for (struct worker *worker; (worker = take_worker(lane)) != NULL;) {
        pthread_join(worker->thread, NULL);
        desk_release(&worker->desk);
        mem_free(worker);
    }
    pthread_mutex_destroy(&lane->lock);
}
