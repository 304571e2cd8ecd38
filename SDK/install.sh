#!/usr/bin/env bash
# Puts what authors of plugins need into a distribution.
#   SDK/install.sh <HERON_HOME>
set -euo pipefail
cd "$(dirname "$0")/.."
home=$1
abi=$(awk '$2 == "HERON_ABI_MAJOR" || $2 == "HERON_ABI_MINOR" { print $3 }' Sources/PluginABI/include/heron/abi.h | paste -sd.)

mkdir -p "$home"/include "$home"/lib/{pkgconfig,cmake/HeronPlugin} "$home"/share/heron/swift/Sources
cp -R Sources/PluginABI/include/. "$home/include/"
mkdir "$home/include/heron/proto"
cp State/Protos/*.proto "$home/include/heron/proto/"
sed "s/@ABI@/$abi/" SDK/heron-plugin.pc >"$home/lib/pkgconfig/heron-plugin.pc"
cp SDK/HeronPluginConfig.cmake "$home/lib/cmake/HeronPlugin/"
sed "s/@ABI@/$abi/" SDK/HeronPluginConfigVersion.cmake >"$home/lib/cmake/HeronPlugin/HeronPluginConfigVersion.cmake"
cp Plugins/plugin.map "$home/share/heron/"
cp -R SDK/templates "$home/share/heron/"

# PluginKit for plugins in Swift, as a package.
cp SDK/swift/Package.swift "$home/share/heron/swift/"
cp -R Sources/PluginKit "$home/share/heron/swift/Sources/"
cp -R Sources/PluginABI "$home/share/heron/swift/Sources/"
