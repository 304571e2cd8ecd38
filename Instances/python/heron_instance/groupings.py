"""Custom groupings: user objects that choose the tasks which a tuple goes to."""
import pickle
from typing import Any, Dict, List, NamedTuple, Sequence

from heronpy.api.custom_grouping import ICustomGrouping

from heron_instance.assignment import Assignment
from heron_instance.context import TaskContext
from heron_instance.errors import InstanceError
from heron_instance.plan import CUSTOM_GROUPING, PYTHON_OBJECT, Input
from heron_instance.topology_file import TopologyFile


class _Target(NamedTuple):
    """A consumer of a stream that groups it with a user's object."""

    grouping: ICustomGrouping
    tasks: List[int]

    def choose(self, values: Sequence[Any]) -> List[int]:
        chosen = self.grouping.choose_tasks(values)
        if not isinstance(chosen, list):
            raise TypeError(f"{self._name()} must return a list of task ids, not {chosen!r}")
        for task in chosen:
            if task not in self.tasks:
                raise ValueError(f"{self._name()} chose task {task!r}, which is none of {self.tasks}")
        return chosen

    def _name(self) -> str:
        return f"{type(self.grouping).__name__}.choose_tasks()"


class CustomGroupings:
    """The custom groupings of the streams that a component emits."""

    def __init__(self, assignment: Assignment, file: TopologyFile):
        """Unpickles the groupings. Raises InstanceError for one that cannot be used."""
        self._targets: Dict[str, List[_Target]] = {}
        emitter = assignment.component.name
        for consumer in assignment.components.values():
            for source in consumer.inputs:
                if source.grouping == CUSTOM_GROUPING and source.stream.component_name == emitter:
                    grouping = _load(source, consumer.name, file)
                    target = _Target(grouping, assignment.tasks.get(consumer.name, []))
                    self._targets.setdefault(source.stream.id, []).append(target)

    def prepare(self, context: TaskContext) -> None:
        """Tells each grouping which tasks it has."""
        for stream, targets in self._targets.items():
            for target in targets:
                target.grouping.prepare(context, context.get_component_id(), stream, list(target.tasks))

    def choose_tasks(self, stream: str, values: Sequence[Any]) -> List[int]:
        """The tasks that the stream's groupings choose for these values; none for a stream without them.

        Raises TypeError or ValueError if a grouping chooses something else than its tasks.
        """
        targets = self._targets.get(stream)
        if targets is None:
            return []
        return [task for target in targets for task in target.choose(values)]


def _load(source: Input, consumer: str, file: TopologyFile) -> ICustomGrouping:
    where = f"the custom grouping of '{source.stream.component_name}/{source.stream.id}' for '{consumer}'"
    if source.custom_grouping_type != PYTHON_OBJECT:
        raise InstanceError(f"{where} is written in Java, which a Python instance cannot run")
    try:
        grouping = pickle.loads(source.custom_grouping)
    except Exception as error:
        raise InstanceError(
            f"{where} cannot be unpickled: {type(error).__name__}: {error} (was the topology submitted with the Python"
            " and cloudpickle versions that run here?)"
        ) from error
    if isinstance(grouping, str):
        grouping = file.find_class(grouping)()
    if not isinstance(grouping, ICustomGrouping):
        raise InstanceError(f"{where} is a {type(grouping).__name__}, not an ICustomGrouping")
    return grouping
