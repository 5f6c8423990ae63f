#!/bin/bash
# Has the Stripe driver, and the whole program, speak to servers that are made like Stripe. Prints TAP.
#
#     tests/clients/stripe_peers.sh BUILD-FOLDER
#
# One is Stripe's own: it holds each request against their description of the interface. The other
# remembers what it was told, and sends signed webhooks.
set -euo pipefail

mock=0.197.0 state=1.15.10
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(realpath "${1:?"say which build folder: tests/clients/stripe_peers.sh build"}")
tools=$(cd "$here/../.." && pwd)/var/tools
python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
mock_tools=$tools/stripe-mock-$mock
state_tools=$tools/localstripe-$state-python$python
work=$(mktemp -d /var/tmp/stoa-stripe-XXXXXX)
pids=() failed=0

stop() {
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
    [ ${#pids[@]} = 0 ] || wait "${pids[@]}" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT

if [ ! -x "$mock_tools/stripe-mock" ]; then
    rm -rf "$mock_tools.new"
    GOBIN="$mock_tools.new" go install "github.com/stripe/stripe-mock@v$mock" >&2
    mkdir -p "$tools"
    mv "$mock_tools.new" "$mock_tools"
fi
if [ ! -d "$state_tools" ]; then
    rm -rf "$state_tools.new"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
        --target "$state_tools.new" "localstripe==$state" "python-dateutil==2.9.0" >&2
    mv "$state_tools.new" "$state_tools"
fi

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# wait_for PORT LOG: until something listens there.
wait_for() {
    for _ in $(seq 200); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
        sleep 0.1
    done
    sed 's/^/# /' "$2"
}

mock_port=$(free_port)
"$mock_tools/stripe-mock" -http-addr "127.0.0.1:$mock_port" >"$work/mock" 2>&1 &
pids+=($!)
wait_for "$mock_port" "$work/mock"

# It would listen to everybody, and keep what it was told in /tmp.
state_port=$(free_port)
PYTHONPATH=$state_tools python3 -c '
import sys
from aiohttp import web
from localstripe import server
server.store.dump_to_disk = lambda: None
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]))' "$state_port" >"$work/state" 2>&1 &
pids+=($!)
wait_for "$state_port" "$work/state"

STRIPE_MOCK_ADDRESS="127.0.0.1:$mock_port" STRIPE_STATE_ADDRESS="127.0.0.1:$state_port" \
    "$build/tests/stripe_tests" stripe_ || failed=1
python3 "$here/stripe_peers.py" "$build/stoa" "127.0.0.1:$state_port" "$(free_port)" "$work" || failed=1
exit $failed
