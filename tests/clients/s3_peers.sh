#!/bin/bash
# Runs the contract of objects against a real S3 server that checks signatures. Prints TAP.
#
#     tests/clients/s3_peers.sh BUILD-FOLDER
set -euo pipefail

server=1.8.0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${1:?"say which build folder: tests/clients/s3_peers.sh build"}
tools=$(cd "$here/../.." && pwd)/var/tools/versitygw-$server
work=$(mktemp -d /var/tmp/stoa-s3-XXXXXX)
pid=

stop() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    [ -z "$pid" ] || wait "$pid" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT

if [ ! -x "$tools/versitygw" ]; then
    rm -rf "$tools.new"
    GOBIN="$tools.new" go install "github.com/versity/versitygw/cmd/versitygw@v$server" >&2
    mkdir -p "$(dirname "$tools")"
    mv "$tools.new" "$tools"
fi

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p "$work/buckets/plain" "$work/buckets/versions" "$work/kept" "$work/home"
HOME="$work/home" ROOT_ACCESS_KEY=tester ROOT_SECRET_KEY=a/secret "$tools/versitygw" --port "127.0.0.1:$port" --quiet \
    posix --versioning-dir "$work/kept" "$work/buckets" >"$work/log" 2>&1 &
pid=$!
for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    if ! kill -0 "$pid" 2>/dev/null; then
        sed 's/^/# /' "$work/log"
        break
    fi
    sleep 0.1
done
S3_ADDRESS="127.0.0.1:$port" "$build/tests/s3_tests" s3_
