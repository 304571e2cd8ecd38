"""The instance: passes plans and tuples between the stream manager and the user's component."""
import logging
import os
import time
from typing import Optional

from heron_instance.assignment import Assignment, check_task
from heron_instance.bolt import BoltTask
from heron_instance.component import Component
from heron_instance.loop import EventLoop
from heron_instance.metrics import MetricsCollector
from heron_instance.metrics_manager import MetricsManager
from heron_instance.options import Options
from heron_instance.outgoing import OutgoingTuples
from heron_instance.plan import RUNNING, PhysicalPlan
from heron_instance.settings import Settings
from heron_instance.spout import SpoutTask
from heron_instance.stream_manager import StreamManager
from heron_instance.topology_file import TopologyFile

_log = logging.getLogger(__name__)

# How long what was emitted last may take to be sent when the instance stops.
_LAST_SEND_SEC = 0.5


class Instance:
    """Runs one task from its first physical plan until it is told to stop.

    One thread does everything, in turns: wait for the network and timers, take what came, let the component work for a
    bounded time. The component is left alone while the stream manager is away or does not keep up.
    """

    def __init__(self, options: Options, settings: Settings, file: TopologyFile):
        """Begins to connect to the stream manager."""
        self._options = options
        self._settings = settings
        self._file = file
        self._loop = EventLoop()
        self._stream_manager = StreamManager(self._loop, options, settings)
        self._outgoing = OutgoingTuples(
            options.component_name, options.task_id, settings, self._stream_manager.send_tuple_set
        )
        self._component: Optional[Component] = None
        self._is_stopping = False

    def request_stop(self) -> None:
        """Makes run() return soon. For signal handlers."""
        self._is_stopping = True
        if self._component is not None:
            self._component.is_stopping = True

    def run(self) -> None:
        """Returns after request_stop(), when the user's code has cleaned up; send_rest() should follow.

        Raises what the user's code raises, and InstanceError where there is no point in going on.
        """
        pause: Optional[float] = None
        while not self._is_stopping:
            self._loop.poll(pause)
            plan = self._stream_manager.take_plan()
            if plan is not None:
                self._follow(plan)
            pause = self._work()
        _log.info("stopping")
        if self._component is not None:
            self._component.stop()

    def send_rest(self) -> None:
        """Sends what was emitted last, unless the stream manager takes too long."""
        self._outgoing.flush()
        self._stream_manager.flush()
        deadline = time.monotonic() + _LAST_SEND_SEC
        while self._stream_manager.unsent_bytes and time.monotonic() < deadline:
            self._loop.poll(deadline - time.monotonic())

    def _work(self) -> Optional[float]:
        if self._component is None or self._is_stopping or not self._stream_manager.takes_tuples:
            return None
        while self._component.wants_input and self._stream_manager.has_tuple_sets:
            self._component.accept(self._stream_manager.take_tuple_set())
        pause = self._component.step()
        self._outgoing.flush()
        self._stream_manager.flush()
        return 0 if self._stream_manager.has_tuple_sets else pause

    def _follow(self, plan: PhysicalPlan) -> None:
        check_task(plan, self._options)
        if self._component is None:
            self._start_component(plan)
        self._component.set_running(plan.topology.state == RUNNING)

    def _start_component(self, plan: PhysicalPlan) -> None:
        assignment = Assignment.find(plan, self._options)
        metrics = MetricsCollector()
        kind = SpoutTask if assignment.component.is_spout else BoltTask
        component = kind(self._loop, assignment, self._file, self._settings, self._outgoing, metrics)
        self._component = component
        component.is_stopping = self._is_stopping
        component.start()
        interval = self._settings.metrics_export_interval_sec
        MetricsManager(self._loop, self._options, metrics, interval).publish_regularly()
        _log.info(
            "running %s '%s' (%s) as task %d, process %d",
            "spout" if assignment.component.is_spout else "bolt",
            assignment.component.name,
            assignment.component.class_name,
            assignment.task_id,
            os.getpid(),
        )
