#!/usr/bin/env bash
# Builds the example topologies, under both of Heron's package names.
#   Instances/java/examples/build.sh <output folder>
# makes <output folder>/examples/heron-examples.jar of org.apache.heron.examples.api.* and, from the same sources,
# com.twitter.heron.examples.*, with the API that each needs. The APIs are those that Instances/java/api/build.sh has
# put into the same output folder.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 <output folder>" >&2; exit 2; }
mkdir -p "$1/examples"
out=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
source "$here/../functions.sh"
dir=$root/.build/java/examples
jar=$out/examples/heron-examples.jar
apis=("$out/api/heron-api.jar" "$out/api/heron-api-com-twitter.jar")

for api in "${apis[@]}"; do
    [ -e "$api" ] || { echo "$api is missing: run Instances/java/api/build.sh first" >&2; exit 1; }
done
mkdir -p "$dir"
lock "$dir.lock"
if is_current "$jar" "$here" "${apis[@]}" "$here/../functions.sh"; then exit; fi

rm -rf "$dir"
mkdir -p "$dir"/{classes,src/com/twitter/heron/examples}
cp -R "$here/src/." "$dir/src"
cp -R "$here/src/org/apache/heron/examples/api/." "$dir/src/com/twitter/heron/examples"
find "$dir/src/com" -type f -exec sed -i 's/org\.apache\.heron\.examples\.api/com.twitter.heron.examples/g' {} +
rename_api com.twitter.heron "$dir/src/com"
compile "${apis[0]}:${apis[1]}" "$dir/classes" "$dir/src"
for api in "${apis[@]}"; do
    unzip -q -o "$api" -d "$dir/classes"
done
printf '%s\n' 'Implementation-Title: Heron example topologies' > "$dir/manifest"
pack "$jar" "$dir/classes" --manifest "$dir/manifest"
