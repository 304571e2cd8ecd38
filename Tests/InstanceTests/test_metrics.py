"""Metrics, with and without a metrics manager."""
import unittest

from heronpy.proto import metrics_pb2

from InstanceTesting.stream_manager import StreamManager
from InstanceTests.support.case import InstanceCase

EVERY_SECOND = "heron.metrics.export.interval.sec: 1\n"


class Metrics(InstanceCase):
    def test_publishes_what_it_counts(self):
        (self.folder / "override.yaml").write_text(EVERY_SECOND)
        manager = StreamManager()
        self.addCleanup(manager.close)
        process, connection = self.run_component(self.plan(), "numbers", metricsmgr_port=manager.port)
        self.tuples(connection, 10)
        metrics = manager.accept()
        self.addCleanup(metrics.close)
        request_id, request = metrics.receive()
        publisher = request.publisher
        self.assertEqual(
            (publisher.component_name, publisher.instance_id, publisher.instance_index, publisher.port),
            ("numbers", "container_1_numbers_1", 0, 1),
        )
        response = metrics_pb2.MetricPublisherRegisterResponse()
        response.status.status = 1
        metrics.send(response, request_id)
        _, published = metrics.receive()
        values = {metric.name: metric.value for metric in published.metrics}
        self.assertEqual(values["__emit-count/default"], "10")
        self.assertEqual(values["__emit-count/events"], "1")
        self.assert_stops(process)

    def test_does_without_a_metrics_manager(self):
        (self.folder / "override.yaml").write_text(EVERY_SECOND)
        process, connection = self.run_component(self.plan(), "numbers")
        self.tuples(connection, 10)
        self.wait_for_log(process, "no metrics manager on port 1 (Connection refused)")
        self.assertEqual(self.assert_stops(process), "")


if __name__ == "__main__":
    unittest.main()
