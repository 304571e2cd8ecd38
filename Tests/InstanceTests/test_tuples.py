"""What spouts and bolts see and send."""
import pickle
import unittest

from heronpy.proto import topology_pb2, tuple_pb2

from InstanceTests.support.case import InstanceCase, data_set

ACKING = {"topology.reliability.mode": "ATLEAST_ONCE"}


class Spouts(InstanceCase):
    def test_emits_in_sets_of_one_stream(self):
        plan = self.plan(component_config={"last": "249"})
        _, connection = self.run_component(plan, "numbers")
        _, first = connection.receive()
        self.assertEqual((first.data.stream.id, first.data.stream.component_name), ("events", "numbers"))
        self.assertEqual(first.src_task_id, 1)
        numbers = []
        while len(numbers) < 250:
            _, message = connection.receive()
            self.assertEqual(message.data.stream.id, "default")
            self.assertLessEqual(len(message.data.tuples), 100)  # heron.instance.set.data.tuple.capacity
            numbers += [pickle.loads(item.values[0]) for item in message.data.tuples]
            self.assertEqual({item.key for item in message.data.tuples}, {0})
        self.assertEqual(numbers, list(range(250)))

    def test_acks_at_once_when_delivery_is_at_most_once(self):
        plan = self.plan(component_config={"with.ids": "true", "last": "2"})
        process, connection = self.run_component(plan, "numbers")
        events = [event for (event,) in self.tuples(connection, 4, "events")]
        self.assertEqual(events, ["initialized as numbers 1", "acked id 0", "acked id 1", "acked id 2"])
        self.assert_stops(process)

    def test_acks_and_fails_when_delivery_is_at_least_once(self):
        plan = self.plan(config=ACKING, component_config={"with.ids": "true", "last": "2"})
        process, connection = self.run_component(plan, "numbers")
        roots = [item.roots for item in self.raw_tuples(connection, 3)]
        self.assertEqual([[root.taskid for root in of_one] for of_one in roots], [[1], [1], [1]])
        self.assertEqual(len({of_one[0].key for of_one in roots}), 3)
        news = tuple_pb2.HeronTupleSet2(src_task_id=2)
        news.control.acks.add(ackedtuple=0).roots.extend(roots[1])
        news.control.fails.add(ackedtuple=0).roots.extend(roots[0])
        connection.send(news)
        self.assertEqual(self.tuples(connection, 2, "events"), [["acked id 1"], ["failed id 0"]])
        self.assert_stops(process)

    def test_waits_for_acks_when_enough_are_pending(self):
        plan = self.plan(
            config={**ACKING, "topology.max.spout.pending": "2"}, component_config={"with.ids": "true"}
        )
        process, connection = self.run_component(plan, "numbers")
        pending = self.raw_tuples(connection, 2)
        self.assertEqual(len(pending), 2)
        news = tuple_pb2.HeronTupleSet2(src_task_id=2)
        news.control.acks.add(ackedtuple=0).roots.extend(pending[0].roots)
        connection.send(news)
        self.assertEqual(self.tuples(connection, 1), [[2]])
        self.assert_stops(process)

    def test_fails_what_was_not_acked_in_time(self):
        plan = self.plan(
            config={**ACKING, "topology.message.timeout.secs": "1"}, component_config={"with.ids": "true", "last": "0"}
        )
        process, connection = self.run_component(plan, "numbers")
        self.tuples(connection, 1)
        self.assertEqual(self.tuples(connection, 1, "events"), [["failed id 0"]])
        self.assert_stops(process)

    def test_emits_to_a_task(self):
        _, connection = self.run_component(self.plan(component_config={"direct.task": "3"}), "numbers")
        self.assertEqual({tuple(item.dest_task_ids) for item in self.raw_tuples(connection, 10)}, {(3,)})

    def test_a_grouping_class_of_the_topology_chooses_tasks(self):
        _, connection = self.run_component(self.plan(), "numbers")
        chosen = {
            pickle.loads(item.values[0]): list(item.dest_task_ids) for item in self.raw_tuples(connection, 10)
        }
        self.assertEqual(chosen, {number: [4 + number % 2] for number in range(10)})

    def test_a_grouping_written_in_java_is_refused(self):
        plan = self.plan()
        grouped = next(bolt for bolt in plan.topology.bolts if bolt.comp.name == "grouped")
        grouped.inputs[0].type = topology_pb2.JAVA_OBJECT
        process, _ = self.run_component(plan, "numbers")
        self.assertIn("is written in Java, which a Python instance cannot run", self.assert_exits(process, 1))


class Bolts(InstanceCase):
    def ask(self, *question, plan=None):
        """The answer of the bolt `echo` to one tuple."""
        process, connection = self.run_component(plan or self.plan(), "echo")
        connection.send(data_set([list(question)]))
        ((answer,),) = self.tuples(connection, 1)
        self.assert_stops(process)
        return answer

    def test_tuples_have_their_origin(self):
        self.assertEqual(self.ask("hello", 1.5, None), ["numbers", "default", 1, ["hello", 1.5, None]])

    def test_large_sets_keep_their_order(self):
        process, connection = self.run_component(self.plan(), "echo")
        for start in range(0, 3000, 1000):
            connection.send(data_set([[number] for number in range(start, start + 1000)]))
        answers = [answer[3][0] for (answer,) in self.tuples(connection, 3000)]
        self.assertEqual(answers, list(range(3000)))
        self.assert_stops(process)

    def test_values_of_every_size(self):
        sizes = [0, 1, 127, 128, 129, 16383, 16384, 1 << 21]
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["x" * size] for size in sizes]))
        answers = [len(answer[3][0]) for (answer,) in self.tuples(connection, len(sizes))]
        self.assertEqual(answers, sizes)
        self.assert_stops(process)

    def test_configuration_values_have_types(self):
        texts = {"a": "3", "b": "-2.5", "c": "True", "d": "false", "e": "3 bolts", "f": ""}
        expected = {"a": 3, "b": -2.5, "c": True, "d": False, "e": "3 bolts", "f": ""}
        plan = self.plan(config={**texts, "own": "1"}, component_config={"own": "2"})
        process, connection = self.run_component(plan, "echo")
        connection.send(data_set([["config", key] for key in [*expected, "own"]]))
        answers = [answer for (answer,) in self.tuples(connection, 7)]
        self.assertEqual(answers, [*expected.values(), 2])
        self.assert_stops(process)

    def test_context_knows_the_topology(self):
        self.assertEqual(self.ask("tasks", "grouped"), [4, 5])
        self.assertIsNone(self.ask("tasks", "nobody"))
        self.assertEqual(self.ask("sources"), {("default", "numbers"): topology_pb2.FIELDS})

    def test_the_file_is_imported_under_its_own_name(self):
        self.assertEqual(self.ask("module"), ["probe", "probe", "probe.py"])

    def test_ticks(self):
        plan = self.plan(component_config={"topology.tick.tuple.freq.secs": "0.05"})
        process, connection = self.run_component(plan, "echo")
        self.assertEqual(self.tuples(connection, 2, "events")[:2], [["tick __system True"]] * 2)
        self.assert_stops(process)

    def test_a_tick_interval_that_is_none(self):
        process, _ = self.run_component(self.plan(component_config={"topology.tick.tuple.freq.secs": "often"}), "echo")
        self.assertIn("topology.tick.tuple.freq.secs must be positive", self.assert_exits(process, 1))

    def test_anchors_acks_and_fails_when_delivery_is_at_least_once(self):
        process, connection = self.run_component(self.plan(config=ACKING), "echo")
        connection.send(data_set([["hello"], ["fail"]], roots=[(1, -77), (9, 1 << 60)]))
        _, emitted = connection.receive()
        _, acked = connection.receive()
        _, failed = connection.receive()
        roots = {(1, -77), (9, 1 << 60)}
        self.assertEqual({(root.taskid, root.key) for root in emitted.data.tuples[0].roots}, roots)
        for control, key in ((acked.control.acks, 1), (failed.control.fails, 2)):
            self.assertEqual([ack.ackedtuple for ack in control], [key])
            self.assertEqual({(root.taskid, root.key) for root in control[0].roots}, roots)
        self.assert_stops(process)

    def test_no_acks_are_sent_when_delivery_is_at_most_once(self):
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["hello"], ["fail"], ["last"]], roots=[(1, 5)]))
        for item in self.raw_tuples(connection, 2):
            self.assertEqual(len(item.roots), 0)
        self.assert_stops(process)

    def test_a_serializer_class_of_the_topology(self):
        plan = self.plan(config={"topology.serializer.classname": "probe.HexSerializer", "hex.prefix": "hex"})
        process, connection = self.run_component(plan, "echo")
        message = data_set([])
        item = tuple_pb2.HeronDataTuple(key=1, values=[b"7".hex().encode()])
        message.data.tuples.append(item.SerializeToString())
        connection.send(message)
        (answer,) = self.raw_tuples(connection, 1)
        self.assertEqual(bytes.fromhex(answer.values[0].decode()), b"hex['numbers', 'default', 1, ['7']]")
        self.assert_stops(process)

    def test_hooks(self):
        plan = self.plan()
        entry = plan.topology.topology_config.kvs.add(key="topology.auto.task.hooks")
        entry.type = topology_pb2.PYTHON_SERIALIZED_VALUE
        entry.serialized_value = pickle.dumps(["probe.NotingHook"])
        process, connection = self.run_component(plan, "echo")
        connection.send(data_set([["hello"]]))
        self.tuples(connection, 1)
        process.terminate()
        output, _ = process.communicate(timeout=20)
        called = [line.split()[1] for line in output.splitlines() if line.startswith("hook")]
        self.assertEqual(called, ["prepare", "emit", "ack", "execute", "clean", "emit"])
        self.assertEqual(process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
