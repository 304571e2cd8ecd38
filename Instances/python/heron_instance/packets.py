"""Heron's framing of messages on a connection (wire protocol, all numbers big-endian).

| bytes | content                                                        |
|-------|----------------------------------------------------------------|
| 4     | size of everything after these four bytes                      |
| 4 + L | length and text of the message's full protobuf type name       |
| 32    | request id: zero for a one-way message, echoed by the response |
| 4 + M | length and bytes of the encoded message                        |
"""
import struct
from typing import List, NamedTuple

REQUEST_ID_SIZE = 32
NO_REQUEST = bytes(REQUEST_ID_SIZE)
# Nothing local sends packets of this size; a larger number means that the stream is out of step.
MAXIMUM_PACKET_SIZE = 256 * 1024 * 1024

_SIZE = struct.Struct(">I")


class MalformedPacket(ValueError):
    """Bytes that are not a packet; the connection they came from is of no further use."""


class Packet(NamedTuple):
    """One message with its type."""

    type_name: str
    request_id: bytes
    body: bytes


def encode_packet(type_name: str, body: bytes, request_id: bytes = NO_REQUEST) -> bytes:
    """The bytes of a packet."""
    name = type_name.encode("ascii")
    size = 4 + len(name) + REQUEST_ID_SIZE + 4 + len(body)
    return b"".join((_SIZE.pack(size), _SIZE.pack(len(name)), name, request_id, _SIZE.pack(len(body)), body))


class PacketReader:
    """Cuts a stream of bytes into packets."""

    def __init__(self):
        self._buffer = bytearray()

    def feed(self, data: bytes) -> List[Packet]:
        """The packets that `data` completes. Raises MalformedPacket."""
        buffer = self._buffer
        buffer += data
        packets = []
        start = 0
        while len(buffer) - start >= 4:
            (size,) = _SIZE.unpack_from(buffer, start)
            if size > MAXIMUM_PACKET_SIZE:
                raise MalformedPacket(f"a packet of {size} bytes")
            end = start + 4 + size
            if end > len(buffer):
                break
            packets.append(_decode(bytes(buffer[start + 4 : end])))
            start = end
        if start:
            del buffer[:start]
        return packets


def _decode(content: bytes) -> Packet:
    try:
        (name_size,) = _SIZE.unpack_from(content, 0)
        request = 4 + name_size
        body = request + REQUEST_ID_SIZE + 4
        (body_size,) = _SIZE.unpack_from(content, body - 4)
        type_name = content[4:request].decode("ascii")
    except (struct.error, UnicodeDecodeError) as error:
        raise MalformedPacket("a packet without a proper header") from error
    if body + body_size != len(content):
        raise MalformedPacket(f"a packet whose lengths disagree, of type '{type_name}'")
    return Packet(type_name, content[request : body - 4], content[body:])
