"""Metrics and reported errors, with and without a metrics manager."""
import unittest

from heronpy.proto import metrics_pb2

from InstanceTesting.stream_manager import StreamManager
from JavaTests.instance.support import jars
from JavaTests.instance.support.case import InstanceCase, data_set

EVERY_SECOND = "heron.metrics.export.interval.sec: 1\n"


class MetricsCases:
    def setUp(self):
        super().setUp()
        (self.folder / "override.yaml").write_text(EVERY_SECOND)
        self.manager = StreamManager()
        self.addCleanup(self.manager.close)

    def accept_metrics(self):
        """Registers the instance with the metrics manager; returns the connection and the registration."""
        metrics = self.manager.accept()
        self.addCleanup(metrics.close)
        request_id, request = metrics.receive()
        response = metrics_pb2.MetricPublisherRegisterResponse()
        response.status.status = 1
        metrics.send(response, request_id)
        return metrics, request

    def test_publishes_what_it_and_the_topology_count(self):
        process, connection = self.run_component(self.plan(), "echo", metricsmgr_port=self.manager.port)
        connection.send(data_set([["measure 3"], ["measure 5"], ["report"], ["report"], ["late metric"], ["fail"]]))
        self.tuples(connection, 5)
        metrics, request = self.accept_metrics()
        publisher = request.publisher
        self.assertEqual(
            (publisher.component_name, publisher.instance_id, publisher.instance_index, publisher.port),
            ("echo", "container_1_echo_5", 0, 5),
        )
        values, errors = {}, []
        while not {"__execute-count/numbers/default", "own-late"} <= values.keys():
            _, published = metrics.receive()
            # The first value of each: they are counted anew in each interval.
            values = {**{metric.name: metric.value for metric in published.metrics}, **values}
            errors += published.exceptions
        for name, value in {
            "__emit-count/default": "5",
            "__execute-count/numbers/default": "6",
            "__ack-count/numbers/default": "5",
            "__fail-count/numbers/default": "1",
            "own-count": "2",
            "own-counts/of 3": "3",
            "own-counts/of 5": "5",
            "own-mean": "4.0",
            "own-value": "set",
            "own-late": "1",
            "__auto__/global": "2",
        }.items():
            self.assertEqual(values.get(name), value, name)
        (error,) = errors
        self.assertEqual(error.count, 2)
        self.assertTrue(error.stacktrace.startswith("java.lang.IllegalArgumentException: reported, not thrown\n"))
        self.assertLessEqual(error.firsttime, error.lasttime)
        self.assert_stops(process)
        self.assertIn("reported by the topology", self.log())


class NewMetrics(MetricsCases, InstanceCase):
    """With org.apache.heron.api."""

    def test_goes_on_counting_until_there_is_a_metrics_manager(self):
        process, connection = self.run_component(self.plan(), "numbers", metricsmgr_port=self.manager.port)
        self.tuples(connection, 10)
        self.manager.accept().close()
        self.wait_for_log(process, f"no metrics manager on port {self.manager.port}")
        metrics, _ = self.accept_metrics()
        _, published = metrics.receive()
        values = {metric.name: metric.value for metric in published.metrics}
        self.assertEqual((values["__emit-count/default"], values["__emit-count/events"]), ("10", "1"))
        self.assertEqual(self.assert_stops(process), "")


class OldMetrics(MetricsCases, InstanceCase):
    """With com.twitter.heron.api."""

    api = jars.OLD_API


if __name__ == "__main__":
    unittest.main()
