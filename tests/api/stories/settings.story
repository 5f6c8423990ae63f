# The owner sees how the program is set up; nobody sees a secret.

Grace is signed in as owner
Grace sends
| GET /admin/settings HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "<code>DATABASE_URL</code>"
and reads "<code>RATE_API</code>"
and reads "Environment"
and reads "Default"
and reads "not set"
and does not read "sqlite:stoa.db"
and does not read "postgres://stoa"
Mary is signed in as manager
Mary sends
| GET /admin/settings HTTP/1.1
| Host: stoa.example
| Cookie: $MARY
Mary is answered 403
Mary sends
| GET /admin/roles HTTP/1.1
| Host: stoa.example
| Cookie: $MARY
Mary is answered 200
and reads "settings.read"
and does not read "/admin/settings"
Eve sends
| GET /admin/settings HTTP/1.1
| Host: stoa.example
Eve is answered 303
| Location: /sign-in?next=%2Fadmin%2Fsettings
