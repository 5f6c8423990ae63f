/* What the files of guard share among themselves; others include guard.h.
 *
 *     struct guard *guard = guard_of(request);
 *     TRY(db_write(guard->db, request->ctx, write, &what));
 *     who_cache_drop(&guard->known); */
#ifndef STOA_GUARD_INSIDE_H
#define STOA_GUARD_INSIDE_H

#include "guard/attempt.h"
#include "guard/guard.h"
#include "guard/letter.h"
#include "guard/password.h"
#include "guard/secret.h"
#include "guard/who_cache.h"
#include "ui/frame.h"

enum {
    LINK_VERIFY_HOURS = 24,
    LINK_RESET_HOURS = 1,
    LINK_PATH_MAX = 256,
};

struct guard {
    struct db *db;
    const struct guard_permission *permissions;
    const struct audit_key *audit;
    struct rate *rate;
    struct str site_url;
    bool staff_second;
    struct password_gate passwords;
    struct who_cache known;
    struct letter_box letters;
};

static inline struct guard *guard_of(const struct request *request)
{
    return request->ports->guard;
}

/* The addresses of mail are compared in small letters. */
enum err guard_small(struct ctx *ctx, struct str text, struct str *small);

/* The form, with what every page of this room shows. */
struct ui_frame guard_frame(struct request *request);

#endif
