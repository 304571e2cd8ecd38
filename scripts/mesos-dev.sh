#!/usr/bin/env bash
# Runs a stand-in for Apache Mesos for development: a master and agents on loopback, until SIGINT or SIGTERM.
#   scripts/mesos-dev.sh [option of heron-mesos-dev ...]
# With no option two agents, with their sandboxes in .build/mesos-dev. See docs/mesos-dev.md.
set -euo pipefail
cd "$(dirname "$0")/.."

configuration=${CONFIGURATION:-release}
swift build --configuration "$configuration" --product heron-mesos-dev
built=$(swift build --configuration "$configuration" --show-bin-path)
exec "$built/heron-mesos-dev" --work-dir "$PWD/.build/mesos-dev" --agents 2 "$@"
