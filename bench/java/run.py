"""Runs the benchmarks of the Java instance against a stream manager that does nothing but send and receive; see
../README.md.

    run.py --heron-home FOLDER [--rounds N] [--seconds N]
"""
import argparse
import contextlib
import os
import pathlib
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests"))

from heronpy.proto import topology_pb2, tuple_pb2  # noqa: E402
from InstanceTesting.case import packet, physical_plan, tuple_set  # noqa: E402
from InstanceTesting.stream_manager import StreamManager  # noqa: E402

PAYLOAD = "x" * 100
TUPLES_PER_SET = 1000
REPORT = 10_000
TARGETS = {"start": 0.5, "throughput": 300_000}
# What heron-executor gives an instance of Heron's default size.
OPTIONS = """-Xmx832M -Xms832M -XX:MaxMetaspaceSize=128M -XX:MetaspaceSize=128M -XX:ReservedCodeCacheSize=64M
    -Djava.net.preferIPv4Stack=true -XX:+UseG1GC -XX:+ParallelRefProcEnabled -XX:+UseStringDeduplication
    -XX:MaxGCPauseMillis=100 -XX:InitiatingHeapOccupancyPercent=30 -XX:ParallelGCThreads=4""".split()


class Bench:
    """The topology, compiled, and its instances."""

    def __init__(self, home, folder):
        self.folder = folder
        self.instance = home / "dist/heron-core/lib/instance"
        api = home / "lib/api/heron-api.jar"
        source = pathlib.Path(__file__).with_name("BenchTopology.java")
        subprocess.run(["javac", "-d", folder / "classes", "-cp", api, source], check=True)
        self.topology = f"{folder / 'classes'}:{api}"
        options = f"cmdline.topologydefn.tmpdirectory={folder},cmdline.topology.initial.state=RUNNING"
        command = ["java", "-cp", self.topology, "BenchTopology", "bench"]
        subprocess.run(command, check=True, env={**os.environ, "HERON_OPTIONS": options})
        topology = topology_pb2.Topology.FromString((folder / "bench.defn").read_bytes())
        self.plan = physical_plan(topology, topology_pb2.RUNNING, (), ())
        (folder / "internals.yaml").write_text((home / "conf/local/heron_internals.yaml").read_text())
        (folder / "override.yaml").write_text("{}\n")
        (folder / "log-files").mkdir()  # As the executor does.

    @contextlib.contextmanager
    def run(self, component):
        """Starts an instance of a component; gives its process, its connection and how long it took to register."""
        manager = StreamManager()
        task = next(task for task in self.plan.instances if task.info.component_name == component)
        arguments = {
            "topology_name": self.plan.topology.name, "topology_id": self.plan.topology.id,
            "instance_id": task.instance_id, "component_name": component, "task_id": task.info.task_id,
            "component_index": 0, "stmgr_id": "stmgr-1", "stmgr_port": manager.port, "metricsmgr_port": 1,
            "system_config_file": "internals.yaml", "override_config_file": "override.yaml",
        }
        command = ["java", *OPTIONS, "-cp", f"{self.instance}/*:{self.topology}",
                   "org.apache.heron.instance.HeronInstance"]
        command += [text for name, value in arguments.items() for text in (f"-{name}", str(value))]
        begin = time.monotonic()
        process = subprocess.Popen(command, cwd=self.folder)
        try:
            connection = manager.accept()
            connection.register(self.plan)
            yield process, connection, time.monotonic() - begin
        finally:
            process.kill()
            process.wait()
            manager.close()


def value():
    """A serialized value."""
    return b"\xac\xed\x00\x05\x74" + struct.pack(">H", len(PAYLOAD)) + PAYLOAD.encode()


def tuples():
    """Ten sets of tuples as a stream manager sends them."""
    message = tuple_set([[value()]] * TUPLES_PER_SET, component="source")
    return packet(message.DESCRIPTOR.full_name, message.SerializeToString()) * 10


def feed(connection, is_over):
    """Sends sets until it is over."""
    data = tuples()
    with contextlib.suppress(OSError):
        while not is_over.is_set():
            connection.send_raw(data)


def count_bytes(connection, component, seconds):
    """Tuples per second that an instance sends, about: by their bytes, which are known."""
    message = tuple_pb2.HeronTupleSet(src_task_id=1)
    message.data.stream.id, message.data.stream.component_name = "default", component
    empty = message.ByteSize()
    message.data.tuples.add(key=0, values=[value()])
    size = message.ByteSize() - empty
    received, begin = 0, time.monotonic()
    while time.monotonic() - begin < seconds:
        received += connection.skip(1 << 20)
    return received / size / (time.monotonic() - begin)


def count_reports(connection, seconds):
    """Tuples per second, by what the sink says."""
    begin, count = time.monotonic(), 0
    while time.monotonic() - begin < seconds:
        _, message = connection.receive()
        count += REPORT * len(message.data.tuples)
    return count / (time.monotonic() - begin)


def throughput(bench, component, seconds):
    """Tuples per second of a component at full speed, and the processor time of each in microseconds."""
    with bench.run(component) as (process, connection, _):
        is_over = threading.Event()
        feeder = threading.Thread(target=feed, args=(connection, is_over), daemon=True)
        if component != "source":
            feeder.start()

        def count():
            if component == "sink":
                return count_reports(connection, seconds)
            return count_bytes(connection, component, seconds)

        count()  # Until the JVM has compiled what matters.
        used, begin = cpu(process), time.monotonic()
        rate = count()
        used, passed = cpu(process) - used, time.monotonic() - begin
        is_over.set()
        return rate, used / passed / rate * 1e6


def cpu(process):
    """The processor time of a process, in seconds."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def yardstick(seconds):
    """Tuples per second that the generator sends to a program that only reads."""
    listener = socket.create_server(("127.0.0.1", 0))
    reader = subprocess.Popen([sys.executable, "-c", READER, str(listener.getsockname()[1])])
    accepted, _ = listener.accept()
    data = tuples()
    end, sent, begin = time.monotonic() + seconds, 0, time.monotonic()
    while time.monotonic() < end:
        accepted.sendall(data)
        sent += 10 * TUPLES_PER_SET
    rate = sent / (time.monotonic() - begin)
    accepted.close()
    listener.close()
    reader.wait()
    return rate


READER = """
import socket, sys
connection, buffer = socket.create_connection(("127.0.0.1", int(sys.argv[1]))), bytearray(1 << 20)
while connection.recv_into(buffer): pass
"""


def empty_jvm(bench):
    """How long a JVM takes that prints its version and ends, with the same options."""
    begin = time.monotonic()
    command = ["java", *OPTIONS, "-cp", f"{bench.instance}/*", "org.apache.heron.instance.util.JvmVersion"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def verdict(is_met):
    return "" if is_met else "  MISSED"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--heron-home", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="heron-bench-") as folder:
        bench = Bench(chosen.heron_home.resolve(), pathlib.Path(folder))
        starts, empty = [], []
        for _ in range(chosen.rounds):
            with bench.run("sink") as (_, _, seconds):
                starts.append(seconds)
            empty.append(empty_jvm(bench))
        start = statistics.median(starts)
        print(f"start to registered: {start:.3f} s ({min(starts):.3f} to {max(starts):.3f}), target"
              f" {TARGETS['start']} s, {start / statistics.median(empty):.1f} times an empty JVM"
              f"{verdict(start <= TARGETS['start'])}")
        plain = yardstick(chosen.seconds)
        print(f"generator to a program that only reads: {plain:,.0f} tuples/s of {len(PAYLOAD)} bytes")
        for component, what in (
            ("sink", "bolt that counts"), ("relay", "bolt that passes on"), ("source", "spout")
        ):
            rate, microseconds = throughput(bench, component, chosen.seconds)
            print(f"{what}: {rate:,.0f} tuples/s, target {TARGETS['throughput']:,}, {rate / plain:.2f} of the above,"
                  f" {microseconds:.2f} µs of processor time each{verdict(rate >= TARGETS['throughput'])}")


main()
