"""The base of tests that run an instance process."""
import functools
import pathlib
import pickle
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import cloudpickle
from heronpy.proto import physical_plan_pb2, topology_pb2, tuple_pb2

from InstanceTests.support.core import TOPOLOGIES, core, run_main
from InstanceTests.support.stream_manager import TIMEOUT, Connection, StreamManager

SETTINGS = """# the keys that an instance reads
heron.logging.directory: 'log-files'
heron.logging.maximum.size.mb: 100
heron.logging.maximum.files: 5
heron.instance.emit.batch.time.ms: 20
heron.instance.force.exit.timeout.ms: 500
heron.instance.reconnect.streammgr.interval.sec: 1
heron.instance.set.data.tuple.capacity: 100
"""


@functools.lru_cache(maxsize=None)
def definition(file, *arguments):
    """The topology that a file's program defines, run once."""
    with tempfile.TemporaryDirectory() as folder:
        finished = run_main(file, "-", *arguments, folder=folder)
        assert finished.returncode == 0, finished.stderr
        (path,) = pathlib.Path(folder).glob("*.defn")
        return topology_pb2.Topology.FromString(path.read_bytes())


class InstanceCase(unittest.TestCase):
    """Runs instances of the topology `probe.py` in a folder of their own against a stream manager of their own."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="heron-instance-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "internals.yaml").write_text(SETTINGS)
        (self.folder / "override.yaml").write_text("{}\n")
        self.stream_manager = StreamManager()
        self.addCleanup(self.stream_manager.close)

    def plan(self, state=topology_pb2.RUNNING, file=TOPOLOGIES / "probe.py", config=(), component_config=()):
        """A physical plan of the topology with task ids from 1, spouts first, two tasks for each bolt."""
        plan = physical_plan_pb2.PhysicalPlan()
        plan.topology.CopyFrom(definition(str(file)))
        plan.topology.state = state
        components = list(plan.topology.spouts) + list(plan.topology.bolts)
        _set_config(plan.topology.topology_config, config)
        for component in components:
            _set_config(component.comp.config, component_config)
            for index in range(2 if component in plan.topology.bolts else 1):
                task = len(plan.instances) + 1
                info = physical_plan_pb2.InstanceInfo(
                    task_id=task, component_index=index, component_name=component.comp.name
                )
                instance_id = f"container_1_{component.comp.name}_{task}"
                plan.instances.add(instance_id=instance_id, stmgr_id="stmgr-1", info=info)
        return plan

    def start(self, plan, component, file=TOPOLOGIES / "probe.py", stderr=subprocess.PIPE, **changed):
        """Starts the first instance of a component."""
        task = next(task for task in plan.instances if task.info.component_name == component)
        options = {
            "topology_name": plan.topology.name,
            "topology_id": plan.topology.id,
            "instance_id": task.instance_id,
            "component_name": component,
            "task_id": task.info.task_id,
            "component_index": task.info.component_index,
            "stmgr_id": "stmgr-1",
            "stmgr_port": self.stream_manager.port,
            "metricsmgr_port": 1,
            "config_file": "internals.yaml",
            "override_config_file": "override.yaml",
            "topology_pex": shutil.copy(file, self.folder),
            "max_ram": 1 << 30,
            **changed,
        }
        # Isolated from this environment's packages: the core package must bring its own.
        command = [sys.executable, "-I", "-S", core() / "bin/heron-python-instance"]
        process = subprocess.Popen(
            command + [f"--{name}={value}" for name, value in options.items()],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        self.addCleanup(self._end, process)
        self.log_path = self.folder / "log-files" / f"{task.instance_id}.log.0"
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
        return [[pickle.loads(value) for value in item.values] for item in self.raw_tuples(connection, count, stream)]

    def raw_tuples(self, connection, count, stream="default"):
        """The next `count` tuples of a stream as they are on the wire, at least."""
        found = []
        while len(found) < count:
            _, message = connection.receive()
            if message.HasField("data") and message.data.stream.id == stream:
                found += message.data.tuples
        return found

    def assert_stops(self, process, status=0):
        """Sends SIGTERM and waits for the exit status; returns what the process wrote to stderr."""
        process.send_signal(signal.SIGTERM)
        return self.assert_exits(process, status)

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

    @staticmethod
    def _end(process):
        process.kill()
        process.communicate()


def data_set(values, component="numbers", stream="default", source=1, roots=()):
    """A set of tuples for an instance; their keys are 1, 2, 3 …"""
    message = tuple_pb2.HeronTupleSet2(src_task_id=source)
    message.data.stream.id = stream
    message.data.stream.component_name = component
    for key, row in enumerate(values, 1):
        item = tuple_pb2.HeronDataTuple(key=key, values=[cloudpickle.dumps(value) for value in row])
        for task, root in roots:
            item.roots.add(taskid=task, key=root)
        message.data.tuples.append(item.SerializeToString())
    return message


def packet(type_name, body):
    """The bytes of a one-way message."""
    name = type_name.encode()
    content = struct.pack(">I", len(name)) + name + bytes(32) + struct.pack(">I", len(body)) + body
    return struct.pack(">I", len(content)) + content


def _set_config(config, entries):
    for key, value in dict(entries).items():
        for entry in [entry for entry in config.kvs if entry.key == key]:
            config.kvs.remove(entry)
        config.kvs.add(key=key, value=value, type=topology_pb2.STRING_VALUE)
