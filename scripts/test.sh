#!/usr/bin/env bash
# Runs every test against a distribution made from the debug build; `make test` makes both.
#   scripts/test.sh <HERON_HOME>
set -euo pipefail
cd "$(dirname "$0")/.."
export HERON_TEST_HOME=$1

# What failed is said again at the end: it may be thousands of lines above.
swift_tests() {
    local log=.build/swift-tests.log
    swift test "$@" 2>&1 | tee "$log" && return
    echo "failed:" >&2
    grep -A 3 -E '^✘|: error: ' "$log" >&2 || tail -n 20 "$log" >&2
    return 1
}

.venv/bin/python -m unittest discover --start-directory Tests/InstanceTests --top-level-directory Tests
.venv/bin/python -m unittest discover --start-directory Tests/ABI
Tests/JavaTests/api/run.sh .build/java
Tests/JavaTests/instance/run.sh .build/java
swift_tests --package-path State --scratch-path .build/state
# Unit tests share the processors among themselves, not with whole topologies; a thousand at once would starve each other
# until the time limits of what they test pass.
swift_tests --skip-build --skip IntegrationTests --experimental-maximum-parallelization-width 16
swift_tests --skip-build --filter IntegrationTests
