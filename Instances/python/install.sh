#!/usr/bin/env bash
# Installs the Python instance, and the packages it needs, into a core package.
#   Instances/python/install.sh <heron-core folder>
# The packages come from PyPI once and are then kept in .venv; only pure Python ones are taken, so that the core
# package runs on every machine and every Python from 3.8 on.
set -euo pipefail
core=$1
here=$(cd "$(dirname "$0")" && pwd)
venv=$here/../../.venv
requirements=$here/requirements.txt
packages=$venv/core-packages

if ! cmp -s "$requirements" "$packages/.requirements"; then
    rm -rf "$packages" "$packages.new"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --target "$packages.new" \
        --only-binary :all: --platform any --python-version 3.8 --constraint "$requirements" \
        heronpy protobuf cloudpickle setuptools
    # heronpy needs pkg_resources; the rest of setuptools, hooked into every start of Python, has no place here.
    rm -rf "$packages.new"/{setuptools,_distutils_hack,distutils-precedence.pth,bin}
    cp "$requirements" "$packages.new/.requirements"
    mv "$packages.new" "$packages"
fi

mkdir -p "$core/bin" "$core/lib/python/heron_instance"
install -m 0755 "$here/bin/heron-python-instance" "$core/bin/"
install -m 0644 "$here/heron_topology_main.py" "$core/lib/python/"
install -m 0644 "$here"/heron_instance/*.py "$core/lib/python/heron_instance/"
rm -rf "$core/lib/python/packages"
cp -R "$packages" "$core/lib/python/packages"
"$venv/bin/python" -m compileall -q "$core/lib/python"
