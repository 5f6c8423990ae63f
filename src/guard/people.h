/* What is done to people by others, each in the transaction of its entry in the audit trail.
 *
 *     struct people_act act = {.request = request, .person = input->id};
 *     TRY(people_begin(tx, &act));          ERR_MISSING, ERR_FORBIDDEN
 *     TRY(people_set_role(tx, &act, ROLE_SUPPORT, true));
 *
 * and behind the write who_cache_drop(&guard->known), as rights may have changed. Whoever acts
 * needs every permission of whom they act on, and of what they give. Of the owners who may sign in,
 * one is always left. What is so already is no act: it changes nothing and is not recorded. */
#ifndef STOA_GUARD_PEOPLE_H
#define STOA_GUARD_PEOPLE_H

#include "guard/guard_sql.h"
#include "guard/inside.h"

struct people_act {
    struct request *request;
    struct str person; /* on whom */

    /* What follows is people_begin's. */
    struct person_find_row row;
    unsigned mine, roles; /* of who acts, of on whom */
};

/* A key is no person: it may not act on any. */
enum err people_check_person(const struct request *request);

/* The roles of who asks, as they are now. */
enum err people_read_mine(struct tx *tx, const struct request *request, unsigned *mine);

enum err people_begin(struct tx *tx, struct people_act *act);
enum err people_set_role(struct tx *tx, struct people_act *act, enum role role, bool gives);
enum err people_set_disabled(struct tx *tx, struct people_act *act, bool disabled);

/* One session, or all where `session` is empty. */
enum err people_end_sessions(struct tx *tx, struct people_act *act, struct str session);

/* ERR_MISSING where it is not a key of theirs. */
enum err people_revoke_key(struct tx *tx, struct people_act *act, struct str key);

/* Ends all by which somebody is in or on the way in, but for their keys: sessions, links, sign-ins
 * that wait for a second factor. */
enum err people_shut_out(struct tx *tx, struct str person);

/* "{"role":"support"}" for the trail. */
enum err people_role_detail(struct tx *tx, struct str role, struct str *detail);

#endif
