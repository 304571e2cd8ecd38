#!/usr/bin/env bash
# Tests the Java API for topology authors and the example topologies, under both of Heron's package names.
#   Tests/JavaTests/api/run.sh <output folder of the builds>
# Builds what is out of date first. With HERON_GOLDEN, the folder of golden data, the examples' definitions are
# compared with those of Heron's own API. Needs the Python of .venv, whose heronpy reads definitions. Exits with 1 if
# a test has failed.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 <output folder of the builds>" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
"$root/Instances/java/api/build.sh" "$out"
"$root/Instances/java/examples/build.sh" "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
jars=/usr/share/java
kryo=$jars/kryo.jar:$jars/objenesis.jar:$jars/minlog.jar:$jars/reflectasm.jar:$jars/asm.jar
options=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC)

# unit <API jar> <package prefix>: the same sources, after the same substitution as the API's.
unit() {
    local dir=$work/$2
    mkdir -p "$dir"/{src,classes}
    cp -R "$here/src/." "$dir/src"
    find "$dir/src" -name '*.java' -exec sed -E -i "s/org\.apache\.heron\.(api|common)/$2.\1/g" {} +
    find "$dir/src" -name '*.java' | xargs javac -J-XX:TieredStopAtLevel=1 --release 11 -Xlint:all -Werror \
        -cp "$out/api/$1:$kryo" -d "$dir/classes"
    java "${options[@]}" -cp "$dir/classes:$out/api/$1:$kryo" "$2.api.testing.Main"
}

failures=0
# expect <name> <status> <pattern of the whole output> <command…>
# The JVM's own warnings do not count: from Java 24 on it warns of protobuf's use of sun.misc.Unsafe.
expect() {
    local name=$1 status=$2 pattern=$3 output actual=0
    shift 3
    output=$("$@" 2>&1) || actual=$?
    output=$(sed '/^WARNING: /d' <<< "$output")
    if [ "$actual" -ne "$status" ] || [[ ! $output =~ ^$pattern$ ]]; then
        echo "FAILED $name: exit code $actual, output: $output"
        failures=$((failures + 1))
    fi
}

# example <folder for definitions> <class> <arguments…>
example() {
    local folder=$1
    shift
    env HERON_OPTIONS="cmdline.topologydefn.tmpdirectory=$folder,cmdline.topology.initial.state=RUNNING" \
        java "${options[@]}" -cp "$out/examples/heron-examples.jar" "$@"
}

# examples <package>: every example writes a definition under the name that it is given, and nothing else.
examples() {
    local definitions=$work/definitions.$1 name
    mkdir "$definitions"
    for name in MultiSpoutExclamation Acking CustomGrouping TaskHook ComponentJVMOptions; do
        expect "$1: $name" 0 "" example "$definitions" "$1.${name}Topology" "${name}Topology"
    done
    expect "$1: WordCount with parallelism" 0 "" \
        example "$definitions" "$1.WordCountTopology" WordCountTopology 2
    "$root/.venv/bin/python" "$here/check_definitions.py" "$definitions" "$1" || failures=$((failures + 1))
}

unit heron-api.jar org.apache.heron > "$work/first" &
first=$!
unit heron-api-com-twitter.jar com.twitter.heron || failures=$((failures + 1))
wait "$first" || failures=$((failures + 1))
cat "$work/first"

examples org.apache.heron.examples.api
examples com.twitter.heron.examples

word_count=com.twitter.heron.examples.WordCountTopology
mkdir "$work/none"
expect "no name" 1 "usage: heron submit .*$word_count <topology name> \[parallelism\]" \
    example "$work/none" "$word_count"
expect "a parallelism that is no number" 1 "the parallelism is 'x'; [^"$'\n'"]*" \
    example "$work/none" "$word_count" t x
expect "not run by heron submit" 1 ".*TopologySubmissionException: .*HERON_OPTIONS is not set; .*\`heron submit\`.*" \
    env -u HERON_OPTIONS java -cp "$out/examples/heron-examples.jar" "$word_count" t
expect "nothing is written without a topology" 0 "" ls "$work/none"
for jar in "$out"/api/*.jar "$out"/examples/*.jar; do
    expect "no protobuf or Kryo under its own name in $(basename "$jar")" 0 "" \
        bash -c "unzip -Z1 '$jar' | grep -E '^com/(google|esotericsoftware)/' || true"
done
if [ "$failures" -gt 0 ]; then
    echo "Java API: tests have failed"
    exit 1
fi
echo "Java API: all tests passed"
