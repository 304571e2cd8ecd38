#!/usr/bin/env bash
# Builds a .pex of each Python example, with heronpy in it, from the packages in .venv.
# The module is named by its entry point (word_count:main), not run as __main__, so that its classes can be found again
# where the topology runs.
set -euo pipefail
cd "$(dirname "$0")"
venv=$PWD/../.venv
requirements=$PWD/../Instances/python/requirements.txt
pinned() { grep --max-count=1 "^$1==" "$requirements"; }

for source in *.py; do
    name=${source%.py}
    if [[ $name.pex -nt $source && $name.pex -nt $requirements && $name.pex -nt build_pex.sh ]]; then continue; fi
    sources=$(mktemp -d)
    trap 'rm -rf "$sources"' EXIT
    cp "$source" "$sources/"
    "$venv/bin/pex" "$(pinned heronpy)" "$(pinned cloudpickle)" "$(pinned setuptools)" \
        --override "$(pinned protobuf)" --override "$(pinned cloudpickle)" --venv-repository "$venv" \
        --sources-directory "$sources" --entry-point "$name:main" --python-shebang '/usr/bin/env python3' \
        --output-file "$name.pex" >/dev/null
    rm -rf "$sources"
    echo "examples: Examples/$name.pex"
done
