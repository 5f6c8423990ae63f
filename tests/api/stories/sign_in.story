# Signing in: what is right goes on to a place of this site, and what is wrong is told in one way.

Grace is signed in as support

# What was asked for is where one arrives.
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=GRACE%40stoa.example&password=one+of+my+own&next=%2Fadmin%2Fmessages%3Fq%3Da
Ada is answered 303
| Location: /admin/messages?q=a
| HttpOnly; SameSite=Lax
and keeps of the head FIRST from "Set-Cookie: session=*;"

# Never to another site.
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own&next=%2F%2Fevil.example%2F
Ada is answered 303
| Location: /account
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own&next=https%3A%2F%2Fevil.example
Ada is answered 303
| Location: /account
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own&next=%2F%5Cevil.example
Ada is answered 303
| Location: /account
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own&next=%2F%09%2Fevil.example
Ada is answered 400
Ada sends
| GET /sign-in?next=%2F%2Fevil.example HTTP/1.1
| Host: stoa.example
Ada is answered 200
and does not read "name=\"next\""

# Behind TLS the cookie is one that no other host can set, and the other name counts for nothing.
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| X-Forwarded-Proto: https
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own
Ada is answered 303
| Set-Cookie: __Host-session=
| HttpOnly; SameSite=Lax; Secure
and keeps of the head SAFE from "Set-Cookie: __Host-session=*;"
Ada sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| X-Forwarded-Proto: https
| Cookie: __Host-session=$SAFE
Ada is answered 200
Ada sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| X-Forwarded-Proto: https
| Cookie: session=$SAFE
Ada is answered 303
| Location: /sign-in

# A session that somebody else chose is never taken over: the token is another one, and theirs is nobody's.
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Cookie: session=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own
Ada is answered 303
Ada sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: session=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
Ada is answered 303
| Location: /sign-in

# What was begun before in this browser ends by signing in anew. Two cookies of one name are none.
Ada sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: session=$FIRST
Ada is answered 200
and keeps TOKEN from "name=\"form_token\" value=\"*\""
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Cookie: session=$FIRST
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own&form_token=$TOKEN
Ada is answered 303
and keeps of the head SECOND from "Set-Cookie: session=*;"
Ada sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: session=$FIRST
Ada is answered 303
Ada sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: session=$SECOND; session=$SECOND
Ada is answered 303
Ada sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: session=$SECOND
Ada is answered 200
and keeps TOKEN2 from "name=\"form_token\" value=\"*\""

# Who signs out is out, whoever kept the cookie.
Ada sends
| POST /sign-out HTTP/1.1
| Host: stoa.example
| Cookie: session=$SECOND
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN2
Ada is answered 303
| Set-Cookie: session=; Path=/; Max-Age=0
Ada sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: session=$SECOND
Ada is answered 303
| Location: /sign-in

# A wrong password of somebody, and any password of nobody: the same page, to the byte.
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=a+guess
Eve is answered 400
and keeps WRONG from "</head>*value=\"grace@"
and keeps WRONG_REST from "stoa.example\" autocomplete*</html>"
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=nobody%40stoa.example&password=a+guess
Eve is answered 400
and keeps NOBODY from "</head>*value=\"nobody@"
and reads "$WRONG"
and reads "$WRONG_REST"

# After five that are wrong the right one does not count either, and nothing says so.
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=a+second
Eve is answered 400
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=a+third
Eve is answered 400
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=a+fourth
Eve is answered 400
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=a+fifth
Eve is answered 400
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own
Eve is answered 400
and reads "$WRONG"
and reads "$WRONG_REST"
the server is killed
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own
Eve is answered 400

# A form that another site sends is not done.
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Origin: https://evil.example
| Content-Type: application/x-www-form-urlencoded
|
| email=eve%40stoa.example&password=one+of+my+own
Eve is answered 403
