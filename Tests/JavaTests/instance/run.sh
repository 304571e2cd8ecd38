#!/usr/bin/env bash
# Tests the Java instance; builds what is out of date first.
#   Tests/JavaTests/instance/run.sh <output folder of the builds> [test, as test_life.Stopping ...]
# Needs the Python of .venv, whose heronpy speaks Heron's protocol, and Debian's libkryo-java. Exits with 1 if a test
# has failed.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: $0 <output folder of the builds> [test ...]" >&2; exit 2; }
mkdir -p "$1"
HERON_JAVA_BUILD=$(cd "$1" && pwd)
export HERON_JAVA_BUILD
shift
cd "$(dirname "$0")/../../.."
Instances/java/api/build.sh "$HERON_JAVA_BUILD"
Instances/java/instance/build.sh "$HERON_JAVA_BUILD"
if [ $# -gt 0 ]; then
    PYTHONPATH=Tests .venv/bin/python -m unittest "${@/#/JavaTests.instance.}"
else
    .venv/bin/python -m unittest discover --start-directory Tests/JavaTests/instance --top-level-directory Tests
fi
