/* Who asks, and what they may: people, their sessions, their roles.
 *
 *     struct guard_options options = {.permissions = wiring_permissions, .site_url = url};
 *     TRY(guard_open(ctx, &options, &ports.guard));
 *     server_options.identify = guard_identify;        before each handler that may wait
 *     server_options.may = guard_may;                  what the routes' permissions ask
 *
 *     const struct guard_who *who = guard_who(request);                   in a handler
 *     if (who)
 *         buf_addf(out, STR_FMT, STR_ARG(who->person));                   per_01K…
 *
 * A session is a row of the database; its browser has a token of 256 bits in a cookie, and the row
 * its hash. What was looked up is kept in this process for WHO_KEPT_US: a session that is ended
 * is over at once in the process that ended it, and within that time in others. */
#ifndef STOA_GUARD_GUARD_H
#define STOA_GUARD_GUARD_H

#include "guard/role.h"
#include "web/request.h"

struct audit_key; /* guard/audit.h */
struct guard;
struct key;  /* guard/key.h */
struct rate; /* guard/rate.h */
struct room_routes;
struct tx; /* ports/db/db.h */

/* Who is signed in. It begins with what web and ui see of them. */
struct guard_who {
    struct who seen;
    struct str person;     /* per_… */
    struct str session;    /* the session's id: a hash, no secret */
    unsigned roles;        /* 1 << ROLE_OWNER | … */
    int64_t strong_us;     /* when a second factor was shown; 0 is never */
    const struct key *key; /* of a program that bears one; NULL for a person */
    bool must_change;      /* may do nothing until they chose a password of their own */
};

/* NULL is a visitor. Routes that are inline, or whose page all share (cache), have nobody. */
const struct guard_who *guard_who(const struct request *request);

/* Where a person of guard_who is written to. */
enum err guard_email(struct tx *tx, struct str person, struct str *email);

/* A mail that is to be sent, in the reader's language; links in it are absolute. */
struct guard_letter {
    struct str to, subject, text;
    const char *language; /* "de"; outlives everything */
};
typedef enum err guard_send(struct ctx *ctx, void *arg, const struct guard_letter *letter);

struct guard_options {
    struct db *db;
    const struct guard_permission *permissions; /* ends with a nameless one; outlives the guard */
    const struct audit_key *audit; /* of the trail of what is done; outlives the guard */
    struct rate *rate;             /* how often a key may ask; the same */
    struct str site_url;           /* "https://stoa.example": links in mails begin with it */
    guard_send *send;              /* called on a thread of its own, one letter at a time */
    void *send_arg;
    bool staff_second; /* who is more than a customer needs a second factor */
};

enum err guard_open(struct ctx *ctx, const struct guard_options *options, struct guard **opened);

/* Not while requests are under way. Letters that wait are sent first. */
void guard_close(struct guard *guard);

/* How many letters wait to be sent. */
size_t guard_letters_waiting(struct guard *guard);

/* Every permission that a route names must be somebody's: ERR_INTERNAL, and which it is. */
enum err guard_check_routes(struct ctx *ctx, const struct guard_permission *permissions,
                            const struct room_routes *rooms);

/* server_options.identify: finds who asks by their API key or their cookie. Refuses a key that is
 * none, and a form of a person that does not carry the token of their session. */
enum err guard_identify(struct request *request);

/* server_options.may: ERR_SIGNED_OUT for a visitor, ERR_FORBIDDEN for who has no role with it. */
enum err guard_may(struct request *request, const char *permission);

/* Where there is no owner, makes one and tells the password that works once; else leaves `password`
 * empty. Makes or mends somebody likewise: grants the role, ends all their sessions,
 * and takes their second factors away. */
enum err guard_first_owner(struct ctx *ctx, struct db *db, const struct audit_key *audit,
                           struct str *email, struct str *password);
enum err guard_set_person(struct ctx *ctx, struct db *db, const struct audit_key *audit,
                          struct str email, struct str role, struct str *password);

#endif
