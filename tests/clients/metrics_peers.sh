#!/bin/bash
# Has Prometheus' own checker read what /metrics says, and the alarms on it. Prints TAP.
#
#     tests/clients/metrics_peers.sh BUILD-FOLDER
#
# The checker comes out of Debian's package, which is unpacked and not installed: no server starts.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(realpath "${1:?say which build folder: tests/clients/metrics_peers.sh build}")
tools=$root/var/tools/prometheus
data=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$data"' EXIT

if [ ! -d "$tools" ]; then
    mkdir -p "$tools.new"
    (cd "$tools.new" && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb) >&2
    mv "$tools.new" "$tools"
fi
promtool=$tools/usr/bin/promtool
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

STOA_DATA=$data PORT=$port "$build/stoa" serve >"$data/said" 2>"$data/log" &
pid=$!
for _ in $(seq 300); do
    curl -sf "http://127.0.0.1:$port/readyz" >/dev/null && break
    sleep 0.1
done
for path in / /about /contact /nothing; do curl -s "http://127.0.0.1:$port$path" >/dev/null; done
curl -sf "http://127.0.0.1:$port/metrics" >"$data/metrics"

echo "1..3"
if grep -q '^web_request_duration_seconds_count{class="4xx"} 1$' "$data/metrics"; then
    echo "ok 1 - /metrics tells what was asked for"
else
    echo "not ok 1 - /metrics tells what was asked for"
fi
if "$promtool" check metrics <"$data/metrics" >"$data/findings" 2>&1 && [ ! -s "$data/findings" ]; then
    echo "ok 2 - promtool finds nothing wrong with /metrics"
else
    sed 's/^/# /' "$data/findings"
    echo "not ok 2 - promtool finds nothing wrong with /metrics"
fi
if "$promtool" check rules "$root/deploy/alerts.yml" >"$data/findings" 2>&1; then
    echo "ok 3 - promtool takes the alarms"
else
    sed 's/^/# /' "$data/findings"
    echo "not ok 3 - promtool takes the alarms"
fi
