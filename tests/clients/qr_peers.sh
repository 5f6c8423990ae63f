#!/bin/bash
# Has our QR codes read by ZBar, which reads them as a camera does, once librsvg has made pixels of them.
#
#     tests/clients/qr_peers.sh BUILD-FOLDER
#
# Prints TAP.
set -uo pipefail
build=${1:?name the build folder}
picture=$(mktemp --suffix=.png) || exit 1
trap 'rm -f "$picture"' EXIT
failed=0

long=$(printf 'x%.0s' {1..1024})
for text in A 0123456789 'otpauth://totp/Stoa:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Stoa' \
    'Grüße, 日本語' "$long"; do
    read=$("$build/tests/clients/qr_peer" "$text" | rsvg-convert --width 900 --output "$picture" &&
        zbarimg --quiet --raw --nodbus "$picture")
    if [ "$read" = "$text" ]; then
        echo "ok - ${text:0:40} is read"
    else
        echo "# read as: ${read:0:200}"
        echo "not ok - ${text:0:40} is read"
        failed=1
    fi
done
exit $failed
