# Whoever watches the machine asks whether all is well, and what was measured.

Monitor sends
| GET /readyz HTTP/1.1
| Host: stoa.example
Monitor is answered 204

Monitor sends
| GET /metrics HTTP/1.1
| Host: localhost
Monitor is answered 200
| Content-Type: text/plain; version=0.0.4; charset=utf-8
and reads "# TYPE web_request_duration_seconds histogram\n"
and reads "web_route_duration_seconds_count{route=\"GET /readyz\"} "
and reads "db_write_duration_seconds_bucket{le=\"+Inf\"} "
and reads "process_resident_memory_bytes "
and reads "stoa_build_info{version=\""

# What came through a proxy, or under a foreign name, is not the machine's own.
Eve sends
| GET /metrics HTTP/1.1
| Host: stoa.example
Eve is answered 401
and does not read "web_request_duration_seconds"
Eve sends
| GET /metrics HTTP/1.1
| Host: localhost
| X-Forwarded-For: 192.0.2.7
Eve is answered 401

# The last hour as charts, and each step told as it is measured.
Monitor sends
| GET /admin/health HTTP/1.1
| Host: localhost
Monitor is answered 200
| Content-Type: text/html; charset=utf-8
and reads "data-live=\"/admin/health/events?after="
and reads "<svg"
and reads "Requests a second"
Eve sends
| GET /admin/health HTTP/1.1
| Host: stoa.example
Eve is answered 303
| Location: /sign-in?next=%2Fadmin%2Fhealth
