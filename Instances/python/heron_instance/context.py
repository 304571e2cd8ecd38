"""The topology context: what a spout or bolt may ask about its place in the topology."""
from typing import Any, Dict, List, Optional

from heronpy.api.metrics import IMetric
from heronpy.api.task_hook import ITaskHook
from heronpy.api.topology_context import TopologyContext

from heron_instance.assignment import Assignment
from heron_instance.hooks import TaskHooks
from heron_instance.metrics import MetricsCollector
from heron_instance.plan import StreamId


class TaskContext(TopologyContext):
    """heronpy's TopologyContext for one task; the methods' meaning is documented there."""

    def __init__(self, assignment: Assignment, metrics: MetricsCollector):
        self._assignment = assignment
        self._metrics = metrics
        self.hooks = TaskHooks()

    def get_task_id(self) -> int:
        return self._assignment.task_id

    def get_component_id(self) -> str:
        return self._assignment.component.name

    def get_cluster_config(self) -> Dict[str, Any]:
        # The same object every time: heronpy's window bolts set their tick interval in it.
        return self._assignment.config

    def get_topology_name(self) -> str:
        return self._assignment.topology_name

    def register_metric(self, name: str, metric: IMetric, time_bucket_in_sec: float) -> None:
        self._metrics.register_metric(name, metric, time_bucket_in_sec)

    def get_sources(self, component_id: str) -> Optional[Dict[StreamId, int]]:
        component = self._assignment.components.get(component_id)
        if component is None or component.is_spout:
            return None
        return {source.stream: source.grouping for source in component.inputs}

    def get_component_tasks(self, component_id: str) -> Optional[List[int]]:
        tasks = self._assignment.tasks.get(component_id)
        return None if tasks is None else list(tasks)

    def add_task_hook(self, task_hook: ITaskHook) -> None:
        self.hooks.add(task_hook)

    def get_metrics_collector(self) -> MetricsCollector:
        """Where metrics are registered; as in Heron's own context."""
        return self._metrics
