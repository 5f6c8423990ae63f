"""A collector: takes what Stoa sends and reads it with OpenTelemetry's own types. Prints TAP.

    trace_peers.py STOA
"""
import base64
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

PATIENCE_S = 30
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
spans, failures = [], []


def bytes_of_ids(value):
    """OTLP writes ids in hex where protobuf's JSON has base64."""
    if isinstance(value, list):
        return [bytes_of_ids(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: base64.b64encode(bytes.fromhex(one)).decode() if name in ("traceId", "spanId", "parentSpanId")
        else bytes_of_ids(one) for name, one in value.items()
    }


class Collector(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            request = json_format.ParseDict(bytes_of_ids(json.loads(body)),
                                            trace_service_pb2.ExportTraceServiceRequest())
            for resource in request.resource_spans:
                for scope in resource.scope_spans:
                    spans.extend((resource.resource, span) for span in scope.spans)
        except Exception as failure:  # whatever it is, it is the finding
            failures.append(failure)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ask(port, path, headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    for _ in range(PATIENCE_S * 10):
        try:
            return urllib.request.urlopen(request).read()
        except urllib.error.HTTPError as answer:
            return answer.read()
        except urllib.error.URLError:
            time.sleep(0.1)
    return None


def serve(stoa, port, collector_port):
    environment = dict(os.environ, STOA_DATA=tempfile.mkdtemp(), PORT=str(port), TRACE_SAMPLE="0",
                       OTLP_URL=f"http://127.0.0.1:{collector_port}/v1/traces")
    return subprocess.Popen([stoa, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def attributes(one):
    return {pair.key: pair.value for pair in one.attributes}


def main(stoa):
    server = http.server.HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = free_port()
    program = serve(stoa, port, server.server_port)
    try:
        ask(port, "/healthz", {})
        ask(port, "/about", {})
        ask(port, "/contact/msg_01KAH0XVK4A9N3FYJ0T8Q5RWZC", {"traceparent": f"00-{TRACE}-{CALLER}-01"})
    finally:
        program.send_signal(signal.SIGTERM)  # what is left is sent before it ends
        program.wait(PATIENCE_S)
    mine = [(resource, span) for resource, span in spans if span.trace_id.hex() == TRACE]
    by_name = {span.name: span for _, span in mine}
    root, query = by_name.get("contact_show"), by_name.get("message_find")
    checks = [
        ("all that is sent is OTLP", not failures and spans),
        ("only the trace that its caller samples is sent", len(mine) == len(spans)),
        ("the request is a span of the caller's", root and root.parent_span_id.hex() == CALLER
         and root.kind == trace_pb2.Span.SPAN_KIND_SERVER),
        ("it says what it is of", root and attributes(root)["http.route"].string_value == "/contact/{id}"
         and attributes(root)["http.response.status_code"].int_value == 404),
        ("its query is a span by its name", query and query.kind == trace_pb2.Span.SPAN_KIND_CLIENT
         and attributes(query)["db.system.name"].string_value == "sqlite"),
        ("the times are those of a part", root and query and
         root.start_time_unix_nano <= query.start_time_unix_nano <= query.end_time_unix_nano),
        ("the program says its name", mine and attributes(mine[0][0])["service.name"].string_value == "stoa"),
    ]
    print(f"1..{len(checks)}")
    for number, (name, holds) in enumerate(checks, 1):
        print(f"{'ok' if holds else 'not ok'} {number} - {name}")
    for failure in failures:
        print(f"# {failure}")
    return 0 if all(holds for _, holds in checks) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
