"""A stream manager for tests: it does what the test says and nothing else.

It speaks through heronpy's own protobuf classes, so that the instance's encoding is compared with Heron's.
"""
import socket
import struct

from heronpy.proto import metrics_pb2, stmgr_pb2, tuple_pb2

TIMEOUT = 20
NO_REQUEST = bytes(32)

# What an instance sends, by its full name.
MESSAGES = {
    message.DESCRIPTOR.full_name: message
    for message in (
        metrics_pb2.MetricPublisherPublishMessage,
        metrics_pb2.MetricPublisherRegisterRequest,
        stmgr_pb2.RegisterInstanceRequest,
        tuple_pb2.HeronTupleSet,
    )
}


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
        return rest[:32], MESSAGES[name].FromString(rest[36:])

    def send(self, message, request_id=NO_REQUEST):
        """Sends a message, or the response to a request."""
        self._socket.sendall(_encode(message, request_id))

    def send_while_taken(self, message, times, patience=0.5):
        """Sends a message again and again, until nothing is taken for some seconds.

        Returns how often it was sent, and the rest of the last one.
        """
        data = memoryview(_encode(message, NO_REQUEST))
        self._socket.settimeout(patience)
        rest = b""
        count = 0
        try:
            while count < times:
                rest = data
                while rest:
                    rest = rest[self._socket.send(rest) :]
                count += 1
        except TimeoutError:
            pass
        finally:
            self._socket.settimeout(TIMEOUT)
        return count, bytes(rest)

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

    def skip(self, size):
        """Receives at least `size` bytes of whole packets, unseen; returns how many."""
        received = 0
        while received < size:
            received += len(self._read(struct.unpack(">I", self._read(4))[0]))
        return received

    def close(self):
        """Ends the connection, as a dying stream manager does."""
        self._file.close()
        self._socket.close()

    def _read(self, size):
        data = self._file.read(size)
        if len(data) < size:
            raise ConnectionError("the instance closed the connection")
        return data


def _encode(message, request_id):
    name, body = message.DESCRIPTOR.full_name.encode(), message.SerializeToString()
    content = struct.pack(">I", len(name)) + name + request_id + struct.pack(">I", len(body)) + body
    return struct.pack(">I", len(content)) + content


class StreamManager:
    """Listens on a free port of this machine."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        # Little room in the kernel, so that an instance soon notices that the test does not read.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        self._listener.settimeout(TIMEOUT)
        self.port = self._listener.getsockname()[1]

    def accept(self):
        """The next connection."""
        return Connection(self._listener.accept()[0])

    def close(self):
        """Stops listening."""
        self._listener.close()
