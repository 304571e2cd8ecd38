#!/usr/bin/env bash
# Builds everything that is written in Java; does nothing where it is built already.
#   Instances/java/build.sh <output folder>
# Makes <output folder>/api (for authors of topologies), /examples and /instance (for the core package).
set -euo pipefail
mkdir -p "$1"
here=$(dirname "$0")
"$here/api/build.sh" "$1"
"$here/examples/build.sh" "$1"
"$here/instance/build.sh" "$1"
