# Who sits at the machine reads what visitors wrote, searches it, and is told of what is new.

Grace sends
| GET /messages HTTP/1.1
| Host: localhost
Grace is answered 200
and reads "No messages yet"
and keeps TOLD from "data-live=\"*\""

Listener sends
| GET /messages/events HTTP/1.1
| Host: localhost:8080
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
Late hears "event: message\n"
Late leaves

Grace sends
| GET /messages?q=GRINDER HTTP/1.1
| Host: localhost
Grace is answered 200
and reads "A grinder for coffee"
Grace sends
| GET /messages?q=%3Cb%3Etea HTTP/1.1
| Host: localhost
Grace is answered 200
and reads "Nothing contains “&lt;b&gt;tea”"

# Behind a proxy on the same machine it is somebody else who asks, and the list is not theirs.
Eve sends
| GET /messages HTTP/1.1
| Host: stoa.example
| X-Forwarded-For: 192.0.2.7
Eve is answered 403
and does not read "A grinder"
Eve sends
| GET /messages/events HTTP/1.1
| Host: stoa.example
| X-Forwarded-For: 192.0.2.7
Eve is answered 403

# Nor is it for a page of another site whose name was made to lead to this machine.
Eve sends
| GET /messages HTTP/1.1
| Host: evil.example
Eve is answered 403
