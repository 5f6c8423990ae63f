/* How entries and the head are hashed, for those who write and those who look.
 *
 *     audit_hash_row(key, &last, &row, hash);
 *     audit_hash_head(key, &last, seal); */
#ifndef STOA_GUARD_AUDIT_INSIDE_H
#define STOA_GUARD_AUDIT_INSIDE_H

#include "guard/audit.h"
#include "guard/guard_sql.h"

/* Puts the hash of `row`, whose own is not read, behind `before` into `hash`. */
void audit_hash_row(const struct audit_key *key, const struct audit_point *before,
                    const struct audit_after_row *row, unsigned char hash[AUDIT_HASH_SIZE]);

void audit_hash_head(const struct audit_key *key, const struct audit_point *end,
                     unsigned char seal[AUDIT_HASH_SIZE]);

/* False where its seal is wrong. */
bool audit_open_head(const struct audit_key *key, const struct audit_head_row *head,
                     struct audit_point *end);

#endif
