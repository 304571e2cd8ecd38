"""A connection to another Heron process on this machine: opened, registered, and opened anew when it is lost."""
import enum
import errno
import logging
import os
import socket
from collections import deque
from typing import Tuple

from heron_instance.loop import READABLE, WRITABLE, EventLoop
from heron_instance.packets import NO_REQUEST, MalformedPacket, Packet, PacketReader, encode_packet
from heron_instance.protobuf import MalformedMessage, Message

_log = logging.getLogger(__name__)

_RECEIVE_SIZE = 1024 * 1024
_REGISTRATION_TIMEOUT_SEC = 5
_FIRST_RETRY_SEC = 0.1
_STATUS_OK = 1


class Peer:
    """What a client is told about its connection, and what it needs to know of the other process."""

    def registration(self) -> Tuple[str, bytes]:
        """Type and body of the request that registers this instance."""
        raise NotImplementedError

    def registered(self, response: bytes) -> None:
        """The other process has accepted the registration."""
        raise NotImplementedError

    def received(self, packet: Packet) -> None:
        """A one-way message."""
        raise NotImplementedError

    def failed(self, reason: str) -> None:
        """The connection is lost or could not be made or registered; another attempt follows."""
        raise NotImplementedError


class _State(enum.Enum):
    CLOSED = "closed"
    CONNECTING = "connecting"
    REGISTERING = "registering"
    REGISTERED = "registered"


class Client:
    """One connection at a time to 127.0.0.1. Bytes not yet sent when it is lost are dropped: at most once."""

    def __init__(self, loop: EventLoop, port: int, peer: Peer, longest_retry_sec: float):
        """`longest_retry_sec` bounds the pause between attempts, which begins small and doubles."""
        self._loop = loop
        self._port = port
        self._peer = peer
        self._longest_retry = longest_retry_sec
        self._retry = _FIRST_RETRY_SEC
        self._state = _State.CLOSED
        self._socket = None
        self._reader = None
        self._timeout = None
        self._request_id = b""
        self._unsent = deque()
        self._reading = True
        self._watched = 0
        self.unsent_bytes = 0

    @property
    def is_registered(self) -> bool:
        """Whether messages can be sent."""
        return self._state is _State.REGISTERED

    def connect(self) -> None:
        """Begins to connect; the peer is told how it goes."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = PacketReader()
        self._state = _State.CONNECTING
        self._timeout = self._loop.call_later(
            _REGISTRATION_TIMEOUT_SEC, lambda: self._fail(f"no answer within {_REGISTRATION_TIMEOUT_SEC} s")
        )
        result = self._socket.connect_ex(("127.0.0.1", self._port))
        if result not in (0, errno.EINPROGRESS):
            self._fail(os.strerror(result))
            return
        self._update_watch()

    def send(self, type_name: str, body: bytes) -> None:
        """Queues a one-way message; does nothing unless registered."""
        if self.is_registered:
            self._queue(encode_packet(type_name, body))

    def set_reading(self, reading: bool) -> None:
        """Whether to take what the other process sends, or to let it wait."""
        if self._reading != reading:
            self._reading = reading
            self._update_watch()

    def flush(self) -> None:
        """Sends as much as the socket takes; the loop sends the rest when it can."""
        try:
            while self._unsent:
                sent = self._socket.send(self._unsent[0])
                self.unsent_bytes -= sent
                if sent == len(self._unsent[0]):
                    self._unsent.popleft()
                else:
                    self._unsent[0] = self._unsent[0][sent:]
        except BlockingIOError:
            pass
        except OSError as error:
            self._fail(error.strerror)
            return
        self._update_watch()

    def _queue(self, packet: bytes) -> None:
        self._unsent.append(memoryview(packet))
        self.unsent_bytes += len(packet)

    def _update_watch(self) -> None:
        events = 0
        if self._state is _State.CONNECTING:
            events = WRITABLE
        elif self._state is not _State.CLOSED:
            events = (READABLE if self._reading else 0) | (WRITABLE if self._unsent else 0)
        if events != self._watched:
            self._watched = events
            self._loop.watch(self._socket, events, self._ready)

    def _ready(self, events: int) -> None:
        if self._state is _State.CONNECTING:
            self._finish_connecting()
            return
        if events & WRITABLE:
            self.flush()
        if events & READABLE and self._state is not _State.CLOSED:
            self._receive()

    def _finish_connecting(self) -> None:
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            self._fail(os.strerror(error))
            return
        if self._socket.getsockname() == self._socket.getpeername():
            # Nobody listens, and the kernel chose the wanted port as our own: TCP then connects us with ourselves.
            self._fail(os.strerror(errno.ECONNREFUSED))
            return
        self._state = _State.REGISTERING
        self._request_id = os.urandom(32)
        self._queue(encode_packet(*self._peer.registration(), self._request_id))
        self.flush()

    def _receive(self) -> None:
        try:
            data = self._socket.recv(_RECEIVE_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(error.strerror)
            return
        if not data:
            self._fail("closed by the other side")
            return
        try:
            for packet in self._reader.feed(data):
                self._dispatch(packet)
                if self._state is _State.CLOSED:
                    return
        except (MalformedPacket, MalformedMessage) as error:
            self._fail(f"it sent {error}")

    def _dispatch(self, packet: Packet) -> None:
        if self._state is _State.REGISTERING and packet.request_id == self._request_id:
            self._finish_registering(packet.body)
        elif packet.request_id == NO_REQUEST:
            self._peer.received(packet)

    def _finish_registering(self, body: bytes) -> None:
        status = Message("Status", Message("registration response", body).bytes(1))
        if status.integer(1) != _STATUS_OK:
            self._fail("registration refused: " + status.text(2, f"status {status.integer(1)}"))
            return
        self._timeout.cancel()
        self._state = _State.REGISTERED
        self._retry = _FIRST_RETRY_SEC
        self._peer.registered(body)

    def _fail(self, reason: str) -> None:
        self._timeout.cancel()
        self._loop.watch(self._socket, 0, self._ready)
        self._socket.close()
        self._state = _State.CLOSED
        self._watched = 0
        if self.unsent_bytes:
            _log.warning("%d bytes for port %d were not sent and are lost", self.unsent_bytes, self._port)
        self._unsent.clear()
        self.unsent_bytes = 0
        self._peer.failed(reason)
        self._loop.call_later(self._retry, self.connect)
        self._retry = min(2 * self._retry, self._longest_retry)
