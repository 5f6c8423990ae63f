# Who forgot their password chooses another by a mail; who is signed in elsewhere is out.

Grace is signed in as support
Eve sends
| POST /forgot HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=nobody%40stoa.example
Eve is answered 200
and keeps START from "</head>*nobody@stoa"
and keeps END from "nobody@stoa.example*</html>"
Grace sends
| POST /forgot HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example
Grace is answered 200
and reads "$START"
and reads "$END"
the next mail is to grace@stoa.example
and keeps ONE from "/reset/*\n"
Grace sends
| POST /forgot HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example
Grace is answered 200
the next mail is to grace@stoa.example
and keeps TWO from "/reset/*\n"
Grace sends
| GET /verify/$ONE HTTP/1.1
| Host: stoa.example
Grace is answered 404
Grace sends
| POST /reset/$ONE HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| password=quite+another+one
Grace is answered 303
| Location: /sign-in?done=password

# One that was used makes the others useless, and itself.
Eve sends
| POST /reset/$ONE HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| password=what+eve+would+like
Eve is answered 404
Eve sends
| GET /reset/$TWO HTTP/1.1
| Host: stoa.example
Eve is answered 404
Eve sends
| GET /reset/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef HTTP/1.1
| Host: stoa.example
Eve is answered 404
Eve sends
| GET /reset/x HTTP/1.1
| Host: stoa.example
Eve is answered 404

# Whoever was signed in is out, and the old password is none.
Eve sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Eve is answered 303
| Location: /sign-in
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own
Eve is answered 400
Grace sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=quite+another+one
Grace is answered 303
