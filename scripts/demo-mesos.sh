#!/usr/bin/env bash
# Starts ZooKeeper and a Mesos development cluster, runs the word count example on them, shows the counts, and ends all.
#   scripts/demo-mesos.sh <HERON_HOME>
set -euo pipefail
cd "$(dirname "$0")/.."
heron=$1/bin/heron
topology=WordCount
folder=$(mktemp -d)

# The process group of a background job is its own: all of it ends with it.
set -m

run() {
    printf '\n$ heron %s\n' "$*"
    "$heron" "$@"
}

# Waits for a line in a file and prints it.
line() { # file, pattern
    local found
    for _ in $(seq 100); do
        if found=$(grep --max-count=1 --extended-regexp "$2" "$1" 2>/dev/null); then
            echo "$found"
            return
        fi
        sleep 0.2
    done
    echo "demo-mesos: no '$2' in $1:" >&2
    cat "$1" >&2
    return 1
}

end() {
    trap - EXIT INT TERM
    "$heron" kill "${cluster:-mesos}" "$topology" "${settings[@]}" >/dev/null 2>&1 || true
    for job in $(jobs -p); do kill -TERM -- "-$job" 2>/dev/null || true; done
    wait
    rm -rf "$folder"
}
trap end EXIT INT TERM
settings=()

scripts/zookeeper.sh --port 0 --folder "$folder/zookeeper" --temporary-for $$ >"$folder/zookeeper.out" 2>&1 &
zookeeper=$(line "$folder/zookeeper.out" '127\.0\.0\.1:[0-9]+' | grep --only-matching --extended-regexp '127\.0\.0\.1:[0-9]+')
echo "ZooKeeper at $zookeeper"
"$1/bin/heron-mesos-dev" --port 0 --agents 2 --work-dir "$folder/mesos" >"$folder/mesos.out" 2>&1 &
master=$(line "$folder/mesos.out" 'master at' | grep --only-matching --extended-regexp '[0-9.]+:[0-9]+$')
echo "Mesos (development cluster) at http://$master"

settings=(
    --config-property "heron.mesos.master.uri=$master"
    --config-property "heron.statemgr.connection.string=$zookeeper"
    --config-property "heron.local.working.directory=$folder/scheduler"
)
user=$(id -un)
run submit "mesos/$user" "$1/examples/word_count.pex" - "$topology" "${settings[@]}"
run list "mesos/$user" "${settings[@]}"
run status "mesos/$user" "$topology" "${settings[@]}"

printf '\nwords counted so far, every two seconds:\n'
for _ in 1 2 3; do
    sleep 2
    find "$folder/mesos" -path '*/runs/*/log-files/container_*_count_*.log.0' -exec tail -n 1 --quiet {} + || true
done

run kill "mesos/$user" "$topology" "${settings[@]}"
