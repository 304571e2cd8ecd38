"""The base of tests that run a Python instance."""
import functools
import pathlib
import pickle
import shutil
import subprocess
import sys
import tempfile

import cloudpickle
from heronpy.proto import topology_pb2

from InstanceTesting.case import ProcessCase, packet, physical_plan, tuple_set  # noqa: F401 (packet is for tests)
from InstanceTests.support.core import TOPOLOGIES, core, run_main


@functools.lru_cache(maxsize=None)
def definition(file, *arguments):
    """The topology that a file's program defines, run once."""
    with tempfile.TemporaryDirectory() as folder:
        finished = run_main(file, "-", *arguments, folder=folder)
        assert finished.returncode == 0, finished.stderr
        (path,) = pathlib.Path(folder).glob("*.defn")
        return topology_pb2.Topology.FromString(path.read_bytes())


class InstanceCase(ProcessCase):
    """Runs instances of the topology `probe.py`."""

    read = staticmethod(pickle.loads)

    def plan(self, state=topology_pb2.RUNNING, file=TOPOLOGIES / "probe.py", config=(), component_config=()):
        """A physical plan of the topology with task ids from 1, spouts first, two tasks for each bolt."""
        return physical_plan(definition(str(file)), state, config, component_config)

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
        command += [f"--{name}={value}" for name, value in options.items()]
        return self.launch(command, task.instance_id, stderr)


def data_set(values, **of):
    """A set of tuples for an instance; their keys are 1, 2, 3 …"""
    return tuple_set([[cloudpickle.dumps(value) for value in row] for row in values], **of)
