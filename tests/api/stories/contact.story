# A visitor writes to the company, makes mistakes, mends them, and reads the message again.

Ada sends
| GET /contact HTTP/1.1
| Host: stoa.example
Ada is answered 200
| Content-Type: text/html; charset=utf-8
| Content-Security-Policy: default-src 'none'
| X-Content-Type-Options: nosniff
and reads "Write to us"
and keeps FORM from "name=\"form\" value=\"*\""

# What is wrong is said at its field, and what was typed stays.
Ada sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&name=Ada+%3CLovelace%3E&email=ada%40&words=
Ada is answered 400
| Content-Type: text/html; charset=utf-8
and reads "There is a problem with 2 fields"
and reads "id=\"email-wrong\""
and reads "id=\"words-wrong\""
and does not read "id=\"name-wrong\""
and reads "value=\"Ada &lt;Lovelace&gt;\""
and reads "value=\"$FORM\""

Ada sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&name=Ada+%3CLovelace%3E&email=ada%40stoa.example&words=Does+the+engine%0D%0Aalso+do+returns%3F
Ada is answered 303
| Location: /contact/msg_
and keeps of the head LETTER from "Location: *\r\n"

Ada sends
| GET $LETTER HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Ada &lt;Lovelace&gt;"
and reads "Does the engine\nalso do returns?"
and does not read "<Lovelace>"

# The same again is the same message; corrected, it is another.
Ada sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&name=Ada+%3CLovelace%3E&email=ada%40stoa.example&words=Does+the+engine%0D%0Aalso+do+returns%3F
Ada is answered 303
| Location: $LETTER
Ada sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&name=Ada+Lovelace&email=ada%40stoa.example&words=Does+the+engine+do+returns%3F
Ada is answered 303
and keeps of the head CORRECTED from "Location: *\r\n"
Ada sends
| GET $CORRECTED HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Does the engine do returns?"

# It is there after a crash.
the server is killed
Ada sends
| GET $LETTER HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "also do returns?"

# Nobody finds it by guessing.
Eve sends
| GET /contact/msg_01KAH0XVK4A9N3FYJ0T8Q5RWZC HTTP/1.1
| Host: stoa.example
Eve is answered 404
and reads "There is nothing here"
Eve sends
| GET /contact/msg_1%27OR%271 HTTP/1.1
| Host: stoa.example
Eve is answered 404
