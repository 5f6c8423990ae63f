# Somebody of the company answers what a visitor wrote: by mail, and once.

Grace is signed in as support
Ada sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Content-Type: application/json
|
| {"form":"form_01KAH0XVK4A9N3FYJ0T8Q5RWZC","name":"Ada","email":"ada@stoa.example","words":"A grinder for coffee"}
Ada is answered 303
and keeps of the head MESSAGE from "Location: /contact/*\r\n"
Grace sends
| GET /admin/messages/$MESSAGE HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "A grinder for coffee"
and keeps TOKEN from "name=\"form_token\" value=\"*\""
and keeps FORM from "name=\"form\" value=\"*\""

# An empty answer is none.
Grace sends
| POST /admin/messages/$MESSAGE HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&form=$FORM&words=
Grace is answered 400
and reads "id=\"words-wrong\""
and reads "value=\"$FORM\""

Grace sends
| POST /admin/messages/$MESSAGE HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&form=$FORM&words=It+comes+on+Friday.
Grace is answered 303
| Location: /admin/messages/$MESSAGE#$FORM
the next mail is to ada@stoa.example
and reads "It comes on Friday."

# The same form once more is the same answer, and no other mail.
Grace sends
| POST /admin/messages/$MESSAGE HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&form=$FORM&words=Something+else
Grace is answered 303
Grace sends
| POST /admin/messages/$MESSAGE/answers/$FORM HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Grace is answered 303
Grace sends
| GET /admin/messages/$MESSAGE HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "It comes on Friday."
and reads "Sent"
and does not read "Something else"

# Who only reads sees it, and answers nothing.
Mallory is signed in as readonly
Mallory sends
| GET /admin/messages/$MESSAGE HTTP/1.1
| Host: stoa.example
| Cookie: $MALLORY
Mallory is answered 200
and reads "It comes on Friday."
and does not read "name=\"words\""
Mallory sends
| POST /admin/messages/$MESSAGE HTTP/1.1
| Host: stoa.example
| Cookie: $MALLORY
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&words=No
Mallory is answered 403

# An answer belongs to its message.
Grace sends
| POST /admin/messages/msg_01KAH0XVK4A9N3FYJ0T8Q5RWZC/answers/$FORM HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Grace is answered 404
