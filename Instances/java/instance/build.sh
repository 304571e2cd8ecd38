#!/usr/bin/env bash
# Builds the Java instance: <output folder>/instance with everything that goes into heron-core/lib/instance.
#   Instances/java/instance/build.sh <output folder>
# Needs <output folder>/api, which Instances/java/api/build.sh makes, and Debian's protobuf-compiler, libprotobuf-java and
# libyaml-snake-java.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 <output folder>" >&2; exit 2; }
out=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
source "$here/../functions.sh"
protos=$root/State/Protos
libraries=("$java_libraries"/{protobuf,snakeyaml}.jar)
apis=("$out/api/heron-api.jar" "$out/api/heron-api-com-twitter.jar")
target=$out/instance
work=$root/.build/java/instance.work

mkdir -p "$work"
lock "$work.lock"
if is_current "$target/heron-instance.jar" "$here" "$protos" "${apis[@]}" "$here/../functions.sh"; then exit; fi

rm -rf "$work"
mkdir -p "$work"/{generated,core} "$target/bridge"
protoc --proto_path="$protos" --java_out=lite:"$work/generated" \
    "$protos"/{common,topology,physical_plan,tuple,stmgr,metrics,tmanager,stats}.proto
compile "$(IFS=:; echo "${libraries[*]}")" "$work/core" "$here/src" "$work/generated"

# The part that meets the topology's classes: compiled once for each package of Heron's API.
bridge() { # package of the API, its jar
    local folder=$work/bridge/$1
    mkdir -p "$folder"/{src,classes}
    cp -R "$here/bridge/." "$folder/src/"
    rename_api "$1" "$folder/src"
    compile "$2:$work/core" "$folder/classes" "$folder/src"
    pack "$target/bridge/$1.jar" "$folder/classes"
}
bridge org.apache.heron "${apis[0]}"
bridge com.twitter.heron "${apis[1]}"
install -m 0644 "${libraries[@]}" "$target/"
# Last: it tells that the others are there.
pack "$target/heron-instance.jar" "$work/core"
rm -rf "$work"
