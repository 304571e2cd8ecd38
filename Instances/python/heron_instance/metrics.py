"""The metrics of a task: those that the instance counts and those that the user's code registers."""
from collections import defaultdict
from typing import Any, Dict, Iterator, List, Tuple

from heronpy.api.metrics import IMetric


class Counts(defaultdict, IMetric):
    """Numbers by key, each counted up from zero."""

    def __init__(self):
        super().__init__(int)

    def get_value_and_reset(self) -> Dict[str, int]:
        """See IMetric."""
        values = dict(self)
        self.clear()
        return values


class MetricsCollector:
    """Every registered metric, and how often it is read."""

    def __init__(self):
        self._metrics: Dict[str, Tuple[IMetric, float]] = {}

    def register_metric(self, name: str, metric: IMetric, time_bucket_in_sec: float) -> None:
        """Adds a metric that is read and reset every `time_bucket_in_sec` seconds.

        Raises ValueError for a name that is in use or an interval that is none.
        """
        if name in self._metrics:
            raise ValueError(f"there is a metric '{name}' already")
        if not float(time_bucket_in_sec) > 0:
            raise ValueError(f"metric '{name}': the interval must be positive, not {time_bucket_in_sec!r}")
        self._metrics[name] = (metric, float(time_bucket_in_sec))

    def intervals(self) -> List[float]:
        """The different intervals, in seconds."""
        return sorted({interval for _, interval in self._metrics.values()})

    def read(self, interval: float) -> Iterator[Tuple[str, Any]]:
        """Reads and resets the metrics of that interval. A metric of several values has a name for each."""
        for name, (metric, own_interval) in self._metrics.items():
            if own_interval != interval:
                continue
            value = metric.get_value_and_reset()
            if isinstance(value, dict):
                yield from ((f"{name}/{key}", item) for key, item in value.items() if item is not None)
            elif value is not None:
                yield name, value
