"""What the physical plan says about one task: its component, its configuration and its neighbours."""
import logging
import pickle
from typing import Any, Dict, List, NamedTuple, Optional

from heron_instance.errors import InstanceError
from heron_instance.options import Options
from heron_instance.plan import PYTHON_CLASS_NAME, PYTHON_SERIALIZED_VALUE, Component, ConfigEntry, PhysicalPlan

_log = logging.getLogger(__name__)


class Assignment(NamedTuple):
    """The task of this process, as the topology's code sees it."""

    topology_name: str
    component: Component
    task_id: int
    config: Dict[str, Any]
    tasks: Dict[str, List[int]]
    components: Dict[str, Component]

    @classmethod
    def find(cls, plan: PhysicalPlan, options: Options) -> "Assignment":
        """The assignment of the task that the command line names.

        Raises InstanceError if the plan has no such task or has another one of that id: then the executor must start
        this process anew. Values of the configuration are unpickled, which imports the topology's code.
        """
        check_task(plan, options)
        components = {component.name: component for component in plan.topology.components}
        component = components.get(options.component_name)
        if component is None:
            raise InstanceError(f"the topology has no component '{options.component_name}'")
        if component.specification != PYTHON_CLASS_NAME:
            raise InstanceError(f"component '{component.name}' is not written in Python")
        tasks: Dict[str, List[int]] = {}
        for task in sorted(plan.tasks, key=lambda task: task.task_id):
            tasks.setdefault(task.component_name, []).append(task.task_id)
        config = {**_typed(plan.topology.config), **_typed(component.config)}
        return cls(plan.topology.name, component, options.task_id, config, tasks, components)


def check_task(plan: PhysicalPlan, options: Options) -> None:
    """Raises InstanceError unless the plan's task for this instance id is the one that the command line names."""
    for task in plan.tasks:
        if task.instance_id == options.instance_id:
            if (task.task_id, task.component_name) == (options.task_id, options.component_name):
                return
            raise InstanceError(
                f"the assignment of {task.instance_id} has changed: task {task.task_id} of '{task.component_name}' now,"
                f" task {options.task_id} of '{options.component_name}' before"
            )
    raise InstanceError(f"the physical plan has no instance {options.instance_id}")


def _typed(entries: List[ConfigEntry]) -> Dict[str, Any]:
    """The entries as Python values: numbers and booleans by their text, objects unpickled."""
    config = {}
    for entry in entries:
        if entry.text is not None:
            config[entry.key] = _typed_text(entry.text)
        elif entry.kind == PYTHON_SERIALIZED_VALUE and entry.serialized is not None:
            config[entry.key] = pickle.loads(entry.serialized)
        else:
            _log.warning("configuration key %s is left out: its value is not one of Python", entry.key)
    return config


def _typed_text(text: str) -> Any:
    number = _number(text)
    if number is not None:
        return number
    return {"true": True, "false": False}.get(text.lower(), text)


def _number(text: str) -> Optional[float]:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return None
