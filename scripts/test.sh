#!/usr/bin/env bash
# Runs every test against a distribution made from the debug build; `make test` makes both.
#   scripts/test.sh <HERON_HOME>
set -euo pipefail
cd "$(dirname "$0")/.."
export HERON_TEST_HOME=$1

.venv/bin/python -m unittest discover --start-directory Tests/InstanceTests --top-level-directory Tests
swift test --package-path State --scratch-path .build/state
# Unit tests share the processors among themselves, not with whole topologies.
swift test --skip-build --skip IntegrationTests
swift test --skip-build --filter IntegrationTests
