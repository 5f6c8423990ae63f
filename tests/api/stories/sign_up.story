# Somebody signs up by their address; whether it is known already, only a mail says.

Ada sends
| POST /sign-up HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| name=Ada+Lovelace&email=Ada%40Stoa.example
Ada is answered 200
and keeps TOLD from "<main*</main>"
and reads "Look into your mail"
the next mail is to ada@stoa.example
and reads "Hello Ada Lovelace"
and keeps LINK from "/verify/*\n"

# The mail's reader may look at the link before her: nothing is used up by that.
Ada sends
| GET /verify/$LINK HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "ada@stoa.example"
Ada sends
| GET /verify/$LINK HTTP/1.1
| Host: stoa.example
Ada is answered 200

# A link for one thing is none for another.
Ada sends
| GET /reset/$LINK HTTP/1.1
| Host: stoa.example
Ada is answered 404

Ada sends
| POST /verify/$LINK HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| password=too+short
Ada is answered 400
and reads "id=\"password-wrong\""
and does not read "too short"
Ada sends
| POST /verify/$LINK HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| password=long+enough+to+be+one
Ada is answered 303
| Location: /sign-in?done=password

# It is good once.
Ada sends
| POST /verify/$LINK HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| password=long+enough+for+another
Ada is answered 404
Ada sends
| POST /sign-in HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=ada%40stoa.example&password=long+enough+to+be+one
Ada is answered 303
| Location: /account

# The same address again: the same page, to the byte; the mail says that there is an account.
Eve sends
| POST /sign-up HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| name=Eve&email=Ada%40Stoa.example
Eve is answered 200
and reads "$TOLD"
the next mail is to ada@stoa.example
and reads "you have one already"
and does not read "/verify/"

# Who signed up first and did not go on keeps nobody else from the address.
Eve sends
| POST /sign-up HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| name=Not+Joan&email=joan%40stoa.example
Eve is answered 200
the next mail is to joan@stoa.example
and keeps EARLIER from "/verify/*\n"
Joan sends
| POST /sign-up HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| name=Joan&email=joan%40stoa.example
Joan is answered 200
the next mail is to joan@stoa.example
and keeps LATER from "/verify/*\n"
Joan sends
| POST /verify/$LATER HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| password=only+joan+knows+it
Joan is answered 303
Eve sends
| POST /verify/$EARLIER HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| password=eve+would+like+this
Eve is answered 404
