"""Runs a bolt."""
import time
from collections import namedtuple
from typing import Optional

from heronpy.api.api_constants import TOPOLOGY_TICK_TUPLE_FREQ_SECS
from heronpy.api.stream import Stream
from heronpy.api.tuple import Tuple, TupleHelper

from heron_instance.component import Component
from heron_instance.errors import InstanceError
from heron_instance.hooks import BoltAckInfo, BoltExecuteInfo, BoltFailInfo
from heron_instance.loop import EventLoop
from heron_instance.tuples import TupleSet, decode_data_tuple, encode_ack

# A heronpy tuple with what acking needs: the roots it descends from, encoded, and when it was handed to the bolt.
ReceivedTuple = namedtuple("ReceivedTuple", Tuple._fields + ("creation_time", "roots"))

_TICK = Tuple(
    id=TupleHelper.TICK_TUPLE_ID,
    component=TupleHelper.TICK_SOURCE_COMPONENT,
    stream=TupleHelper.TICK_TUPLE_ID,
    task=None,
    values=None,
)


class BoltTask(Component):
    """Calls process() for each tuple, and process_tick() at the interval that the configuration asks for.

    A bolt also works on while the topology is deactivated, so that tuples on their way arrive.
    """

    def __init__(self, loop: EventLoop, *arguments):
        """See Component."""
        super().__init__(*arguments)
        self._loop = loop
        self._current: Optional[TupleSet] = None
        self._position = 0
        self._is_tick_due = False
        self._execute_count = self._new_counts("__execute-count")

    def start(self) -> None:
        super().start()
        interval = self.context.get_cluster_config().get(TOPOLOGY_TICK_TUPLE_FREQ_SECS)
        if interval is None:
            return
        try:
            interval = float(interval)
        except (TypeError, ValueError):
            interval = 0.0
        if not interval > 0:
            raise InstanceError(f"component '{self.name}': {TOPOLOGY_TICK_TUPLE_FREQ_SECS} must be positive")
        self._loop.call_every(interval, self._make_tick_due)

    def accept(self, tuple_set: TupleSet) -> None:
        if tuple_set.tuples:  # News about roots are for spouts.
            self._current = tuple_set
            self._position = 0

    @property
    def wants_input(self) -> bool:
        return self._current is None

    def step(self) -> Optional[float]:
        if self._is_tick_due:
            self._is_tick_due = False
            self._user.process_tick(_TICK)
        if self._current is not None:
            self._process_set(self._current)
        return None if self._current is None else 0

    def stop(self) -> None:
        self.context.hooks.call("clean_up")
        # heronpy's Bolt does not declare it; bolts written for its predecessors have it.
        cleanup = getattr(self._user, "cleanup", None)
        if cleanup is not None:
            cleanup()

    def emit(self, tup, stream=Stream.DEFAULT_STREAM_ID, anchors=None, direct_task=None, need_task_ids=False):
        """See heronpy's BaseBolt.emit()."""
        roots = ()
        if anchors and self._is_acking:
            roots = {root for anchor in anchors for root in getattr(anchor, "roots", ())}
        tasks = self._emit(tup, stream, roots, direct_task)
        return tasks if need_task_ids else None

    def ack(self, tup) -> None:
        """See heronpy's BaseBolt.ack()."""
        if not self._is_received(tup, "ack"):
            return
        self._ack_count[f"{tup.component}/{tup.stream}"] += 1
        if self._is_acking and tup.roots:
            self._outgoing.add_ack(encode_ack(tup.roots, int(tup.id)))
        if self.context.hooks:
            elapsed = (time.monotonic() - tup.creation_time) * 1000
            self.context.hooks.call("bolt_ack", BoltAckInfo(tup, self.context.get_task_id(), elapsed))

    def fail(self, tup) -> None:
        """See heronpy's BaseBolt.fail()."""
        if not self._is_received(tup, "fail"):
            return
        self._fail_count[f"{tup.component}/{tup.stream}"] += 1
        if self._is_acking and tup.roots:
            self._outgoing.add_fail(encode_ack(tup.roots, int(tup.id)))
        if self.context.hooks:
            elapsed = (time.monotonic() - tup.creation_time) * 1000
            self.context.hooks.call("bolt_fail", BoltFailInfo(tup, self.context.get_task_id(), elapsed))

    def _make_tick_due(self) -> None:
        self._is_tick_due = True

    def _process_set(self, tuple_set: TupleSet) -> None:
        """Processes the rest of the set, or as much as fits into the time for one step."""
        source, (stream, component), tuples = tuple_set.source_task, tuple_set.stream, tuple_set.tuples
        deserialize, process, hooks = self._deserialize, self._user.process, self.context.hooks
        first, position, end = self._position, self._position, len(tuples)
        now = time.monotonic()
        deadline = now + self._settings.instance_execute_batch_time_ms / 1000
        while position < end and now < deadline and not self.is_stopping:
            key, roots, values = decode_data_tuple(tuples[position])
            position += 1
            tup = ReceivedTuple(
                str(key), component, stream, source, [deserialize(value) for value in values], now, roots
            )
            process(tup)
            now = time.monotonic()
            if hooks:
                elapsed = (now - tup.creation_time) * 1000
                hooks.call("bolt_execute", BoltExecuteInfo(tup, self.context.get_task_id(), elapsed))
        self._execute_count[f"{component}/{stream}"] += position - first
        self._position = position
        if position == end:
            self._current = None

    def _is_received(self, tup, action: str) -> bool:
        if isinstance(tup, ReceivedTuple):
            return True
        if getattr(tup, "stream", None) != TupleHelper.TICK_TUPLE_ID:
            self.logger.error("%s() needs a tuple that was received, not %r", action, tup)
        return False
