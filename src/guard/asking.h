/* What somebody asks for by their address: the mail that comes of it, and an answer for all.
 *
 *     struct asking asking = {.signs_up = true, .name = input->name};
 *     return asking_answer(request, &asking, input->email);
 *
 * The answer is the same page, after the same writes and a mail that was written, whether somebody
 * has the address or not; the mail says the rest, and one that is nobody's is thrown away. Who is
 * asked for too often gets none. */
#ifndef STOA_GUARD_ASKING_H
#define STOA_GUARD_ASKING_H

#include "guard/guard_sql.h"
#include "guard/link.h"

struct asking {
    bool signs_up; /* else they forgot their password */
    struct str name;

    /* What follows is its own. */
    struct str email;
    struct attempt mails;
    struct person_by_email_row row;
    struct link link;
    bool sends;
};

enum err asking_answer(struct request *request, struct asking *asking, struct str email);

#endif
