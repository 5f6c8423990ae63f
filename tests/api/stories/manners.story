# What every resource does: HEAD, OPTIONS, other methods, addresses that are nearly right.

Ada sends
| HEAD /contact HTTP/1.1
| Host: stoa.example
Ada is answered 200
| Content-Type: text/html; charset=utf-8
| Content-Length: 

Ada sends
| OPTIONS /contact HTTP/1.1
| Host: stoa.example
Ada is answered 204
| Allow: GET, HEAD, POST, OPTIONS

Ada sends
| DELETE /contact HTTP/1.1
| Host: stoa.example
Ada is answered 405
| Allow: GET, HEAD, POST, OPTIONS

Ada sends
| GET /contact/?language=de HTTP/1.1
| Host: stoa.example
Ada is answered 308
| Location: /contact?language=de

Ada sends
| GET /nothing HTTP/1.1
| Host: stoa.example
| Accept: text/html
Ada is answered 404
| Content-Type: text/html; charset=utf-8
and reads "There is nothing here"

# Programs are told in their own way.
Robot sends
| GET /nothing HTTP/1.1
| Host: stoa.example
| Accept: application/json
Robot is answered 404
| Content-Type: application/problem+json
and reads "\"status\":404"

Robot sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Accept: application/json
| Content-Type: application/json
|
| {"form":"form_01KAH0XVK4A9N3FYJ0T8Q5RWZC","name":"","email":"ada","words":"hello","weight":3}
Robot is answered 400
| Content-Type: application/problem+json

Robot sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Accept: application/json
| Content-Type: text/csv
|
| a,b
Robot is answered 415

# What a page of another site sends is not taken.
Eve sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Origin: https://evil.example
| Content-Type: application/x-www-form-urlencoded
|
| form=form_01KAH0XVK4A9N3FYJ0T8Q5RWZC&name=Eve&email=eve%40evil.example&words=Hello+there
Eve is answered 403

Robot sends
| GET /openapi.json HTTP/1.1
| Host: stoa.example
Robot is answered 200
| Content-Type: application/json
and reads "\"openapi\":\"3.1.0\""
and reads "contact_send"

Robot sends
| GET /healthz HTTP/1.1
| Host: stoa.example
Robot is answered 204

Robot sends
| GET /robots.txt HTTP/1.1
| Host: stoa.example
Robot is answered 200
and reads "User-agent"

# An asset is fetched and nothing else: what else is tried is told so, and a path that is none is not there.
Ada sends
| POST /robots.txt HTTP/1.1
| Host: stoa.example
| Content-Length: 0
Ada is answered 405
| Allow: GET, HEAD, OPTIONS
Ada sends
| OPTIONS /robots.txt HTTP/1.1
| Host: stoa.example
Ada is answered 204
| Allow: GET, HEAD, OPTIONS
Ada sends
| POST /nothing.txt HTTP/1.1
| Host: stoa.example
| Content-Length: 0
Ada is answered 404
