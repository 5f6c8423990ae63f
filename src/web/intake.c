/* Gathers requests out of pieces, in memory that is counted. */
#include "web/intake.h"

#include <stddef.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"

void intake_pool_init(struct intake_pool *pool)
{
    *pool = (struct intake_pool){.taken = 0};
    pthread_mutex_init(&pool->lock, NULL);
}

void intake_pool_release(struct intake_pool *pool)
{
    while (pool->free) {
        struct intake *intake = pool->free;
        pool->free = intake->next;
        mem_free(intake);
    }
    pthread_mutex_destroy(&pool->lock);
}

/* What one takes of memory. */
static size_t whole_size(size_t size)
{
    return sizeof(struct intake) + size;
}

/* A free one, or the right to allocate. */
static struct intake *pool_take(struct intake_pool *pool, size_t size, bool *allowed)
{
    struct intake *intake = NULL;
    pthread_mutex_lock(&pool->lock);
    if (size == INTAKE_SIZE && pool->free) {
        intake = pool->free;
        pool->free = intake->next;
        pool->free_count--;
    } else if (whole_size(size) <= INTAKES_MAX - pool->taken) {
        pool->taken += whole_size(size);
        *allowed = true;
    }
    pthread_mutex_unlock(&pool->lock);
    return intake;
}

static void pool_forget(struct intake_pool *pool, size_t size)
{
    pthread_mutex_lock(&pool->lock);
    pool->taken -= whole_size(size);
    pthread_mutex_unlock(&pool->lock);
}

void intake_clear(struct intake *intake)
{
    size_t size = intake->size;
    memset(intake, 0, offsetof(struct intake, head));
    intake->size = size;
}

struct intake *intake_take(struct intake_pool *pool, size_t size)
{
    bool allowed = false;
    struct intake *intake = pool_take(pool, size, &allowed);
    if (!intake && allowed) {
        intake = mem_alloc(whole_size(size));
        if (!intake) {
            pool_forget(pool, size);
            return NULL;
        }
        intake->size = size;
    }
    if (intake)
        intake_clear(intake);
    return intake;
}

void intake_give(struct intake_pool *pool, struct intake *intake)
{
    if (!intake)
        return;
    pthread_mutex_lock(&pool->lock);
    bool kept = intake->size == INTAKE_SIZE && pool->free_count < INTAKES_FREE_MAX &&
                pool->taken <= INTAKES_MAX / 2;
    if (kept) {
        intake->next = pool->free;
        pool->free = intake;
        pool->free_count++;
    } else {
        pool->taken -= whole_size(intake->size);
    }
    pthread_mutex_unlock(&pool->lock);
    if (!kept)
        mem_free(intake);
}

bool intake_pool_has_room(struct intake_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    bool room = pool->taken <= INTAKES_MAX / 2;
    pthread_mutex_unlock(&pool->lock);
    return room;
}

static enum intake_state bad(struct intake *intake, int status, const char *reason)
{
    intake->status = status;
    intake->reason = reason;
    return INTAKE_BAD;
}

static enum intake_state read_head(struct intake *intake)
{
    enum http_verdict verdict = http_read_head(&intake->head, str_make(intake->bytes, intake->len),
                                               &intake->searched);
    if (verdict == HTTP_MORE)
        return INTAKE_MORE;
    if (verdict == HTTP_BAD)
        return bad(intake, intake->head.status, intake->head.reason);
    intake->has_head = true;
    intake->used = intake->head.len;
    intake->has_body = !intake->head.chunked && intake->head.body_len == 0;
    return INTAKE_HEAD;
}

static int64_t body_max(const struct intake *intake)
{
    int64_t max = intake->route ? intake->route->body_max : REQUEST_BODY_MAX;
    return max < REQUEST_BODY_MAX ? max : REQUEST_BODY_MAX;
}

static enum intake_state too_large(struct intake *intake)
{
    return bad(intake, 413, "The body is larger than what is taken here.");
}

static enum intake_state whole(struct intake *intake, size_t body_len)
{
    intake->body_len = body_len;
    intake->used = intake->head.len + body_len;
    intake->has_body = true;
    return INTAKE_WHOLE;
}

/* Decodes what came since the last time; what could not be read yet moves down behind it. */
static enum intake_state read_chunks(struct intake *intake)
{
    size_t at = intake->head.len + intake->body_len, got, used;
    size_t size = intake->len - at;
    enum http_verdict verdict = http_chunks_read(&intake->chunks, intake->bytes + at, size, &got,
                                                 &used);
    if (verdict == HTTP_BAD)
        return bad(intake, 400, "The body's chunks cannot be read.");
    memmove(intake->bytes + at + got, intake->bytes + at + used, size - used);
    intake->len -= used - got;
    size_t body_len = intake->body_len += got;
    if (body_len + intake->chunks.left > (uint64_t)body_max(intake))
        return too_large(intake);
    return verdict == HTTP_WHOLE ? whole(intake, body_len) : INTAKE_MORE;
}

static enum intake_state read_body(struct intake *intake)
{
    if (intake->head.chunked)
        return read_chunks(intake);
    if (intake->head.body_len > body_max(intake))
        return too_large(intake);
    size_t body_len = (size_t)intake->head.body_len;
    return intake->len - intake->head.len < body_len ? INTAKE_MORE : whole(intake, body_len);
}

enum intake_state intake_read(struct intake *intake)
{
    if (!intake->has_head)
        return intake->len ? read_head(intake) : INTAKE_MORE;
    bool streams = intake->route && intake->route->flags & ROUTE_STREAM;
    return intake->has_body || streams ? INTAKE_WHOLE : read_body(intake);
}

struct str intake_body(const struct intake *intake)
{
    return str_make(intake->bytes + intake->head.len, intake->has_body ? intake->body_len : 0);
}

bool intake_is_full(const struct intake *intake)
{
    return intake->len == intake->size;
}

/* The head points into the bytes: it is read again where they are now. */
void intake_copy(struct intake *into, const struct intake *from)
{
    size_t size = into->size;
    ASSERT(size >= from->len);
    memcpy(into, from, offsetof(struct intake, head));
    into->size = size;
    memcpy(into->bytes, from->bytes, from->len);
    if (into->has_head) {
        size_t searched = 0;
        struct str head = str_make(into->bytes, from->head.len);
        ASSERT(http_read_head(&into->head, head, &searched) == HTTP_WHOLE);
    }
}

bool intake_next(struct intake *intake)
{
    size_t rest = intake->len - intake->used;
    memmove(intake->bytes, intake->bytes + intake->used, rest);
    intake_clear(intake);
    intake->len = rest;
    return rest > 0;
}
