"""Runs a spout."""
import random
import time
from collections import deque
from typing import Any, List, NamedTuple, Optional

from heronpy.api.api_constants import (
    TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS,
    TOPOLOGY_MAX_SPOUT_PENDING,
    TOPOLOGY_MESSAGE_TIMEOUT_SECS,
)
from heronpy.api.stream import Stream

from heron_instance.component import Component
from heron_instance.hooks import SpoutAckInfo, SpoutFailInfo
from heron_instance.loop import EventLoop
from heron_instance.tuples import TupleSet, encode_root

# How long a spout that had nothing to emit is left alone.
_IDLE_SEC = 0.001
# As in Heron's own Python instance.
_ROOT_KEY_BITS = 61


class _Message(NamedTuple):
    """A tuple that the spout wants to hear about again."""

    id: Any
    stream: str
    emitted_at: float


class SpoutTask(Component):
    """Calls next_tuple() while the topology is active, and ack() and fail() for tuples emitted with an id.

    Without acking (at most once), a tuple counts as acked as soon as next_tuple() has returned.
    """

    def __init__(self, loop: EventLoop, *arguments):
        """See Component."""
        super().__init__(*arguments)
        config = self.context.get_cluster_config()
        self._loop = loop
        self._is_running = False
        self._has_been_deactivated = False
        self._news = deque()
        self._to_ack: List[_Message] = []
        # By root key, oldest first, as all have the same time limit.
        self._pending = {}
        self._max_pending = int(config.get(TOPOLOGY_MAX_SPOUT_PENDING, 100))
        self._timeout_count = self._new_counts("__timeout-count")

    def start(self) -> None:
        super().start()
        config = self.context.get_cluster_config()
        timeout = float(config.get(TOPOLOGY_MESSAGE_TIMEOUT_SECS, 30))
        if self._is_acking and config.get(TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS, True):
            interval = timeout / self._settings.instance_acknowledgement_nbuckets
            self._loop.call_every(interval, lambda: self._expire(time.monotonic() - timeout))

    def set_running(self, is_running: bool) -> None:
        if is_running == self._is_running:
            return
        self._is_running = is_running
        if not is_running:
            self.logger.info("deactivated")
            self._has_been_deactivated = True
            self._user.deactivate()
        elif self._has_been_deactivated:
            self.logger.info("activated")
            self._user.activate()

    def accept(self, tuple_set: TupleSet) -> None:
        self._news.append(tuple_set)

    @property
    def wants_input(self) -> bool:
        return True

    def step(self) -> Optional[float]:
        while self._news:
            news = self._news.popleft()
            for key in news.acked:
                self._settle(key, True)
            for key in news.failed:
                self._settle(key, False)
        return self._produce() if self._is_running else None

    def stop(self) -> None:
        self.context.hooks.call("clean_up")
        self._user.close()

    def emit(self, tup, tup_id=None, stream=Stream.DEFAULT_STREAM_ID, direct_task=None, need_task_ids=False):
        """See heronpy's BaseSpout.emit()."""
        roots, message = (), None
        if tup_id is not None:
            message = _Message(tup_id, stream, time.monotonic())
            if self._is_acking:
                key = random.getrandbits(_ROOT_KEY_BITS)
                roots = (encode_root(self.context.get_task_id(), key),)
        tasks = self._emit(tup, stream, roots, direct_task)
        if roots:
            self._pending[key] = message
        elif message:
            self._to_ack.append(message)
        return tasks if need_task_ids else None

    def _produce(self) -> Optional[float]:
        outgoing = self._outgoing
        next_tuple = self._user.next_tuple
        deadline = time.monotonic() + self._settings.instance_emit_batch_time_ms / 1000
        full = outgoing.bytes_added + self._settings.instance_emit_batch_size_bytes
        while not self.is_stopping:
            if self._is_acking and len(self._pending) >= self._max_pending:
                return None
            before = outgoing.tuples_added
            next_tuple()
            if self._to_ack:
                self._ack_emitted()
            if outgoing.tuples_added == before:
                return _IDLE_SEC
            if outgoing.bytes_added >= full or time.monotonic() >= deadline:
                break
        return 0

    def _ack_emitted(self) -> None:
        # ack() may emit, too.
        messages, self._to_ack = self._to_ack, []
        for message in messages:
            self._ack(message)

    def _settle(self, key: int, is_acked: bool) -> None:
        message = self._pending.pop(key, None)
        if message is None:
            return  # Timed out before.
        if is_acked:
            self._ack(message)
        else:
            self._fail(message)

    def _expire(self, oldest_allowed: float) -> None:
        expired = []
        for key, message in self._pending.items():
            if message.emitted_at > oldest_allowed:
                break
            expired.append(key)
        for key in expired:
            message = self._pending.pop(key)
            self._timeout_count[message.stream] += 1
            self._fail(message)

    def _ack(self, message: _Message) -> None:
        self._ack_count[message.stream] += 1
        self._user.ack(message.id)
        if self.context.hooks:
            info = SpoutAckInfo(message.id, self.context.get_task_id(), _milliseconds_since(message.emitted_at))
            self.context.hooks.call("spout_ack", info)

    def _fail(self, message: _Message) -> None:
        self._fail_count[message.stream] += 1
        self._user.fail(message.id)
        if self.context.hooks:
            info = SpoutFailInfo(message.id, self.context.get_task_id(), _milliseconds_since(message.emitted_at))
            self.context.hooks.call("spout_fail", info)


def _milliseconds_since(start: float) -> float:
    return (time.monotonic() - start) * 1000
