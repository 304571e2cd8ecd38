#!/usr/bin/env python3
"""Figures of topologies on one machine; see bench/README.md.

    bench/local/run.py --heron-home <distribution> [--rounds N] [--containers N] [--launches N]
"""
import argparse
import contextlib
import getpass
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))

from table import head, row  # noqa: E402

TOPOLOGY = ROOT / "Tests/IntegrationTests/Topologies/counting.py"
# Notes when the topology's program begins and ends, which is no time of ours.
PYTHON = """#!/bin/sh
[ -n "$HERON_OPTIONS" ] || exec {python} "$@"
date +%s.%N >>"$HOME/main"
{python} "$@"
status=$?
date +%s.%N >>"$HOME/main"
exit $status
"""


class User:
    """Somebody with an empty home."""

    def __init__(self, home, folder):
        self.heron_home, self.home = home, folder
        (folder / "bin").mkdir()
        shim = folder / "bin/python3"
        shim.write_text(PYTHON.format(python=sys.executable))
        shim.chmod(0o755)
        self.environment = {**os.environ, "HOME": str(folder), "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}

    def heron(self, *words, settings=()):
        properties = [word for text in settings for word in ("--config-property", text)]
        done = subprocess.run([self.heron_home / "bin/heron", *map(str, words), *properties], env=self.environment,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"run.py: heron {words[0]} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def submit(self, containers, *options, settings=()):
        """Seconds, and those of the topology's own program."""
        with contextlib.suppress(FileNotFoundError):
            (self.home / "main").unlink()
        begin = time.monotonic()
        self.heron("submit", "local", *options, TOPOLOGY, "-", "Counting", containers, containers, containers,
                   settings=settings)
        passed = time.monotonic() - begin
        first, last = map(float, (self.home / "main").read_text().split())
        return passed, last - first

    def kill(self):
        self.heron("kill", "local", "Counting")

    def processes(self, name):
        """The processes of a program that work below this home."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and pathlib.Path(os.readlink(entry / "exe")).name == name \
                        and str(self.home).encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
        return found


def started(process):
    """When a process was started, in seconds since the machine was."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def memory(process, name):
    """A line of a process's status, in MB."""
    text = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+) kB", text).group(1)) / 1024


def submissions(user, rounds):
    """How long submissions take."""
    alone, first, running = [], [], []
    for _ in range(rounds):
        passed, program = user.submit(1, "--no-wait")
        alone.append(passed - program)
        user.kill()
        begin = time.clock_gettime(time.CLOCK_BOOTTIME)
        passed, program = user.submit(4)
        running.append(passed)
        first.append(min(map(started, user.processes("heron-executor"))) - begin - program)
        user.kill()
    limits = {"submit, without the topology's own program": (alone, 0.3),
              "submit to the first executor, without it": (first, 0.4),
              "submit to the last instance, 4 containers": (running, 3.0)}
    for name, (times, limit) in limits.items():
        median = statistics.median(times)
        row(name, f"{median * 1000:.0f} ms", f"<= {limit * 1000:.0f} ms", median <= limit)


def footprints(user):
    """What the processes of an idle topology take."""
    user.submit(1)
    user.heron("deactivate", "local", "Counting")
    for name, limit in (("heron-scheduler", 40), ("heron-executor", 20), ("heron-tmanager", 20), ("heron-stmgr", 20)):
        process = max(user.processes(name), key=lambda each: memory(each, "VmRSS"))
        size = memory(process, "VmRSS")
        row(f"memory of {name}, idle", f"{size:.1f} MB", f"<= {limit} MB", size <= limit,
            f"{memory(process, 'RssAnon'):.1f} MB its own")
    user.kill()


def core_package(folder):
    """A core package whose executor is a small program."""
    program = folder / "container"
    subprocess.run(["cc", "-O2", "-static", "-o", program, HERE / "container.c"], check=True)
    with tarfile.open(folder / "core.tar.gz", "w:gz") as archive:
        archive.add(program, "heron-core/bin/heron-executor")
    return program


def launches(user, count, total):
    """How fast containers are started that do nothing, and whether two ever get the same port."""
    program = core_package(user.home)
    settings = ["heron.package.use_core_uri=true", f"heron.package.core.uri=file://{user.home}/core.tar.gz",
                "heron.scheduler.local.kill.grace.ms=100"]
    spawn = float(subprocess.check_output([program, "spawn", str(count), program], text=True))
    user.submit(count - 1, "--no-wait", settings=settings)
    wait_for_containers(user, count)
    times = sorted(map(started, user.processes("heron-executor")))
    rate, plain = (count - 1) / (times[-1] - times[0]), count / spawn
    row(f"{count} containers started", f"{rate:.0f}/s", ">= 0.60 times", rate >= 0.6 * plain,
        f"posix_spawn {plain:.0f}/s", rate / plain)
    directory = user.home / ".herondata/topologies/local" / getpass.getuser() / "Counting"
    (directory / "listen").touch()
    launched = 0
    while launched < total:
        user.heron("restart", "local", "Counting")
        wait_for_containers(user, count)
        launched += count
    collisions = directory / "collisions"
    found = len(collisions.read_text().splitlines()) if collisions.exists() else 0
    row(f"port collisions in {launched} launches", str(found), "0", found == 0)
    user.kill()


def wait_for_containers(user, count):
    end = time.monotonic() + 120
    while time.monotonic() < end:
        status = json.loads(user.heron("status", "local", "Counting", "--output", "json"))
        if sum(each["state"] == "running" for each in status["containers"]) == count:
            return
        time.sleep(0.2)
    sys.exit(f"run.py: {count} containers do not run within 120 s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heron-home", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5, help="how often; the medians are shown")
    parser.add_argument("--containers", type=int, default=500)
    parser.add_argument("--launches", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="heron-bench-") as scratch:
        user = User(options.heron_home.resolve(), pathlib.Path(scratch))
        head("topologies on one machine")
        try:
            submissions(user, options.rounds)
            footprints(user)
            launches(user, options.containers, options.launches)
        finally:
            subprocess.run([user.heron_home / "bin/heron", "kill", "local", "Counting", "--force"],
                           env=user.environment, capture_output=True, check=False)


main()
