/* Queues for other programs, in the protocol of SQS (AWS JSON 1.0): what an SDK of AWS or the aws
 * command says to a queue there, it says to one of ours.
 *
 *     AWS_ACCESS_KEY_ID=key_01K… AWS_SECRET_ACCESS_KEY=… AWS_DEFAULT_REGION=us-east-1
 *     aws sqs send-message --endpoint-url https://stoa.example/sqs \
 *         --queue-url https://stoa.example/sqs/000000000000/orders --message-body '{"order":1}'
 *
 *     {"sqs", sqs_routes, NULL, sqs_show_error},           a row of the wiring's routes
 *
 * One address takes every action; X-Amz-Target names it. Who asks signs with an access key of
 * /admin/keys (guard/aws.h), and may what its scopes say: queues.send, queues.receive and
 * queues.manage. Failures are told as SQS tells them, also those that happen before an action is
 * looked at. What is not built (permissions for other accounts, encryption by a key, a rate for
 * redriving) is refused as unsupported, never taken and forgotten.
 *
 * A receiver that waits holds a connection and no worker (web/later.h): thousands do so at once.
 * One that leaves is noticed, and no message is received for it. When the server stops, or too many
 * wait, they are answered at once with what there is. */
#ifndef STOA_FLOW_SQS_SQS_H
#define STOA_FLOW_SQS_SQS_H

#include "web/request.h"

enum { SQS_BODY_MAX = 1 << 20 };

#define SQS_ACCOUNT "000000000000" /* there is one */
#define SQS_ARN     "arn:aws:sqs:us-east-1:" SQS_ACCOUNT ":"

/* Tells of a failure as SQS does; the room's show_error. */
void sqs_show_error(struct request *request, int status);

#endif
