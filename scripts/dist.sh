#!/usr/bin/env bash
# Assembles a relocatable HERON_HOME from what `swift build` made.
#   scripts/dist.sh <configuration> <output folder> [options that it was built with...]
# Executables find their libraries through $ORIGIN, so the folder can be moved, and needs no Swift toolchain.
set -euo pipefail
cd "$(dirname "$0")/.."
configuration=$1
output=$2
built=$(swift build --configuration "$configuration" "${@:3}" --show-bin-path)

staging=$output.new
trap 'rm -rf "$staging"' EXIT
rm -rf "$staging"
core=$staging/dist/heron-core
mkdir -p "$staging"/{bin,conf,lib/plugins} "$core"/{bin,lib}

# Release builds go without what only a debugger reads: agents fetch half as much. Backtraces keep their names.
install_elf() { # file, folder, run path
    install -m 0755 "$1" "$2/"
    [ "$configuration" != release ] || strip --strip-debug "$2/$(basename "$1")"
    patchelf --set-rpath "$3" "$2/$(basename "$1")"
}

# The compiler has every module that a dependency imports linked; what nothing is used of would still be loaded.
leave_out_unused() { # executable, its libraries that may be left out
    local file=$1 library found used
    shift
    for library in "$@"; do
        found=$(dirname "$(readlink -f "$(command -v swift)")")/../lib/swift/linux/$library
        used=$(comm -12 <(nm --dynamic --undefined-only --format=just-symbols "$file" | sort) \
            <(nm --dynamic --defined-only --format=just-symbols "$found" | sort))
        [ -n "$used" ] || patchelf --remove-needed "$library" "$file"
    done
}

# The libraries of one folder of executables: ours, Swift's, and those that a Debian base system lacks.
install_libraries() { # folder of libraries, executables and libraries to serve
    local folder=$1 toolchain library
    shift
    toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
    LD_LIBRARY_PATH=$built ldd "$@" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u |
        while read -r library; do
            case $(readlink -f "$library") in
            "$built"/*.so | "$PWD"/.build/*.so | "$toolchain"/*) install_elf "$library" "$folder" '$ORIGIN' ;;
            */libffi.so.* | */libyaml-* | */libzookeeper_mt.so.*) install_elf "$library" "$folder" '$ORIGIN' ;;
            esac
        done
}

for name in heron heron-mesos-dev heron-scheduler; do install_elf "$built/$name" "$staging/bin" '$ORIGIN/../lib'; done
leave_out_unused "$staging/bin/heron-scheduler" libFoundation.so libFoundationInternationalization.so
for plugin in Local Mesos; do
    name=${plugin,}
    mkdir "$staging/lib/plugins/$name"
    install_elf "$built/libheron-$name.so" "$staging/lib/plugins/$name" '$ORIGIN/../..'
    install -m 0644 "Plugins/$plugin/plugin.yaml" "$staging/lib/plugins/$name/"
done
install_libraries "$staging/lib" "$built"/{heron,heron-mesos-dev,heron-scheduler,libheron-local.so,libheron-mesos.so}

for name in heron-executor heron-shell heron-stmgr heron-tmanager; do
    install_elf "$built/$name" "$core/bin" '$ORIGIN/../lib'
done
install_libraries "$core/lib" "$built"/{heron-executor,heron-shell,heron-stmgr,heron-tmanager}
Instances/python/install.sh "$core"

java=$PWD/.build/java
Instances/java/build.sh "$java"
mkdir -p "$core/lib/instance/bridge" "$staging"/{lib/api,lib/third_party,heron/examples}
install -m 0644 "$java"/instance/*.jar "$core/lib/instance/"
install -m 0644 "$java"/instance/bridge/*.jar "$core/lib/instance/bridge/"
install -m 0644 "$java"/api/*.jar "$staging/lib/api/"
install -m 0644 "$java"/examples/heron-examples.jar "$staging/heron/examples/"
# Jars that were built for Java 8 may count on it; newer Java has it no longer.
install -m 0644 /usr/share/java/jaxb-api.jar "$staging/lib/third_party/"

# A cluster of conf/ has only the files that differ from those of local.
for folder in conf/*/; do
    cluster=$(basename "$folder")
    cp -R conf/local "$staging/conf/$cluster"
    cp -R "$folder." "$staging/conf/$cluster/"
done
SDK/install.sh "$staging"
# Plugins of third parties, as these build them: out of tree, with the SDK alone.
for plugin in Examples/plugins/*/Makefile; do
    folder=$(dirname "$plugin")
    make --silent --directory "$folder" install HERON_HOME="$(realpath "$staging")" \
        BUILD="$PWD/.build/plugins/$(basename "$folder")" PLUGINS="$(realpath "$staging")/lib/plugins"
done
mkdir "$staging/examples"
cp Examples/*.py Examples/*.pex "$staging/examples/"
cp -R share "$staging/"
cp LICENSE "$staging/"

version=$(git describe --tags --always --dirty 2>/dev/null || echo unknown)
cat >"$staging/release.yaml" <<YAML
heron.build.version: '$version'
heron.build.time: '$(date -u '+%Y-%m-%d %H:%M:%S UTC')'
heron.build.timestamp: '$(date +%s)000'
heron.build.host: '$(uname -n)'
heron.build.user: '$(id -un)'
heron.build.git.revision: '$(git rev-parse HEAD 2>/dev/null || echo unknown)'
heron.build.git.status: '$(if [ -z "$(git status --porcelain 2>/dev/null)" ]; then echo Clean; else echo Modified; fi)'
YAML
cp "$staging/release.yaml" "$staging/dist/"
tar --create --gzip --file "$staging/dist/heron-core.tar.gz" --owner=0 --group=0 --directory "$staging/dist" \
    release.yaml heron-core
rm "$staging/dist/release.yaml"
chmod -R go-w "$staging"

mkdir -p "$(dirname "$output")"
rm -rf "$output"
mv "$staging" "$output"
