#!/bin/bash
# Compares what is JSON, and what it says, with orjson and with node's JSON.parse. Prints TAP.
#
#     tests/clients/json_peers.sh BUILD-FOLDER
set -euo pipefail

orjson=3.10.18
mutations=2000
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${1:?"say which build folder: tests/clients/json_peers.sh build"}
# It is compiled for one version of Python.
python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
tools=$(cd "$here/../.." && pwd)/var/tools/orjson-$orjson-python$python

if [ ! -d "$tools" ]; then
    rm -rf "$tools.new"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
        --target "$tools.new" "orjson==$orjson" >&2
    mv "$tools.new" "$tools"
fi
"$build/tests/clients/json_peer" "$mutations" | PYTHONPATH=$tools python3 "$here/json_peers.py"
"$build/tests/clients/json_peer" "$mutations" | node "$here/json_peers.js"
