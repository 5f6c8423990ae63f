/* The audit trail: what was done, by whom, to what, from where; and a proof that nobody changed it.
 *
 *     TRY(session_add(tx, …));
 *     struct audit_entry entry = {.who = person, .action = "session.end", .subject = session};
 *     return audit_add(tx, &key, &entry);
 *
 * The entry stands in the transaction of what it tells of: both happened or neither did. They are
 * numbered from 1 without a gap. Each holds a BLAKE2b of 32 bytes under a secret key, over the hash
 * of the entry before, its number and time, and the length and bytes of every field. The head row
 * holds the last number and hash, with a keyed seal over the two.
 *
 * What audit_verify promises, by what somebody had in their hands:
 * - The database, not the key: whatever they alter, delete, insert, swap or cut off is found, and
 *   the first wrong entry named; also later, as nothing is added behind a head whose seal is wrong.
 *   The one thing not found from within is the whole trail put back to how it once stood, rows and
 *   head together (an empty trail is such a state). A checkpoint made since then finds it.
 * - Both: they can write another trail from the altered place on. Every checkpoint behind that
 *   place finds it.
 * - Neither is found that was left out at the time: who runs the program decides what it records.
 * A checkpoint is a line of the log, "audit checkpoint", with the number and hash of the last entry
 * (audit_point_format); it is worth what keeps the logs away from who has the database and the key.
 *
 * The key is for good: under another one the trail is wrong from its first entry on.
 *
 * Cost: three hashes and three statements. The head's row is hot: those of one process meet in the
 * funnel anyway; several processes on PostgreSQL run each other's batches again. */
#ifndef STOA_GUARD_AUDIT_H
#define STOA_GUARD_AUDIT_H

#include "base/buf.h"
#include "ports/db/db.h"

enum {
    AUDIT_KEY_SIZE = 32,
    AUDIT_HASH_SIZE = 32,
    AUDIT_TEXT_MAX = 256,    /* bytes of each field but the detail */
    AUDIT_DETAIL_MAX = 4096, /* bytes */
    AUDIT_POINT_MAX = 20 + 1 + 2 * AUDIT_HASH_SIZE + 1,
};

struct audit_key {
    unsigned char bytes[AUDIT_KEY_SIZE];
};

/* All of it is UTF-8 without NUL. */
struct audit_entry {
    struct str who;     /* the id of a person or a key; "stoa" where it was the program itself */
    const char *action; /* a word of the program: "session.begin" */
    struct str subject;
    struct str address;
    struct str detail; /* JSON */
};

/* ERR_INPUT with the field "audit" for what is too long or no text; ERR_INTERNAL where the head was
 * altered: then nothing is done that must be recorded, until somebody looked. */
enum err audit_add(struct tx *tx, const struct audit_key *key, const struct audit_entry *entry);

/* A place in the trail: "1041:9f3c…". Number 0 is before the first entry. */
struct audit_point {
    int64_t number;
    unsigned char hash[AUDIT_HASH_SIZE];
};

void audit_point_format(const struct audit_point *point, char text[AUDIT_POINT_MAX]);
enum err audit_point_parse(struct str text, struct audit_point *point);

/* The trail's end, for a checkpoint; ERR_INTERNAL as in audit_add. */
enum err audit_end(struct tx *tx, const struct audit_key *key, struct audit_point *end);

enum audit_fault {
    AUDIT_WHOLE,
    AUDIT_CHANGED,      /* an entry is not what its hash says, or does not belong behind the last */
    AUDIT_GAP,          /* entries are missing before another one */
    AUDIT_CUT,          /* the last ones are missing, as the head or the checkpoint says */
    AUDIT_HEAD_CHANGED, /* the head is not what its seal says, or is not of this trail */
    AUDIT_HEAD_MISSING,
    AUDIT_HEAD_OLD, /* there are entries behind it */
    AUDIT_REPLACED, /* it has another entry than the checkpoint says */
};

struct audit_report {
    enum audit_fault fault;
    int64_t number;          /* of the first entry that is wrong or missing */
    struct audit_point last; /* the last one that is right */
};

/* Walks the whole trail, AUDIT_PAGE_ROWS at a time, in as much memory whatever its length; each is
 * a read of its own, so nobody waits. `known` is a checkpoint or NULL. What is found is in the
 * report; an error says that it could not be looked at. */
enum { AUDIT_PAGE_ROWS = 500 };
enum err audit_verify(struct db *db, struct ctx *ctx, const struct audit_key *key,
                      const struct audit_point *known, struct audit_report *report);

/* One sentence for who looks. */
void audit_describe(const struct audit_report *report, struct buf *out);

#endif
