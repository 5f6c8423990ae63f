# Who may read it sees what was done; a wrong filter is told.

Grace is signed in as manager
Grace sends
| GET /admin/audit?action=nothing HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Nothing was done that fits"

# That she was let in, and signed in, is the beginning of it.
Grace sends
| GET /admin/audit HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "<code>session.begin</code>"
and reads "<code>person.let_in</code>"
and reads "{\"role\":\"manager\"}"
and does not read "<code>key.make</code>"
Grace sends
| GET /admin/audit?who=stoa HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "<code>person.let_in</code>"
and does not read "<code>session.begin</code>"
Grace sends
| GET /admin/audit?until=2026-01-01T00%3A00 HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Nothing was done that fits"
Grace sends
| GET /admin/audit?at=2000-01-01T00%3A00&before=1 HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Nothing was done that fits"
and reads ">Newest</a>"
Grace sends
| GET /admin/audit?who=&action=key.revoke&since=2026-11-21T10%3A00&until= HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "value=\"key.revoke\""
and reads "value=\"2026-11-21T10:00\""
Grace sends
| GET /admin/audit?since=yesterday HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 400

Sam is signed in as support
Sam sends
| GET /admin/audit HTTP/1.1
| Host: localhost
| Cookie: $SAM
Sam is answered 403
Eve sends
| GET /admin/audit HTTP/1.1
| Host: localhost
Eve is answered 303
