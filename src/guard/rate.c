/* Buckets of tokens, each a time, in a table of fixed size. */
#include "guard/rate.h"

#include <pthread.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

enum { SETS = RATE_BUCKETS / RATE_WAYS, SETS_EACH = SETS / RATE_SHARDS, NETWORK_SIZE = 8 };

/* In use while full_us lies ahead. */
struct bucket {
    uint64_t name;
    int64_t full_us;
};

struct shard {
    pthread_mutex_t lock;
    struct bucket sets[SETS_EACH][RATE_WAYS];
};

struct rate {
    struct rate_limits limits;
    struct hash_key key;
    struct counter refused, forgiven;
    struct shard shards[RATE_SHARDS];
};

enum err rate_open(struct ctx *ctx, const struct rate_limits *limits,
                   struct counter_registry *counters, struct rate **opened)
{
    struct rate *rate = mem_alloc(sizeof *rate);
    if (!rate)
        return err_memory(&ctx->err);
    rate->limits = *limits;
    rate->limits.classes[RATE_FREE].tokens = 0;
    rand_fill(ctx->rand, &rate->key, sizeof rate->key);
    for (size_t i = 0; i < RATE_SHARDS; i++)
        pthread_mutex_init(&rate->shards[i].lock, NULL);
    if (counters) {
        counter_register(counters, &rate->refused, COUNTER_TOTAL, "rate_refused_total",
                         "Requests that were told to come later");
        counter_register(counters, &rate->forgiven, COUNTER_TOTAL, "rate_forgiven_total",
                         "Buckets that gave way to others before they were full");
    }
    *opened = rate;
    return ERR_OK;
}

void rate_close(struct rate *rate)
{
    for (size_t i = 0; i < RATE_SHARDS; i++)
        pthread_mutex_destroy(&rate->shards[i].lock);
    mem_free(rate);
}

/* The bucket of that name, or the one that gives way to it: the fullest. */
static struct bucket *find_bucket(struct rate *rate, struct bucket *set, uint64_t name,
                                  int64_t tick_us)
{
    struct bucket *fullest = set;
    for (size_t i = 0; i < RATE_WAYS; i++) {
        if (set[i].name == name)
            return &set[i];
        if (set[i].full_us < fullest->full_us)
            fullest = &set[i];
    }
    if (fullest->full_us > tick_us)
        counter_add(&rate->forgiven, 1);
    *fullest = (struct bucket){.name = name, .full_us = tick_us};
    return fullest;
}

static int64_t seconds_up(int64_t us)
{
    return us <= 0 ? 0 : (us + SECOND_US - 1) / SECOND_US;
}

/* A token weighs its share of the period: a bucket that has none left is full in a period. */
static struct rate_verdict take(struct bucket *bucket, const struct rate_limit *limit,
                                int64_t tick_us)
{
    int64_t token_us = limit->period_us / limit->tokens, whole_us = token_us * limit->tokens;
    int64_t owed_us = bucket->full_us > tick_us ? bucket->full_us - tick_us : 0;
    bool allowed = owed_us + token_us <= whole_us;
    if (allowed) {
        owed_us += token_us;
        bucket->full_us = tick_us + owed_us;
    }
    return (struct rate_verdict){
        .allowed = allowed,
        .limited = true,
        .tokens = limit->tokens,
        .remaining = (whole_us - owed_us) / token_us,
        .retry_s = allowed ? 0 : seconds_up(owed_us + token_us - whole_us),
        .reset_s = seconds_up(owed_us),
    };
}

struct rate_verdict rate_take(struct rate *rate, int class, struct str key, int64_t tick_us)
{
    const struct rate_limit *limit = &rate->limits.classes[class];
    if (!limit->tokens)
        return (struct rate_verdict){.allowed = true};
    struct hash_key of_class = {rate->key.low ^ (uint64_t) class, rate->key.high};
    uint64_t name = hash_str(&of_class, key);
    struct shard *shard = &rate->shards[name % RATE_SHARDS];
    struct bucket *set = shard->sets[name / RATE_SHARDS % SETS_EACH];
    pthread_mutex_lock(&shard->lock);
    struct rate_verdict verdict = take(find_bucket(rate, set, name, tick_us), limit, tick_us);
    pthread_mutex_unlock(&shard->lock);
    counter_add(&rate->refused, !verdict.allowed);
    return verdict;
}

static struct str network_of(const struct address *address)
{
    static const uint8_t mapped[] = {[10] = 0xff, [11] = 0xff};
    bool is_ipv4 = memcmp(address->bytes, mapped, sizeof mapped) == 0;
    return str_make((const char *)address->bytes, is_ipv4 ? sizeof address->bytes : NETWORK_SIZE);
}

/* Of several buckets the one that is emptiest, or refuses. */
static void tell(struct response_rate *told, const struct rate_verdict *verdict)
{
    if (!told->tokens || !verdict->allowed || verdict->remaining < told->remaining)
        *told = (struct response_rate){verdict->tokens, verdict->remaining, verdict->reset_s};
}

static enum err judge(struct request *request, const struct rate_verdict *verdict, bool tells)
{
    if (verdict->limited && (tells || !verdict->allowed))
        tell(&request->response.rate, verdict);
    if (verdict->allowed)
        return ERR_OK;
    request->response.retry_s = (int)verdict->retry_s;
    return err_fail(&request->ctx->err, ERR_RATE, "That was too often. Please wait a moment.",
                    "asked too often");
}

enum err rate_admit_as(struct rate *rate, struct request *request, enum route_rate class)
{
    if (class == RATE_FREE || address_is_loopback(request->client))
        return ERR_OK;
    struct rate_verdict verdict = rate_take(rate, (int)class, network_of(&request->client),
                                            clock_tick_us(request->ctx->clock));
    return judge(request, &verdict, class != RATE_PAGE);
}

enum err rate_admit(struct rate *rate, struct request *request)
{
    return rate_admit_as(rate, request, request->route->rate);
}

enum err rate_admit_key(struct rate *rate, struct request *request, struct str key)
{
    struct rate_verdict verdict = rate_take(rate, RATE_OF_KEY, key,
                                            clock_tick_us(request->ctx->clock));
    return judge(request, &verdict, true);
}
