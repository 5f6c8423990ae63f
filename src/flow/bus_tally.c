/* How many events rules matched, and what became of them at targets: summed up, then written. */
#include <string.h>

#include "base/log.h"
#include "flow/bus_inside.h"
#include "flow/flow_sql.h"

struct bus_sum *bus_sum_of(struct bus *bus, size_t rule, size_t target)
{
    bus->counted = true;
    return &bus->now.sums[rule * BUS_SUMS + target];
}

void bus_keep_reason(struct bus_sum *sum, struct str why)
{
    struct str kept = bus_cut(why, BUS_REASON_MAX);
    memcpy(sum->reason, kept.ptr, kept.len);
    sum->reason[kept.len] = '\0';
}

struct str bus_cut(struct str text, size_t max)
{
    if (text.len <= max)
        return text;
    while (max > 0 && ((unsigned char)text.ptr[max] & 0xc0) == 0x80)
        max--;
    return str_slice(text, 0, max);
}

static enum err write_sum(struct tx *tx, struct str rule, size_t number, const struct bus_sum *sum)
{
    if (!sum->taken && !sum->failed)
        return ERR_OK;
    return event_tally_add(tx, rule, (int64_t)number, sum->taken, sum->failed, sum->last_us,
                           sum->fell_us, str_from(sum->reason));
}

static enum err write_sums(struct tx *tx, void *arg)
{
    const struct bus_compiled *now = arg;
    for (size_t i = 0; i < now->rules.count; i++)
        for (size_t k = 0; k < BUS_SUMS; k++)
            TRY(write_sum(tx, now->rules.list[i].name, k, &now->sums[i * BUS_SUMS + k]));
    return ERR_OK;
}

enum err bus_tally_write(struct bus *bus, struct ctx *ctx, bool at_once)
{
    int64_t tick_us = clock_tick_us(ctx->clock);
    bool early = bus->tallied_us && tick_us - bus->tallied_us < BUS_TALLY_MS * INT64_C(1000);
    if (!bus->counted || (early && !at_once))
        return ERR_OK;
    TRY(db_write(bus->options.db, ctx, write_sums, &bus->now));
    memset(bus->now.sums, 0, bus->now.rules.count * BUS_SUMS * sizeof *bus->now.sums);
    bus->counted = false;
    bus->tallied_us = tick_us;
    return ERR_OK;
}

enum err bus_tallies(struct tx *tx, struct str rule, struct bus_tallies *tallies)
{
    struct event_tally_of_rows rows;
    *tallies = (struct bus_tallies){0};
    TRY(event_tally_of(tx, rule, BUS_SUMS, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        const struct event_tally_of_row *row = &rows.rows[i];
        struct bus_tally tally = {.taken = row->taken,
                                  .failed = row->failed,
                                  .last_us = row->last_us,
                                  .fell_us = row->fell_us,
                                  .reason = row->reason};
        if (row->number == 0)
            tallies->rule = tally;
        else if (row->number <= BUS_TARGETS_MAX)
            tallies->targets[row->number - 1] = tally;
    }
    return ERR_OK;
}
