# Who may read it sees what was done; a wrong filter is told.

Grace is signed in as manager
Grace sends
| GET /admin/audit?action=nothing HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Nothing was done that fits"
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
