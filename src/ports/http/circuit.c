/* Counts the failures of hosts, opens their circuits and lets one at a time try again. */
#include "ports/http/circuit.h"

#include "base/log.h"

void http_client_circuits_init(struct http_client_circuits *circuits, struct rand *rand)
{
    pthread_mutex_init(&circuits->lock, NULL);
    rand_fill(rand, &circuits->key, sizeof circuits->key);
}

void http_client_circuits_release(struct http_client_circuits *circuits)
{
    pthread_mutex_destroy(&circuits->lock);
}

static uint64_t hash(const struct http_client_circuits *circuits, struct str host)
{
    uint64_t hash = hash_str(&circuits->key, host);
    return hash ? hash : 1;
}

/* The host's row, or NULL. Under the lock. */
static struct http_client_circuit *find(struct http_client_circuits *circuits, uint64_t host)
{
    for (size_t i = 0; i < HTTP_CLIENT_HOSTS_MAX; i++)
        if (circuits->rows[i].host == host)
            return &circuits->rows[i];
    return NULL;
}

/* The host's row, or a free one, or that of whoever was asked least lately. Under the lock. */
static struct http_client_circuit *find_or_make(struct http_client_circuits *circuits,
                                                uint64_t host)
{
    struct http_client_circuit *found = find(circuits, host);
    if (found)
        return found;
    found = &circuits->rows[0];
    for (size_t i = 0; i < HTTP_CLIENT_HOSTS_MAX && found->host; i++)
        if (!circuits->rows[i].host || circuits->rows[i].asked_us < found->asked_us)
            found = &circuits->rows[i];
    *found = (struct http_client_circuit){.host = host};
    return found;
}

enum err http_client_circuit_enter(struct http_client_circuits *circuits, struct ctx *ctx,
                                   struct str host, int slow_max)
{
    int64_t now_us = clock_tick_us(ctx->clock);
    pthread_mutex_lock(&circuits->lock);
    struct http_client_circuit *circuit = find_or_make(circuits, hash(circuits, host));
    circuit->asked_us = now_us;
    bool is_open = circuit->failures >= HTTP_CLIENT_FAILURES_MAX &&
                   (circuit->probing || now_us < circuit->open_until_us);
    bool is_full = slow_max && circuit->slow && circuit->entered >= slow_max;
    if (!is_open && !is_full) {
        circuit->probing = circuit->failures >= HTTP_CLIENT_FAILURES_MAX;
        circuit->entered++;
    }
    pthread_mutex_unlock(&circuits->lock);
    if (!is_open && !is_full)
        return ERR_OK;
    if (!is_open)
        return err_fail(&ctx->err, ERR_BUSY, "Another system is slow. Please try again later.",
                        "%d calls of " STR_FMT " are under way", slow_max, STR_ARG(host));
    return err_fail(&ctx->err, ERR_BUSY, "Another system does not answer. Please try again later.",
                    "the circuit of " STR_FMT " is open", STR_ARG(host));
}

/* True where this failure opened the circuit. */
static bool note(struct http_client_circuit *circuit, enum http_client_health health,
                 int64_t now_us)
{
    bool was_open = circuit->failures >= HTTP_CLIENT_FAILURES_MAX;
    circuit->probing = false;
    circuit->entered -= circuit->entered > 0; /* the row may have been another's meanwhile */
    if (health == HTTP_CLIENT_HOST_WELL || health == HTTP_CLIENT_HOST_SLOW) {
        circuit->failures = 0;
        circuit->slow = health == HTTP_CLIENT_HOST_SLOW;
    }
    if (health == HTTP_CLIENT_HOST_FAILED && !was_open)
        circuit->failures++;
    bool is_open = circuit->failures >= HTTP_CLIENT_FAILURES_MAX;
    if (is_open && health == HTTP_CLIENT_HOST_FAILED)
        circuit->open_until_us = now_us + HTTP_CLIENT_OPEN_MS * INT64_C(1000);
    return is_open && !was_open;
}

void http_client_circuit_leave(struct http_client_circuits *circuits, struct ctx *ctx,
                               struct str host, enum http_client_health health)
{
    int64_t now_us = clock_tick_us(ctx->clock);
    pthread_mutex_lock(&circuits->lock);
    struct http_client_circuit *circuit = find(circuits, hash(circuits, host));
    bool opened = circuit && note(circuit, health, now_us);
    pthread_mutex_unlock(&circuits->lock);
    if (!opened)
        return;
    counter_add(&circuits->opened, 1);
    log_warn(ctx, "circuit opened", field_str("host", host));
}
