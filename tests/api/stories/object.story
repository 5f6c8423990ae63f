# Whoever has a link puts a file, and gets it, for a time; nobody else does.

a link to put papers/offer.pdf for 600 s is PUT
a link to get papers/offer.pdf for 600 s is GET

Ada sends
| GET $GET HTTP/1.1
| Host: stoa.example
Ada is answered 404
and reads "There is nothing here"

Ada sends
| PUT $PUT HTTP/1.1
| Host: stoa.example
| Content-Type: application/pdf
|
| %PDF-1.7 not really one
Ada is answered 204

Ada sends
| GET $GET HTTP/1.1
| Host: stoa.example
Ada is answered 200
| Content-Type: application/pdf
| Content-Length: 23
| Accept-Ranges: bytes
| Cache-Control: private, no-cache
| X-Content-Type-Options: nosniff
| Content-Disposition: inline; filename="offer.pdf"; filename*=UTF-8''offer.pdf
| Content-Security-Policy: default-src 'none'
and reads "%PDF-1.7 not really one"
and keeps of the head ETAG from "ETag: *\r\n"

# What she has she is not sent again, and a part where she wants one.
Ada sends
| GET $GET HTTP/1.1
| Host: stoa.example
| If-None-Match: $ETAG
Ada is answered 304
| ETag: $ETAG
Ada sends
| GET $GET HTTP/1.1
| Host: stoa.example
| Range: bytes=1-3
| If-Range: $ETAG
Ada is answered 206
| Content-Range: bytes 1-3/23
and reads "PDF"
and does not read "%PDF"
Ada sends
| GET $GET HTTP/1.1
| Host: stoa.example
| Range: bytes=23-
Ada is answered 416
| Content-Range: bytes */23
Ada sends
| HEAD $GET HTTP/1.1
| Host: stoa.example
Ada is answered 200
| Content-Length: 23

# It is there after a crash; what another put in its place is another thing.
the server is killed
Ada sends
| PUT $PUT HTTP/1.1
| Host: stoa.example
| Content-Type: application/pdf
| Transfer-Encoding: chunked
|
| 3
| new
| 0
| 
| 
Ada is answered 204
Ada sends
| GET $GET HTTP/1.1
| Host: stoa.example
| Range: bytes=0-1
| If-Range: $ETAG
Ada is answered 200
| Content-Length: 3
and reads "new"

# A link is for one name and one use, and whole.
Eve sends
| GET $PUT HTTP/1.1
| Host: stoa.example
Eve is answered 403
| Cache-Control: no-store
and reads "This link does not work any more"
and reads "Ask whoever gave it to you for a new one"
Eve sends
| PUT $GET HTTP/1.1
| Host: stoa.example
|
| mine
Eve is answered 403
Eve sends
| GET $GET0 HTTP/1.1
| Host: stoa.example
Eve is answered 403
Eve sends
| GET /objects/papers/offer.pdf HTTP/1.1
| Host: stoa.example
| Accept: application/json
Eve is answered 403
| Content-Type: application/problem+json
Eve sends
| GET /objects/papers/%2e%2e/%2e%2e/master.key HTTP/1.1
| Host: stoa.example
Eve is answered 404
Eve sends
| DELETE $PUT HTTP/1.1
| Host: stoa.example
Eve is answered 405
| Allow: GET, HEAD, PUT, OPTIONS

# What could run is not shown, whatever it says that it is; names go in two spellings.
a link to put notes/bill%20ä".html for 600 s is PAGE
a link to get notes/bill%20ä".html for 600 s is SHOWN
Eve sends
| PUT $PAGE HTTP/1.1
| Host: stoa.example
| Content-Type: text/html
|
| <script>alert(1)</script>
Eve is answered 204
Ada sends
| GET $SHOWN HTTP/1.1
| Host: stoa.example
Ada is answered 200
| Content-Type: text/html
| Content-Disposition: attachment; filename="bill_20___.html"; filename*=UTF-8''bill%2520%C3%A4%22.html
| Content-Security-Policy: default-src 'none'; sandbox
| X-Content-Type-Options: nosniff

# A link ends.
a link to get papers/offer.pdf for 1 s is SHORT
Ada waits 2100 ms
Ada sends
| GET $SHORT HTTP/1.1
| Host: stoa.example
| Accept-Language: de
Ada is answered 403
and reads "Dieser Link gilt nicht mehr"
