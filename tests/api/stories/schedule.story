# A schedule in the console: made, run beside its plan, paused and resumed.

Grace is signed in as manager
Grace sends
| GET /admin/schedules HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "shop-expire"
and keeps TOKEN from "name=\"form_token\" value=\"*\""
Grace sends
| POST /sqs HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| X-Form-Token: $TOKEN
| X-Amz-Target: AmazonSQS.CreateQueue
|
| {"QueueName":"stock"}
Grace is answered 200

# What cannot be is told by its field.
Grace sends
| POST /admin/schedules HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=count&expression=often&address=stock
Grace is answered 400
and reads "id=\"expression-wrong\""
and reads "value=\"count\""
Grace sends
| POST /admin/schedules HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=count&expression=30+2+*+*+*&address=nowhere
Grace is answered 400
and reads "There is no queue of this name."
Grace sends
| POST /admin/schedules HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=count&expression=30+2+*+*+*&zone=Nowhere&address=stock
Grace is answered 400
and reads "id=\"zone-wrong\""
Grace sends
| POST /admin/schedules HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| name=count&expression=30+2+*+*+*&address=stock
Grace is answered 403
Grace sends
| POST /admin/schedules HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=count&expression=30+2+*+*+*&zone=Europe%2FBerlin&address=stock
Grace is answered 303
| Location: /admin/schedules?done=make
Grace sends
| POST /admin/schedules HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=count&expression=30+2+*+*+*&address=stock
Grace is answered 400
and reads "There is one of this name already."
Grace sends
| GET /admin/schedules?done=make HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "The schedule is set."
and reads "2:30"
and reads "Europe/Berlin"
and does not read ">Resume<"

Grace sends
| POST /admin/schedules/count HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=run
Grace is answered 303
Grace sends
| POST /sqs HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| X-Form-Token: $TOKEN
| X-Amz-Target: AmazonSQS.ReceiveMessage
|
| {"QueueUrl":"/000000000000/stock"}
Grace is answered 200
and reads "count"
Grace sends
| POST /admin/schedules/count HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=pause
Grace is answered 303

# Who may only look does that.
Rita is signed in as readonly
Rita sends
| GET /admin/schedules HTTP/1.1
| Host: localhost
| Cookie: $RITA
Rita is answered 200
and reads ">Paused<"
and does not read ">Resume<"
and does not read "New schedule"
Rita sends
| GET /account HTTP/1.1
| Host: localhost
| Cookie: $RITA
Rita is answered 200
and keeps HERS from "name=\"form_token\" value=\"*\""
Rita sends
| POST /admin/schedules/count HTTP/1.1
| Host: localhost
| Cookie: $RITA
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$HERS&act=resume
Rita is answered 403
Grace sends
| POST /admin/schedules/count HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=resume
Grace is answered 303
Grace sends
| POST /admin/schedules/nothing HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=pause
Grace is answered 404

# The trail has each.
Grace sends
| GET /admin/audit?action=schedule.make HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads ">count"
Grace sends
| GET /admin/audit?action=schedule.run HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads ">count"
Grace sends
| GET /admin/audit?action=schedule.pause HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads ">count"
