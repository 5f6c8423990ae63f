# A second factor: an authenticator app is added, and from then on the password alone opens nothing.

Grace is signed in as support
Grace sends
| GET /account/second HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "Second factor"
and keeps TOKEN from "name=\"form_token\" value=\"*\""

# Whoever finds an open session cannot add one: it takes the password.
Grace sends
| POST /account/second HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&password=another+password&kind=app
Grace is answered 400
Grace sends
| GET /account/app HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 303
| Location: /account/second

Grace sends
| POST /account/second HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&password=one+of+my+own&kind=app
Grace is answered 303
| Location: /account/app
Grace sends
| GET /account/app HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\""
and keeps SECRET from "<code>*</code>"
the app of $SECRET shows NOW NEXT

# A wrong code, and then the right one. The codes for recovery are shown once.
Grace sends
| POST /account/app HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&code=12345
Grace is answered 400
and reads "the clock of your device"
Grace sends
| POST /account/app HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&code=$NOW
Grace is answered 200
and reads "Recovery codes"
and keeps RECOVERY from "<li><code>*</code></li>"
Grace sends
| GET /account/second HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "Authenticator app"
and reads "10 are left"
and does not read "$RECOVERY"

# The password alone: no session, and a cookie that opens nothing else.
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own&next=%2Fadmin%2Fmessages
Ada is answered 303
| Location: /sign-in/second
and keeps of the head SECOND from "Set-Cookie: second=*;"
Ada sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: session=$SECOND; second=$SECOND
Ada is answered 303
| Location: /sign-in?next=%2Fadmin%2Fmessages
Ada sends
| GET /sign-in/second HTTP/1.1
| Host: stoa.example
| Cookie: second=$SECOND
Ada is answered 200
and reads "The six digits in your authenticator app"

# The code that was used when the app was added is used; the next one is good, once.
Ada sends
| POST /sign-in/second HTTP/1.1
| Host: stoa.example
| Cookie: second=$SECOND
| Content-Type: application/x-www-form-urlencoded
|
| code=$NOW
Ada is answered 400
Ada sends
| POST /sign-in/second HTTP/1.1
| Host: stoa.example
| Cookie: second=$SECOND
| Content-Type: application/x-www-form-urlencoded
|
| code=$NEXT
Ada is answered 303
| Location: /admin/messages
and keeps of the head ADA from "Set-Cookie: session=*;"
Ada sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: session=$ADA
Ada is answered 200
Ada sends
| POST /sign-in/second HTTP/1.1
| Host: stoa.example
| Cookie: second=$SECOND
| Content-Type: application/x-www-form-urlencoded
|
| code=$NEXT
Ada is answered 303
| Location: /sign-in

# A recovery code instead, in small letters; a passkey that nobody has; and five wrong answers.
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own
Eve is answered 303
| Location: /sign-in/second
and keeps of the head EVE from "Set-Cookie: second=*;"
Eve sends
| POST /sign-in/passkey HTTP/1.1
| Host: stoa.example
| Cookie: second=$EVE
| Content-Type: application/json
|
| {"id":"AAAA","client":"AAAA","data":"AAAA","signature":"AAAA"}
Eve is answered 400
Eve sends
| POST /sign-in/second HTTP/1.1
| Host: stoa.example
| Cookie: second=$EVE
| Content-Type: application/x-www-form-urlencoded
|
| code=$RECOVERY
Eve is answered 303
| Location: /account
Eve sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own
Eve is answered 303
and keeps of the head LATER from "Set-Cookie: second=*;"
Eve sends
| POST /sign-in/second HTTP/1.1
| Host: stoa.example
| Cookie: second=$LATER
| Content-Type: application/x-www-form-urlencoded
|
| code=$RECOVERY
Eve is answered 400

# In Grace's session it is removed, and the password is enough again.
Grace sends
| POST /account/second/remove HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&factor=app
Grace is answered 303
| Location: /account/second?done=removed
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own
Ada is answered 303
| Location: /account
