#!/usr/bin/env bash
# Installs what the build, the tests and the demo need on Debian 12, from Debian and PyPI. Safe to run again: it does
# nothing where everything is there. Needs the Swift toolchain on the PATH already.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
    build-essential clang-format curl git make patchelf pkg-config unzip zip # build and checks
    libcurl4-openssl-dev libffi-dev libyaml-dev zlib1g-dev                   # libraries of the host and the runtime
    libzookeeper-mt-dev zookeeper                                            # state in ZooKeeper, a server for tests
    libprotobuf-c-dev protobuf-c-compiler                                    # plugins in C
    munge slurm-client slurm-wlm-basic-plugins slurmctld slurmd              # a Slurm for tests
    python3 python3-pip python3-venv                                         # topologies written with heronpy
    default-jdk-headless protobuf-compiler libjarjar-java                    # the Java instance, and topologies in Java
    libprotobuf-java libyaml-snake-java libkryo-java libjaxb-api-java        # what they are compiled against
)

missing=()
for package in "${packages[@]}"; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
        missing+=("$package")
done
if ((${#missing[@]})); then
    as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || { echo "setup: not root and no sudo; install: ${missing[*]}" >&2; exit 1; }
        as_root=(sudo)
    fi
    echo "setup: installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

command -v swift >/dev/null || { echo "setup: no Swift compiler on the PATH; install Swift 6.3 first" >&2; exit 1; }

requirements=(Instances/python/requirements.txt Tests/requirements.txt)
stamp=.venv/requirements.txt
if ! cat "${requirements[@]}" | cmp -s - "$stamp"; then
    echo "setup: Python environment in .venv"
    python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --no-deps "${requirements[@]/#/--requirement=}"
    cat "${requirements[@]}" >"$stamp"
fi
