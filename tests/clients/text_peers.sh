#!/bin/bash
# Compares numbers, money, dates and plurals with Unicode's CLDR, as Babel reads it. Prints TAP.
#
#     tests/clients/text_peers.sh BUILD-FOLDER
set -euo pipefail

babel=2.17.0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${1:?"say which build folder: tests/clients/text_peers.sh build"}
tools=$(cd "$here/../.." && pwd)/var/tools/babel-$babel

if [ ! -d "$tools" ]; then
    python3 -m pip install --quiet --disable-pip-version-check --target "$tools.new" "babel==$babel" >&2
    mv "$tools.new" "$tools"
fi
"$build/tests/clients/text_peer" | PYTHONPATH=$tools python3 "$here/text_peers.py"
