/* Hands out curl's handles, each to one call at a time. */
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "ports/http/http_inside.h"

void http_client_pool_init(struct http_client *client)
{
    pthread_mutex_init(&client->lock, NULL);
    thread_cond_init(&client->given);
    for (size_t i = 0; i < HTTP_CLIENT_HANDLES_MAX; i++)
        client->idle[i] = &client->handles[i];
    client->idle_count = HTTP_CLIENT_HANDLES_MAX;
}

void http_client_pool_release(struct http_client *client)
{
    ASSERT(client->idle_count == HTTP_CLIENT_HANDLES_MAX);
    for (size_t i = 0; i < HTTP_CLIENT_HANDLES_MAX; i++)
        curl_easy_cleanup(client->handles[i].curl);
    if (client->has_curl)
        curl_global_cleanup();
    pthread_cond_destroy(&client->given);
    pthread_mutex_destroy(&client->lock);
}

/* The newest that asked this host, or else the newest: the others' connections are left to age.
 * Under the lock. */
static struct http_client_handle *take_idle(struct http_client *client, struct str host)
{
    size_t chosen = client->idle_count - 1;
    for (size_t i = client->idle_count; i-- > 0;)
        if (str_equal(client->idle[i]->host, host)) {
            chosen = i;
            break;
        }
    struct http_client_handle *handle = client->idle[chosen];
    client->idle_count--;
    for (size_t i = chosen; i < client->idle_count; i++)
        client->idle[i] = client->idle[i + 1];
    return handle;
}

/* curl and what it brings are some megabytes: they come with the first call. Under the lock. */
static bool begin_curl(struct http_client *client)
{
    client->has_curl = client->has_curl || curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return client->has_curl;
}

/* Waits until one is idle. Under the lock. */
static bool wait_for_idle(struct http_client *client, int64_t wait_us)
{
    struct clock clock = clock_system();
    int64_t until_us = clock_tick_us(&clock) + wait_us;
    while (!client->idle_count && thread_cond_wait(&client->given, &client->lock, until_us))
        ;
    return client->idle_count > 0;
}

static void remember_host(struct http_client_handle *handle, struct str host)
{
    handle->host = str_make(handle->host_text, 0);
    if (host.len > sizeof handle->host_text)
        return;
    memcpy(handle->host_text, host.ptr, host.len);
    handle->host.len = host.len;
}

enum err http_client_pool_take(struct http_client *client, struct ctx *ctx, struct str host,
                               int64_t until_us, struct http_client_handle **handle)
{
    struct http_client_handle *taken = NULL;
    pthread_mutex_lock(&client->lock);
    bool has_curl = begin_curl(client);
    if (wait_for_idle(client, until_us - clock_tick_us(ctx->clock)))
        taken = take_idle(client, host);
    pthread_mutex_unlock(&client->lock);
    if (!taken)
        return err_fail(&ctx->err, ERR_BUSY, "Other systems are being asked too much just now.",
                        "all %d handles of the HTTP client are in use", HTTP_CLIENT_HANDLES_MAX);
    remember_host(taken, host);
    if (!taken->curl && has_curl)
        taken->curl = curl_easy_init();
    *handle = taken;
    if (taken->curl)
        return ERR_OK;
    http_client_pool_give(client, taken);
    return err_memory(&ctx->err);
}

void http_client_pool_give(struct http_client *client, struct http_client_handle *handle)
{
    pthread_mutex_lock(&client->lock);
    client->idle[client->idle_count++] = handle;
    pthread_cond_signal(&client->given);
    pthread_mutex_unlock(&client->lock);
}
