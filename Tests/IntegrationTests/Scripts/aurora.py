"""A stand-in for Apache Aurora's client with the cluster behind it: refuses every command line that is not exactly of
the form that it should have, evaluates job files with pystachio as Aurora does, and really runs the instances, each in
a sandbox of its own.

    aurora.py job create|killall|restart …

In the folder AURORA_FOLDER: `calls` gets one line of JSON for each call; `jobs.json` is what runs; `fault`, if it is
there, holds `fail N` (the next N calls fail) or `hang`.
"""
import fcntl
import json
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import sys
import time

from pystachio import Boolean, Default, Environment, Float, Integer, List, Map, Required, String, Struct

FOLDER = pathlib.Path(os.environ["AURORA_FOLDER"])
BATCH = ["--batch-size", "2147483647"]
NAMES = {"CLUSTER", "CORE_PACKAGE_URI", "CPUS_PER_CONTAINER", "DISK_PER_CONTAINER", "ENVIRON", "EXECUTOR_BINARY",
         "NUM_CONTAINERS", "RAM_PER_CONTAINER", "ROLE", "TIER", "TOPOLOGY_ARGUMENTS", "TOPOLOGY_NAME",
         "TOPOLOGY_PACKAGE_URI"}


# ---- What job files are made of: the parts of Aurora's configuration reference that Heron's has ----

class Process(Struct):
    name = Required(String)
    cmdline = Required(String)
    max_failures = Default(Integer, 1)


class Resources(Struct):
    cpu = Required(Float)
    ram = Required(Integer)
    disk = Required(Integer)


class Task(Struct):
    processes = Required(List(Process))
    resources = Required(Resources)


class Announcer(Struct):
    primary_port = Default(String, "http")
    portmap = Default(Map(String, String), {})


class HttpHealthChecker(Struct):
    endpoint = Default(String, "/health")
    expected_response = Default(String, "ok")
    expected_response_code = Default(Integer, 200)


class HealthCheckerConfig(Struct):
    http = Required(HttpHealthChecker)


class HealthCheckConfig(Struct):
    health_checker = Required(HealthCheckerConfig)
    initial_interval_secs = Default(Float, 15.0)
    interval_secs = Default(Float, 10.0)
    max_consecutive_failures = Default(Integer, 0)
    timeout_secs = Default(Float, 1.0)


class Job(Struct):
    name = Required(String)
    cluster = Required(String)
    role = Required(String)
    environment = Required(String)
    service = Default(Boolean, False)
    instances = Default(Integer, 1)
    task = Required(Task)
    announce = Announcer
    health_check_config = HealthCheckConfig


def sequential_task(processes, resources):
    return Task(processes=processes, resources=resources)


def refuse(message):
    print(f"Error: {message}", file=sys.stderr)
    sys.exit(1)


def evaluate(path, bindings, key):
    """The job of a job file, with everything bound but what each instance has of its own."""
    space = {kind.__name__: kind for kind in (Process, Resources, Announcer, HttpHealthChecker, HealthCheckerConfig,
                                              HealthCheckConfig, Job, Task)}
    space["SequentialTask"] = sequential_task
    exec(compile(pathlib.Path(path).read_text(), path, "exec"), space)  # job files are Python
    for job in space["jobs"]:
        job = job.bind(Environment(**bindings))
        if "/".join(str(getattr(job, part)()) for part in ("cluster", "role", "environment", "name")) == key:
            return job
    return refuse(f"Job {key} not found in configuration file!")


# ---- The cluster ----

def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def start(job, key, instance):
    """Starts an instance; its processes run one after the other, and are a session of their own."""
    sandbox = FOLDER / key.replace("/", "-") / f"{instance}-{time.monotonic_ns()}"
    sandbox.mkdir(parents=True)
    lines = [str(process.cmdline()) for process in job.task().processes()]
    names = sorted(set(re.findall(r"\{\{thermos\.ports\[(\w+)\]\}\}", " ".join(lines))))
    ports = dict(zip(names, free_ports(len(names))))
    for name, port in ports.items():
        lines = [line.replace("{{thermos.ports[%s]}}" % name, str(port)) for line in lines]
    lines = [line.replace("{{mesos.instance}}", str(instance)) for line in lines]
    if any("{{" in line for line in lines):
        refuse(f"Configuration has unbound variables: {lines}")
    record("command", instance=instance, words=shlex.split(lines[-1]))
    with open(sandbox / "output", "w") as output:
        process = subprocess.Popen(["bash", "-c", "\n".join(f"{{ {line}\n}} || exit" for line in lines)], cwd=sandbox,
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    return process.pid


def stop(pid):
    """Ends an instance with all that it has started, as Thermos does: whoever descends from it, in whatever group."""
    found = descendants(pid)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for each in found:
            try:
                os.kill(each, number)
            except ProcessLookupError:
                pass
        for _ in range(50):
            if not any(map(alive, found)):
                return
            time.sleep(0.1)


def fields(pid):
    """The fields of a process's /proc/<pid>/stat from its state on."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ["Z", "0"]


def alive(pid):
    return fields(pid)[0] not in "ZX"


def descendants(pid):
    """A process and whatever comes of it, parents first."""
    parents = {int(path.name): int(fields(path.name)[1]) for path in pathlib.Path("/proc").glob("[0-9]*")}
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


# ---- The commands ----

def record(what, **more):
    with open(FOLDER / "calls", "a") as calls:
        calls.write(json.dumps({"what": what, **more}) + "\n")


def create(words, jobs):
    if words[:2] != ["--wait-until", "RUNNING"]:
        refuse(f"create without --wait-until RUNNING: {words}")
    words, bindings = words[2:], {}
    while words[:1] == ["--bind"]:
        name, value = words[1].split("=", 1)
        if name in bindings:
            refuse(f"{name} is bound twice")
        bindings[name] = value
        words = words[2:]
    extra = {name for name in bindings if re.fullmatch(r"AURORA_METADATA_[1-9]\d*", name)}
    if set(bindings) - extra != NAMES:
        refuse(f"bound are {sorted(bindings)}")
    if len(words) not in (2, 3) or words[2:] not in ([], ["--verbose"]):
        refuse(f"create is to be followed by a job and a file: {words}")
    key = words[0]
    if key in jobs:
        refuse(f"Job already exists: {key}")
    job = evaluate(words[1], {name: value for name, value in bindings.items()}, key)
    jobs[key] = {"bindings": bindings, "file": pathlib.Path(words[1]).read_text(), "instances": {}}
    for instance in range(int(str(job.instances()))):
        jobs[key]["instances"][str(instance)] = start(job, key, instance)


def killall(words, jobs):
    if words[1:] not in (BATCH, ["--verbose"] + BATCH):
        refuse(f"killall with {words}")
    if words[0] not in jobs:
        return  # as Aurora: there is nothing to kill
    for pid in jobs.pop(words[0])["instances"].values():
        stop(pid)


def restart(words, jobs):
    if words[1:] not in (BATCH, ["--verbose"] + BATCH):
        refuse(f"restart with {words}")
    key, number = re.fullmatch(r"([^/]+/[^/]+/[^/]+/[^/]+)(?:/(\d+))?", words[0]).groups()
    if key not in jobs or (number and number not in jobs[key]["instances"]):
        refuse(f"No instances of {words[0]} were found")
    path = FOLDER / "restarted.aurora"
    path.write_text(jobs[key]["file"])
    job = evaluate(str(path), jobs[key]["bindings"], key)
    for instance in [number] if number else list(jobs[key]["instances"]):
        stop(jobs[key]["instances"][instance])
        jobs[key]["instances"][instance] = start(job, key, int(instance))


def misbehave():
    fault = FOLDER / "fault"
    if not fault.exists():
        return
    kind, *count = fault.read_text().split()
    if kind == "hang":
        time.sleep(3600)
    left = int(count[0]) - 1
    if left >= 0:
        fault.write_text(f"fail {left}")
        refuse("the scheduler is not available")


def main():
    words = sys.argv[1:]
    record("call", words=words, environment=[name for name in os.environ if name.startswith("HERON_")])
    misbehave()
    if words[:1] != ["job"] or words[1:2] not in (["create"], ["killall"], ["restart"]):
        refuse(f"no such command: {words}")
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = FOLDER / "jobs.json"
        jobs = json.loads(path.read_text()) if path.exists() else {}
        try:
            {"create": create, "killall": killall, "restart": restart}[words[1]](words[2:], jobs)
        finally:
            path.write_text(json.dumps(jobs))


main()
