# Another e-mail address: asked for with the password, changed by a link that the new address got.

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
and keeps EVES from "name=\"form_token\" value=\"*\""

# Who found an open session asks in vain; so does who has no token of it.
Eve sends
| POST /account/email HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&own=a+guess&email=eve2%40stoa.example
Eve is answered 400
and reads "id=\"own-wrong\""
and does not read "a guess"
Eve sends
| POST /account/email HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| own=one+of+my+own&email=eve2%40stoa.example
Eve is answered 403
Grace sends
| POST /account/email HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&own=one+of+my+own&email=Grace%40Stoa.example
Grace is answered 400
and reads "id=\"email-wrong\""

# An address that is somebody's is answered as one that is free; its owner is written to, and nothing comes of it.
Grace sends
| POST /account/email HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&own=one+of+my+own&email=eve%40stoa.example
Grace is answered 303
| Location: /account?done=asked
the next mail is to eve@stoa.example
and reads "there is one with it already"
and reads "/forgot"
and does not read "/account/email/"
the next mail is to grace@stoa.example
and reads "asked for another e-mail address"
Grace sends
| POST /account/email HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&own=one+of+my+own&email=Hopper%40stoa.example
Grace is answered 303
| Location: /account?done=asked
the next mail is to hopper@stoa.example
and keeps LINK from "/account/email/*\n"
the next mail is to grace@stoa.example

# Until the link is used the old address is the address.
Grace sends
| GET /account?done=asked HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "grace@stoa.example"
and does not read "hopper@"

# The link is none for a visitor, for somebody else, and without the form's token.
Ada sends
| GET /account/email/$LINK HTTP/1.1
| Host: stoa.example
Ada is answered 303
Eve sends
| GET /account/email/$LINK HTTP/1.1
| Host: stoa.example
| Cookie: $EVE
Eve is answered 404
and does not read "hopper@"
Eve sends
| POST /account/email/$LINK HTTP/1.1
| Host: stoa.example
| Cookie: $EVE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$EVES
Eve is answered 404
Eve sends
| POST /account/email/$LINK HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| a=b
Eve is answered 403
Eve sends
| GET /reset/$LINK HTTP/1.1
| Host: stoa.example
Eve is answered 404

# Opened it changes nothing; sent it does, once, and another browser of hers is out.
Phone sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own
Phone is answered 303
and keeps of the head PHONE from "Set-Cookie: *;"
Grace sends
| GET /account/email/$LINK HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "hopper@stoa.example"
Phone sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: $PHONE
Phone is answered 200
Grace sends
| POST /account/email/$LINK HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Grace is answered 303
| Location: /account?done=moved
the next mail is to grace@stoa.example
and reads "It has another e-mail address now"
Phone sends
| GET /admin/messages HTTP/1.1
| Host: stoa.example
| Cookie: $PHONE
Phone is answered 303
Grace sends
| POST /account/email/$LINK HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN
Grace is answered 404
Grace sends
| GET /account HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "hopper@stoa.example"

# She signs in with the new one; with the old one nobody does.
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example&password=one+of+my+own
Ada is answered 400
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=hopper%40stoa.example&password=one+of+my+own
Ada is answered 303
