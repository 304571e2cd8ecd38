#!/usr/bin/env bash
# Runs the unit and integration tests, and what they start, under a sanitizer; ends with 1 if a test fails or anything is
# reported.
#   scripts/sanitize.sh address|thread [--filter ...]     further arguments go to the tests
set -euo pipefail
cd "$(dirname "$0")/.."
kind=$1
shift
scratch=$PWD/.build/$kind
mkdir -p "$scratch"
options=(--scratch-path "$scratch" --sanitize "$kind")
if [ "$kind" = thread ]; then
    clang -c -O1 -fPIC -o "$scratch/mutex-order.o" Tests/Sanitizers/mutex-order.c
    # Executables that load libraries share the sanitizer's runtime with them, and the order of locks.
    options+=(-Xlinker -export-dynamic -Xlinker "$scratch/mutex-order.o")
fi
swift build --build-tests "${options[@]}" 2>&1 | grep -v 'Cannot export local symbol'
scripts/dist.sh debug "$scratch/heron-home" "${options[@]}"

# The backtracer would outlive what crashes, and hold on to what a test waits for.
export SWIFT_BACKTRACE=enable=no HERON_TEST_HOME=$scratch/heron-home
reports=$scratch/report
rm -f "$reports".*
# Commands end without giving everything back: the system does. Crashes are what some tests are about.
signals=handle_segv=0:handle_sigbus=0:handle_sigill=0:handle_sigfpe=0:handle_abort=0
export ASAN_OPTIONS=detect_leaks=0:$signals:log_path=$reports
export TSAN_OPTIONS=$signals:suppressions=$PWD/Tests/Sanitizers/tsan.supp:log_path=$reports
# The validator's own tests see to it that plugins crash, leak and run under a sanitizer of their own.
status=0
swift test --skip-build "${options[@]}" --experimental-maximum-parallelization-width 8 \
    --skip 'WholeCheckTests|FlawTests' "$@" || status=$?
# What a test starts reports to a file of its own: the test may well be content.
for report in "$reports".*; do
    [ -e "$report" ] || continue
    status=1
    echo "sanitize: $report: $(grep -m 1 -E 'ERROR|WARNING' "$report")" >&2
done
exit $status
