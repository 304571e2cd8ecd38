"""Collects what a component emits, acks and fails into sets for the stream manager."""
from typing import Callable, List

from heron_instance.errors import InstanceError
from heron_instance.protobuf import bytes_field, int_field
from heron_instance.settings import Settings
from heron_instance.tuples import encode_stream

_ACKS, _FAILS = 1, 2
# What a packet needs beside the tuples in it, rounded up.
_PACKET_OVERHEAD = 4096


class OutgoingTuples:
    """One open set at a time, so that everything leaves in the order in which it was added.

    A set is closed when another stream or kind begins, and when it is full.
    """

    def __init__(self, component: str, task_id: int, settings: Settings, send: Callable[[bytes], None]):
        """`send` gets each closed set as an encoded `HeronTupleSet`."""
        self._component = component
        self._source = int_field(3, task_id)
        self._settings = settings
        self._send = send
        self._streams = {}
        self._kind = None
        self._items: List[bytes] = []
        self._size = 0
        self.tuples_added = 0
        self.bytes_added = 0

    def add(self, stream: str, data_tuple: bytes) -> None:
        """Adds an encoded tuple. Raises InstanceError for one that no packet can hold."""
        size = len(data_tuple)
        settings = self._settings
        if size + _PACKET_OVERHEAD > settings.instance_network_options_maximum_packetsize_bytes:
            raise InstanceError(
                f"{self._component} emitted a tuple of {size} bytes to stream '{stream}'; the limit is"
                " heron.instance.network.options.maximum.packetsize.bytes ="
                f" {settings.instance_network_options_maximum_packetsize_bytes}, less {_PACKET_OVERHEAD}"
            )
        if (
            self._kind != stream
            or len(self._items) >= settings.instance_set_data_tuple_capacity
            or self._size + size > settings.instance_set_data_tuple_size_bytes
        ):
            self._open(stream)
        self._append(data_tuple)
        self.tuples_added += 1

    def add_ack(self, ack: bytes) -> None:
        """Adds an encoded `AckTuple` for a tuple that was processed."""
        self._add_control(_ACKS, ack)

    def add_fail(self, ack: bytes) -> None:
        """Adds an encoded `AckTuple` for a tuple that could not be processed."""
        self._add_control(_FAILS, ack)

    def flush(self) -> None:
        """Closes the open set, if there is one, and sends it."""
        if not self._items:
            return
        items = b"".join(self._items)
        if self._kind in (_ACKS, _FAILS):
            content = bytes_field(2, items)
        else:
            content = bytes_field(1, self._stream(self._kind) + items)
        self._items = []
        self._size = 0
        self._send(content + self._source)

    def _add_control(self, kind: int, ack: bytes) -> None:
        if self._kind != kind or len(self._items) >= self._settings.instance_set_control_tuple_capacity:
            self._open(kind)
        self._append(bytes_field(kind, ack))

    def _append(self, item: bytes) -> None:
        self._items.append(item)
        self._size += len(item)
        self.bytes_added += len(item)

    def _open(self, kind) -> None:
        self.flush()
        self._kind = kind

    def _stream(self, name: str) -> bytes:
        if name not in self._streams:
            self._streams[name] = encode_stream(self._component, name)
        return self._streams[name]
