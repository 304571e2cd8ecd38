# make demo    a topology on this machine, from nothing: dependencies, build, submit, watch, kill
# make demo-mesos   the same on ZooKeeper and a Mesos development cluster, both started for it
# make test    every test
# make zookeeper [PORT=2181]   a ZooKeeper server for development, on this machine only, until Ctrl-C
# make mesos-dev [PORT=5050]   a stand-in for a Mesos cluster, on this machine only, until Ctrl-C; see docs/mesos-dev.md
# make bench-zookeeper [BENCH='--rounds 5']   how fast the state in ZooKeeper is, see bench/README.md
# make bench-mesos [BENCH='--rounds 5']   how fast and how large the Mesos scheduler is, see bench/README.md
# make bench-java [BENCH='--rounds 5']   how fast the Java instance starts, receives and emits, see bench/README.md
# make bench-plugins   what it costs to find, load and call plugins, see bench/README.md
# make bench-commands, bench-local, bench-stmgr   commands that do little; submissions, memory, launches; tuples
# make bench   all of these
# make fuzz [SECONDS=60]   every fuzzer for so long, see Fuzz/README.md
# make sanitize    every test in Swift under AddressSanitizer, then under ThreadSanitizer
# make dist    a relocatable HERON_HOME in dist/heron
.PHONY: help setup build dist demo demo-mesos zookeeper mesos-dev bench bench-commands bench-java bench-local bench-mesos bench-plugins bench-stmgr bench-zookeeper fuzz sanitize test lint format examples protos clean

DEBUG_HOME := $(CURDIR)/.build/heron-home

help:
	@sed -n 's/^# //p' Makefile

setup:
	scripts/setup.sh

build: setup
	swift build --configuration release

examples: setup
	Examples/build_pex.sh

dist: build examples
	scripts/dist.sh release dist/heron
	@echo "dist: dist/heron"

demo: dist
	scripts/demo.sh dist/heron

demo-mesos: dist
	scripts/demo-mesos.sh dist/heron

zookeeper: PORT ?= 2181
zookeeper: setup
	scripts/zookeeper.sh --port $(PORT)

mesos-dev: PORT ?= 5050
mesos-dev: setup
	scripts/mesos-dev.sh --port $(PORT)

bench-zookeeper: setup
	swift build --configuration release --package-path bench/zookeeper --scratch-path .build/bench
	.venv/bin/python bench/zookeeper/run.py --build .build/bench/release $(BENCH)

bench-mesos: dist
	.venv/bin/python bench/mesos/run.py --heron-home dist/heron $(BENCH)

bench-plugins: dist
	.venv/bin/python bench/plugins/run.py --heron-home dist/heron --build .build/release

bench-commands: dist
	.venv/bin/python bench/commands/run.py --heron-home dist/heron $(BENCH)

bench-local: dist
	.venv/bin/python bench/local/run.py --heron-home dist/heron $(BENCH)

bench-stmgr: dist
	.venv/bin/python bench/stmgr/run.py --heron-home dist/heron $(BENCH)

bench: bench-commands bench-plugins bench-local bench-stmgr bench-java bench-mesos bench-zookeeper

bench-java: dist
	.venv/bin/python bench/java/run.py --heron-home dist/heron $(BENCH)

test: setup lint examples
	swift build --build-tests
	scripts/dist.sh debug $(DEBUG_HOME)
	scripts/test.sh $(DEBUG_HOME)

fuzz: SECONDS ?= 60
fuzz: setup
	scripts/fuzz.sh --seconds $(SECONDS)

sanitize: setup examples
	scripts/sanitize.sh address
	scripts/sanitize.sh thread

lint: setup
	scripts/lint.sh

format:
	swift format --in-place --parallel --recursive --configuration .swift-format Package.swift Plugins Sources bench State/Package.swift State/Sources/HeronState State/Tests Tests
	git ls-files '*.c' '*.h' | xargs clang-format -i

# Needs protoc and protoc-gen-swift (of swift-protobuf) on the PATH.
protos:
	protoc --proto_path=State/Protos --swift_out=State/Sources/HeronModel/Generated --swift_opt=Visibility=Public State/Protos/*.proto
	protoc --proto_path=Plugins/Mesos/Protos --swift_out=Plugins/Mesos/Sources/MesosProtocol/Generated --swift_opt=Visibility=Public Plugins/Mesos/Protos/*.proto

clean:
	rm -rf .build State/.build dist
