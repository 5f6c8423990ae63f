# A link that ends a subscription which ended before, or never was, says so; it needs no account.

Ada sends
| GET /unsubscribe/sub_01KAH0XVK4A9N3FYJ0T8Q5RWZC HTTP/1.1
| Host: stoa.example
Ada is answered 404
and reads "There is nothing here"

Ada sends
| POST /unsubscribe/sub_01KAH0XVK4A9N3FYJ0T8Q5RWZC HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| List-Unsubscribe=One-Click
Ada is answered 404
