# A program that asks too often is told when to come again, and nobody else is. RATE_API is 3.

Ada sends
| GET /openapi.json HTTP/1.1
| Host: stoa.example
| X-Forwarded-For: 192.0.2.7
Ada is answered 200
| RateLimit-Limit: 3
| RateLimit-Remaining: 2
| RateLimit-Reset: 20
Ada sends
| GET /openapi.json HTTP/1.1
| Host: stoa.example
| X-Forwarded-For: 192.0.2.7
Ada is answered 200
Ada sends
| GET /openapi.json HTTP/1.1
| Host: stoa.example
| X-Forwarded-For: 192.0.2.7
Ada is answered 200
| RateLimit-Remaining: 0
Ada sends
| GET /openapi.json HTTP/1.1
| Host: stoa.example
| Accept: application/json
| X-Forwarded-For: 192.0.2.7
Ada is answered 429
| Content-Type: application/problem+json
| Retry-After:
| RateLimit-Limit: 3
| RateLimit-Remaining: 0
and reads "\"code\":\"rate\""

# Pages are another matter, and so is another address.
Ada sends
| GET / HTTP/1.1
| Host: stoa.example
| X-Forwarded-For: 192.0.2.7
Ada is answered 200
Bob sends
| GET /openapi.json HTTP/1.1
| Host: stoa.example
| X-Forwarded-For: 192.0.2.8
Bob is answered 200

# What Eve claims in front of what the proxy says does not make her another.
Eve sends
| GET /openapi.json HTTP/1.1
| Host: stoa.example
| X-Forwarded-For: 198.51.100.1, 192.0.2.7
Eve is answered 429

# Whether it serves may be asked at any time.
Ada sends
| GET /healthz HTTP/1.1
| Host: stoa.example
| X-Forwarded-For: 192.0.2.7
Ada is answered 204

# Forms say how many more are taken, right or wrong.
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| X-Forwarded-For: 192.0.2.7
| Content-Type: application/x-www-form-urlencoded
|
| email=nobody%40stoa.example&password=a+guess
Ada is answered 400
| RateLimit-Limit: 30
| RateLimit-Remaining: 29
