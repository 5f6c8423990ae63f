/* Looks whether this program can do its work. */
#include "watch/ready.h"

#include "ports/db/migrate.h"
#include "watch/vitals.h"

static const struct {
    const char *name, *words;
} parts[READY_COUNT] = {
    [READY_DATABASE] = {"database", "The database does not answer."},
    [READY_MIGRATIONS] = {"migrations", "The database waits for migrations: stoa migrate."},
    [READY_DISK] = {"disk", "The disk of the data folder is full."},
    [READY_DRAINING] = {"draining", "The program ends."},
};

static unsigned look_at_database(struct ctx *ctx, struct db *db)
{
    struct migrate_plan *plan = ARENA_NEW(ctx->arena, struct migrate_plan);
    ctx->deadline_us = clock_tick_us(ctx->clock) + READY_LOOK_US;
    enum err err = plan ? migrate_plan(db, ctx, plan) : ERR_MEMORY;
    if (err == ERR_CONFLICT) /* it is newer */
        return 0;
    if (err)
        return 1U << READY_DATABASE;
    return plan->count ? 1U << READY_MIGRATIONS : 0;
}

unsigned ready_look(struct ctx *ctx, struct db *db, const char *folder)
{
    int64_t room_bytes = vitals_disk_free_bytes(folder);
    unsigned wrong = look_at_database(ctx, db);
    if (room_bytes != VITALS_UNKNOWN && room_bytes < READY_DISK_MIN)
        wrong |= 1U << READY_DISK;
    return wrong;
}

void ready_init(struct ready *ready)
{
    *ready = (struct ready){.seen = ~0U};
}

void ready_note(struct ready *ready, unsigned wrong, int64_t now_us)
{
    atomic_store(&ready->wrong, wrong & ready->seen);
    ready->seen = wrong;
    atomic_store(&ready->looked_us, now_us);
}

unsigned ready_wrong(const struct ready *ready, int64_t now_us)
{
    unsigned wrong = atomic_load(&ready->wrong);
    if (now_us - atomic_load(&ready->looked_us) > READY_STALE_US)
        wrong |= 1U << READY_DATABASE;
    return wrong;
}

const char *ready_name(enum ready_part part)
{
    return parts[part].name;
}

const char *ready_words(enum ready_part part)
{
    return parts[part].words;
}
