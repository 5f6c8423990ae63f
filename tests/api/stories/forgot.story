# Asking for another password: in the reader's language, and not without end.

Grace is signed in as support
Grace sends
| GET /forgot HTTP/1.1
| Host: stoa.example
| Accept-Language: ar
Grace is answered 200
and reads "dir=\"rtl\""
Grace sends
| POST /forgot HTTP/1.1
| Host: stoa.example
| Accept-Language: de
| Content-Type: application/x-www-form-urlencoded
|
| email=keine+Adresse
Grace is answered 400
and reads "id=\"email-wrong\""
Grace sends
| POST /forgot HTTP/1.1
| Host: stoa.example
| Accept-Language: de
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example
Grace is answered 200
and reads "Sehen Sie in Ihre E-Mails"
the next mail is to grace@stoa.example
and reads "wählen Sie hier innerhalb einer Stunde"
Grace sends
| POST /forgot HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example
Grace is answered 200
the next mail is to grace@stoa.example
Grace sends
| POST /forgot HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example
Grace is answered 200
and keeps TOLD from "<main*</main>"
the next mail is to grace@stoa.example

# The fourth within the time is answered as the others, and no mail is written: the next one is another's.
Grace sends
| POST /forgot HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| email=grace%40stoa.example
Grace is answered 200
and reads "$TOLD"
Ada sends
| POST /sign-up HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| name=Ada&email=ada%40stoa.example
Ada is answered 200
the next mail is to ada@stoa.example
