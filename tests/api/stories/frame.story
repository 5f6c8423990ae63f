# Every page shows where one is, and leads to the others and to the other languages.

Ada sends
| GET /about HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "<a href=\"/about\" aria-current=\"page\">About</a>"
and reads "<a href=\"/contact\">Contact</a>"
and reads "href=\"#main\">Skip to the content</a>"
and reads "/language?code=fr&amp;back=%2Fabout\" lang=\"fr\""
