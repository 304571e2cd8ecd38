#!/usr/bin/env python3
"""Figures of the stream manager; see bench/README.md.

    bench/stmgr/run.py --heron-home <distribution> [--seconds N] [--rounds N]
"""
import argparse
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import cluster  # noqa: E402
from table import head, row  # noqa: E402

PAYLOAD = b"HERON\1\2\3".ljust(100, b".")
# Heron 0.20's own stream manager on a machine of this kind: tuples in a set, tuples/s, µs of both processes per tuple.
HERON = {1: (0.66e6, 1.8), 10: (1.6e6, 0.86), 100: (1.9e6, 0.75), 1000: (2.1e6, 0.68)}
# So many fit into a packet of 10 MB, the limit.
LARGEST = 80_000


class Load:
    """The program that sends and receives."""

    def __init__(self, folder):
        self.program = folder / "load"
        self.folder = folder
        subprocess.run(["cc", "-O2", "-o", self.program, HERE / "load.c"], check=True)

    def start(self, *words, sockets):
        """Starts the program; it gets connections in the place of the word 'fd'."""
        numbers = iter([each.fileno() for each in sockets])
        words = [str(next(numbers)) if word == "fd" else str(word) for word in words]
        return subprocess.Popen([self.program, *words], stdout=subprocess.PIPE, text=True,
                                pass_fds=[each.fileno() for each in sockets])

    def packet(self, count):
        """A file with one set of so many tuples."""
        path = self.folder / f"set-{count}"
        path.write_bytes(cluster.packet(cluster.tuples(count, PAYLOAD)))
        return path


def finish(sink):
    """What a sink has counted: tuples, misplaced ones, seconds, latencies in ms (p50, p99, maximum)."""
    sink.send_signal(signal.SIGTERM)
    tuples, misplaced, passed, *times = map(int, sink.communicate()[0].split())
    return tuples, misplaced, passed / 1e9, [each / 1e6 for each in times]


def through_stream_managers(load, home, size, seconds, rate=0):
    """Tuples per second, µs of both processes per tuple, tuples lost or out of place, latencies in ms."""
    group = cluster.Cluster(home)
    try:
        sink = load.start("sink", "fd", 0, sockets=group.sinks)
        before = group.cpu()
        sender = load.start("send", "fd", load.packet(size), seconds, rate, sockets=[group.source])
        sent = int(sender.communicate()[0])
        wait_until_idle(group)
        used = group.cpu() - before
        tuples, misplaced, passed, latencies = finish(sink)
    finally:
        group.close()
    return tuples / passed, used / tuples * 1e6, sent - tuples + misplaced, latencies


def wait_until_idle(group):
    """Returns when the stream managers have had nothing to do for a second; they may wait for a processor as long."""
    last, since = group.cpu(), time.monotonic()
    while time.monotonic() - since < 1:
        time.sleep(0.1)
        if (used := group.cpu()) != last:
            last, since = used, time.monotonic()


def through_relay(load, size, seconds):
    """Tuples per second and µs per tuple of a program that copies the same bytes from one connection to another."""
    inward, outward = connected(), connected()
    relay = load.start("relay", "fd", "fd", sockets=[inward[1], outward[0]])
    drain = load.start("relay", "fd", "fd", sockets=[outward[1], open("/dev/null", "wb")])
    begin = time.monotonic()
    sender = load.start("send", "fd", load.packet(size), seconds, 0, sockets=[inward[0]])
    sent = int(sender.communicate()[0])
    passed, used = time.monotonic() - begin, cluster.cpu(relay)
    for process in (relay, drain):
        process.kill()
        process.communicate()
    for each in inward + outward:
        each.close()
    return sent / passed, used / sent * 1e6


def connected():
    """Both ends of a connection over the loopback interface."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = socket.create_connection(listener.getsockname())
        return one, listener.accept()[0]


def slow_consumers(load, home, seconds):
    """The largest memory in MB with four consumers that take 100 kB/s each, and a source at full speed."""
    group = cluster.Cluster(home, sinks=4)
    try:
        idle = group.memory()
        sinks = [load.start("sink", "fd", 100_000, sockets=[each]) for each in group.sinks]
        sender = load.start("send", "fd", load.packet(100), 1e6, 0, sockets=[group.source])
        time.sleep(seconds)
        peak = group.memory("VmHWM")
        for process in [sender, *sinks]:
            process.kill()
            process.communicate()
    finally:
        group.close()
    return idle, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heron-home", required=True, type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=5, help="how long tuples are sent")
    parser.add_argument("--rounds", type=int, default=3, help="how often; the medians are shown")
    options = parser.parse_args()
    home = options.heron_home.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        load = Load(pathlib.Path(scratch))
        head("stream managers: two containers, 100 bytes")
        lost = 0
        for size, (heron_rate, heron_cpu) in HERON.items():
            runs = [through_stream_managers(load, home, size, options.seconds) for _ in range(options.rounds)]
            relay = through_relay(load, size, options.seconds)[1]
            rate, cpu = (statistics.median(run[index] for run in runs) for index in (0, 1))
            lost += sum(run[2] for run in runs)
            row(f"sets of {size}: tuples/s", f"{rate / 1e6:.2f} M", f">= {1.5 * heron_rate / 1e6:.2f} M",
                rate >= 1.5 * heron_rate, f"Heron {heron_rate / 1e6:.2f} M", rate / heron_rate)
            row("  processor time per tuple, both", f"{cpu:.3f} µs", f"<= {heron_cpu / 2:.2f} µs",
                cpu <= heron_cpu / 2, f"a TCP relay {relay:.3f} µs", cpu / relay)
        lost += through_stream_managers(load, home, LARGEST, options.seconds)[2]
        for size in (1, 10, 100):
            run = through_stream_managers(load, home, size, options.seconds, 200_000)
            lost += run[2]
            p50, p99, most = run[3]
            row(f"200,000/s in sets of {size}: p50", f"{p50:.2f} ms", "<= 1 ms", p50 <= 1, "Heron 13 ms", p50 / 13)
            row("  p99", f"{p99:.2f} ms", "<= 5 ms", p99 <= 5, "Heron 25 ms", p99 / 25)
            row("  longest", f"{most:.2f} ms")
        row(f"lost or out of place, to sets of {LARGEST}", str(lost), "0", lost == 0)
        idle, peak = slow_consumers(load, home, 2 * options.seconds)
        row("memory, idle", f"{idle:.1f} MB", "<= 20 MB", idle <= 20, "Heron 12 MB", idle / 12)
        row("memory, four slow consumers", f"{peak:.1f} MB", "<= 64 MB", peak <= 64, "Heron 590 MB", peak / 590)


main()
