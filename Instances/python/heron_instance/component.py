"""What spouts and bolts have in common: the `delegate` of heronpy's components."""
import logging
from typing import Any, Iterable, List, Optional, Sequence

from heronpy.api import global_metrics
from heronpy.api.api_constants import (
    TOPOLOGY_AUTO_TASK_HOOKS,
    TOPOLOGY_DEBUG,
    TOPOLOGY_RELIABILITY_MODE,
    TopologyReliabilityMode,
)
from heronpy.api.state.state import HashMapState
from heronpy.api.state.stateful_component import StatefulComponent

from heron_instance.assignment import Assignment
from heron_instance.context import TaskContext
from heron_instance.groupings import CustomGroupings
from heron_instance.hooks import EmitInfo
from heron_instance.metrics import Counts, MetricsCollector
from heron_instance.outgoing import OutgoingTuples
from heron_instance.serializers import serializer
from heron_instance.settings import Settings
from heron_instance.topology_file import TopologyFile
from heron_instance.tuples import TupleSet, encode_data_tuple

_LEVELS = {
    None: logging.INFO,
    "trace": logging.DEBUG,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
}


class Component:
    """One task of a user's spout or bolt. `logger`, `log` and what subclasses add are called by heronpy's classes."""

    def __init__(
        self,
        assignment: Assignment,
        file: TopologyFile,
        settings: Settings,
        outgoing: OutgoingTuples,
        metrics: MetricsCollector,
    ):
        """Loads the user's class and makes an object of it."""
        self.name = assignment.component.name
        self.logger = logging.getLogger(self.name)
        self.context = TaskContext(assignment, metrics)
        # Set by a signal: a step must then return as soon as the user's code does.
        self.is_stopping = False
        self._assignment = assignment
        self._settings = settings
        self._outgoing = outgoing
        self._metrics = metrics
        self._serialize, self._deserialize = serializer(assignment.config, file)
        self._groupings = CustomGroupings(assignment, file)
        self._widths = {output.stream.id: len(output.fields) for output in assignment.component.outputs}
        mode = assignment.config.get(TOPOLOGY_RELIABILITY_MODE)
        self._is_acking = mode == TopologyReliabilityMode.ATLEAST_ONCE
        self._is_stateful = mode == TopologyReliabilityMode.EFFECTIVELY_ONCE
        self._emit_count = self._new_counts("__emit-count")
        self._ack_count = self._new_counts("__ack-count")
        self._fail_count = self._new_counts("__fail-count")
        self._user = file.find_class(assignment.component.class_name)(self)
        for class_path in assignment.config.get(TOPOLOGY_AUTO_TASK_HOOKS) or ():
            self.context.add_task_hook(file.find_class(class_path)())

    def start(self) -> None:
        """Initializes the user's object."""
        config = self.context.get_cluster_config()
        if config.get(TOPOLOGY_DEBUG) is True:
            logging.getLogger().setLevel(logging.DEBUG)
        if self._is_stateful:
            self.logger.warning("effectively-once is not supported; this topology runs at most once, without state")
            if isinstance(self._user, StatefulComponent):
                self._user.init_state(HashMapState())
        self._user.initialize(config=config, context=self.context)
        self.context.hooks.call("prepare", config, self.context)
        global_metrics.init(self._metrics, self._settings.metrics_export_interval_sec)
        self._groupings.prepare(self.context)

    def set_running(self, is_running: bool) -> None:
        """The topology is now active, or it is not."""

    def accept(self, tuple_set: TupleSet) -> None:
        """Takes a set from the stream manager, to be processed in the next steps. Only when it wants input."""
        raise NotImplementedError

    @property
    def wants_input(self) -> bool:
        """Whether it can take another set."""
        raise NotImplementedError

    def step(self) -> Optional[float]:
        """Does a bounded amount of work. Returns after how many seconds there is more to do; None: not by itself."""
        raise NotImplementedError

    def stop(self) -> None:
        """Gives the user's code the opportunity to clean up. Nothing is called afterwards."""
        raise NotImplementedError

    def log(self, message: str, level: Optional[str] = None) -> None:
        """heronpy's way to log. Raises ValueError for an unknown level."""
        if level not in _LEVELS:
            raise ValueError(f"{level!r} is not a log level; use one of {', '.join(filter(None, _LEVELS))}")
        # The record is of the user's line, which called heronpy's log(), which called this.
        self.logger.log(_LEVELS[level], message, stacklevel=3)

    def _emit(
        self, values: Sequence[Any], stream: str, roots: Iterable[bytes], direct_task: Optional[int]
    ) -> List[int]:
        """Queues a tuple; returns the tasks that the instance has chosen for it itself."""
        width = self._widths.get(stream)
        if width is None:
            raise ValueError(f"component '{self.name}' emits to stream '{stream}', which it did not declare")
        if len(values) != width:
            raise ValueError(f"stream '{stream}' has {width} fields, but {len(values)} values were emitted: {values!r}")
        if direct_task is None:
            tasks = self._groupings.choose_tasks(stream, values)
        elif isinstance(direct_task, int):
            tasks = [direct_task]
        else:
            raise TypeError(f"direct_task must be a task id, not {direct_task!r}")
        if self.context.hooks:
            self.context.hooks.call("emit", EmitInfo(values, stream, self.context.get_task_id(), tasks))
        serialize = self._serialize
        self._outgoing.add(stream, encode_data_tuple([serialize(value) for value in values], roots, tasks))
        self._emit_count[stream] += 1
        return tasks

    def _new_counts(self, name: str) -> Counts:
        counts = Counts()
        self._metrics.register_metric(name, counts, self._settings.metrics_export_interval_sec)
        return counts
