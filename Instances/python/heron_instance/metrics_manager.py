"""The metrics manager of the instance's container, if there is one."""
import logging
import socket
from typing import Tuple

from heron_instance.client import Client, Peer
from heron_instance.loop import EventLoop
from heron_instance.metrics import MetricsCollector
from heron_instance.options import Options
from heron_instance.packets import Packet
from heron_instance.protobuf import bytes_field, int_field, text_field

_log = logging.getLogger(__name__)

_REGISTER_REQUEST = "heron.proto.system.MetricPublisherRegisterRequest"
_PUBLISH_MESSAGE = "heron.proto.system.MetricPublisherPublishMessage"


class MetricsManager(Peer):
    """Publishes the task's metrics. Nothing depends on it: without a metrics manager they go on being counted."""

    def __init__(self, loop: EventLoop, options: Options, collector: MetricsCollector, retry_sec: float):
        """Begins to connect, and tries again for ever, in the end every `retry_sec` seconds."""
        self._loop = loop
        self._options = options
        self._collector = collector
        self._has_failed = False
        self._client = Client(loop, options.metricsmgr_port, self, retry_sec)
        self._client.connect()

    def publish_regularly(self) -> None:
        """Publishes each metric that is registered by now at its own interval."""
        for interval in self._collector.intervals():
            self._loop.call_every(interval, lambda interval=interval: self._publish(interval))

    def _publish(self, interval: float) -> None:
        if not self._client.is_registered:
            return
        body = b"".join(
            bytes_field(1, text_field(1, name) + text_field(2, str(value)))
            for name, value in self._collector.read(interval)
        )
        if body:
            self._client.send(_PUBLISH_MESSAGE, body)
            self._client.flush()

    def registration(self) -> Tuple[str, bytes]:
        """See Peer."""
        options = self._options
        publisher = b"".join((
            text_field(1, socket.gethostname()),
            int_field(2, options.task_id),  # Heron uses the field "port" to tell the tasks of a host apart.
            text_field(3, options.component_name),
            text_field(4, options.instance_id),
            int_field(5, options.component_index),
        ))
        return _REGISTER_REQUEST, bytes_field(1, publisher)

    def registered(self, response: bytes) -> None:
        """See Peer."""
        _log.info("registered with the metrics manager on port %d", self._options.metricsmgr_port)
        self._has_failed = False

    def received(self, packet: Packet) -> None:
        """See Peer."""

    def failed(self, reason: str) -> None:
        """See Peer."""
        if not self._has_failed:
            _log.info("no metrics manager on port %d (%s); going on without", self._options.metricsmgr_port, reason)
        self._has_failed = True
