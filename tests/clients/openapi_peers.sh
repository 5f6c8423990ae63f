#!/bin/bash
# Validates the OpenAPI document of the sample routes, and compares its schemas with what is decoded. Prints TAP.
#
#     tests/clients/openapi_peers.sh BUILD-FOLDER
set -euo pipefail

validator=0.7.1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${1:?"say which build folder: tests/clients/openapi_peers.sh build"}
# Some of what it needs is compiled for one version of Python.
python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
tools=$(cd "$here/../.." && pwd)/var/tools/openapi-spec-validator-$validator-python$python

if [ ! -d "$tools" ]; then
    rm -rf "$tools.new"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
        --target "$tools.new" "openapi-spec-validator==$validator" >&2
    mv "$tools.new" "$tools"
fi
"$build/tests/clients/openapi_peer" | PYTHONPATH=$tools python3 "$here/openapi_peers.py"
