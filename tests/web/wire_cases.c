/* The raw requests that Stoa and nginx are compared by. */
#include "web/wire_cases.h"

#define HOST  "Host: a\r\n"
#define GET   "GET / HTTP/1.1\r\n" HOST
#define POST  "POST / HTTP/1.1\r\n" HOST
#define CODED POST "Transfer-Encoding: chunked\r\n\r\n"
#define END   "\r\n"
#define X16   "xxxxxxxxxxxxxxxx"
#define X256  X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16
#define X4096 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256
#define H8    "a: a\r\nb: b\r\nc: c\r\nd: d\r\ne: e\r\nf: f\r\ng: g\r\nh: h\r\n"
#define H64   H8 H8 H8 H8 H8 H8 H8 H8

#define BYTES(literal)               \
    {                                \
        literal, sizeof(literal) - 1 \
    }
#define SAME(name, bytes, status)                  \
    {                                              \
        name, BYTES(bytes), status, 0, NULL, false \
    }
#define LAST(name, bytes, status)                 \
    {                                             \
        name, BYTES(bytes), status, 0, NULL, true \
    }
#define OTHER(name, bytes, status, nginx, why)        \
    {                                                 \
        name, BYTES(bytes), status, nginx, why, false \
    }

const struct wire_case wire_cases[] = {
    /* What is taken. */
    SAME("plain", GET END, 200),
    SAME("query", "GET /a?b=c&d HTTP/1.1\r\n" HOST END, 200),
    SAME("HEAD", "HEAD / HTTP/1.1\r\n" HOST END, 200),
    SAME("one empty line before", "\r\n" GET END, 200),
    SAME("no space behind the colon", "GET / HTTP/1.1\r\nHost:a\r\n\r\n", 200),
    SAME("tab behind the colon", GET "X:\ta\t\r\n" END, 200),
    SAME("name in capitals", "GET / HTTP/1.1\r\nHOST: a\r\n\r\n", 200),
    SAME("empty value", GET "X:\r\n" END, 200),
    SAME("UTF-8 in a value", GET "X: \xc3\xa4\r\n" END, 200),
    SAME("port", "GET / HTTP/1.1\r\nHost: a:8080\r\n\r\n", 200),
    SAME("IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200),
    SAME("absolute form", "GET http://a/b HTTP/1.1\r\n" HOST END, 200),
    SAME("absolute form of another host", "GET http://b/ HTTP/1.1\r\n" HOST END, 200),
    OTHER("OPTIONS of all", "OPTIONS * HTTP/1.1\r\n" HOST END, 200, 400, "RFC 9110 has it"),
    SAME("dots within", "GET /a/../b HTTP/1.1\r\n" HOST END, 200),
    SAME("escaped letters", "GET /%61%C3%A4 HTTP/1.1\r\n" HOST END, 200),
    SAME("length of 0", POST "Content-Length: 0\r\n" END, 200),
    SAME("length", POST "Content-Length: 5\r\n" END "hello", 200),
    SAME("a body of GET", GET "Content-Length: 5\r\n" END "hello", 200),
    SAME("100-continue", POST "Content-Length: 5\r\nExpect: 100-continue\r\n" END "hello", 200),
    SAME("chunks", CODED "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", 200),
    SAME("chunks, Chunked", POST "transfer-encoding: Chunked\r\n" END "0\r\n\r\n", 200),
    SAME("chunk size with zeros", CODED "0005\r\nhello\r\n000\r\n\r\n", 200),
    SAME("chunk size in hex", CODED "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", 200),
    SAME("chunk with an extension", CODED "5;a=b\r\nhello\r\n0\r\n\r\n", 200),
    SAME("chunks with a trailer", CODED "0\r\nX: a\r\n\r\n", 200),
    LAST("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200),
    LAST("HTTP/1.0 with a Host", "GET / HTTP/1.0\r\n" HOST END, 200),
    SAME("HTTP/1.0 kept alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200),
    LAST("Connection: close", GET "Connection: close\r\n" END, 200),

    /* The length of the body. */
    SAME("two lengths", POST "Content-Length: 5\r\nContent-Length: 6\r\n" END "hello", 400),
    SAME("the same length twice", POST "Content-Length: 5\r\nContent-Length: 5\r\n" END "hello",
         400),
    SAME("a list of lengths", POST "Content-Length: 5, 5\r\n" END "hello", 400),
    SAME("length with a plus", POST "Content-Length: +5\r\n" END "hello", 400),
    SAME("length with a minus", POST "Content-Length: -5\r\n" END "hello", 400),
    SAME("empty length", POST "Content-Length:\r\n" END, 400),
    SAME("length in hex", POST "Content-Length: 0x5\r\n" END "hello", 400),
    SAME("length with a space", POST "Content-Length: 5 5\r\n" END "hello", 400),
    OTHER("length with a zero", POST "Content-Length: 05\r\n" END "hello", 400, 200,
          "some read it as octal"),
    OTHER("length beyond any", POST "Content-Length: 99999999999999999999\r\n" END, 413, 400,
          "it is a number, and too large"),
    SAME("length and coding",
         POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" END "0\r\n\r\n", 400),
    SAME("coding and length",
         POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n" END "0\r\n\r\n", 400),
    SAME("two codings",
         POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" END "0\r\n\r\n", 400),
    SAME("a list of codings", POST "Transfer-Encoding: gzip, chunked\r\n" END "0\r\n\r\n", 501),
    SAME("chunked twice", POST "Transfer-Encoding: chunked, chunked\r\n" END "0\r\n\r\n", 501),
    SAME("coding identity", POST "Transfer-Encoding: identity\r\n" END, 501),
    SAME("coding that ends in chunked", POST "Transfer-Encoding: xchunked\r\n" END "0\r\n\r\n",
         501),
    SAME("coding with a parameter", POST "Transfer-Encoding: chunked;a=b\r\n" END "0\r\n\r\n", 501),
    SAME("empty coding", POST "Transfer-Encoding:\r\n" END, 501),
    SAME("coding in quotes", POST "Transfer-Encoding: \"chunked\"\r\n" END "0\r\n\r\n", 501),
    OTHER("coding behind a vertical tab",
          POST "Transfer-Encoding:\x0b"
               "chunked\r\n" END "0\r\n\r\n",
          400, 501, "a control, before it is looked at as a coding"),
    SAME("coding of HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         400),

    /* Chunks. */
    SAME("chunk size of no digit", CODED "g\r\nhello\r\n0\r\n\r\n", 400),
    SAME("chunk size with 0x", CODED "0x5\r\nhello\r\n0\r\n\r\n", 400),
    SAME("chunk size with a plus", CODED "+5\r\nhello\r\n0\r\n\r\n", 400),
    SAME("chunk size with a minus", CODED "-5\r\nhello\r\n0\r\n\r\n", 400),
    SAME("space before a chunk size", CODED " 5\r\nhello\r\n0\r\n\r\n", 400),
    SAME("no chunk size", CODED "\r\nhello\r\n0\r\n\r\n", 400),
    SAME("chunk size beyond 64 bits", CODED "10000000000000005\r\nhello\r\n0\r\n\r\n", 400),
    SAME("chunk that is longer", CODED "5\r\nhello!\r\n0\r\n\r\n", 400),
    OTHER("chunk that is shorter", CODED "6\r\nhello\r\n0\r\n\r\n", 400, 200,
          "a chunk ends in CR LF: nginx takes its CR for data and the bare LF for its end"),
    SAME("chunk that ends at once", CODED "5\r\nhello0\r\n\r\n", 400),
    OTHER("space behind a chunk size", CODED "5 \r\nhello\r\n0\r\n\r\n", 400, 200,
          "the grammar has none"),
    OTHER("bare LF behind a chunk size", CODED "5\nhello\r\n0\r\n\r\n", 400, 200,
          "a line ends in CR LF"),
    OTHER("bare LF behind a chunk", CODED "5\r\nhello\n0\r\n\r\n", 400, 200,
          "a line ends in CR LF"),
    OTHER("bare LF in an extension", CODED "5;a\nhello\r\n0\r\n\r\n", 400, 200,
          "a line ends in CR LF: this one is how requests are smuggled"),
    SAME("bare CR in an extension", CODED "5;a\rb\r\nhello\r\n0\r\n\r\n", 400),
    OTHER("NUL in an extension", CODED "5;a\0\r\nhello\r\n0\r\n\r\n", 400, 200, "a control"),
    OTHER("bare LF at the end", CODED "0\r\n\n", 400, 200, "a line ends in CR LF"),
    OTHER("trailer with a space", CODED "0\r\nX : a\r\n\r\n", 400, 200,
          "it is checked as headers are"),
    OTHER("trailer that is no header", CODED "0\r\nhello\r\n\r\n", 400, 200,
          "it is checked as headers are"),

    /* Lines and headers. */
    SAME("space before the colon", GET "X : a\r\n" END, 400),
    SAME("tab before the colon", GET "X\t: a\r\n" END, 400),
    SAME("space before the colon of a length", POST "Content-Length : 5\r\n" END "hello", 400),
    SAME("empty name", GET ": a\r\n" END, 400),
    OTHER("no colon", GET "X\r\n" END, 400, 200, "nginx drops the header"),
    OTHER("bad byte in a name", GET "X(: a\r\n" END, 400, 200, "nginx drops the header"),
    OTHER("UTF-8 in a name", GET "X\xc3\xa4: a\r\n" END, 400, 200, "nginx drops the header"),
    SAME("NUL in a name", GET "X\0: a\r\n" END, 400),
    SAME("NUL in a value", GET "X: a\0b\r\n" END, 400),
    OTHER("control in a value",
          GET "X: a\x01"
              "b\r\n" END,
          400, 200, "RFC 9110 has it so"),
    OTHER("DEL in a value", GET "X: a\x7f\r\n" END, 400, 200, "RFC 9110 has it so"),
    SAME("bare CR in a value", GET "X: a\rb\r\n" END, 400),
    SAME("folded header", GET "X: a\r\n b\r\n" END, 400),
    SAME("folded by a tab", GET "X: a\r\n\tb\r\n" END, 400),
    SAME("space before the first header", "GET / HTTP/1.1\r\n " HOST END, 400),
    OTHER("bare LF behind a header", GET "X: a\n" END, 400, 200, "a line ends in CR LF"),
    OTHER("bare LF behind the first line", "GET / HTTP/1.1\n" HOST END, 400, 200,
          "a line ends in CR LF"),
    OTHER("bare LF for the empty line", GET "\n", 400, 200, "a line ends in CR LF"),
    OTHER("two empty lines before", "\r\n\r\n" GET END, 400, 200, "one is what old clients send"),
    OTHER("expectation that none can meet", POST "Content-Length: 0\r\nExpect: a\r\n" END, 417, 200,
          "nginx looks for 100-continue alone"),

    /* The host. */
    SAME("no Host", "GET / HTTP/1.1\r\n\r\n", 400),
    SAME("two Hosts", GET "Host: b\r\n" END, 400),
    SAME("the same Host twice", GET HOST END, 400),
    SAME("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
    SAME("Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
    OTHER("Host with a name before", "GET / HTTP/1.1\r\nHost: me@a\r\n\r\n", 400, 200,
          "it has no userinfo"),
    SAME("Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    SAME("list of Hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
    OTHER("port of letters", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400, 200, "no port"),
    OTHER("port beyond any", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400, 200, "no port"),
    OTHER("open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, 200, "no address"),

    /* The first line. */
    OTHER("HTTP/0.9", "GET /\r\n", 400, 200, "nobody speaks it"),
    SAME("HTTP/2.0", "GET / HTTP/2.0\r\n" HOST END, 505),
    OTHER("HTTP/1.2", "GET / HTTP/1.2\r\n" HOST END, 505, 200, "there is none"),
    SAME("http/1.1", "GET / http/1.1\r\n" HOST END, 400),
    OTHER("HTTP/11", "GET / HTTP/11\r\n" HOST END, 400, 505, "it is no version at all"),
    SAME("version that is none", "GET / HTTP/1.1a\r\n" HOST END, 400),
    OTHER("space at the end of the first line", "GET / HTTP/1.1 \r\n" HOST END, 400, 200,
          "there is one space before the version and none behind"),
    OTHER("two spaces behind the method", "GET  / HTTP/1.1\r\n" HOST END, 400, 200,
          "there is one space"),
    SAME("tab behind the method", "GET\t/ HTTP/1.1\r\n" HOST END, 400),
    SAME("space before the method", " GET / HTTP/1.1\r\n" HOST END, 400),
    SAME("method in small letters", "get / HTTP/1.1\r\n" HOST END, 400),
    OTHER("method nobody knows", "BREW / HTTP/1.1\r\n" HOST END, 501, 200,
          "nginx passes it to who may know it"),
    SAME("TRACE", "TRACE / HTTP/1.1\r\n" HOST END, 405),
    OTHER("CONNECT", "CONNECT a:80 HTTP/1.1\r\n" HOST END, 405, 400,
          "the method is fine, and not for a server"),
    SAME("no slash", "GET a HTTP/1.1\r\n" HOST END, 400),
    SAME("authority alone", "GET a:80 HTTP/1.1\r\n" HOST END, 400),
    SAME("star of GET", "GET * HTTP/1.1\r\n" HOST END, 400),
    SAME("absolute form without a host", "GET http:///a HTTP/1.1\r\n" HOST END, 400),
    OTHER("absolute form of FTP", "GET ftp://a/ HTTP/1.1\r\n" HOST END, 400, 200,
          "it is not for us"),
    SAME("space in the target", "GET /a b HTTP/1.1\r\n" HOST END, 400),
    OTHER("fragment", "GET /a#b HTTP/1.1\r\n" HOST END, 400, 200, "it is never sent"),
    OTHER("UTF-8 in the target", "GET /\xc3\xa4 HTTP/1.1\r\n" HOST END, 400, 200, "a URL is ASCII"),
    SAME("NUL in the target", "GET /a\0 HTTP/1.1\r\n" HOST END, 400),
    SAME("control in the target", "GET /a\x01 HTTP/1.1\r\n" HOST END, 400),
    SAME("escaped NUL", "GET /%00 HTTP/1.1\r\n" HOST END, 400),
    SAME("escape of no digits", "GET /%zz HTTP/1.1\r\n" HOST END, 400),
    SAME("escape that is cut", "GET /%4 HTTP/1.1\r\n" HOST END, 400),
    OTHER("escaped line end", "GET /a%0d%0ab HTTP/1.1\r\n" HOST END, 400, 200, "no path holds one"),
    OTHER("escaped bytes that are not UTF-8", "GET /%ff HTTP/1.1\r\n" HOST END, 400, 200,
          "paths are text"),
    SAME("path that climbs", "GET /../a HTTP/1.1\r\n" HOST END, 400),
    SAME("path that climbs by escapes", "GET /a/%2e%2e/%2e%2e/b HTTP/1.1\r\n" HOST END, 400),
    SAME("TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),

    /* Limits. */
    SAME("long target", "GET /" X4096 X4096 X4096 " HTTP/1.1\r\n" HOST END, 414),
    OTHER("long header", GET "X: " X4096 X4096 X4096 X4096 "\r\n" END, 431, 400,
          "RFC 6585 has a status for it"),
    OTHER("many headers", GET H64 END, 431, 200, "HTTP_HEADERS_MAX"),
    {.name = NULL},
};
