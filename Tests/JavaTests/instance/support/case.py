"""The base of tests that run a Java instance."""
import os
import subprocess

from heronpy.proto import topology_pb2

from InstanceTesting.case import ProcessCase, physical_plan, tuple_set
from JavaTests.instance.support import java_values, jars

ACKING = {"topology.reliability.mode": "ATLEAST_ONCE"}


class InstanceCase(ProcessCase):
    """Runs instances of the probe's topologies, as heron-executor does."""

    api = jars.NEW_API
    stopped = 128 + 15
    read = staticmethod(java_values.read)

    def setUp(self):
        super().setUp()
        (self.folder / "heron-core/lib").mkdir(parents=True)
        (self.folder / "heron-core/lib/instance").symlink_to(jars.instance())
        (self.folder / "probe.jar").symlink_to(jars.probe(self.api))

    def plan(self, state=topology_pb2.RUNNING, topology="Probe", config=(), component_config=()):
        """A physical plan of the topology with task ids from 1, spouts first, two tasks for each bolt."""
        return physical_plan(jars.definitions(self.api)[topology], state, config, component_config)

    def start(self, plan, component, class_path=("probe.jar",), jvm=(), stderr=subprocess.PIPE, **changed):
        """Starts the first instance of a component; an option that is changed to None is left out."""
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
            "system_config_file": "./internals.yaml",
            "override_config_file": "./override.yaml",
            **changed,
        }
        class_path = os.pathsep.join(["./heron-core/lib/instance/*", *map(str, class_path)])
        command = ["java", *jars.JVM, *jvm, "-cp", class_path, "org.apache.heron.instance.HeronInstance"]
        for name, value in options.items():
            command += [] if value is None else [f"-{name}", str(value)]
        return self.launch(command, task.instance_id, stderr)

    def answers(self, connection, *questions):
        """What the bolt `echo` answers."""
        connection.send(data_set([[question] for question in questions]))
        return [answer for (answer,) in self.tuples(connection, len(questions))]

    def events(self, connection, count):
        """The next `count` events, exactly."""
        events = [event for (event,) in self.tuples(connection, count, "events")]
        self.assertEqual(len(events), count, events)
        return events

    def printed(self, start=""):
        """The lines that the topology's code has printed and that start with a text."""
        lines = (line.partition("[stdout]: ") for line in self.log().splitlines())
        return [text for _, found, text in lines if found and text.startswith(start)]


def data_set(rows, **of):
    """A set of tuples for an instance; their keys are 1, 2, 3 …"""
    return tuple_set([[java_values.write(value) for value in row] for row in rows], **of)
