"""A stream manager for tests: it does what the test says and nothing else.

It speaks through heronpy's own protobuf classes, so that the instance's encoding is compared with Heron's.
"""
import socket
import struct

from google.protobuf import symbol_database
from heronpy.proto import metrics_pb2, stmgr_pb2, tuple_pb2  # noqa: F401 (registers the messages)

TIMEOUT = 20
NO_REQUEST = bytes(32)


def type_named(name):
    """The protobuf class of a full message name."""
    return symbol_database.Default().GetSymbol(name)


class Connection:
    """A connection from an instance."""

    def __init__(self, accepted):
        accepted.settimeout(TIMEOUT)
        self._socket = accepted
        self._file = accepted.makefile("rb")

    def receive(self):
        """The next packet: request id and message. Raises ConnectionError at the end."""
        size = struct.unpack(">I", self._read(4))[0]
        content = self._read(size)
        name_size = struct.unpack_from(">I", content)[0]
        name, rest = content[4 : 4 + name_size].decode(), content[4 + name_size :]
        (body_size,) = struct.unpack_from(">I", rest, 32)
        assert len(rest) == 36 + body_size
        return rest[:32], type_named(name).FromString(rest[36:])

    def send(self, message, request_id=NO_REQUEST):
        """Sends a message, or the response to a request."""
        name, body = message.DESCRIPTOR.full_name.encode(), message.SerializeToString()
        content = struct.pack(">I", len(name)) + name + request_id + struct.pack(">I", len(body)) + body
        self._socket.sendall(struct.pack(">I", len(content)) + content)

    def register(self, plan=None, status=1, message=None):
        """Receives the registration and answers it; returns it."""
        request_id, request = self.receive()
        response = stmgr_pb2.RegisterInstanceResponse()
        response.status.status = status
        if message:
            response.status.message = message
        if plan is not None:
            response.pplan.CopyFrom(plan)
        self.send(response, request_id)
        return request

    def send_plan(self, plan):
        """Sends a new physical plan."""
        self.send(stmgr_pb2.NewInstanceAssignmentMessage(pplan=plan))

    def send_raw(self, data):
        """Sends bytes as they are."""
        self._socket.sendall(data)

    def close(self):
        """Ends the connection, as a dying stream manager does."""
        self._file.close()
        self._socket.close()

    def _read(self, size):
        data = self._file.read(size)
        if len(data) < size:
            raise ConnectionError("the instance closed the connection")
        return data


class StreamManager:
    """Listens on a free port of this machine."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(TIMEOUT)
        self.port = self._listener.getsockname()[1]

    def accept(self):
        """The next connection."""
        return Connection(self._listener.accept()[0])

    def close(self):
        """Stops listening."""
        self._listener.close()
