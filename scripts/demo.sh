#!/usr/bin/env bash
# Submits the word count example to the local cluster, shows the counts, and kills it again.
#   scripts/demo.sh <HERON_HOME>
set -euo pipefail
cd "$(dirname "$0")/.."
heron=$1/bin/heron
topology=WordCount
working_directory=$HOME/.herondata/topologies/local/$(id -un)/$topology

run() {
    printf '\n$ heron %s\n' "$*"
    "$heron" "$@"
}

trap '"$heron" kill local "$topology" >/dev/null 2>&1 || true' EXIT
run submit local "$1/examples/word_count.pex" - "$topology"
run list local
run status local "$topology"

printf '\nwords counted so far, every two seconds:\n'
for _ in 1 2 3; do
    sleep 2
    tail -n 1 --quiet "$working_directory"/log-files/container_*_count_*.log.0 2>/dev/null || true
done

trap - EXIT
run kill local "$topology"
