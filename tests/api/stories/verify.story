# A link of a mail that nobody wrote leads nowhere, and costs nothing.

Eve sends
| GET /verify/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef HTTP/1.1
| Host: stoa.example
Eve is answered 404
Eve sends
| POST /verify/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| password=what+eve+would+like
Eve is answered 404
Eve sends
| POST /verify/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| password=short
Eve is answered 404
and reads "There is nothing here"
