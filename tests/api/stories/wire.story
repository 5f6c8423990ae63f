# How requests may come in: in pieces, several at once, in chunks; and how they may not.

# In pieces.
Ada sends "GET /healthz HT"
Ada waits 50 ms
Ada sends "TP/1.1\r\nHost: stoa.example\r"
Ada waits 50 ms
Ada sends "\n\r\n"
Ada is answered 204

# Three at once are answered in their order.
Ada sends "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
Ada is answered 204
Ada is answered 404
Ada is answered 204

# A form in chunks, and one that waits to be asked for.
Ada sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
| Transfer-Encoding: chunked
Ada sends "4\r\nname\r\n5\r\n=Ada&\r\n0\r\n\r\n"
Ada is answered 400
and reads "value=\"Ada\""
Ada sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
| Content-Length: 8
| Expect: 100-continue
Ada is answered 100
Ada sends "name=Ada"
Ada is answered 400

# HTTP/1.0 closes where it does not ask to stay.
Old sends "GET /healthz HTTP/1.0\r\n\r\n"
Old is answered 204
Old is disconnected

# What could be read in two ways is refused, and the connection closed.
Eve sends "POST /contact HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"
Eve is answered 400
| Connection: close
Eve is disconnected
Eve sends "POST /contact HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
Eve is answered 400
Eve is disconnected
Eve sends "GET / HTTP/1.1\r\nHost : a\r\n\r\n"
Eve is answered 400
Eve is disconnected
Eve sends "GET / HTTP/1.1\r\n\r\n"
Eve is answered 400
Eve is disconnected

# Who says that more will come than is taken is told so before it comes.
Big sends
| POST /contact HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
| Content-Length: 200000000
Big is answered 413
Big is disconnected
