# A manager invites somebody, who chooses a password by a letter in their language.

Grace is signed in as manager
Grace sends
| GET /admin/people/new HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "<option value=\"support\">Support</option>"
and does not read "<option value=\"owner\""
and keeps TOKEN from "name=\"form_token\" value=\"*\""
Grace sends
| POST /admin/people/new HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Lin&email=lin
Grace is answered 400
and reads "id=\"email-wrong\""
Grace sends
| POST /admin/people/new HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| name=Lin&email=lin%40stoa.example&language=de&role=support
Grace is answered 403
Grace sends
| POST /admin/people/new HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Lin&email=lin%40stoa.example&language=de&role=owner
Grace is answered 403
Grace sends
| POST /admin/people/new HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Lin&email=Lin%40stoa.example&language=de&role=support
Grace is answered 303
| Location: /admin/people/per_
the next mail is to lin@stoa.example
and reads "Guten Tag Lin"
and keeps ONE from "/reset/*\n"

# Sent twice it is one person, who gets one letter.
Grace sends
| POST /admin/people/new HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Lin&email=lin%40stoa.example&language=de&role=support
Grace is answered 303
| Location: /admin/people/per_
Grace sends
| GET /admin/people?q=LIN%40&role=support HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "No password yet"
and keeps LIN from "<li id=\"*\""
Grace sends
| POST /admin/people/$LIN/reset HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Grace is answered 303
| Location: /admin/people/$LIN?done=sent
the next mail is to lin@stoa.example
and reads "eingeladen"
and keeps TWO from "/reset/*\n"
Lin sends
| GET /reset/$ONE HTTP/1.1
| Host: stoa.example
Lin is answered 404
Lin sends
| POST /reset/$TWO HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| password=one+of+my+own
Lin is answered 303
Lin sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=lin%40stoa.example&password=one+of+my+own
Lin is answered 303
Grace sends
| GET /admin/people/$LIN HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and does not read "No password yet"
and reads "Support"
Grace sends
| GET /admin/audit?action=person.invite HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "$LIN"
and reads "{\"role\":\"support\"}"

# Who serves customers invites nobody.
Sam is signed in as support
Sam sends
| GET /admin/people/new HTTP/1.1
| Host: stoa.example
| Cookie: $SAM
Sam is answered 403
Sam sends
| GET /admin/people HTTP/1.1
| Host: stoa.example
| Cookie: $SAM
Sam is answered 403
