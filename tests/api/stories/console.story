# The console is for the people of the company; a visitor is asked who they are.

Ada sends
| GET /admin HTTP/1.1
| Host: stoa.example
| Accept: text/html
Ada is answered 303
| Location: /sign-in?next=%2Fadmin
Ada is signed in as customer
Ada sends
| GET /admin HTTP/1.1
| Host: stoa.example
| Cookie: $ADA
Ada is answered 403
and reads "This is for others in the company."
