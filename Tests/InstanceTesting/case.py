"""The base of tests that run an instance process."""
import pathlib
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest

from heronpy.proto import physical_plan_pb2, topology_pb2, tuple_pb2

from InstanceTesting.stream_manager import TIMEOUT, Connection, StreamManager

SETTINGS = """# the keys that an instance reads
heron.logging.directory: 'log-files'
heron.logging.maximum.size.mb: 100
heron.logging.maximum.files: 5
heron.instance.emit.batch.time.ms: 20
heron.instance.force.exit.timeout.ms: 500
heron.instance.reconnect.streammgr.interval.sec: 1
heron.instance.set.data.tuple.capacity: 100
"""


class ProcessCase(unittest.TestCase):
    """Runs instances in a folder of their own against a stream manager of their own.

    A language's own class says how to start one, and how its values are read.
    """

    # The exit status after SIGTERM.
    stopped = 0

    @staticmethod
    def read(value):
        """The object that a value on the wire stands for."""
        raise NotImplementedError

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="heron-instance-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "internals.yaml").write_text(SETTINGS)
        (self.folder / "override.yaml").write_text("{}\n")
        self.stream_manager = StreamManager()
        self.addCleanup(self.stream_manager.close)

    def launch(self, command, instance_id, stderr=subprocess.PIPE):
        """Starts a process, which ends with the test; log() is about it from now on."""
        process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=stderr, text=True)
        self.addCleanup(self._end, process)
        self.log_path = self.folder / "log-files" / f"{instance_id}.log.0"
        return process

    def run_component(self, plan, component, **changed):
        """Starts a component and registers it with the plan; returns the process and the connection."""
        process = self.start(plan, component, **changed)
        connection = self.accept()
        connection.register(plan)
        return process, connection

    def accept(self) -> Connection:
        """The next connection of an instance; closed when the test ends."""
        connection = self.stream_manager.accept()
        self.addCleanup(connection.close)
        return connection

    def tuples(self, connection, count, stream="default"):
        """The values of the next `count` tuples of a stream; others are passed over."""
        return [[self.read(value) for value in item.values] for item in self.raw_tuples(connection, count, stream)]

    def raw_tuples(self, connection, count, stream="default"):
        """The next `count` tuples of a stream as they are on the wire, at least."""
        found = []
        while len(found) < count:
            _, message = connection.receive()
            if message.HasField("data") and message.data.stream.id == stream:
                found += message.data.tuples
        return found

    def assert_stops(self, process, status=None):
        """Sends SIGTERM and waits for the exit status; returns what the process wrote to stderr."""
        process.send_signal(signal.SIGTERM)
        return self.assert_exits(process, self.stopped if status is None else status)

    def assert_exits(self, process, status):
        """Waits for the exit status; returns what the process wrote to stderr."""
        _, errors = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, status, errors)
        return errors

    def log(self):
        """What the instance that was started last has logged."""
        return self.log_path.read_text()

    def wait_for_log(self, process, text):
        """Waits until the instance has logged the text."""
        deadline = time.monotonic() + TIMEOUT
        while not (self.log_path.exists() and text in self.log()):
            self.assertIsNone(process.poll(), "the instance has ended")
            self.assertLess(time.monotonic(), deadline, f"not logged: {text}")
            time.sleep(0.01)

    def wait_until_idle(self, process):
        """Waits until a process no longer uses the processor."""
        deadline = time.monotonic() + TIMEOUT
        while _is_busy(process):
            self.assertLess(time.monotonic(), deadline, "the process stays busy")

    @staticmethod
    def _end(process):
        process.kill()
        process.communicate()


def physical_plan(topology, state, config, component_config):
    """A plan with task ids from 1, spouts first, both in the order of their names, two tasks for each bolt."""
    plan = physical_plan_pb2.PhysicalPlan()
    plan.topology.CopyFrom(topology)
    plan.topology.state = state
    _set_config(plan.topology.topology_config, config)
    tasks = [(spout.comp, 1) for spout in plan.topology.spouts]
    tasks = sorted(tasks, key=_name) + sorted(((bolt.comp, 2) for bolt in plan.topology.bolts), key=_name)
    for component, parallelism in tasks:
        _set_config(component.config, component_config)
        for index in range(parallelism):
            task = len(plan.instances) + 1
            info = physical_plan_pb2.InstanceInfo(
                task_id=task, component_index=index, component_name=component.name
            )
            instance_id = f"container_1_{component.name}_{task}"
            plan.instances.add(instance_id=instance_id, stmgr_id="stmgr-1", info=info)
    return plan


def tuple_set(rows, component="numbers", stream="default", source=1, roots=()):
    """A set of tuples for an instance, of serialized values; their keys are 1, 2, 3 …"""
    message = tuple_pb2.HeronTupleSet2(src_task_id=source)
    message.data.stream.id = stream
    message.data.stream.component_name = component
    for key, row in enumerate(rows, 1):
        item = tuple_pb2.HeronDataTuple(key=key, values=row)
        for task, root in roots:
            item.roots.add(taskid=task, key=root)
        message.data.tuples.append(item.SerializeToString())
    return message


def packet(type_name, body):
    """The bytes of a one-way message."""
    name = type_name.encode()
    content = struct.pack(">I", len(name)) + name + bytes(32) + struct.pack(">I", len(body)) + body
    return struct.pack(">I", len(content)) + content


def _name(task):
    return task[0].name


def _set_config(config, entries):
    for key, value in dict(entries).items():
        for entry in [entry for entry in config.kvs if entry.key == key]:
            config.kvs.remove(entry)
        config.kvs.add(key=key, value=value, type=topology_pb2.STRING_VALUE)


def _is_busy(process, over=0.3):
    """Whether the process has used the processor noticeably during some time (/proc/<pid>/stat, in 1/100 s)."""

    def ticks():
        with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
            return sum(int(field) for field in file.read().rpartition(")")[2].split()[11:13])

    before = ticks()
    time.sleep(over)
    return ticks() - before > 1
