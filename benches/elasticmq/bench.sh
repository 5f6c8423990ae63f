#!/bin/bash
# Measures our queues beside ElasticMQ, which Maven fetches into var/tools.
#
#     benches/elasticmq/bench.sh BUILD-FOLDER [--tsv]
set -euo pipefail

elasticmq=1.7.1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(realpath "${1:?"say which build folder: benches/elasticmq/bench.sh build/bench"}")
shift
tools=$(cd "$here/../.." && pwd)/var/tools/elasticmq-$elasticmq

if [ ! -d "$tools" ]; then
    rm -rf "$tools.new"
    mvn --quiet --batch-mode --file "$here/pom.xml" dependency:copy-dependencies -Delasticmq="$elasticmq" \
        -DincludeScope=runtime -DoutputDirectory="$tools.new" >&2
    mv "$tools.new" "$tools"
fi
exec python3 "$here/bench.py" "$build" "$tools" "$@"
