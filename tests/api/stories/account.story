# What one changes of one's account is sent by its own forms alone: a token of the session says so.

Grace is signed in as support
Eve is signed in as support
Grace sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and keeps TOKEN from "name=\"form_token\" value=\"*\""
Eve sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: $EVE
Eve is answered 200
and keeps OTHER from "name=\"form_token\" value=\"*\""

# Without a token, with a wrong one, with that of another session.
Eve sends
| POST /account HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| name=Eve
Eve is answered 403
and reads "This form is from before you signed in"
Eve sends
| POST /account HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| name=Eve&form_token=$OTHER
Eve is answered 403
Eve sends
| POST /account HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| name=Eve&form_token=000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
Eve is answered 403
Eve sends
| POST /account?form_token=$TOKEN HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| name=Eve
Eve is answered 403
Eve sends
| POST /account HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/json
|
| {"name":"Eve"}
Eve is answered 403
Eve sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form=form_01KAH0XVK4A9N3FYJ0T8Q5RWZC&name=Eve&email=eve%40stoa.example&words=Hello
Eve is answered 403
Eve sends
| POST /sign-out HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
|
Eve is answered 403

# With it: as a form, as a form with files, and as a program of our own pages.
Grace sends
| POST /account HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| name=Grace+Hopper&form_token=$TOKEN
Grace is answered 303
| Location: /account?done=name
Grace sends
| POST /account HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: multipart/form-data; boundary=x
|
| --x
| Content-Disposition: form-data; name="form_token"
|
| $TOKEN
| --x
| Content-Disposition: form-data; name="name"
|
| Grace B. Hopper
| --x--
|
Grace is answered 303
Grace sends
| POST /account HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| X-Form-Token: $TOKEN
| Content-Type: application/json
|
| {"name":"Grace Brewster Hopper"}
Grace is answered 303
Grace sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "Grace Brewster Hopper"
and does not read "value=\"Eve\""

# Nobody ends another's session, or reads it.
Eve sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: $EVE
Eve is answered 200
and does not read "grace@"
and keeps EVES from "name=\"session\" value=\"*\""
Grace sends
| POST /account/sessions HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&session=$EVES
Grace is answered 303
Eve sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: $EVE
Eve is answered 200

# Another browser of hers is signed out from here, at once.
Phone sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| User-Agent: a phone <b>
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own
Phone is answered 303
and keeps of the head PHONE from "Set-Cookie: *;"
Phone sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: $PHONE
Phone is answered 200
Grace sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "a phone &lt;b&gt;"
Grace sends
| POST /account/sessions HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Grace is answered 303
| Location: /account?done=sessions
Phone sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: $PHONE
Phone is answered 303
Grace sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200

# The password is changed by who knows it, and counts tries as signing in does.
Grace sends
| POST /account/password HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&current=a+guess&password=quite+another+one
Grace is answered 400
and reads "id=\"current-wrong\""
and does not read "a guess"
Grace sends
| POST /account/password HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&current=one+of+my+own&password=quite+another+one
Grace is answered 303
and keeps of the head NEWEST from "Set-Cookie: *;"
Grace sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 303
Grace sends
| POST /account HTTP/1.1
| Host: stoa.example
| Cookie: $NEWEST
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Grace
Grace is answered 403
