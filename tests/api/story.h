/* Stories: what people and programs say to Stoa over raw sockets, and what they are told, as files
 * that are read from the top.
 *
 *     # A visitor writes to the company and reads it again.
 *
 *     Ada sends
 *     | GET /contact HTTP/1.1
 *     | Host: stoa.example
 *     Ada is answered 200
 *     | Content-Type: text/html; charset=utf-8
 *     and reads "Write to us"
 *     and keeps KEY from "name=\"key\" value=\"*\""
 *
 *     Ada sends
 *     | POST /contact HTTP/1.1
 *     | Host: stoa.example
 *     | Content-Type: application/x-www-form-urlencoded
 *     |
 *     | key=$KEY&name=Ada+Lovelace
 *     Ada is answered 422
 *
 * Each name is a connection, made when it first says something and again after it was closed.
 *
 *     NAME sends                   the lines below, each ended by CR LF, and the empty line behind
 *                                  the head; what stands behind an empty | is the body, whose
 *                                  Content-Length is added where the head does not say it
 *     NAME sends "GET / HT"        these bytes and no more; \r \n \t \0 \\ \" \xHH
 *     NAME sends 200000000 bytes   of the letter a
 *     NAME is answered STATUS      the next answer, whole, and the lines below are in its head
 *     and reads "…"                its body has that;  and does not read "…"
 *     and keeps WORD from "a*b"    what stands for the * becomes $WORD, in all that follows
 *     NAME hears "…"               this comes, sooner or later
 *     NAME is disconnected         nothing more comes, and the connection is closed
 *     NAME leaves                  closes it;  NAME waits 200 ms
 *     NAME is signed in as ROLE    name@stoa.example, whose cookie is then $NAME in capitals
 *     the next mail is to ADDRESS  it comes, and its text is what "and reads" reads
 *     a link to get NAME for 60 s is LINK       or put: of an object
 *     the database has FILE        the SQL of that file beside the stories was run
 *     the program said FIRST       the first owner's password becomes $FIRST
 *     the app of $SECRET shows A B what an authenticator app shows now, and half a minute later
 *     the database has             the rows that the SQL in the lines below puts there
 *     the server is killed         kill -9, and started again
 *     the server is stopped        in order, and started again
 *     the server is released       the new program takes over (SIGHUP) */
#ifndef STOA_TESTS_STORY_H
#define STOA_TESTS_STORY_H

#include "harness/service.h"
#include "harness/test.h"

/* Tells the story of tests/api/stories/<name>.story to a service of its own. Each line that does
 * not come true is a failed check with its place. */
void story_tell(struct test *t, const char *name, const char *engine,
                const char *const environment[]);

#endif
