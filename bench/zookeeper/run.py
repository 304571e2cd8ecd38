"""Runs the ZooKeeper benchmarks against one server of their own; see ../README.md.

    run.py --build FOLDER [--rounds N] [--heron-home FOLDER] [--only PART,...]
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

from counting_proxy import CountingProxy
from kazoo.client import KazooClient

HERE = pathlib.Path(__file__).resolve().parent
OPERATIONS = ("get", "set", "create", "children", "multi")
# Callers, and how many calls a round makes: a fraction of a second, so that what else the machine does slows all alike.
LOADS = ((1, 300), (64, 1280))
# Of the raw client's throughput; microseconds; of one set; counts; milliseconds; megabytes.
TARGETS = {"rate": 0.9, "overhead": 20, "multi": 1.5, "multis": 2, "round trips": 8, "list": 300, "watches": 20}


class Program:
    """A process that answers every line with a line of JSON."""

    def __init__(self, *command):
        self.name = command[0]
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def processor_time(self):
        """Seconds that all its threads have run."""
        threads = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"run.py: {self.name} ended with status {self.process.wait()} at '{line}'")
        return json.loads(answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


@contextlib.contextmanager
def server():
    """A server in a temporary folder; yields its port."""
    with tempfile.TemporaryDirectory() as folder:
        command = [HERE / "../../scripts/zookeeper.sh", "--port", "0", "--folder", folder + "/server"]
        process = subprocess.Popen(
            [*map(str, command), "--temporary-for", str(os.getpid())], stdout=subprocess.PIPE, text=True
        )
        try:
            ready = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
            if not ready:
                raise SystemExit("run.py: no ZooKeeper server")
            yield int(ready[1])
        finally:
            process.terminate()
            process.wait()


def together(calls):
    """Waits for calls that are under way."""
    for call in list(calls):
        call.get()


def make_nodes(kazoo, root):
    for directory in ("topologies", "pplans", "executionstate"):
        kazoo.ensure_path(f"{root}/{directory}")
    together(kazoo.create_async(f"{root}/topologies/node-{number}", b"x" * 256) for number in range(64))
    together(kazoo.create_async(f"{root}/pplans/child-{number:04}") for number in range(64))


def remove_created(kazoo, root):
    names = kazoo.get_children(f"{root}/executionstate")
    together(kazoo.delete_async(f"{root}/executionstate/{name}") for name in names)


def time_calls(build, connection, kazoo, rounds):
    """A list of results, one for each round, by (program, operation, callers)."""
    commands = {
        "raw": [build / "raw-calls"],
        "client": [build / "zookeeper-bench", "client"],
        "state": [build / "zookeeper-bench", "state"],
        "kazoo": [sys.executable, HERE / "kazoo_calls.py"],
    }
    results = {}
    with contextlib.ExitStack() as stack:
        programs = []
        for name, command in commands.items():
            root = f"/bench-{name}"
            make_nodes(kazoo, root)
            programs.append((name, root, stack.enter_context(Program(*command, connection, root))))
        # The first round warms the server's Java up.
        for number in range(rounds + 1):
            for operation in OPERATIONS:
                for callers, count in LOADS:
                    # Each in turn goes first.
                    start = number % len(programs)
                    for name, root, program in programs[start:] + programs[:start]:
                        calls = count // (3 if name == "kazoo" else 1)
                        before = program.processor_time()
                        answer = program.ask(f"{operation} {callers} {calls}")
                        answer["processor"] = (program.processor_time() - before) / calls * 1e6
                        if operation == "create":
                            remove_created(kazoo, root)
                        if number > 0:
                            results.setdefault((name, operation, callers), []).append(answer)
    return results


def median(values):
    return statistics.median(values)


def verdict(is_met):
    return "ok" if is_met else "MISSED"


def report_calls(results):
    print("\nCalls: median of the rounds; ratio and difference to raw are medians of those within a round\n")
    print("| call | callers | program | p50 µs | p99 µs | calls/s | CPU µs | rate ÷ raw | p50 − raw µs | |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for operation in OPERATIONS:
        for callers, _ in LOADS:
            raw = results["raw", operation, callers]
            for name in ("raw", "client", "state", "kazoo"):
                rounds = results[name, operation, callers]
                ratio = median([one["rate"] / other["rate"] for one, other in zip(rounds, raw)])
                overhead = median([one["p50"] - other["p50"] for one, other in zip(rounds, raw)])
                # Of many at a time, the latency is the throughput once more.
                is_met = overhead <= TARGETS["overhead"] if callers == 1 else ratio >= TARGETS["rate"]
                note = verdict(is_met) if name in ("client", "state") else ""
                figures = [median([one[figure] for one in rounds]) for figure in ("p50", "p99", "rate", "processor")]
                print(
                    f"| {operation} | {callers} | {name} | {figures[0]:.0f} | {figures[1]:.0f} | {figures[2]:.0f} "
                    f"| {figures[3]:.0f} | {ratio:.2f} | {overhead:+.0f} | {note} |"
                )
    print("\nA multi of 8 against one set, p50 with one caller:\n")
    for name in ("raw", "client", "state", "kazoo"):
        pairs = zip(results[name, "multi", 1], results[name, "set", 1])
        ratio = median([multi["p50"] / one["p50"] for multi, one in pairs])
        note = verdict(ratio <= TARGETS["multi"]) if name in ("client", "state") else ""
        print(f"- {name}: {ratio:.2f} {note}")


def report_life_cycle(build, port, rounds):
    """Counts through a proxy whose round trip is so long that nothing else matters; times without it."""
    times = {"submit": [], "start": [], "kill": []}
    seen = {}
    proxy = CountingProxy(port)
    bench = [build / "zookeeper-bench", "state"]
    with Program(*bench, f"127.0.0.1:{port}", "/bench-life") as near:
        for number in range(rounds):
            for step, values in times.items():
                values.append(near.ask(f"{step} topology-{number}")["milliseconds"])
    with Program(*bench, f"127.0.0.1:{proxy.port}", "/bench-life") as far:
        for step in times:
            proxy.counts.clear()
            proxy.round_trip = 0.1
            seen[step] = far.ask(f"{step} topology")["milliseconds"] / 100, dict(proxy.counts)
            proxy.round_trip = 0
    print("\nA topology's life: round trips are the time over a connection where each takes 100 ms\n")
    for step in ("submit", "kill"):
        trips, counts = seen[step]
        requests = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
        is_met = int(trips) <= TARGETS["round trips"] and counts["multi"] <= TARGETS["multis"]
        print(f"- {step}: {requests}; {trips:.1f} round trips; {median(times[step]):.1f} ms here: {verdict(is_met)}")


def report_list(build, port, rounds, heron_home):
    """1,000 topologies: the reads of `heron list`, and the command itself if there is one to run."""
    root = "/bench-list"
    print("\n1,000 topologies\n")
    with Program(build / "zookeeper-bench", "state", f"127.0.0.1:{port}", root) as program:
        program.ask("fill 1000")
        reads = median([program.ask("list")["milliseconds"] for _ in range(rounds)])
    print(f"- the reads of heron list: {reads:.0f} ms: {verdict(reads <= TARGETS['list'])}")
    if not heron_home:
        return
    settings = {"heron.statemgr.connection.string": f"127.0.0.1:{port}", "heron.statemgr.root.path": root}
    command = [str(heron_home / "bin/heron"), "list", "localzk", "--output", "json"]
    for key, value in settings.items():
        command += ["--config-property", f"{key}={value}"]
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        times.append((time.perf_counter() - start) * 1000)
        if output.count(b'"topology-') < 1000:
            raise SystemExit("run.py: heron list does not list 1,000 topologies")
    print(f"- heron list: {median(times):.0f} ms: {verdict(median(times) <= TARGETS['list'])}")


def report_watches(build, connection, kazoo):
    root = "/bench-watches"
    make_nodes(kazoo, root)
    together(kazoo.create_async(f"{root}/executionstate/{number}", b"x" * 256) for number in range(10_000))
    with Program(build / "zookeeper-bench", "state", connection, root) as program:
        held = program.ask("watch 10000")
        awaited = program.ask("await")
    megabytes, more = held["kilobytes"] / 1024, awaited["kilobytes"] / 1024
    print("\n10,000 watches on nodes of 256 bytes\n")
    print(f"- held: {megabytes:.1f} MB, {held['milliseconds']:.0f} ms: {verdict(megabytes <= TARGETS['watches'])}")
    print(f"- a task for each that awaits the next change: {more:.1f} MB more, which are Swift's own")


def main():
    parser = argparse.ArgumentParser(description="Benchmarks of the state in ZooKeeper.")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the folder of the built programs")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--heron-home", type=pathlib.Path, help="a distribution whose heron list to time")
    parser.add_argument("--only", default="calls,life,list,watches", help="parts, comma-separated")
    options = parser.parse_args()
    parts = options.only.split(",")
    with server() as port:
        connection = f"127.0.0.1:{port}"
        kazoo = KazooClient(connection)
        kazoo.start()
        if "calls" in parts:
            report_calls(time_calls(options.build, connection, kazoo, options.rounds))
        if "life" in parts:
            report_life_cycle(options.build, port, options.rounds)
        if "list" in parts:
            report_list(options.build, port, options.rounds, options.heron_home)
        if "watches" in parts:
            report_watches(options.build, connection, kazoo)
        kazoo.stop()
        kazoo.close()


main()
