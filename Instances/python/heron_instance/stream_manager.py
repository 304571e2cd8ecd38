"""The stream manager of the instance's container, seen from the instance."""
import logging
import time
from collections import deque
from typing import Optional, Tuple

from heron_instance.client import Client, Peer
from heron_instance.errors import InstanceError
from heron_instance.loop import EventLoop
from heron_instance.options import Options
from heron_instance.packets import Packet
from heron_instance.plan import PhysicalPlan
from heron_instance.protobuf import Message, bytes_field, int_field, text_field
from heron_instance.settings import Settings
from heron_instance.tuples import TupleSet, decode_tuple_set

_log = logging.getLogger(__name__)

_REGISTER_REQUEST = "heron.proto.stmgr.RegisterInstanceRequest"
_NEW_ASSIGNMENT = "heron.proto.stmgr.NewInstanceAssignmentMessage"
_SET_TO_INSTANCE = "heron.proto.system.HeronTupleSet2"
_SET_FROM_INSTANCE = "heron.proto.system.HeronTupleSet"

# Back pressure: with more than this unsent, the component is not called; with more than that unprocessed, nothing is
# read, so that TCP makes the stream manager wait.
_UNSENT_LIMIT = 4 * 1024 * 1024
_UNPROCESSED_LIMIT = 8 * 1024 * 1024


class StreamManager(Peer):
    """Registers the task, keeps the latest physical plan, and queues tuple sets in both directions."""

    def __init__(self, loop: EventLoop, options: Options, settings: Settings):
        """Begins to connect."""
        self._options = options
        self._patience = (
            settings.instance_reconnect_streammgr_interval_sec * settings.instance_reconnect_streammgr_times
        )
        self._alone_since = time.monotonic()
        self._last_failure = None
        self._plan: Optional[PhysicalPlan] = None
        self._sets = deque()
        self._unprocessed = 0
        self._client = Client(loop, options.stmgr_port, self, settings.instance_reconnect_streammgr_interval_sec)
        self._client.connect()

    @property
    def takes_tuples(self) -> bool:
        """Whether it is connected and keeps up with what was sent to it."""
        return self._client.is_registered and self._client.unsent_bytes < _UNSENT_LIMIT

    @property
    def has_tuple_sets(self) -> bool:
        """Whether there are received sets that were not yet taken."""
        return bool(self._sets)

    @property
    def unsent_bytes(self) -> int:
        """How much waits for the stream manager to read it."""
        return self._client.unsent_bytes

    def send_tuple_set(self, body: bytes) -> None:
        """Queues an encoded `HeronTupleSet`."""
        self._client.send(_SET_FROM_INSTANCE, body)

    def flush(self) -> None:
        """Sends what can be sent without waiting."""
        if self._client.is_registered:
            self._client.flush()

    def take_plan(self) -> Optional[PhysicalPlan]:
        """The newest plan, once."""
        plan, self._plan = self._plan, None
        return plan

    def take_tuple_set(self) -> TupleSet:
        """The oldest set that was received and not yet taken; there must be one."""
        size, tuple_set = self._sets.popleft()
        self._unprocessed -= size
        if self._unprocessed < _UNPROCESSED_LIMIT:
            self._client.set_reading(True)
        return tuple_set

    def registration(self) -> Tuple[str, bytes]:
        """See Peer."""
        options = self._options
        info = int_field(1, options.task_id) + int_field(2, options.component_index)
        info += text_field(3, options.component_name)
        instance = text_field(1, options.instance_id) + text_field(2, options.stmgr_id) + bytes_field(3, info)
        names = text_field(2, options.topology_name) + text_field(3, options.topology_id)
        return _REGISTER_REQUEST, bytes_field(1, instance) + names

    def registered(self, response: bytes) -> None:
        """See Peer."""
        _log.info("registered with %s on port %d", self._options.stmgr_id, self._options.stmgr_port)
        self._alone_since = self._last_failure = None
        self._keep_plan(Message("RegisterInstanceResponse", response))

    def received(self, packet: Packet) -> None:
        """See Peer."""
        if packet.type_name == _SET_TO_INSTANCE:
            size = len(packet.body)
            self._sets.append((size, decode_tuple_set(packet.body)))
            self._unprocessed += size
            if self._unprocessed >= _UNPROCESSED_LIMIT:
                self._client.set_reading(False)
        elif packet.type_name == _NEW_ASSIGNMENT:
            # The plan's field is 1 here and 2 in the response to the registration.
            self._plan = PhysicalPlan.decode(Message(_NEW_ASSIGNMENT, packet.body).bytes(1))
        else:
            _log.debug("ignored a %s", packet.type_name)

    def failed(self, reason: str) -> None:
        """See Peer. Raises InstanceError when there has been no stream manager for too long."""
        where = f"stream manager {self._options.stmgr_id} on port {self._options.stmgr_port}"
        now = time.monotonic()
        if self._alone_since is None:
            self._alone_since = now
        if now - self._alone_since > self._patience:
            raise InstanceError(f"{where}: {reason}; given up after {self._patience} s")
        if reason != self._last_failure:
            _log.warning("%s: %s; trying again", where, reason)
        self._last_failure = reason

    def _keep_plan(self, response: Message) -> None:
        if 2 in response:
            self._plan = PhysicalPlan.decode(response.bytes(2))
