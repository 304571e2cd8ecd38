#!/usr/bin/env bash
# Builds the fuzzers of Fuzz/ and runs them one after the other; ends with 1 if one finds something.
#   scripts/fuzz.sh [--seconds N] [NAME...]     N seconds each (60), all of them unless some are named
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=60
if [[ ${1:-} == --seconds ]]; then
    seconds=$2
    shift 2
fi
names=("$@")
((${#names[@]})) || names=(Framing Library Manifest Overrides Package StateNodes TupleSet)

export HERON_FUZZ=1
# The backtracer would outlive the crash, and libFuzzer tells where it was.
export SWIFT_BACKTRACE=enable=no
scratch=.build/fuzz
build=(swift build --configuration release --scratch-path "$scratch" --sanitize address --sanitize fuzzer
    -Xswiftc -enable-testing)
for name in "${names[@]}"; do "${build[@]}" --product "Fuzz$name" 2>&1 | grep -v 'Cannot export local symbol'; done

TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
found=0
for name in "${names[@]}"; do
    corpus=$scratch/corpus/$name artifacts=$scratch/found/$name log=$scratch/$name.log
    mkdir -p "$corpus" "$artifacts"
    if "$scratch/release/Fuzz$name" -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$artifacts/" "$corpus" "Fuzz/$name/corpus" >"$log" 2>&1; then
        echo "fuzz: $name: nothing found; $(tail -n 1 "$log")"
    else
        found=1
        input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
        echo "fuzz: $name: $(grep -m 1 -E 'Fatal error|ERROR: ' "$log" || tail -n 1 "$log")" >&2
        echo "fuzz: again with: SWIFT_BACKTRACE=enable=no $scratch/release/Fuzz$name ${input:-...}   (log: $log)" >&2
    fi
done
exit $found
