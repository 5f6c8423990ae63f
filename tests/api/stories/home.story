# The front page, and the assets that it names.

Ada sends
| GET / HTTP/1.1
| Host: stoa.example
Ada is answered 200
| Content-Type: text/html; charset=utf-8
and reads "Good things, kept simple"
and keeps STYLE from "rel=\"stylesheet\" href=\"*\""
and keeps SCRIPT from "<script src=\"*\""

# A name with a hash may be kept for ever, and comes as small as the reader takes it.
Ada sends
| GET $STYLE HTTP/1.1
| Host: stoa.example
| Accept-Encoding: gzip, br
Ada is answered 200
| Content-Type: text/css; charset=utf-8
| Content-Encoding: br
| Cache-Control: public, max-age=31536000, immutable
| Vary: Accept-Encoding
Ada sends
| GET $STYLE HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "color-scheme: light dark"
and keeps of the head TAG from "ETag: *\r\n"
Ada sends
| GET $STYLE HTTP/1.1
| Host: stoa.example
| If-None-Match: $TAG
Ada is answered 304
| ETag: $TAG
Ada sends
| GET $STYLE HTTP/1.1
| Host: stoa.example
| Range: bytes=0-9
Ada is answered 206
| Content-Range: bytes 0-9/
| Content-Length: 10
Ada sends
| GET $STYLE HTTP/1.1
| Host: stoa.example
| Range: bytes=9000000-
Ada is answered 416
Ada sends
| HEAD $SCRIPT HTTP/1.1
| Host: stoa.example
Ada is answered 200
| Content-Type: text/javascript; charset=utf-8

# What the shop draws itself is an image that may be kept.
Ada sends
| GET /pictures/loaf-7.svg HTTP/1.1
| Host: stoa.example
Ada is answered 200
| Content-Type: image/svg+xml
| Cache-Control: public, max-age=31536000, immutable
| ETag: "
| Content-Security-Policy: default-src 'none'
Ada sends
| GET /pictures/moon-7.svg HTTP/1.1
| Host: stoa.example
Ada is answered 404

# Another hash is not there.
Ada sends
| GET /assets/ui/style-00000000.css HTTP/1.1
| Host: stoa.example
Ada is answered 404

# Pages are compressed for who takes that.
Ada sends
| GET / HTTP/1.1
| Host: stoa.example
| Accept-Encoding: gzip
Ada is answered 200
| Content-Encoding: gzip

# A new release takes over, and she does not notice.
the server is released
Ada sends
| GET / HTTP/1.1
| Host: stoa.example
Ada is answered 200
