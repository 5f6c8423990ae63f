/* Looks whether the audit trail is what was written. */
#include <sodium.h>
#include <string.h>

#include "guard/audit_inside.h"

/* One moment: some entries, and where the trail then ended. */
struct page {
    int64_t after;
    struct audit_after_rows rows;
    struct audit_head_row head;
    bool has_head;
};

static enum err read_page(struct tx *tx, void *arg)
{
    struct page *page = arg;
    enum err err = audit_head(tx, &page->head);
    page->has_head = !err;
    if (err == ERR_MISSING)
        err_clear(&tx->ctx->err);
    else
        TRY(err);
    return audit_after(tx, page->after, AUDIT_PAGE_ROWS, &page->rows);
}

struct walk {
    const struct audit_key *key;
    const struct audit_point *known; /* may be NULL */
    struct audit_report *report;
};

static bool find(const struct walk *walk, enum audit_fault fault, int64_t number)
{
    walk->report->fault = fault;
    walk->report->number = number;
    return false;
}

static bool check_row(const struct walk *walk, const struct audit_after_row *row)
{
    struct audit_point *last = &walk->report->last, now = {.number = row->number};
    if (row->number != last->number + 1)
        return find(walk, AUDIT_GAP, last->number + 1);
    audit_hash_row(walk->key, last, row, now.hash);
    if (row->hash.len != AUDIT_HASH_SIZE || sodium_memcmp(now.hash, row->hash.ptr, AUDIT_HASH_SIZE))
        return find(walk, AUDIT_CHANGED, row->number);
    const struct audit_point *known = walk->known;
    if (known && known->number == now.number &&
        sodium_memcmp(known->hash, now.hash, sizeof now.hash))
        return find(walk, AUDIT_REPLACED, row->number);
    *last = now;
    return true;
}

/* All entries are right as far as they go. */
static bool check_head(const struct walk *walk, const struct page *page)
{
    const struct audit_point *last = &walk->report->last;
    struct audit_point end = {0};
    if (walk->known && walk->known->number > last->number)
        return find(walk, AUDIT_CUT, last->number + 1);
    if (!page->has_head)
        return last->number ? find(walk, AUDIT_HEAD_MISSING, last->number) : true;
    if (!audit_open_head(walk->key, &page->head, &end))
        return find(walk, AUDIT_HEAD_CHANGED, last->number);
    if (end.number > last->number)
        return find(walk, AUDIT_CUT, last->number + 1);
    if (end.number < last->number)
        return find(walk, AUDIT_HEAD_OLD, end.number + 1);
    return sodium_memcmp(end.hash, last->hash, sizeof end.hash) == 0 ||
           find(walk, AUDIT_HEAD_CHANGED, last->number);
}

/* False at the end of the trail, or of what is right. */
static bool check_page(const struct walk *walk, const struct page *page)
{
    for (size_t i = 0; i < page->rows.count; i++)
        if (!check_row(walk, &page->rows.rows[i]))
            return false;
    return page->rows.count == AUDIT_PAGE_ROWS || (check_head(walk, page) && false);
}

enum err audit_verify(struct db *db, struct ctx *ctx, const struct audit_key *key,
                      const struct audit_point *known, struct audit_report *report)
{
    struct walk walk = {.key = key, .known = known, .report = report};
    struct arena_mark mark = arena_mark(ctx->arena);
    *report = (struct audit_report){.fault = AUDIT_WHOLE};
    for (bool more = true; more;) {
        struct page page = {.after = report->last.number};
        TRY(db_read(db, ctx, read_page, &page));
        more = check_page(&walk, &page);
        arena_rewind(ctx->arena, mark);
    }
    return ERR_OK;
}

void audit_describe(const struct audit_report *report, struct buf *out)
{
    static const char *const words[] = {
        [AUDIT_WHOLE] = "The audit trail is whole",
        [AUDIT_CHANGED] = "was changed, or does not belong behind the one before it",
        [AUDIT_GAP] = "is missing, and there are others behind it",
        [AUDIT_CUT] = "is missing, and all that came behind it",
        [AUDIT_HEAD_CHANGED] = "is the last one, and the head row beside the trail was changed",
        [AUDIT_HEAD_MISSING] = "is the last one, and the head row beside the trail is missing",
        [AUDIT_HEAD_OLD] = "is behind the end that the head row tells of",
        [AUDIT_REPLACED] = "is another one than the checkpoint knows",
    };
    char last[AUDIT_POINT_MAX];
    if (report->fault != AUDIT_WHOLE) {
        buf_addf(out, "Entry %lld %s.\n", (long long)report->number, words[report->fault]);
        return;
    }
    audit_point_format(&report->last, last);
    buf_addf(out, "%s: %lld entries, the last one is %s.\n", words[AUDIT_WHOLE],
             (long long)report->last.number, last);
}
