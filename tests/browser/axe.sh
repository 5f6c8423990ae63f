#!/bin/bash
# Looks at every page with axe-core, which knows what a page must be for everybody. Prints TAP.
#
#     tests/browser/axe.sh BUILD-FOLDER
set -euo pipefail

axe=4.14.1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${1:?"say which build folder: tests/browser/axe.sh build"}
tools=$(cd "$here/../.." && pwd)/var/tools/axe-$axe

if [ ! -d "$tools" ]; then
    rm -rf "$tools.new"
    npm install --silent --no-audit --no-fund --prefix "$tools.new" "axe-core@$axe" >&2
    mv "$tools.new" "$tools"
fi
AXE=$tools/node_modules/axe-core/axe.min.js "$build/tests/axe_tests"
