# The mails that were sent are the owner's to read: as text, without a link to follow, and it is written down who looked.

Grace is signed in as owner
Mary is signed in as manager
Ada sends
| POST /sign-up HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| name=%3Cb%3EAda%3C%2Fb%3E&email=ada%40stoa.example
Ada is answered 200
the next mail is to ada@stoa.example
and keeps ID from "Message-ID: <*@"
Mary sends
| GET /admin/outbox HTTP/1.1
| Host: stoa.example
| Cookie: $MARY
Mary is answered 403
Mary sends
| GET /admin/outbox/$ID HTTP/1.1
| Host: stoa.example
| Cookie: $MARY
Mary is answered 403
Ada sends
| GET /admin/outbox/$ID HTTP/1.1
| Host: stoa.example
Ada is answered 303
Grace sends
| GET /admin/outbox HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "/admin/outbox/$ID"
and reads "ada@stoa.example"
Grace sends
| GET /admin/outbox/$ID HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "/verify/"
and reads "Hello &lt;b&gt;Ada&lt;/b&gt;"
and reads "To: &lt;ada@stoa.example&gt;"
and does not read "<b>Ada"
and does not read "verify/\""
and does not read "href=\"http"
Grace sends
| GET /admin/outbox?before=$ID HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and does not read "/admin/outbox/$ID"
Grace sends
| GET /admin/audit?action=mail.read HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "$ID"
Grace sends
| GET /admin/outbox/mail_01KAH0XVK4A9N3FYJ0T8Q5RWZC HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 404
