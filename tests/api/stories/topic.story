# A topic in the console: made, heard by a webhook that may not be called, sent again, turned off.

Grace is signed in as manager
Grace sends
| GET /admin/topics HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No topics yet"
and keeps TOKEN from "name=\"form_token\" value=\"*\""

# A name that is none is told at its field; a form of another site changes nothing.
Grace sends
| POST /admin/topics HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=no%20name&title=News
Grace is answered 400
and reads "id=\"name-wrong\""
and reads "hyphens and underscores only"
Grace sends
| POST /admin/topics HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| name=news&title=News
Grace is answered 403
Grace sends
| POST /admin/topics HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=news&title=What+is+new
Grace is answered 303
| Location: /admin/topics/news?done=made

# Who is wrong, and what is wrong with a filter.
Grace sends
| POST /admin/topics/news HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&channel=sms&target=12345&language=&filter=
Grace is answered 400
and reads "Enter a number with its country"
Grace sends
| POST /admin/topics/news HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&channel=queue&target=nowhere&language=&filter=
Grace is answered 400
and reads "There is no queue of this name"
Grace sends
| POST /admin/topics/news HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&channel=webhook&target=http%3A%2F%2F127.0.0.1%3A9%2Fhook&language=&filter=%7B
Grace is answered 400
and reads "id=\"filter-wrong\""
Grace sends
| POST /admin/topics/news HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&channel=webhook&target=http%3A%2F%2F127.0.0.1%3A9%2Fhook&language=&filter=
Grace is answered 200
and reads "whsec_"
and keeps HOOK from "action=\"/admin/subscriptions/*\""

# The secret is shown that once, and one that is made anew likewise.
Grace sends
| GET /admin/subscriptions/$HOOK HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and does not read "whsec_"
and reads "Nothing was sent yet"
Grace sends
| POST /admin/subscriptions/$HOOK/secret HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Grace is answered 200
and reads "whsec_"

# The filter is changed, or not.
Grace sends
| POST /admin/subscriptions/$HOOK/filter HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&filter=%7B%22total%22%3A1%7D
Grace is answered 400
and reads "id=\"filter-wrong\""
Grace sends
| POST /admin/subscriptions/$HOOK/filter HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&filter=%7B%22total%22%3A%5B1%5D%7D
Grace is answered 303
| Location: /admin/subscriptions/$HOOK?done=filter

# A test is on its way; it is turned off and on, and what failed goes once more.
Grace sends
| POST /admin/subscriptions/$HOOK HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=test
Grace is answered 303
| Location: /admin/subscriptions/$HOOK?done=test
Grace sends
| GET /admin/subscriptions/$HOOK?done=test HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "A test is on its way"
and keeps DELIVERY from "href=\"/admin/deliveries/*\""
Grace sends
| GET /admin/deliveries/$DELIVERY HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "\"test\":true"
Grace sends
| POST /admin/subscriptions/$HOOK HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=off
Grace is answered 303
Grace sends
| GET /admin/webhooks HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads ">Off<"
Grace sends
| POST /admin/subscriptions/$HOOK HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=on
Grace is answered 303
Grace sends
| POST /admin/subscriptions/$HOOK HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=again
Grace is answered 303

# Words in a language: wrong, looked at, kept, and taken away.
Grace sends
| POST /admin/topics/news/words/en HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=keep&subject=News&words=One%0A+%7B%7Bx
Grace is answered 400
and reads "Line 2, column 2"
Grace sends
| POST /admin/topics/news/words/en HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=look&subject=News&words=It+is+%7B%7Btest%7D%7D
Grace is answered 200
and reads "It is true"
and does not read "Saved."
Grace sends
| POST /admin/topics/news/words/en HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=keep&subject=News&words=It+is+%7B%7Btest%7D%7D
Grace is answered 200
and reads "Saved."
Grace sends
| POST /admin/topics/news/words/en HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=drop&subject=News&words=News
Grace is answered 200
and reads "Removed."
Grace sends
| GET /admin/topics/news/words/xx HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 404

# Who may only look does that; others do not even.
Rita is signed in as readonly
Rita sends
| GET /admin/subscriptions/$HOOK HTTP/1.1
| Host: localhost
| Cookie: $RITA
Rita is answered 200
and does not read "Send a test"
Rita sends
| GET /admin/topics/news HTTP/1.1
| Host: localhost
| Cookie: $RITA
Rita is answered 200
and does not read "<form"
Sam is signed in as support
Sam sends
| GET /admin/webhooks HTTP/1.1
| Host: localhost
| Cookie: $SAM
Sam is answered 403

# Who has the link ends it, without an account; then it is gone.
Ada sends
| GET /unsubscribe/$HOOK HTTP/1.1
| Host: localhost
Ada is answered 200
and reads "What is new"
Grace sends
| POST /admin/subscriptions/$HOOK HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=end
Grace is answered 303
| Location: /admin/topics/news?done=ended
Ada sends
| GET /unsubscribe/$HOOK HTTP/1.1
| Host: localhost
Ada is answered 404

# The trail has what was done.
Grace sends
| GET /admin/audit?action=topic.secret HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "$HOOK"
Grace sends
| GET /admin/audit?action=topic.unsubscribe HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "$HOOK"
