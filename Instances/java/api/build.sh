#!/usr/bin/env bash
# Builds the Java API for topology authors, under both of Heron's package names.
#   Instances/java/api/build.sh <output folder>
# makes <output folder>/api/heron-api.jar (org.apache.heron) and heron-api-com-twitter.jar (com.twitter.heron, from the
# same sources). Protobuf's lite runtime is inside, under names of our own, so that topologies may use any protobuf.
# Needs a JDK from 11 on and Debian's protobuf-compiler, libprotobuf-java, libkryo-java and libjarjar-java.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 <output folder>" >&2; exit 2; }
mkdir -p "$1/api"
out=$(cd "$1/api" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=$root/.build/java/api
proto=$root/State/Protos/topology.proto
source "$here/../functions.sh"
java=$java_libraries

for file in protobuf.jar kryo.jar jarjar.jar; do
    [ -e "$java/$file" ] || {
        echo "$java/$file is missing: install libprotobuf-java, libkryo-java and libjarjar-java" >&2
        exit 1
    }
done
mkdir -p "$work"
lock "$work/lock"

# The lite runtime is what is left of protobuf.jar without the classes that need descriptors; jarjar then keeps what
# the API reaches. (It reaches the others only by name, and does without them.)
lite_runtime() {
    unzip -q "$java/protobuf.jar" 'com/google/protobuf/*.class' -d "$1"
    (cd "$1/com/google/protobuf" && find . -name '*Full.class' ! -name 'ListFieldSchema$*' -delete &&
        rm -f Descriptor* GeneratedMessage.class GeneratedMessage\$* GeneratedMessageV3* ExtensionRegistry.class \
            ExtensionRegistry\$* UnknownFieldSet.class UnknownFieldSet\$* UnknownFieldSetSchema* TextFormat.class \
            TextFormat\$* DynamicMessage* MapEntry.class MapEntry\$* AbstractMessage.class AbstractMessage\$* Message.class \
            Message\$* MessageReflection*)
}

# build <jar> <package prefix>
build() {
    local jar=$out/$1 prefix=$2 dir=$work/${1%.jar}
    if is_current "$jar" "$here" "$proto" "$here/../functions.sh"; then return; fi
    rm -rf "$dir"
    mkdir -p "$dir"/{generated,classes,shaded} "$dir/src/${prefix//.//}"
    cp -R "$here/src/org/apache/heron/." "$dir/src/${prefix//.//}"
    cp "$proto" "$dir/topology.proto"
    rename_api "$prefix" "$dir/src" "$dir/topology.proto"
    protoc -I"$dir" --java_out=lite:"$dir/generated" "$dir/topology.proto"

    compile "$java/protobuf.jar:$java/kryo.jar" "$dir/classes" "$dir/src" "$dir/generated"

    lite_runtime "$dir/classes"
    jar --create --no-compress --file "$dir/whole.jar" -C "$dir/classes" .
    printf '%s\n' "keep $prefix.**" "rule com.google.protobuf.** $prefix.api.shaded.com.google.protobuf.@1" > "$dir/rules"
    java -XX:TieredStopAtLevel=1 -jar "$java/jarjar.jar" process "$dir/rules" "$dir/whole.jar" "$dir/shaded.jar"
    unzip -q "$dir/shaded.jar" "${prefix//.//}/*" -d "$dir/shaded"
    mkdir -p "$dir/shaded/META-INF"
    cp /usr/share/doc/libprotobuf-java/copyright "$dir/shaded/META-INF/LICENSE.protobuf"
    pack "$jar" "$dir/shaded" --no-manifest
}

build heron-api.jar org.apache.heron &
build heron-api-com-twitter.jar com.twitter.heron
wait $!
