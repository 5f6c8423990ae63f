/* Where mails go: for now into files of the data folder's outbox, one a mail.
 *
 *     options.send = letters_send, options.send_arg = app; */
#ifndef STOA_APP_LETTERS_H
#define STOA_APP_LETTERS_H

#include "app/app.h"
#include "guard/guard.h"

guard_send letters_send;

#endif
