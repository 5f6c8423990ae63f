# Who may read it sees what was done; a wrong filter is told.

Ada sends
| GET /admin/audit HTTP/1.1
| Host: 127.0.0.1
Ada is answered 200
and reads "Nothing was done that fits"
Ada sends
| GET /admin/audit?who=&action=session.begin&since=2026-11-21T10%3A00&until= HTTP/1.1
| Host: 127.0.0.1
Ada is answered 200
and reads "value=\"session.begin\""
and reads "value=\"2026-11-21T10:00\""
Ada sends
| GET /admin/audit?since=yesterday HTTP/1.1
| Host: 127.0.0.1
Ada is answered 400

Eve sends
| GET /admin/audit HTTP/1.1
| Host: stoa.example
Eve is answered 403
