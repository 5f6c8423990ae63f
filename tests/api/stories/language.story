# A page speaks its reader's language, by what the browser says and by what the reader chose.

Heinz sends
| GET /contact HTTP/1.1
| Host: stoa.example
| Accept-Language: de-AT, en;q=0.5
Heinz is answered 200
and reads "<html lang=\"de\" dir=\"ltr\">"
and reads "Schreiben Sie uns"

Heinz sends
| GET /language?code=ar&back=/contact HTTP/1.1
| Host: stoa.example
Heinz is answered 303
| Location: /contact
| Set-Cookie: language=ar

Heinz sends
| GET /contact HTTP/1.1
| Host: stoa.example
| Accept-Language: de
| Cookie: language=ar
Heinz is answered 200
and reads "<html lang=\"ar\" dir=\"rtl\">"

Eve sends
| GET /language?code=de&back=//evil.example HTTP/1.1
| Host: stoa.example
Eve is answered 303
| Location: /
Eve sends
| GET /language?code=de&back=/%5Cevil.example HTTP/1.1
| Host: stoa.example
Eve is answered 303
| Location: /
