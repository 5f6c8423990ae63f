#!/bin/bash
# Has what people use with SQS speak to our queues: boto3, the JavaScript SDK and the aws command. Prints TAP.
#
#     tests/clients/sqs_peers.sh BUILD-FOLDER
set -euo pipefail

boto3=1.44.5 awscli=1.46.3 sdk=3.1169.0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(realpath "${1:?"say which build folder: tests/clients/sqs_peers.sh build"}")
# Some of what they need is compiled for one version of Python.
python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
tools=$(cd "$here/../.." && pwd)/var/tools
boto_tools=$tools/boto3-$boto3-awscli-$awscli-python$python
sdk_tools=$tools/client-sqs-$sdk

if [ ! -d "$boto_tools" ]; then
    rm -rf "$boto_tools.new"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
        --target "$boto_tools.new" "boto3==$boto3" "awscli==$awscli" >&2
    mv "$boto_tools.new" "$boto_tools"
fi
if [ ! -d "$sdk_tools" ]; then
    rm -rf "$sdk_tools.new"
    npm install --silent --no-audit --no-fund --prefix "$sdk_tools.new" "@aws-sdk/client-sqs@$sdk" >&2
    mv "$sdk_tools.new" "$sdk_tools"
fi
PYTHONPATH=$boto_tools SDK=$sdk_tools/node_modules AWS=$boto_tools/bin/aws \
    python3 "$here/sqs_peers.py" "$build/stoa"
