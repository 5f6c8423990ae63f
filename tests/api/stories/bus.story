# Rules of the bus in the console: made, tried, fed, changed, turned off and deleted.

Grace is signed in as manager
Grace sends
| GET /admin/bus/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
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

# What cannot be is told by its field, and with the place.
Grace sends
| POST /admin/bus/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=to-stock&pattern={"type":["order.placed"],+"detail":{"total":5}}&to1=stock
Grace is answered 400
and reads "id=\"pattern-wrong\""
and reads "detail.total: values stand in a list"
and reads "value=\"to-stock\""
Grace sends
| POST /admin/bus/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=to-stock&pattern={"type":&to1=stock
Grace is answered 400
and reads "line 1, column 9"
Grace sends
| POST /admin/bus/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=to-stock&pattern={"type":["order.placed"]}&kind1=queue&to1=stock&kind2=topic&to2=nowhere
Grace is answered 400
and reads "id=\"to2-wrong\""
and reads "There is no topic of this name."
Grace sends
| POST /admin/bus/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=to-stock&pattern={"type":["order.placed"]}&to1=stock&input1=$.detail..x
Grace is answered 400
and reads "id=\"input1-wrong\""
Grace sends
| POST /admin/bus/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=to-stock&pattern={"type":["order.placed"]}&kind1=webhook&to1=nowhere
Grace is answered 400
and reads "Enter a URL such as"
Grace sends
| POST /admin/bus/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| name=to-stock&pattern={"type":["order.placed"]}&to1=stock
Grace is answered 403
Grace sends
| POST /admin/bus/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=to-stock&about=What+the+shelves+lack&enabled=true&pattern={"type":["order.placed"]}&kind1=queue&to1=stock&input1=$.detail&kind2=webhook&to2=https://erp.example/hook
Grace is answered 303
| Location: /admin/bus/rules/to-stock?done=made
Grace sends
| POST /admin/bus/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=to-stock&pattern={"type":["order.placed"]}&to1=stock
Grace is answered 400
and reads "There is one of this name already."
Grace sends
| GET /admin/bus/rules/to-stock?done=made HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "The rule is made."
and reads "What the shelves lack"
and reads "https://erp.example/hook"
and reads "href=\"/admin/subscriptions/"

# An event goes to the queue, and is seen in the archive.
Rita is signed in as readonly
Rita sends
| GET /admin/bus/events/live HTTP/1.1
| Host: localhost
| Cookie: $RITA
Rita hears "retry: "
Grace sends
| POST /admin/bus/events HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&source=hand&type=order.placed&detail={"n":1042}
Grace is answered 303
| Location: /admin/bus/events?emitted=true
Rita hears "event: event"
Rita leaves
Grace sends
| POST /sqs HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| X-Form-Token: $TOKEN
| X-Amz-Target: AmazonSQS.ReceiveMessage
|
| {"QueueUrl":"/000000000000/stock","WaitTimeSeconds":20}
Grace is answered 200
and reads "{\\\"n\\\":1042}"
Grace sends
| POST /admin/bus/events HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&source=by+hand&type=shift.published
Grace is answered 400
and reads "id=\"source-wrong\""
Grace sends
| GET /admin/bus/events?type=order.placed HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and keeps EVENT from "<tr id=\"*\""
Grace sends
| GET /admin/bus/events?type=shift.published HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No events"
Grace sends
| GET /admin/bus/events/$EVENT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "1042"
and reads "href=\"/admin/bus/rules/to-stock\""

# A pattern is tried on it, and on one of one's own.
Grace sends
| GET /admin/bus/try?event=$EVENT&rule=to-stock HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "1042"
Grace sends
| POST /admin/bus/try HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&pattern={"detail":{"n":[{"numeric":[">",1000]}]}}&chosen=$EVENT
Grace is answered 200
and reads "The pattern matches this event."
and reads "It matches 1 of the newest 1."
Grace sends
| POST /admin/bus/try HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&pattern={"type":["order.placed"]}&event={"type":"order.paid"}
Grace is answered 200
and reads "The pattern does not match this event."
Grace sends
| POST /admin/bus/try HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&pattern={"type":[{"numberic":[1]}]}&event={"type":
Grace is answered 400
and reads "id=\"pattern-wrong\""
and reads "type: "
Grace sends
| POST /admin/bus/try HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&pattern={"type":["a"]}&event={"type":
Grace is answered 400
and reads "id=\"event-wrong\""

# It is changed, turned off and on.
Grace sends
| POST /admin/bus/rules/to-stock/edit HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&enabled=true&pattern={"type":["order.paid"]}&kind1=queue&to1=stock
Grace is answered 303
| Location: /admin/bus/rules/to-stock?done=saved
Grace sends
| POST /admin/bus/rules/to-stock HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=disable
Grace is answered 303
| Location: /admin/bus/rules/to-stock?done=disabled
Grace sends
| GET /admin/bus/rules/to-stock?done=disabled HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "order.paid"
and reads ">Off<"
and does not read "erp.example"
Grace sends
| GET /admin/bus/rules/to-stock/edit HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "value=\"stock\""
and does not read "checked"

# What was goes out again, to one rule or all.
Grace sends
| POST /admin/bus/replays HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&from=2030-01-02T00:00&until=2030-01-01T00:00
Grace is answered 400
and reads "Must be later than the beginning."
Grace sends
| POST /admin/bus/replays HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&from=2020-01-01T00:00&until=2040-01-01T00:00&rule=nothing
Grace is answered 400
and reads "There is no rule of this name."
Grace sends
| POST /admin/bus/replays HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&from=2020-01-01T00:00&until=2040-01-01T00:00
Grace is answered 303
| Location: /admin/bus/replays?begun=true
Grace sends
| GET /admin/bus/replays?begun=true HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "The replay has begun."
and reads "All rules"

# Who may only look does that.
Rita sends
| GET /admin/bus/rules/to-stock HTTP/1.1
| Host: localhost
| Cookie: $RITA
Rita is answered 200
and does not read ">Turn on<"
and does not read "whsec_"
Rita sends
| GET /account HTTP/1.1
| Host: localhost
| Cookie: $RITA
Rita is answered 200
and keeps HERS from "name=\"form_token\" value=\"*\""
Rita sends
| POST /admin/bus/rules/to-stock HTTP/1.1
| Host: localhost
| Cookie: $RITA
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$HERS&act=enable
Rita is answered 403

# It is deleted, and the trail has it all.
Grace sends
| GET /admin/bus/rules/to-stock/drop HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Delete to-stock?"
Grace sends
| POST /admin/bus/rules/to-stock/drop HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Grace is answered 303
| Location: /admin/bus?dropped=true
Grace sends
| GET /admin/bus?dropped=true HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "The rule is deleted."
and does not read "/admin/bus/rules/to-stock"
Grace sends
| GET /admin/audit HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "rule.make"
and reads "rule.change"
and reads "rule.disable"
and reads "rule.drop"
and reads "event.emit"
and reads "replay.begin"
Grace sends
| GET /metrics HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "flow_event_matches_total"
and reads "flow_event_oldest_seconds"
and reads "flow_event_targets_failing"
