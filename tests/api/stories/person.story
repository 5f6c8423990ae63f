# An owner looks after people: what they may, where they are signed in, and who is shut out.

Olga is signed in as owner
Grace is signed in as manager
Sam is signed in as support
Olga sends
| GET /admin/people?q=nobody+at+all HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and reads "Nobody fits"
and does not read "sam@stoa.example"
Olga sends
| GET /admin/people?q=sam%40 HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and keeps SAMID from "<li id=\"*\""
and does not read "grace@stoa.example"
Olga sends
| GET /admin/people?q=grace%40 HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and keeps GRACEID from "<li id=\"*\""
Olga sends
| GET /admin/people?q=olga%40 HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and keeps OLGAID from "<li id=\"*\""
Olga sends
| GET /admin/people?q=admin%40localhost HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and keeps FIRST from "<li id=\"*\""
Olga sends
| GET /admin/people?role=manager HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and reads "grace@stoa.example"
and does not read "sam@stoa.example"
Olga sends
| GET /admin/people?before=$SAMID HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and reads "grace@stoa.example"
and does not read "sam@stoa.example"
and reads ">Newest</a>"
Olga sends
| GET /admin/roles HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and reads "href=\"/admin/people?role=support\">1 person</a>"
Olga sends
| GET /admin/people/$SAMID HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and reads "sam@stoa.example"
and reads "127.0.0.1"
and keeps SESSION from "name=\"session\" value=\"*\""
and keeps TOKEN from "name=\"form_token\" value=\"*\""
Olga sends
| GET /admin/people/per_01KAH0XVK4A9N3FYJ0T8Q5RWZC HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 404

# Nobody reaches beyond what they may themselves, and no form goes without its token.
Grace sends
| GET /admin/people/$SAMID HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and keeps GRACES from "name=\"form_token\" value=\"*\""
Grace sends
| GET /admin/people/$OLGAID HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "for who may more than you"
and does not read "/disabled\""
Grace sends
| POST /admin/people/$GRACEID/roles HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$GRACES&role=owner&gives=true
Grace is answered 403
Grace sends
| POST /admin/people/$OLGAID/disabled HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$GRACES&disabled=true
Grace is answered 403
Grace sends
| POST /admin/people/$OLGAID/sessions HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$GRACES
Grace is answered 403
Grace sends
| POST /admin/people/$OLGAID/reset HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$GRACES
Grace is answered 403
Grace sends
| POST /admin/people/$SAMID/roles HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| role=orders&gives=true
Grace is answered 403
Grace sends
| POST /admin/people/$SAMID/roles HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$GRACES&role=orders&gives=true
Grace is answered 303
| Location: /admin/people/$SAMID?done=saved
Grace sends
| POST /admin/people/$SAMID/roles HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$GRACES&role=captain&gives=true
Grace is answered 400
Sam sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: $SAM
Sam is answered 200
and keeps SAMS from "name=\"form_token\" value=\"*\""
Sam sends
| POST /admin/people/$GRACEID/disabled HTTP/1.1
| Host: stoa.example
| Cookie: $SAM
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$SAMS&disabled=true
Sam is answered 403

# A session of somebody else is not ended under another's name.
Olga sends
| POST /admin/people/$GRACEID/sessions HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&session=$SESSION
Olga is answered 303
Sam sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: $SAM
Sam is answered 200
Olga sends
| POST /admin/people/$SAMID/sessions HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&session=$SESSION
Olga is answered 303
Sam sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: $SAM
Sam is answered 303
| Location: /sign-in?next=%2Faccount

# Who is disabled is told the same as with a wrong password, and gets no link.
Olga sends
| POST /admin/people/$SAMID/disabled HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&disabled=true
Olga is answered 303
Olga sends
| POST /admin/people/$SAMID/disabled HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&disabled=true
Olga is answered 303
Sam sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=sam%40stoa.example&password=one+of+my+own
Sam is answered 400
and reads "does not fit"
Olga sends
| POST /admin/people/$SAMID/reset HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Olga is answered 409
Olga sends
| GET /admin/people/$SAMID HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and reads "Disabled"
and reads "Nowhere."
Olga sends
| POST /admin/people/$SAMID/disabled HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Olga is answered 303
Sam sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=sam%40stoa.example&password=one+of+my+own
Sam is answered 303

# The last owner stays.
Olga sends
| POST /admin/people/$FIRST/disabled HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&disabled=true
Olga is answered 303
Olga sends
| POST /admin/people/$OLGAID/disabled HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&disabled=true
Olga is answered 409
and reads "last owner"
Olga sends
| POST /admin/people/$OLGAID/roles HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&role=owner
Olga is answered 409

# All of it is in the audit trail, once.
Olga sends
| GET /admin/audit?who=$GRACEID&action=person.grant HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and reads "$SAMID"
and reads "{\"role\":\"orders\"}"
Olga sends
| GET /admin/audit?action=person.disable HTTP/1.1
| Host: stoa.example
| Cookie: $OLGA
Olga is answered 200
and reads "$SAMID"
and reads "$FIRST"
and does not read "$OLGAID</code>"
