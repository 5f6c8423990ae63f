# Who meets a failure is told what it is, in their language, and never how the program is made.

Ada sends
| GET /contact/%00 HTTP/1.1
| Host: stoa.example
Ada is answered 400
Ada is disconnected
Heinz sends
| GET /nichts HTTP/1.1
| Host: stoa.example
| Accept: text/html
| Accept-Language: de
Heinz is answered 404
and reads "Hier ist nichts"
and reads "Zur Startseite"
Heinz is signed in as readonly
Heinz sends
| GET /admin/messages?before=msg_x HTTP/1.1
| Host: localhost
| Cookie: $HEINZ
| Accept: application/json
Heinz is answered 400
| Content-Type: application/problem+json
and reads "\"field\":\"before\""
and does not read "src/"
