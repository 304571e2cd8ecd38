"""The protocol-buffer wire format, as far as Heron's messages to and from an instance use it."""
from typing import Dict, Iterator, List, Tuple, Union

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_ONE_BYTE = [bytes((number,)) for number in range(0x80)]


class MalformedMessage(ValueError):
    """Bytes that are not the message they should be."""


def varint(number: int) -> bytes:
    """`number` in base 128; a negative one as 64-bit two's complement, as fields of type int32 have it."""
    if 0 <= number < 0x80:
        return _ONE_BYTE[number]
    number &= 0xFFFFFFFFFFFFFFFF
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def int_field(field: int, value: int) -> bytes:
    """A field of type int32, int64 or an enumeration."""
    return varint(field << 3 | _VARINT) + varint(value)


def bytes_field(field: int, value: bytes) -> bytes:
    """A field of type bytes, or an encoded message."""
    return varint(field << 3 | _BYTES) + varint(len(value)) + value


def text_field(field: int, value: str) -> bytes:
    """A field of type string."""
    return bytes_field(field, value.encode("utf-8"))


def read_varint(data: bytes, position: int) -> Tuple[int, int]:
    """The unsigned number at `position`, and the position after it."""
    number = shift = 0
    while True:
        if position >= len(data) or shift > 63:
            raise MalformedMessage("truncated or overlong number")
        byte = data[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number & 0xFFFFFFFFFFFFFFFF, position
        shift += 7


def read_fields(data: bytes, position: int = 0) -> Iterator[Tuple[int, Union[int, bytes]]]:
    """Each field's number and value, from `position` on: a varint as unsigned number, everything else as its bytes."""
    end = len(data)
    while position < end:
        key, position = read_varint(data, position)
        kind = key & 7
        if kind == _VARINT:
            value, position = read_varint(data, position)
            yield key >> 3, value
            continue
        if kind == _BYTES:
            size, position = read_varint(data, position)
        elif kind in (_FIXED64, _FIXED32):
            size = 8 if kind == _FIXED64 else 4
        else:
            raise MalformedMessage(f"unknown wire type {kind}")
        if position + size > end:
            raise MalformedMessage("truncated field")
        yield key >> 3, data[position : position + size]
        position += size


class Message:
    """A decoded message whose fields are asked for by number."""

    def __init__(self, name: str, data: bytes):
        """Decodes `data`; `name` is for errors. Raises MalformedMessage."""
        self._name = name
        self._fields: Dict[int, List[Union[int, bytes]]] = {}
        try:
            for field, value in read_fields(data):
                self._fields.setdefault(field, []).append(value)
        except MalformedMessage as error:
            raise MalformedMessage(f"{name}: {error}") from error

    def __contains__(self, field: int) -> bool:
        return field in self._fields

    def all_bytes(self, field: int) -> List[bytes]:
        """Every value of a repeated field of type bytes, or of encoded messages."""
        values = self._fields.get(field, [])
        if any(isinstance(value, int) for value in values):
            raise MalformedMessage(f"{self._name}: field {field} is a number")
        return values

    def bytes(self, field: int) -> bytes:
        """A required field of type bytes, or an encoded message."""
        values = self.all_bytes(field)
        if not values:
            raise MalformedMessage(f"{self._name}: field {field} is missing")
        return values[-1]

    def text(self, field: int, default: str = None) -> str:
        """A field of type string, required unless there is a default."""
        if default is not None and field not in self:
            return default
        try:
            return self.bytes(field).decode("utf-8")
        except UnicodeDecodeError as error:
            raise MalformedMessage(f"{self._name}: field {field} is not UTF-8") from error

    def integer(self, field: int, default: int = None) -> int:
        """A field of type int32 or an enumeration, required unless there is a default."""
        if default is not None and field not in self:
            return default
        value = self._fields.get(field, [None])[-1]
        if not isinstance(value, int):
            raise MalformedMessage(f"{self._name}: field {field} is not a number, or missing")
        return value - (1 << 64) if value >> 63 else value
