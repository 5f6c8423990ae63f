/* Where it is told that a visitor wrote: an event "message" with the message's id. */
#ifndef STOA_FRONT_MESSAGE_H
#define STOA_FRONT_MESSAGE_H

#include "web/request.h"

struct channel *message_channel(struct request *request);

#endif
