# The design system is one page, mirrored where one reads from the right.

Ada sends
| GET /style HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\""
and reads "Mon 412"
Samira sends
| GET /style HTTP/1.1
| Host: stoa.example
| Accept-Language: ar
Samira is answered 200
and reads "dir=\"rtl\""
