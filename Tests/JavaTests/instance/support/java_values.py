"""Texts and Integers in Java's serialization, as the tests and the probe exchange them."""
import struct

# Magic and version, then the marks of what follows.
STREAM = b"\xac\xed\x00\x05"
NULL, STRING, LONG_STRING = b"\x70", b"\x74", b"\x7c"
INTEGER = STREAM + (
    b"sr\x00\x11java.lang.Integer\x12\xe2\xa0\xa4\xf7\x81\x87\x38\x02\x00\x01I\x00\x05value"
    b"xr\x00\x10java.lang.Number\x86\xac\x95\x1d\x0b\x94\xe0\x8b\x02\x00\x00xp"
)


def write(value) -> bytes:
    """A text without NUL and characters beyond the basic plane, or an integer."""
    if isinstance(value, int):
        return INTEGER + struct.pack(">i", value)
    encoded = value.encode()
    if len(encoded) <= 0xFFFF:
        return STREAM + STRING + struct.pack(">H", len(encoded)) + encoded
    return STREAM + LONG_STRING + struct.pack(">Q", len(encoded)) + encoded


def read(data):
    """What write() has written, or None for null."""
    if data == STREAM + NULL:
        return None
    if data.startswith(INTEGER):
        return struct.unpack(">i", data[len(INTEGER) :])[0]
    for mark, size in ((STRING, 2), (LONG_STRING, 8)):
        if data.startswith(STREAM + mark):
            start = len(STREAM) + 1 + size
            assert int.from_bytes(data[start - size : start], "big") == len(data) - start
            return data[start:].decode()
    raise AssertionError(f"neither a text nor an Integer: {data!r}")
