# Who may reads what visitors wrote, searches it, and is told of what is new.

Grace is signed in as support
Grace sends
| GET /admin/messages HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No messages yet"
and keeps TOLD from "data-live=\"*\""

Listener sends
| GET /admin/messages/events HTTP/1.1
| Host: localhost:8080
| Cookie: $GRACE
| Accept: text/event-stream
Listener hears "HTTP/1.1 200"
Listener hears "text/event-stream"

Ada sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Content-Type: application/json
|
| {"form":"form_01KAH0XVK4A9N3FYJ0T8Q5RWZC","name":"Ada","email":"ada@stoa.example","words":"A grinder for coffee"}
Ada is answered 303
Listener hears "event: message\n"
Listener leaves

# Who opened the list before she wrote, and listens only now, has missed nothing.
Late sends
| GET $TOLD HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Late hears "event: message\n"
Late leaves

Grace sends
| GET /admin/messages?q=GRINDER HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "A grinder for coffee"
Grace sends
| GET /admin/messages?q=%3Cb%3Etea HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Nothing contains “&lt;b&gt;tea”"

# A visitor is asked who they are; who has another role is told that it is not for them.
Eve sends
| GET /admin/messages?q=a HTTP/1.1
| Host: stoa.example
Eve is answered 303
| Location: /sign-in?next=%2Fadmin%2Fmessages%3Fq%3Da
and does not read "A grinder"
Eve sends
| GET /admin/messages/events HTTP/1.1
| Host: stoa.example
Eve is answered 401
Eve is signed in as catalog
Eve sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: $EVE
Eve is answered 403
and does not read "A grinder"
