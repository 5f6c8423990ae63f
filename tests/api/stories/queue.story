# A queue in the console: what is in it, its dead letters, and how they go back or away.

Grace is signed in as manager
Grace sends
| GET /admin/queues HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and does not read "/admin/queues/orders"
Grace sends
| GET /account HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and keeps TOKEN from "name=\"form_token\" value=\"*\""

# A program makes two, and cannot do what it is sent.
Grace sends
| POST /sqs HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| X-Form-Token: $TOKEN
| X-Amz-Target: AmazonSQS.CreateQueue
|
| {"QueueName":"orders-dead"}
Grace is answered 200
Grace sends
| POST /sqs HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| X-Form-Token: $TOKEN
| X-Amz-Target: AmazonSQS.CreateQueue
|
| {"QueueName":"orders","Attributes":{"VisibilityTimeout":"0","MessageRetentionPeriod":"5400","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:orders-dead\",\"maxReceiveCount\":1}"}}
Grace is answered 200
Grace sends
| POST /sqs HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| X-Form-Token: $TOKEN
| X-Amz-Target: AmazonSQS.SendMessage
|
| {"QueueUrl":"/000000000000/orders","MessageBody":"three lamps"}
Grace is answered 200
Grace sends
| POST /sqs HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| X-Form-Token: $TOKEN
| X-Amz-Target: AmazonSQS.ReceiveMessage
|
| {"QueueUrl":"/000000000000/orders"}
Grace is answered 200
and reads "three lamps"
Grace sends
| GET /admin/queues HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "href=\"/admin/queues/orders\""
and reads "data-label=\"Waiting\">1<"
and reads "href=\"/admin/queues/orders-dead\""
Grace sends
| POST /sqs HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| X-Form-Token: $TOKEN
| X-Amz-Target: AmazonSQS.ReceiveMessage
|
| {"QueueUrl":"/000000000000/orders"}
Grace is answered 200
and does not read "three lamps"

Grace sends
| GET /admin/queues/orders HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "<dd>0 seconds</dd>"
and reads "<dd>90 minutes</dd>"
and does not read "Send back"
Grace sends
| GET /admin/queues/orders-dead HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "<dd>4 days</dd>"
and reads "Send all back"
and keeps NUMBER from "name=\"number\" value=\"*\""
and keeps LETTER from "<code>msg_*</code>"

# Who may only look does that.
Rita is signed in as readonly
Rita sends
| GET /admin/queues/orders-dead HTTP/1.1
| Host: localhost
| Cookie: $RITA
Rita is answered 200
and reads "$LETTER"
and does not read "Send back"
and does not read "Delete all messages"
Rita sends
| GET /admin/queues/orders-dead/purge HTTP/1.1
| Host: localhost
| Cookie: $RITA
Rita is answered 403
Sam is signed in as support
Sam sends
| GET /admin/queues HTTP/1.1
| Host: localhost
| Cookie: $SAM
Sam is answered 403

# A form of another site changes nothing, and what is not there is not sent back.
Grace sends
| POST /admin/queues/orders-dead/redrive HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| number=$NUMBER
Grace is answered 403
Grace sends
| POST /admin/queues/orders-dead/redrive HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&number=999999
Grace is answered 404
Grace sends
| POST /admin/queues/orders-dead/redrive HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&number=$NUMBER
Grace is answered 303
| Location: /admin/queues/orders-dead?done=redriven
Grace sends
| GET /admin/queues/orders-dead?done=redriven HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "is in its queue again"
and reads "No dead letters"

# It fails again, goes back with all the others, and is deleted at last.
Grace sends
| POST /sqs HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| X-Form-Token: $TOKEN
| X-Amz-Target: AmazonSQS.ReceiveMessage
|
| {"QueueUrl":"/000000000000/orders"}
Grace is answered 200
and reads "three lamps"
Grace sends
| POST /sqs HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| X-Form-Token: $TOKEN
| X-Amz-Target: AmazonSQS.ReceiveMessage
|
| {"QueueUrl":"/000000000000/orders"}
Grace is answered 200
and does not read "three lamps"
Grace sends
| POST /admin/queues/orders-dead/redrive HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Grace is answered 303
Grace sends
| GET /admin/queues/orders/purge HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "1 message in orders will be deleted"
Grace sends
| POST /admin/queues/orders/purge HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Grace is answered 303
| Location: /admin/queues/orders?done=purged
Grace sends
| GET /admin/queues/orders/purge HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "0 messages in orders will be deleted"
Grace sends
| POST /admin/queues/nothing/purge HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Grace is answered 404

# The trail has what was done, and what could not be is not in it.
Grace sends
| GET /admin/audit?action=queue.redrive HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads ">orders-dead"
Grace sends
| GET /admin/audit?action=queue.purge HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads ">orders"
and does not read ">nothing"
