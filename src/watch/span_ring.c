/* Keeps ended spans until they are sent. */
#include "watch/span_ring.h"

#include <string.h>

_Static_assert((SPAN_RING_SIZE & (SPAN_RING_SIZE - 1)) == 0, "places are cut out by a mask");

void span_ring_init(struct span_ring *ring)
{
    atomic_init(&ring->head, 0);
    ring->tail = 0;
    for (uint64_t i = 0; i < SPAN_RING_SIZE; i++)
        atomic_init(&ring->slots[i].turn, i);
}

/* What does not fit is cut, at a whole character. */
static uint16_t keep_text(struct span_record *record, size_t used, struct str text)
{
    size_t room = SPAN_TEXTS_MAX - used, len = text.len < room ? text.len : room;
    while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
        len--;
    if (len)
        memcpy(record->texts + used, text.ptr, len);
    return (uint16_t)len;
}

static void fill(struct span_record *record, const struct span *span)
{
    char id[ID_TEXT_MAX];
    size_t used = 0;
    record->trace = span->trace;
    record->id = span->id;
    record->parent_id = span->parent_id;
    record->name = span->name;
    record->begun_us = span->begun_us;
    record->duration_us = span->duration_us;
    record->err = span->err;
    record->is_root = !span->parent;
    record->field_count = (uint8_t)span->field_count;
    for (size_t i = 0; i < span->field_count; i++) {
        const struct field *field = &span->fields[i];
        struct str text = field->kind == FIELD_TEXT ? field->text : STR("");
        if (field->kind == FIELD_ID) {
            id_format(field->id, field->prefix, id);
            text = str_from(id);
        }
        record->fields[i].name = field->name;
        record->fields[i].kind = field->kind;
        record->fields[i].number = field->number;
        record->fields[i].at = (uint16_t)used;
        record->fields[i].len = keep_text(record, used, text);
        used += record->fields[i].len;
    }
}

/* A slot whose turn is behind has not been taken out yet: the ring is full. */
bool span_ring_add(struct span_ring *ring, const struct span *span)
{
    uint64_t place = atomic_load_explicit(&ring->head, memory_order_relaxed);
    for (;;) { /* each round that fails, another thread got on */
        _Atomic uint64_t *turn = &ring->slots[place % SPAN_RING_SIZE].turn;
        uint64_t now = atomic_load_explicit(turn, memory_order_acquire);
        if (now < place)
            return false;
        if (now > place)
            place = atomic_load_explicit(&ring->head, memory_order_relaxed);
        else if (atomic_compare_exchange_weak_explicit(&ring->head, &place, place + 1,
                                                       memory_order_relaxed, memory_order_relaxed))
            break;
    }
    fill(&ring->slots[place % SPAN_RING_SIZE].record, span);
    atomic_store_explicit(&ring->slots[place % SPAN_RING_SIZE].turn, place + 1,
                          memory_order_release);
    return true;
}

bool span_ring_take(struct span_ring *ring, struct span_record *record)
{
    uint64_t place = ring->tail;
    _Atomic uint64_t *turn = &ring->slots[place % SPAN_RING_SIZE].turn;
    if (atomic_load_explicit(turn, memory_order_acquire) != place + 1)
        return false;
    *record = ring->slots[place % SPAN_RING_SIZE].record;
    atomic_store_explicit(turn, place + SPAN_RING_SIZE, memory_order_release);
    ring->tail++;
    return true;
}
