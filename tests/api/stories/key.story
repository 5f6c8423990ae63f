# A person makes a key for a program; it may what it was given, until it is revoked.

Grace is signed in as manager
Grace sends
| GET /admin/keys HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "<code>messages.read</code>"
and does not read "<code>keys.own</code>"
and keeps TOKEN from "name=\"form_token\" value=\"*\""

# Nobody gives what they do not have, and no key may make keys.
Grace sends
| POST /admin/keys HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Till&scopes=messages.read+keys.own&days=30
Grace is answered 400
and reads "id=\"scopes-wrong\""
Grace sends
| POST /admin/keys HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| name=Till&scopes=messages.read&days=30
Grace is answered 403
Grace sends
| POST /admin/keys HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Till&scopes=+messages.read++&days=30
Grace is answered 200
and keeps KEY from "<code>stoa_sk_*</code>"
and keeps ID from "name=\"id\" value=\"*\""
Grace sends
| GET /admin/keys HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Till"
and does not read "stoa_sk_"

Till sends
| GET /admin/messages HTTP/1.1
| Host: localhost
| Authorization: Bearer stoa_sk_$KEY
Till is answered 200
and reads "No messages yet"
Till sends
| GET /admin/audit HTTP/1.1
| Host: localhost
| Accept: application/json
| Authorization: Bearer stoa_sk_$KEY
Till is answered 403
and reads "This API key is not for that."
Till sends
| GET /admin/keys HTTP/1.1
| Host: localhost
| Authorization: Bearer stoa_sk_$KEY
Till is answered 403

# It asks as often as RATE_API says, which is 3; the others are not held up by it.
Till sends
| GET /admin/messages HTTP/1.1
| Host: localhost
| Accept: application/json
| Authorization: Bearer stoa_sk_$KEY
Till is answered 429
| Retry-After:
Eve sends
| GET /admin/messages HTTP/1.1
| Host: localhost
| Accept: application/json
| Authorization: Bearer stoa_sk_0123456789012345678901234567890123456789012345
Eve is answered 401
and reads "This API key is not in force."

# It is another's: nobody else revokes it.
Sam is signed in as support
Sam sends
| GET /admin/keys HTTP/1.1
| Host: localhost
| Cookie: $SAM
Sam is answered 200
and does not read "Till"
and keeps OTHER from "name=\"form_token\" value=\"*\""
Sam sends
| POST /admin/keys/revoke HTTP/1.1
| Host: localhost
| Cookie: $SAM
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$OTHER&id=$ID
Sam is answered 404

Grace sends
| POST /admin/keys/revoke HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&id=$ID
Grace is answered 303
Till sends
| GET /admin/messages HTTP/1.1
| Host: localhost
| Accept: application/json
| Authorization: Bearer stoa_sk_$KEY
Till is answered 401
and reads "This API key is not in force."

# All of it is in the audit trail.
Grace sends
| GET /admin/audit?action=key.make HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "$ID"
and reads "\"name\":\"Till\""
and does not read "key.revoke"
Grace sends
| GET /admin/audit?action=key.revoke HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "$ID"
