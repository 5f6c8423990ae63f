#!/bin/bash
# Compares composed mails with what Python's email parser reads in them. Prints TAP.
#
#     tests/clients/mail_peers.sh BUILD-FOLDER
set -euo pipefail

mails=2000
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${1:?"say which build folder: tests/clients/mail_peers.sh build"}
"$build/tests/clients/mail_peer" "$mails" | python3 "$here/mail_peers.py"
