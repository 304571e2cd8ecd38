"""What spouts and bolts see and send, with each package of Heron's API."""
import unittest

from heronpy.proto import topology_pb2, tuple_pb2

from JavaTests.instance.support import jars
from JavaTests.instance.support.case import ACKING, InstanceCase, data_set


class SpoutCases:
    def test_emits_in_sets_of_one_stream(self):
        plan = self.plan(component_config={"last": "249"})
        process, connection = self.run_component(plan, "numbers")
        _, first = connection.receive()
        self.assertEqual((first.data.stream.id, first.data.stream.component_name), ("events", "numbers"))
        self.assertEqual(first.src_task_id, 1)
        numbers = []
        while len(numbers) < 250:
            _, message = connection.receive()
            self.assertEqual(message.data.stream.id, "default")
            self.assertLessEqual(len(message.data.tuples), 100)  # heron.instance.set.data.tuple.capacity
            numbers += [self.read(item.values[0]) for item in message.data.tuples]
            self.assertEqual({item.key for item in message.data.tuples}, {0})
            self.assertEqual({len(item.roots) for item in message.data.tuples}, {0})
        self.assertEqual(numbers, list(range(250)))
        self.assert_stops(process)

    def test_acks_at_once_when_delivery_is_at_most_once(self):
        plan = self.plan(component_config={"with.ids": "true", "last": "2"})
        process, connection = self.run_component(plan, "numbers")
        received = [(message.data.stream.id, self.read(item.values[0])) for message, item in self.each(connection, 7)]
        expected = [("events", "opened as numbers 1")]
        for number in range(3):
            expected += [("default", number), ("events", f"acked id {number}")]
        self.assertEqual(received, expected)
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
        # What was heard of already, or never emitted.
        news.control.fails.add(ackedtuple=0).roots.extend(roots[1])
        news.control.acks.add(ackedtuple=0).roots.add(taskid=1, key=12345)
        connection.send(news)
        self.assertEqual(self.events(connection, 2), ["acked id 1", "failed id 0"])
        self.assert_stops(process)
        self.assertEqual(self.events(connection, 1), ["closed"])

    def test_emits_to_the_tasks_that_it_or_a_grouping_chooses(self):
        process, connection = self.run_component(self.plan(), "numbers")
        chosen = {self.read(item.values[0]): list(item.dest_task_ids) for item in self.raw_tuples(connection, 10)}
        self.assertEqual(chosen, {number: [7 + number % 2] for number in range(10)})
        self.assert_stops(process)
        self.assertEqual(self.printed("grouping"), ["grouping numbers/default for [7, 8]"])
        process, connection = self.run_component(self.plan(component_config={"direct.task": "3"}), "numbers")
        self.assertEqual({tuple(item.dest_task_ids) for item in self.raw_tuples(connection, 10)}, {(3,)})
        self.assert_stops(process)

    def test_hooks_are_told_of_a_spout(self):
        plan = self.plan(topology="Configured", config=ACKING, component_config={"with.ids": "true", "last": "1"})
        process, connection = self.run_component(plan, "numbers")
        roots = [item.roots for item in self.raw_tuples(connection, 2)]
        news = tuple_pb2.HeronTupleSet2(src_task_id=2)
        news.control.acks.add(ackedtuple=0).roots.extend(roots[0])
        news.control.fails.add(ackedtuple=0).roots.extend(roots[1])
        connection.send(news)
        self.events(connection, 2)
        self.wait_for_log(process, "heartbeat 2")
        self.assert_stops(process)
        self.assertEqual(
            self.printed("hook"),
            [
                "hook emit [opened as numbers 1] events 1 []",
                "hook prepare 1",
                "hook emit [0] default 1 [7]",
                "hook emit [1] default 1 [8]",
                "hook emit [acked id 0] events 1 []",
                "hook spoutAck id 0 1 true",
                "hook emit [failed id 1] events 1 []",
                "hook spoutFail id 1 1 true",
                "hook cleanup",
                "hook emit [closed] events 1 []",
            ],
        )
        self.assertEqual(self.printed("heartbeat"), ["heartbeat 1 on main", "heartbeat 2 on main"])

    def each(self, connection, count):
        """The next tuples of all streams, each with its message."""
        found = []
        while len(found) < count:
            _, message = connection.receive()
            found += [(message, item) for item in message.data.tuples]
        return found


class BoltCases:
    def test_tuples_have_their_origin(self):
        process, connection = self.run_component(self.plan(), "echo")
        self.assertEqual(
            self.answers(connection, "hello"),
            ["numbers default 1 [number] [hello] 1 true 0 [hello] default"],
        )
        self.assert_stops(process)

    def test_large_sets_keep_their_order(self):
        process, connection = self.run_component(self.plan(), "echo")
        for start in range(0, 3000, 1000):
            connection.send(data_set([[f"x{number}"] for number in range(start, start + 1000)]))
        answers = [answer.split()[4] for (answer,) in self.tuples(connection, 3000)]
        self.assertEqual(answers, [f"[x{number}]" for number in range(3000)])
        self.assert_stops(process)

    def test_anchors_acks_and_fails_when_delivery_is_at_least_once(self):
        process, connection = self.run_component(self.plan(config=ACKING), "echo")
        connection.send(data_set([["hold"]], roots=[(1, -77), (9, 1 << 60)]))
        connection.send(data_set([["join"], ["fail"]], roots=[(1, -77), (1, 5)]))
        _, emitted = connection.receive()
        _, acked = connection.receive()
        _, failed = connection.receive()
        union = [(1, -77), (9, 1 << 60), (1, 5)]
        self.assertEqual(sorted((root.taskid, root.key) for root in emitted.data.tuples[0].roots), sorted(union))
        acks = [(ack.ackedtuple, [(root.taskid, root.key) for root in ack.roots]) for ack in acked.control.acks]
        self.assertEqual(acks, [(1, [(1, -77), (9, 1 << 60)]), (1, [(1, -77), (1, 5)])])
        fails = [(fail.ackedtuple, [(root.taskid, root.key) for root in fail.roots]) for fail in failed.control.fails]
        self.assertEqual(fails, [(2, [(1, -77), (1, 5)])])
        self.assertFalse(emitted.HasField("control") or acked.HasField("data") or acked.control.fails)
        self.assert_stops(process)

    def test_no_acks_are_sent_when_delivery_is_at_most_once(self):
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["hello"], ["fail"], ["last"]], roots=[(1, 5)]))
        for item in self.raw_tuples(connection, 2):
            self.assertEqual(len(item.roots), 0)
        self.assert_stops(process)

    def test_ticks(self):
        for key, interval in (("ms", "20"), ("secs", "1")):
            with self.subTest(key):
                plan = self.plan(component_config={f"topology.tick.tuple.freq.{key}": interval})
                process, connection = self.run_component(plan, "echo")
                self.assertEqual(self.tuples(connection, 2, "events")[:2], [["tick __system -1 []"]] * 2)
                self.assert_stops(process)

    def test_hooks_are_told_of_a_bolt(self):
        plan = self.plan(topology="Configured", component_config={"add.hook": "true"})
        process, connection = self.run_component(plan, "echo")
        self.answers(connection, "thread", "data")
        connection.send(data_set([["fail"]]))
        self.wait_for_log(process, "hook boltExecute [fail]")
        self.assert_stops(process)
        once = [
            "hook prepare 5",
            "hook emit [from own] default 5 []",
            "hook boltAck [thread] 5 true",
            "hook boltExecute [thread] 5 true",
            "hook emit [kept null] default 5 []",
            "hook boltAck [data] 5 true",
            "hook boltExecute [data] 5 true",
            "hook boltFail [fail] 5 true",
            "hook boltExecute [fail] 5 true",
            "hook cleanup",
            "hook emit [cleaned up] events 5 []",
        ]
        # Two hooks: the configured one, and one that the bolt has added.
        self.assertEqual(sorted(self.printed("hook")), sorted(2 * once))

    def test_the_context(self):
        process, connection = self.run_component(self.plan(), "echo")
        (answer,) = self.answers(connection, "context")
        self.assertEqual(
            answer.split("; "),
            [
                self.plan().topology.id,
                "echo 5 0",
                "tasks [7, 8][]",
                "component numbers null",
                "all {1=numbers, 2=samples, 3=checker, 4=checker, 5=echo, 6=echo, 7=grouped, 8=grouped,"
                " 9=unreadable, 10=unreadable}",
                "streams 2[default]",
                "fields [what][number]",
                "sources {numbers/default=FIELDS}",
                "targets {echo=FIELDS, grouped=CUSTOM}{default={}, events={}}",
            ],
        )
        self.assert_stops(process)

    def test_configuration_values(self):
        plan = self.plan(
            topology="Configured", config={"a": "3", "own": "1"}, component_config={"own": "2", "b": "True"}
        )
        process, connection = self.run_component(plan, "echo")
        questions = {
            "config a": "3 String",
            "config b": "True String",
            "config own": "2 String",
            "config own.list": "[one, 2, three=3] ListN",
            "config own.text": "of the topology String",
            "config nothing": "none",
        }
        self.assertEqual(self.answers(connection, *questions), list(questions.values()))
        self.assert_stops(process)


class NewSpouts(SpoutCases, InstanceCase):
    """With org.apache.heron.api."""


class OldSpouts(SpoutCases, InstanceCase):
    """With com.twitter.heron.api."""

    api = jars.OLD_API


class SpoutsOfFormerTimes(InstanceCase):
    """With a com.twitter.heron.api that lacks what came late."""

    api = jars.OLD_API

    def test_emits_and_closes(self):
        process, connection = self.run_component(self.plan(), "numbers", class_path=[jars.old_probe()])
        self.assertEqual(self.tuples(connection, 10), [[number] for number in range(10)])
        connection.send_plan(self.plan(topology_pb2.PAUSED))
        self.assertEqual(self.events(connection, 1), ["deactivated"])
        self.assert_stops(process)


class NewBolts(BoltCases, InstanceCase):
    """With org.apache.heron.api."""


class OldBolts(BoltCases, InstanceCase):
    """With com.twitter.heron.api."""

    api = jars.OLD_API


class MoreOfSpouts(InstanceCase):
    def test_waits_for_acks_when_enough_are_pending(self):
        plan = self.plan(config={**ACKING, "topology.max.spout.pending": "2"}, component_config={"with.ids": "true"})
        process, connection = self.run_component(plan, "numbers")
        pending = self.raw_tuples(connection, 2)
        self.assertEqual(len(pending), 2)
        news = tuple_pb2.HeronTupleSet2(src_task_id=2)
        news.control.acks.add(ackedtuple=0).roots.extend(pending[0].roots)
        connection.send(news)
        self.assertEqual(self.tuples(connection, 1), [[2]])
        self.assert_stops(process)

    def test_what_cannot_be_emitted_is_neither_acked_nor_pending(self):
        for config in ({}, {**ACKING, "topology.max.spout.pending": "1"}):
            with self.subTest(config):
                options = {"with.ids": "true", "unsendable": "true", "last": "0"}
                process, connection = self.run_component(self.plan(config=config, component_config=options), "numbers")
                self.tuples(connection, 1)
                if not config:
                    self.assertEqual(self.events(connection, 1), ["acked id 0"])
                self.assert_stops(process)
                self.assertEqual(self.events(connection, 1), ["closed"])

    def test_acks_count_before_timeouts_and_while_the_stream_manager_does_not_read(self):
        config = {**ACKING, "topology.message.timeout.secs": "2", "topology.max.spout.pending": "1000000000"}
        options = {"with.ids": "true", "last": "1000000000"}
        process, connection = self.run_component(self.plan(config=config, component_config=options), "numbers")
        first = self.raw_tuples(connection, 1)[0]
        self.wait_until_idle(process)
        news = tuple_pb2.HeronTupleSet2(src_task_id=2)
        news.control.acks.add(ackedtuple=0).roots.extend(first.roots)
        connection.send(news)
        self.wait_for_log(process, "acked id 0")
        self.assertNotIn("failed id 0", self.log())

    def test_fails_what_was_not_acked_in_time(self):
        config = {**ACKING, "topology.message.timeout.secs": "1"}
        plan = self.plan(config=config, component_config={"with.ids": "true", "last": "0"})
        process, connection = self.run_component(plan, "numbers")
        self.tuples(connection, 1)
        self.assertEqual(self.events(connection, 1), ["failed id 0"])
        self.assert_stops(process)

    def test_forgets_nothing_where_timeouts_are_disabled(self):
        config = {**ACKING, "topology.message.timeout.secs": "1", "topology.enable.message.timeouts": "false"}
        plan = self.plan(config=config, component_config={"with.ids": "true", "last": "0"})
        process, connection = self.run_component(plan, "numbers")
        self.tuples(connection, 1)
        self.wait_until_idle(process)
        self.assert_stops(process)
        self.assertEqual(self.events(connection, 1), ["closed"])

    def test_the_key_of_older_versions_turns_acking_on(self):
        plan = self.plan(config={"topology.acking": "true"}, component_config={"with.ids": "true", "last": "0"})
        settings = plan.topology.topology_config.kvs
        (newer,) = (setting for setting in settings if setting.key == "topology.reliability.mode")
        settings.remove(newer)
        process, connection = self.run_component(plan, "numbers")
        self.assertEqual(len(self.raw_tuples(connection, 1)[0].roots), 1)
        self.assert_stops(process)

    def test_what_is_to_be_effectively_once_runs_at_most_once(self):
        config = {"topology.reliability.mode": "EFFECTIVELY_ONCE"}
        plan = self.plan(config=config, component_config={"with.ids": "true", "last": "0"})
        process, connection = self.run_component(plan, "numbers")
        self.assertEqual(self.events(connection, 1), ["opened as numbers 1"])
        self.assertEqual(self.events(connection, 1), ["acked id 0"])
        self.assert_stops(process)
        self.assertIn("effectively-once is not supported; this topology runs at most once", self.log())

    def test_a_thread_of_the_spouts_own_emits(self):
        plan = self.plan(component_config={"own.thread": "true", "with.ids": "true", "last": "9999"})
        process, connection = self.run_component(plan, "numbers")
        self.assertEqual(self.tuples(connection, 10_000), [[number] for number in range(10_000)])
        self.assert_stops(process)


if __name__ == "__main__":
    unittest.main()
