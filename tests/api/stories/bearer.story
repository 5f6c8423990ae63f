# A program bears its key: in place of a cookie, and without the token of a form.

Grace is signed in as manager
Grace sends
| GET /admin/keys HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and keeps TOKEN from "name=\"form_token\" value=\"*\""
Grace sends
| POST /admin/keys HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Robot&scopes=messages.read&days=1
Grace is answered 200
and keeps KEY from "<code>stoa_sk_*</code>"

# What a person does only with the token of their form, a key does without: no browser sends it unasked.
Robot sends
| POST /contact HTTP/1.1
| Host: localhost
| Authorization: bearer  stoa_sk_$KEY
| Content-Type: application/json
|
| {"form":"form_01KAH0XVK4A9N3FYJ0T8Q5RWZC","name":"Robot","email":"robot@stoa.example","words":"Beep"}
Robot is answered 303
Grace sends
| POST /contact HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/json
|
| {"form":"form_01KAH0XVK4A9N3FYJ0T8Q5RWZD","name":"Grace","email":"grace@stoa.example","words":"Hello"}
Grace is answered 403

# A cookie beside the key makes nobody of more: the key counts alone.
Robot sends
| GET /admin/audit HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Accept: application/json
| Authorization: Bearer stoa_sk_$KEY
Robot is answered 403
Robot sends
| GET /admin/messages HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Accept: application/json
| Authorization: Bearer $KEY
Robot is answered 401

# Another scheme is none of ours, and leaves one a visitor.
Robot sends
| GET /admin/messages HTTP/1.1
| Host: localhost
| Accept: application/json
| Authorization: Basic stoa_sk_$KEY
Robot is answered 401
and reads "Sign in"
