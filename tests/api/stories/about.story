# What runs here is told, but no secret.

Ada sends
| GET /about HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "STOA_DATA"
and reads "DATABASE_URL"
and reads "(secret)"
and does not read "postgres://stoa"
