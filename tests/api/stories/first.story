# The first owner signs in with the password that the program said once, and chooses another.

the program said FIRST
Grace sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=Admin%40LocalHost&password=$FIRST&next=%2Fadmin%2Fmessages
Grace is answered 303
| Location: /account
and keeps of the head SESSION from "Set-Cookie: session=*;"
Grace sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: session=$SESSION
Grace is answered 200
and reads "Choose one of your own first"
and keeps TOKEN from "name=\"form_token\" value=\"*\""

# Until then nothing else goes.
Grace sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: session=$SESSION
Grace is answered 403
and reads "Choose a password of your own first"

# The same again is no password of one's own.
Grace sends
| POST /account/password HTTP/1.1
| Host: stoa.example
| Cookie: session=$SESSION
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&current=$FIRST&password=$FIRST
Grace is answered 400
and reads "must be another one"
Grace sends
| POST /account/password HTTP/1.1
| Host: stoa.example
| Cookie: session=$SESSION
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&current=$FIRST&password=correct+horse+battery
Grace is answered 303
| Location: /account?done=password
and keeps of the head NEW from "Set-Cookie: session=*;"
Grace sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: session=$NEW
Grace is answered 200

# The session from before is over, and so is the password; the next start makes no other owner.
Grace sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: session=$SESSION
Grace is answered 303
| Location: /sign-in?next=%2Faccount
the server is stopped
Grace sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=admin%40localhost&password=$FIRST
Grace is answered 400
Grace sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: session=$NEW
Grace is answered 200
