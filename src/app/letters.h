/* Guard's letters, sent by the mail port.
 *
 *     options.send = letters_send, options.send_arg = ports.mail; */
#ifndef STOA_APP_LETTERS_H
#define STOA_APP_LETTERS_H

#include "guard/guard.h"

guard_send letters_send; /* `arg` is the struct mailer */

#endif
