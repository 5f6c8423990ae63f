/* From an event to the webhook that is told of it: 1,000 events a second, emitted in transactions
 * on SQLite in a file, brought by a rule to a topic and by that to a receiver in another process.
 * Beside it the same bodies, posted at the same rate by the HTTP client alone. What is told is the
 * 99th percentile of the time from when an emit was due to when its body was read. */
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "flow/bus.h"
#include "flow/flow.h"
#include "flow/flow_schema.h"
#include "flow/topic.h"
#include "ports/db/migrate.h"
#include "ports/http/client.h"
#include "ports/mail/driver.h"
#include "ports/secrets/secrets.h"
#include "ports/sms/driver.h"
#include "web/request.h"
#include "webhook_receiver.h"

const struct mail_driver *const mail_drivers[] = {NULL};
const struct sms_driver *const sms_drivers[] = {NULL};

enum {
    RATE = 1000, /* events a second */
    EMITTERS = 16,
    EVENTS = 1000, /* of a round */
    MEMORY_MAX = 64 << 20,
    EMITTER_MEMORY_MAX = 1 << 20,
    PATH_BYTES = 128,
    BODY_BYTES = 512,
    PATIENCE_US = 20000000,
    LOOK_US = 2000,
    ROUNDS_KEPT = 64,
    REMOVE_OPEN_MAX = 16,
};

static const struct schema *const schemas[] = {&flow_schema, NULL};

struct side_ages {
    int64_t p50_us[ROUNDS_KEPT], p99_us[ROUNDS_KEPT];
    size_t count;
};

struct bench_webhook {
    char folder[PATH_BYTES], url[PATH_BYTES];
    struct webhook_receiver receiver;
    struct ports ports;
    struct ctx ctx;
    struct arena arena;
    struct clock clock;
    struct rand rand, id_rand;
    struct id_source ids;
    struct side_ages ours, alone;
};

struct emitter {
    struct bench_webhook *bench;
    enum err (*send)(struct bench_webhook *bench, struct ctx *ctx, struct str detail);
    int64_t first_us; /* then each EMITTERS / RATE seconds */
    pthread_t thread;
    bool failed;
};

static enum err emit(struct tx *tx, void *arg)
{
    return flow_emit(tx, arg);
}

static enum err emit_event(struct bench_webhook *bench, struct ctx *ctx, struct str detail)
{
    struct flow_event event = {
        .source = STR("shop"), .type = STR("order.placed"), .detail = detail};
    return db_write(bench->ports.db, ctx, emit, &event);
}

static enum err post_alone(struct bench_webhook *bench, struct ctx *ctx, struct str detail)
{
    static const struct http_client_header type = {STR("Content-Type"), STR("application/json")};
    const struct http_client_call call = {.method = "POST",
                                          .url = str_from(bench->url),
                                          .headers = &type,
                                          .header_count = 1,
                                          .body = detail,
                                          .idempotent = true};
    struct http_client_answer answer;
    return http_client_send(bench->ports.http, ctx, &call, &answer);
}

static void wait_until(int64_t until_us)
{
    struct timespec until = {until_us / SECOND_US, until_us % SECOND_US * 1000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
        ;
}

/* Who is late is not given the time back: an event's age counts from when it was due. */
static void *emit_all(void *arg)
{
    struct emitter *emitter = arg;
    struct bench_webhook *bench = emitter->bench;
    struct arena arena;
    struct rand rand = rand_system();
    struct ctx ctx = {.arena = &arena, .clock = &bench->clock, .rand = &rand, .ids = &bench->ids};
    arena_init(&arena, EMITTER_MEMORY_MAX);
    for (int i = 0; i < EVENTS / EMITTERS && !emitter->failed; i++) {
        char detail[BODY_BYTES];
        int64_t due_us = emitter->first_us + i * SECOND_US * EMITTERS / RATE;
        int len = snprintf(detail, sizeof detail,
                           "{\"order\":\"ord_%d\",\"total\":120,\"lines\":[{\"sku\":\"CAKE-1\","
                           "\"count\":2},{\"sku\":\"LAMP-7\",\"count\":1}],\"at\":%lld}",
                           i, (long long)due_us);
        wait_until(due_us);
        emitter->failed = emitter->send(bench, &ctx, str_make(detail, (size_t)len)) != ERR_OK;
        arena_clear(&arena);
    }
    if (emitter->failed)
        fprintf(stderr, "webhook: %s %s\n", ctx.err.user, ctx.err.operator);
    arena_release(&arena);
    return NULL;
}

static int compare_ages(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool all_came(struct bench_webhook *bench)
{
    int64_t until_us = clock_tick_us(&bench->clock) + PATIENCE_US;
    const int64_t wanted = EVENTS / EMITTERS * EMITTERS;
    while (atomic_load(&bench->receiver.ages->count) < wanted) {
        if (clock_tick_us(&bench->clock) > until_us) {
            fprintf(stderr, "webhook: %lld of %lld came\n",
                    (long long)atomic_load(&bench->receiver.ages->count), (long long)wanted);
            return false;
        }
        wait_until(clock_tick_us(&bench->clock) + LOOK_US);
    }
    return true;
}

static double take_ages(struct bench_webhook *bench, struct side_ages *side)
{
    struct webhook_ages *ages = bench->receiver.ages;
    size_t count = (size_t)atomic_load(&ages->count);
    size_t at = side->count < ROUNDS_KEPT ? side->count++ : ROUNDS_KEPT - 1;
    qsort(ages->ages_us, count, sizeof *ages->ages_us, compare_ages);
    side->p50_us[at] = ages->ages_us[count / 2];
    side->p99_us[at] = ages->ages_us[count * 99 / 100];
    return (double)SECOND_US / (double)side->p99_us[at];
}

static double run_round(struct bench_webhook *bench, struct side_ages *side,
                        enum err (*send)(struct bench_webhook *bench, struct ctx *ctx,
                                         struct str detail))
{
    struct emitter emitters[EMITTERS];
    int64_t first_us = clock_tick_us(&bench->clock) + LOOK_US;
    bool failed = false;
    atomic_store(&bench->receiver.ages->count, 0);
    for (int i = 0; i < EMITTERS; i++) {
        emitters[i] = (struct emitter){
            .bench = bench, .send = send, .first_us = first_us + i * SECOND_US / RATE};
        if (pthread_create(&emitters[i].thread, NULL, emit_all, &emitters[i]))
            abort();
    }
    for (int i = 0; i < EMITTERS; i++) {
        pthread_join(emitters[i].thread, NULL);
        failed |= emitters[i].failed;
    }
    return failed || !all_came(bench) ? 0 : take_ages(bench, side);
}

static double event_to_webhook(void *state, int64_t round_us)
{
    struct bench_webhook *bench = state;
    (void)round_us;
    return run_round(bench, &bench->ours, emit_event);
}

static double client_alone(void *state, int64_t round_us)
{
    struct bench_webhook *bench = state;
    (void)round_us;
    return run_round(bench, &bench->alone, post_alone);
}

static const struct bench_figure figures[] = {
    {"event_to_webhook_p99_ms",
     BENCH_MS_EACH,
     {{"stoa", event_to_webhook}, {"HTTP client alone", client_alone}}},
    {0},
};

static enum err tell_topic(struct tx *tx, const struct bus_delivery *delivery)
{
    return topic_tell(tx, &(struct topic_notice){.topic = delivery->target->name,
                                                 .subject = STR("An order"),
                                                 .words = STR("An order was placed."),
                                                 .body = delivery->body});
}

static const struct bus_kind kinds[] = {{"topic", tell_topic}, {0}};

/* As the program has them. */
static const struct flow_consumer consumers[] = {
    {.queue = TOPIC_QUEUE_TOLD, .apply = topic_fan_out},
    {.queue = TOPIC_QUEUE_WEBHOOK,
     .carry = topic_carry,
     .note = topic_note,
     .threads = TOPIC_WEBHOOK_THREADS,
     .receives_max = TOPIC_RECEIVES_MAX},
    {.queue = NULL},
};

static enum err furnish(struct tx *tx, void *arg)
{
    struct bench_webhook *bench = arg;
    static const struct bus_target target = {.kind = STR("topic"), .name = STR("orders")};
    char id[ID_TEXT_MAX];
    TRY(topic_make(tx, STR("orders"), STR("What becomes of orders")));
    TRY(topic_subscribe(tx,
                        &(struct topic_subscriber){.topic = STR("orders"),
                                                   .channel = TOPIC_WEBHOOK,
                                                   .target = str_from(bench->url)},
                        id));
    return bus_rule_set(tx, &(struct bus_rule){.name = STR("orders"),
                                               .pattern = STR("{\"type\":[\"order.placed\"]}"),
                                               .enabled = true,
                                               .targets = &target,
                                               .target_count = 1});
}

static enum err open_ports(struct bench_webhook *bench)
{
    struct ctx *ctx = &bench->ctx;
    struct http_client_options client = {.ca_file = NULL};
    char url[PATH_BYTES * 2];
    snprintf(url, sizeof url, "sqlite:%s/webhook.db", bench->folder);
    struct migrate_plan *plan = ARENA_NEW(ctx->arena, struct migrate_plan);
    if (!plan)
        return err_memory(&ctx->err);
    TRY(db_open(ctx, &(struct db_options){.url = str_from(url), .schemas = schemas},
                &bench->ports.db));
    TRY(migrate_run(bench->ports.db, ctx, plan));
    TRY(secrets_open(ctx, &(struct secrets_options){.folder = bench->folder},
                     &bench->ports.secrets));
    TRY(address_nets_parse(ctx, "OUTBOUND_ALLOWED", STR("127.0.0.1"), &client.allowed));
    TRY(http_client_open(ctx, &client, &bench->ports.http));
    TRY(db_write(bench->ports.db, ctx, furnish, bench));
    return flow_open(ctx,
                     &(struct flow_options){.db = bench->ports.db,
                                            .ports = &bench->ports,
                                            .consumers = consumers,
                                            .brings_events = true,
                                            .kinds = kinds},
                     &bench->ports.flow);
}

static int remove_each(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

static void say_ages(const char *name, struct side_ages *side)
{
    size_t count = side->count;
    if (!count)
        return;
    qsort(side->p50_us, count, sizeof *side->p50_us, compare_ages);
    qsort(side->p99_us, count, sizeof *side->p99_us, compare_ages);
    fprintf(stderr, "  %-18s p50 %.2f ms (%.2f-%.2f)   p99 %.2f ms (%.2f-%.2f)   %zu rounds\n",
            name, (double)side->p50_us[count / 2] / 1e3, (double)side->p50_us[0] / 1e3,
            (double)side->p50_us[count - 1] / 1e3, (double)side->p99_us[count / 2] / 1e3,
            (double)side->p99_us[0] / 1e3, (double)side->p99_us[count - 1] / 1e3, count);
}

static void webhook_close(void *state)
{
    struct bench_webhook *bench = state;
    say_ages("event to webhook", &bench->ours);
    say_ages("HTTP client alone", &bench->alone);
    flow_close(bench->ports.flow);
    if (bench->ports.http)
        http_client_close(bench->ports.http);
    if (bench->ports.secrets)
        secrets_close(bench->ports.secrets);
    if (bench->ports.db)
        db_close(bench->ports.db);
    webhook_receiver_stop(&bench->receiver);
    id_source_release(&bench->ids);
    arena_release(&bench->arena);
    nftw(bench->folder, remove_each, REMOVE_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
    free(bench);
}

static void *webhook_open(void)
{
    struct bench_webhook *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    bench->rand = rand_system();
    bench->id_rand = rand_system();
    bench->clock = clock_system();
    arena_init(&bench->arena, MEMORY_MAX);
    id_source_init(&bench->ids, &bench->clock, &bench->id_rand);
    bench->ctx = (struct ctx){
        .arena = &bench->arena, .clock = &bench->clock, .rand = &bench->rand, .ids = &bench->ids};
    snprintf(bench->folder, sizeof bench->folder, "/var/tmp/stoa-bench-XXXXXX");
    bool fine = mkdtemp(bench->folder) && webhook_receiver_start(&bench->receiver);
    snprintf(bench->url, sizeof bench->url, "http://127.0.0.1:%d/hook", bench->receiver.port);
    if (fine && !open_ports(bench))
        return bench;
    fprintf(stderr, "webhook: %s %s\n", bench->ctx.err.user, bench->ctx.err.operator);
    webhook_close(bench);
    return NULL;
}

const struct bench_group webhook_bench = {"webhook", webhook_open, webhook_close, figures};
