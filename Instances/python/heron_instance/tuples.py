"""Encoding and decoding of tuples: the part of the wire format that is run for every tuple, hence written for speed.

Roots stay in their encoded form (`RootId`), because an instance only passes them on, and because encoded ones can be
united in a set.
"""
import struct
from typing import Iterable, List, NamedTuple, Sequence, Tuple

from heron_instance.plan import StreamId
from heron_instance.protobuf import MalformedMessage, Message, bytes_field, int_field, read_fields, read_varint, varint

_KEY, _ROOT, _VALUE, _DESTINATION = 0x09, 0x12, 0x1A, 0x20
_FIXED64 = struct.Struct("<q")
# The stream manager gives each copy of a tuple its key; what an instance sends must have key 0.
_KEY_ZERO = bytes((_KEY,)) + bytes(8)
_SHORT_VALUE = [bytes((_VALUE, size)) for size in range(0x80)]


def encode_data_tuple(values: Sequence[bytes], roots: Iterable[bytes] = (), destinations: Iterable[int] = ()) -> bytes:
    """A `HeronDataTuple` with key 0, as an entry of `HeronDataTupleSet.tuples`."""
    parts = [_KEY_ZERO]
    for root in roots:
        parts.append(bytes_field(2, root))
    for value in values:
        size = len(value)
        parts.append(_SHORT_VALUE[size] if size < 0x80 else b"\x1a" + varint(size))
        parts.append(value)
    for task in destinations:
        parts.append(b"\x20" + varint(task))
    body = b"".join(parts)
    return b"\x12" + varint(len(body)) + body


def encode_root(task_id: int, key: int) -> bytes:
    """A `RootId`: the tuple of the spout task from which others descend."""
    return int_field(1, task_id) + b"\x11" + _FIXED64.pack(key)


def decode_root(root: bytes) -> Tuple[int, int]:
    """Task id and key of a `RootId`."""
    message = Message("RootId", root)
    return message.integer(1), _FIXED64.unpack(message.bytes(2))[0]


def encode_ack(roots: Iterable[bytes], key: int) -> bytes:
    """An `AckTuple` for the received tuple `key`, without the tag of the list it is put in."""
    return b"".join(bytes_field(1, root) for root in roots) + b"\x11" + _FIXED64.pack(key)


def encode_stream(component: str, stream: str) -> bytes:
    """The `stream` field of a `HeronDataTupleSet`."""
    stream_id = bytes_field(1, stream.encode("utf-8")) + bytes_field(2, component.encode("utf-8"))
    return bytes_field(1, stream_id)


class TupleSet(NamedTuple):
    """A `HeronTupleSet2`: tuples of one stream from one task, still encoded, or news about roots."""

    source_task: int
    stream: StreamId
    tuples: List[bytes]
    acked: List[int]
    failed: List[int]


_NO_STREAM = StreamId("", "")


def decode_tuple_set(data: bytes) -> TupleSet:
    """Decodes a set, but not the tuples in it. Raises MalformedMessage."""
    message = Message("HeronTupleSet2", data)
    stream, tuples, acked, failed = _NO_STREAM, [], [], []
    if 1 in message:
        content = Message("HeronDataTupleSet2", message.bytes(1))
        stream, tuples = StreamId.decode(content.bytes(1)), content.all_bytes(2)
    if 2 in message:
        control = Message("HeronControlTupleSet", message.bytes(2))
        acked, failed = (_root_keys(control.all_bytes(field)) for field in (1, 2))
    return TupleSet(message.integer(3), stream, tuples, acked, failed)


def _root_keys(acks: List[bytes]) -> List[int]:
    return [decode_root(root)[1] for ack in acks for root in Message("AckTuple", ack).all_bytes(1)]


def decode_data_tuple(data: bytes) -> Tuple[int, List[bytes], List[bytes]]:
    """Key, encoded roots and serialized values of a `HeronDataTuple`. Raises MalformedMessage."""
    key, roots, values = 0, [], []
    position, end = 0, len(data)
    try:
        while position < end:
            tag = data[position]
            if tag == _VALUE or tag == _ROOT:
                size = data[position + 1]
                start = position + 2
                if size >= 0x80:
                    size, start = read_varint(data, position + 1)
                position = start + size
                (values if tag == _VALUE else roots).append(data[start:position])
            elif tag == _KEY:
                (key,) = _FIXED64.unpack_from(data, position + 1)
                position += 9
            elif tag == _DESTINATION:
                position = read_varint(data, position + 1)[1]
            else:
                for _ in read_fields(data, position):
                    pass  # Fields that a later Heron may add come last; only that they are well formed is checked.
                position = end
    except (IndexError, struct.error) as error:
        raise MalformedMessage("HeronDataTuple: truncated") from error
    if position != end:
        raise MalformedMessage("HeronDataTuple: truncated")
    return key, roots, values
