/* Sessions: begun, looked up, ended.
 *
 *     TRY(session_begin(tx, &session, person, old));       in a db_write's fn: makes the row
 *     session_hand_out(request, &session);         the cookie
 *
 * The cookie is called __Host-session behind TLS, where browsers let no other host and no plain
 * connection set it, and session without. Staff are signed out sooner than customers. */
#ifndef STOA_GUARD_SESSION_H
#define STOA_GUARD_SESSION_H

#include "guard/inside.h"

#define SESSION_SEEN_US (5 * MINUTE_US) /* how often it is written that one is used */

enum {
    SESSIONS_EACH_MAX = 20, /* of one person: the oldest end */
    AGENT_MAX = 200,        /* bytes of what a browser calls itself */
    AGENT_SIZE_MAX = 4 * AGENT_MAX,
};

/* What a new session is made of; `token` is never kept. */
struct new_session {
    char token[SECRET_TEXT], id[SECRET_TEXT];
    struct str person, address, agent;
    const struct audit_key *audit; /* its beginning stands in the trail */
    const int64_t *strong_us;      /* where a second factor was shown before; else NULL */
    int64_t lasts_us;
};

/* Makes the token and remembers from where. */
enum err session_prepare(struct request *request, struct new_session *session);

/* Makes the row, and ends what `old` (which may be empty) was and those that are too many. */
enum err session_begin(struct tx *tx, struct new_session *session, struct str person,
                       struct str old);

void session_hand_out(struct request *request, const struct new_session *session);
void session_take_back(struct request *request);

/* The token that the browser sent; empty where it can be none. */
struct str session_token(const struct request *request);

/* Finds whose it is. ERR_MISSING where it is nobody's any more. */
enum err session_look_up(struct request *request, struct str token, struct known *known);

/* The roles of somebody, with that which all have. */
enum err session_read_roles(struct tx *tx, struct str person, unsigned *roles);

#endif
