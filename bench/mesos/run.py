"""Runs the benchmarks of the Mesos scheduler against a ZooKeeper server and a development cluster of their own; see
../README.md.

    run.py --heron-home FOLDER [--rounds N] [--tasks N] [--only PART,...]
"""
import argparse
import contextlib
import io
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOPOLOGY = ROOT / "Tests/IntegrationTests/Topologies/counting.py"
# Seconds, seconds, megabytes.
TARGETS = {"first executor": 1.5, "subscribed": 3.0, "memory": 50.0}
PATIENCE = 120


@contextlib.contextmanager
def process(output, *command):
    """A process in a group of its own, which ends with the block."""
    with open(output, "wb") as file:
        child = subprocess.Popen(
            [str(word) for word in command], stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        child.wait()


def wait_for(what, condition):
    """Waits until a condition gives something, and returns it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.01)
    sys.exit(f"run.py: {what}: not within {PATIENCE} s")


def line(file, pattern):
    """The first text in a file that matches."""
    return wait_for(f"'{pattern}' in {file}", lambda: re.search(pattern, file.read_text())).group(1)


class Cluster:
    """A ZooKeeper server and a Mesos development cluster in a folder."""

    def __init__(self, home, folder, processes, agents):
        self.home, self.folder = home, folder
        zookeeper, mesos = folder / "zookeeper.out", folder / "mesos.out"
        processes.enter_context(
            process(
                zookeeper, ROOT / "scripts/zookeeper.sh", "--port", 0, "--folder", folder / "zookeeper",
                "--temporary-for", os.getpid(),
            )
        )
        options = [word for agent in agents for word in ("--agent", f"resources={agent}")]
        processes.enter_context(
            process(
                mesos, home / "bin/heron-mesos-dev", "--port", 0, "--work-dir", folder / "mesos", *options
            )
        )
        connection = line(zookeeper, r"(127\.0\.0\.1:\d+)")
        master = line(mesos, r"master at http://(\S+)")
        line(mesos, r"(ready)\n")
        self.settings = [
            f"heron.mesos.master.uri={master}", f"heron.statemgr.connection.string={connection}",
            f"heron.local.working.directory={folder}/scheduler",
        ]

    def heron(self, *words, settings=(), check=True):
        properties = [word for text in (*self.settings, *settings) for word in ("--config-property", text)]
        command = [self.home / "bin/heron", *words, *properties]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if check and done.returncode != 0:
            sys.exit(f"run.py: heron {words[0]} ended with {done.returncode}: {done.stderr}")
        return done

    def submit(self, containers, *options, settings=(), check=True):
        user = subprocess.check_output(["id", "-un"], text=True).strip()
        self.place = f"mesos/{user}"
        arguments = ["Counting", containers, containers, containers]
        words = ["submit", self.place, *options, TOPOLOGY, "-", *arguments]
        return self.heron(*words, settings=settings, check=check)

    def status(self):
        done = self.heron("status", self.place, "Counting", "--output", "json", check=False)
        return json.loads(done.stdout) if done.returncode == 0 else {}

    def kill(self):
        self.heron("kill", self.place, "Counting")


def processes_named(name, folder):
    """The ids of a program's processes whose command line or environment has a folder's path."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if not entry.name.isdigit() or pathlib.Path(os.readlink(entry / "exe")).name != name:
                continue
            words = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            if os.fsencode(folder) in words or os.fsencode(folder) in os.fsencode(os.readlink(entry / "cwd")):
                found.append(int(entry.name))
    return found


def started(pid):
    """When a process was started, in seconds since the machine was."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def resident(pid):
    """Megabytes."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", text).group(1)) / 1024


def median(values):
    return f"{statistics.median(values):.2f} s ({min(values):.2f} to {max(values):.2f})"


def report(name, value, target, text):
    print(f"{'ok    ' if value <= target else 'MISSED'}  {name}: {text}; target {target:g}", flush=True)


def measure_submit(home, rounds):
    """From the command to the first executor and to all that runs; then the scheduler's death and return."""
    agents = ["cpus:8;mem:16384;disk:20000;ports:[24000-24100]", "cpus:8;mem:16384;disk:20000;ports:[24200-24300]"]
    first, running, subscribed = [], [], []
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as processes:
        folder = pathlib.Path(name)
        cluster = Cluster(home, folder, processes, agents)
        for _ in range(rounds):
            start = time.clock_gettime(time.CLOCK_BOOTTIME)
            cluster.submit(1)
            running.append(time.clock_gettime(time.CLOCK_BOOTTIME) - start)
            executors = processes_named("heron-executor", folder)
            first.append(min(started(pid) for pid in executors) - start)
            subscribed.append(restart_scheduler(cluster, folder))
            cluster.kill()
    report("submit to the first executor", statistics.median(first), TARGETS["first executor"], median(first))
    print(f"        submit to all running: {median(running)}")
    report(
        "restarted scheduler subscribed and reconciled", statistics.median(subscribed), TARGETS["subscribed"],
        median(subscribed),
    )


def restart_scheduler(cluster, folder):
    """How long a scheduler takes from its start until it knows again what runs."""
    for pid in processes_named("heron-scheduler", folder):
        os.kill(pid, signal.SIGKILL)
    log = next((folder / "scheduler/log-files").glob("heron-*-scheduler.log"))
    length = log.stat().st_size
    start = time.monotonic()
    cluster.heron("scheduler", "start", cluster.place, "Counting")

    def knows():
        with open(log, "rb") as file:
            file.seek(length)
            return b"reconciled" in file.read()

    wait_for("'reconciled' in the scheduler's log", knows)
    return time.monotonic() - start


def measure_memory(home, tasks):
    """What a scheduler service takes with many tasks, which do nothing."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as processes:
        folder = pathlib.Path(name)
        core = folder / "core.tar.gz"
        idle_core(home, core)
        agents = ["cpus:1000;mem:1000000;disk:1000000;ports:[10000-19999]"] * 10
        cluster = Cluster(home, folder, processes, agents)
        settings = ["heron.package.use_core_uri=true", f"heron.package.core.uri=file://{core}"]
        cluster.submit(tasks - 1, "--no-wait", settings=settings, check=False)

        def all_run():
            containers = cluster.status().get("containers", [])
            return len(containers) == tasks and all(each["state"] == "running" for each in containers)

        wait_for(f"{tasks} tasks run", all_run)
        (service,) = processes_named("heron-scheduler", folder)
        size = resident(service)
        cluster.kill()
    report(f"memory of a service with {tasks} tasks", size, TARGETS["memory"], f"{size:.1f} MB")


def idle_core(home, file):
    """A core package whose executor only waits."""
    with tarfile.open(file, "w:gz") as archive:
        script = b"#!/bin/sh\nexec sleep 100000\n"
        entry = tarfile.TarInfo("heron-core/bin/heron-executor")
        entry.mode, entry.size = 0o755, len(script)
        archive.addfile(entry, io.BytesIO(script))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--heron-home", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tasks", type=int, default=100)
    parser.add_argument("--only", default="submit,memory")
    options = parser.parse_args()
    home = options.heron_home.resolve()
    if "submit" in options.only.split(","):
        measure_submit(home, options.rounds)
    if "memory" in options.only.split(","):
        measure_memory(home, options.tasks)


if __name__ == "__main__":
    main()
