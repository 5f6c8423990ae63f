#!/bin/bash
# Has OpenTelemetry's own types read the traces that a collector would be sent. Prints TAP.
#
#     tests/clients/trace_peers.sh BUILD-FOLDER
set -euo pipefail

proto=1.27.0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(realpath "${1:?say which build folder: tests/clients/trace_peers.sh build}")
python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
tools=$(cd "$here/../.." && pwd)/var/tools/opentelemetry-proto-$proto-python$python

if [ ! -d "$tools" ]; then
    rm -rf "$tools.new"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
        --target "$tools.new" "opentelemetry-proto==$proto" >&2
    mv "$tools.new" "$tools"
fi
PYTHONPATH=$tools python3 "$here/trace_peers.py" "$build/stoa"
