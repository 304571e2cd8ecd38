#!/usr/bin/env bash
# Runs the state library's tests, the unit and the integration tests, and what they start, under a sanitizer; ends with 1
# if a test fails or anything is reported.
#   scripts/sanitize.sh address|thread [--filter ...]     which unit and integration tests, instead of all
set -euo pipefail
cd "$(dirname "$0")/.."
kind=$1
shift
scratch=$PWD/.build/$kind
mkdir -p "$scratch"
options=(--sanitize "$kind")
case $kind in
address) source=asan-options ;;
# Executables that load libraries share the sanitizer's runtime with them, and the order of locks.
thread) source=mutex-order options+=(-Xlinker -export-dynamic) ;;
esac
clang -c -O1 -fPIC -o "$scratch/$source.o" "Tests/Sanitizers/$source.c"
state=("${options[@]}" -Xlinker "$scratch/$source.o" --package-path State --scratch-path "$scratch/state")
options+=(-Xlinker "$scratch/$source.o" --scratch-path "$scratch")
swift build --build-tests "${options[@]}" 2>&1 | grep -v 'Cannot export local symbol'
scripts/dist.sh debug "$scratch/heron-home" "${options[@]}"

# The backtracer would outlive what crashes, and hold on to what a test waits for.
export SWIFT_BACKTRACE=enable=no HERON_TEST_HOME=$scratch/heron-home
reports=$scratch/report
rm -f "$reports".*
# Crashes are what some tests are about.
signals=handle_segv=0:handle_sigbus=0:handle_sigill=0:handle_sigfpe=0:handle_abort=0
export ASAN_OPTIONS=$signals:log_path=$reports
export TSAN_OPTIONS=$signals:suppressions=$PWD/Tests/Sanitizers/tsan.supp:log_path=$reports
# The validator's own tests see to it that plugins crash, leak and run under a sanitizer of their own; and a sanitizer
# cannot do without memory.
skipped='WholeCheckTests|FlawTests|survivesWithoutMemory'
status=0
run() {
    swift test --skip-build "${options[@]}" --skip "$skipped" "$@" || status=1
}
if (($#)); then
    run "$@"
else
    swift test "${state[@]}" 2>&1 | grep -v 'Cannot export local symbol' || status=1
    run --skip IntegrationTests --experimental-maximum-parallelization-width 8
    run --filter IntegrationTests
fi
# What a test starts reports to a file of its own: the test may well be content.
for report in "$reports".*; do
    [ -e "$report" ] || continue
    status=1
    echo "sanitize: $report: $(grep -m 1 -E 'ERROR|WARNING' "$report")" >&2
done
exit $status
