# What concerns payments is asked by strangers: who has no id of one, or does not sign, learns nothing.

Eve sends
| GET /payments/pay_01KAH0XVK4A9N3FYJ0T8Q5RWZC HTTP/1.1
| Host: stoa.example
Eve is answered 404
Eve sends
| GET /payments/pay_01KAH0XVK4A9N3FYJ0T8Q5RWZC/return HTTP/1.1
| Host: stoa.example
Eve is answered 404
Eve sends
| GET /payments/test/pay_01KAH0XVK4A9N3FYJ0T8Q5RWZC HTTP/1.1
| Host: stoa.example
Eve is answered 404
Eve sends
| POST /payments/test/pay_01KAH0XVK4A9N3FYJ0T8Q5RWZC HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| choice=approve
Eve is answered 404

# A provider that is not on has no door, and one that is opens it to who signs.
Eve sends
| POST /payments/hooks/stripe HTTP/1.1
| Host: stoa.example
| Content-Type: application/json
|
| {}
Eve is answered 404
Eve sends
| POST /payments/hooks/bank HTTP/1.1
| Host: stoa.example
| Content-Type: application/json
|
| {}
Eve is answered 404
Eve sends
| POST /payments/hooks/test HTTP/1.1
| Host: stoa.example
| Content-Type: application/json
|
| {"id":"evt_1","payment":"pay_01KAH0XVK4A9N3FYJ0T8Q5RWZC","state":"captured","captured":100}
Eve is answered 403
and reads "This is not for you to say."
and does not read "signature"
Eve sends
| POST /payments/hooks/test HTTP/1.1
| Host: stoa.example
| Content-Type: application/json
| Test-Signature: t=1795300000,v1=0000000000000000000000000000000000000000000000000000000000000000
|
| {"id":"evt_1","payment":"pay_01KAH0XVK4A9N3FYJ0T8Q5RWZC","state":"captured","captured":100}
Eve is answered 403
and does not read "old"
