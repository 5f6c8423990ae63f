/* Words to the service manager that started us (systemd's Type=notify), where there is one.
 *
 *     notify_say("READY=1\nSTATUS=Serves");
 *
 * One datagram to the socket named in NOTIFY_SOCKET; what cannot be said is not missed. */
#ifndef STOA_WEB_NOTIFY_H
#define STOA_WEB_NOTIFY_H

#define NOTIFY_SOCKET "NOTIFY_SOCKET"

void notify_say(const char *words);

#endif
