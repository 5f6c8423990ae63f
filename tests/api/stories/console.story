# The console is for the people of the company; a visitor is told so.

Ada sends
| GET /admin HTTP/1.1
| Host: stoa.example
| Accept: text/html
Ada is answered 403
and reads "This is for the people of the company."
