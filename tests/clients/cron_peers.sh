#!/bin/bash
# Compares time zones with Python's zoneinfo, and runs of schedules with croniter. Prints TAP.
#
#     tests/clients/cron_peers.sh BUILD-FOLDER
set -euo pipefail

croniter=6.0.0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${1:?"say which build folder: tests/clients/cron_peers.sh build"}
tools=$(cd "$here/../.." && pwd)/var/tools/croniter-$croniter

if [ ! -d "$tools" ]; then
    python3 -m pip install --quiet --disable-pip-version-check --target "$tools.new" "croniter==$croniter" >&2
    mv "$tools.new" "$tools"
fi
"$build/tests/clients/cron_peer" | PYTHONPATH=$tools python3 "$here/cron_peers.py"
