"""Times the calls of kazoo, Python's ZooKeeper client.

    kazoo_calls.py HOST:PORT ROOT

Reads lines `operation callers count`, answers each with a line of JSON. One caller waits for every answer; of several,
each is a request under way whose answer sends the next one.
"""
import itertools
import json
import sys
import threading
import time

from kazoo.client import KazooClient

DATA = b"x" * 256
NODES = 64
MULTI_SIZE = 8


class Calls:
    def __init__(self, client, root):
        self.client, self.root = client, root
        self.created = itertools.count()

    def node(self, number):
        return f"{self.root}/topologies/node-{number % NODES}"

    def get(self, caller):
        return self.client.get_async(self.node(caller))

    def set(self, caller):
        return self.client.set_async(self.node(caller), DATA)

    def create(self, caller):
        return self.client.create_async(f"{self.root}/executionstate/{next(self.created)}", DATA)

    def children(self, caller):
        return self.client.get_children_async(f"{self.root}/pplans")

    def multi(self, caller):
        transaction = self.client.transaction()
        for number in range(MULTI_SIZE):
            transaction.set_data(self.node(caller + number), DATA)
        return transaction.commit_async()


def one_after_another(call, count):
    latencies = []
    for _ in range(count):
        start = time.perf_counter()
        call(0).get()
        latencies.append(time.perf_counter() - start)
    return latencies


def many_at_once(call, callers, count):
    latencies, failures = [], []
    finished = threading.Event()
    started = itertools.count()

    def send(caller):
        if next(started) < count:
            start = time.perf_counter()
            call(caller).rawlink(lambda result: answered(caller, start, result))

    def answered(caller, start, result):
        latencies.append(time.perf_counter() - start)
        if result.exception:
            failures.append(result.exception)
        if len(latencies) == count or failures:
            finished.set()
        send(caller)

    for caller in range(callers):
        send(caller)
    finished.wait()
    if failures:
        raise failures[0]
    return latencies


def main():
    connection, root = sys.argv[1:]
    client = KazooClient(connection)
    client.start()
    calls = Calls(client, root)
    for line in sys.stdin:
        operation, callers, count = line.split()
        callers, count = int(callers), int(count)
        call = getattr(calls, operation)
        start = time.perf_counter()
        latencies = one_after_another(call, count) if callers == 1 else many_at_once(call, callers, count)
        seconds = time.perf_counter() - start
        latencies.sort()
        answer = {"p50": latencies[count // 2] * 1e6, "p99": latencies[count * 99 // 100] * 1e6, "rate": count / seconds}
        print(json.dumps(answer), flush=True)
    client.stop()
    client.close()


main()
