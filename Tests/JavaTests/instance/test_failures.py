"""What an instance says when the topology, its configuration or its files cannot be used."""
import os
import unittest

from JavaTests.instance.support import jars
from JavaTests.instance.support.case import InstanceCase, data_set
from JavaTests.instance.support.failures import FailureCase


class TopologyCode(FailureCase):
    def test_an_exception_ends_the_process_with_its_stack_trace(self):
        for component, method in (("numbers", "open"), ("numbers", "nextTuple"), ("echo", "prepare")):
            with self.subTest(method):
                plan = self.plan(component_config={"fail.in": method})
                process, _ = self.run_component(plan, component)
                errors = self.assert_fails(process, f"java.lang.IllegalStateException: boom in {method}")
                self.assertIn("\tat topology//probe.Options.failIn(Options.java:", errors)
        errors = self.assert_asked("raise", "java.lang.IllegalStateException: boom, as asked")
        self.assertIn("\tat topology//probe.EchoBolt.execute(EchoBolt.java:", errors)

    def test_errors_end_the_process_too(self):
        self.assert_asked("raise-error", "java.lang.StackOverflowError: as asked")

    def test_an_exception_in_a_thread_of_the_topologys_own_ends_the_process(self):
        errors = self.assert_asked("raise-in-thread", "thread 'own' of the topology has ended")
        self.assertIn("java.lang.IllegalStateException: boom, in a thread", errors)

    def test_exit_is_a_failure(self):
        for question, thread in (("exit", "main"), ("exit-in-thread", "own")):
            with self.subTest(question):
                errors = self.assert_asked(question, f"code of the topology called System.exit() in thread '{thread}'")
                self.assertIn("\tat topology//probe.Misdeeds.", errors)

    def test_a_full_heap_is_named_with_the_key_that_sets_it(self):
        for question in ("memory", "memory-in-thread"):
            with self.subTest(question):
                process, connection = self.run_component(self.plan(), "echo", jvm=("-Xmx24m",))
                connection.send(data_set([[question]]))
                errors = self.assert_exits(process, 1)
                self.assertIn("out of memory: the heap of 2", errors)
                self.assertIn("give component 'echo' more with topology.component.rammap", errors)


class Emitting(FailureCase):
    def test_to_an_undeclared_stream(self):
        self.assert_asked("undeclared", "component 'echo' emits to stream 'nowhere', which it did not declare")

    def test_a_wrong_number_of_values(self):
        self.assert_asked(
            "two-values", "stream 'default' of 'echo' has 1 fields, but 2 values were emitted: [1, 2]"
        )

    def test_to_a_task_that_does_not_exist(self):
        self.assert_asked("no-task", "component 'echo' emits to task 99, which the topology does not have")

    def test_a_value_that_cannot_be_serialized(self):
        self.assert_asked(
            "unserializable",
            "component 'echo' emitted to stream 'default' a value of java.util.ImmutableCollections$List12 as 'answer'",
            "cannot be serialized: java.io.NotSerializableException: java.lang.Object",
        )

    def test_a_tuple_larger_than_a_packet(self):
        (self.folder / "override.yaml").write_text(
            "heron.instance.network.options.maximum.packetsize.bytes: 100000\n"
        )
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["large 90000"], ["large 100000"]]))
        self.assert_fails(
            process,
            "component 'echo' emitted a tuple of 1000",
            "to stream 'default'; the limit is heron.instance.network.options.maximum.packetsize.bytes = 100000",
        )
        self.assertEqual(len(self.tuples(connection, 1)[0][0]), 90_000)

    def test_a_grouping_that_chooses_wrong_tasks(self):
        for number, choice in (("-7", "[1]"), ("-8", "null")):
            with self.subTest(choice):
                process, _ = self.run_component(self.plan(component_config={"first": number}), "numbers")
                self.assert_fails(
                    process,
                    "the custom grouping probe.ModuloGrouping chose the tasks " + choice
                    + ", which are not all among [7, 8]",
                )


class TopologyObjects(FailureCase):
    def component(self, plan, name):
        """A component's message."""
        return next(item.comp for item in [*plan.topology.spouts, *plan.topology.bolts] if item.comp.name == name)

    def test_a_jar_that_lacks_the_class(self):
        process, _ = self.run_component(self.plan(), "numbers", class_path=[jars.api_jar(self.api)])
        self.assert_fails(
            process,
            "component 'numbers' cannot be deserialized: class probe.NumberSpout is not in the topology's jar",
        )

    def test_an_object_that_refuses_to_be_deserialized(self):
        process, _ = self.run_component(self.plan(), "unreadable")
        self.assert_fails(
            process,
            "component 'unreadable' cannot be deserialized: java.io.InvalidObjectException: unreadable, as asked",
        )

    def test_bytes_that_are_no_object(self):
        plan = self.plan()
        self.component(plan, "numbers").serialized_object = b"\xac\xed\x00\x05garbage"
        process, _ = self.run_component(plan, "numbers")
        self.assert_fails(process, "component 'numbers' cannot be deserialized: java.io.StreamCorruptedException")

    def test_a_component_that_is_neither_a_spout_nor_a_bolt(self):
        for name, text in (
            ("probe.Heartbeat", "class probe.Heartbeat has no public constructor without arguments"),
            (
                "probe.HexSerializer",
                "component 'numbers' (probe.HexSerializer) is neither a spout nor a bolt of org.apache.heron.api or"
                " com.twitter.heron.api",
            ),
            ("probe.EchoBolt", "component 'numbers' is a spout of the topology, but probe.EchoBolt is not"),
            ("probe.Missing", "component 'numbers': class probe.Missing is not in the topology's jar"),
            (
                "storm.StormBolt",
                "component 'numbers' (storm.StormBolt) is written for Apache Storm's API, org.apache.storm; build the"
                " topology against Heron's API",
            ),
        ):
            with self.subTest(name):
                plan = self.plan()
                component = self.component(plan, "numbers")
                component.ClearField("serialized_object")
                component.spec = 1  # JAVA_CLASS_NAME
                component.class_name = name
                process, _ = self.run_component(plan, "numbers", class_path=["probe.jar", jars.others()])
                self.assert_fails(process, text)

    def test_tuples_that_do_not_suit_the_topology(self):
        for rows, of, text in (
            ([["a", "b"]], {}, "a tuple of stream 'default' of 'numbers' has 2 values for 1 fields"),
            ([["a"]], {"stream": "gone"}, "a tuple came of stream 'gone' of 'numbers', which the topology does not"),
            ([["a"]], {"component": "gone"}, "a tuple came of stream 'default' of 'gone', which the topology does not"),
        ):
            with self.subTest(text):
                process, connection = self.run_component(self.plan(), "echo")
                connection.send(data_set(rows, **of))
                self.assert_fails(process, text)

    def test_a_value_of_a_class_that_is_not_in_the_jar(self):
        process, connection = self.run_component(self.plan(), "echo")
        message = data_set([["a"]])
        value = b"\xac\xed\x00\x05sr\x00\x09some.Type" + bytes(8) + b"\x02\x00\x00xp"
        damaged = data_set([["a"]]).data.tuples[0].replace(b"\xac\xed\x00\x05t\x00\x01a", value)
        # The length of the value precedes it.
        message.data.tuples[0] = damaged.replace(bytes([8]) + value, bytes([len(value)]) + value)
        connection.send(message)
        self.assert_fails(
            process,
            "field 'number' of stream 'default' of 'numbers' cannot be deserialized: "
            "java.lang.ClassNotFoundException: some.Type (is the class in the topology's jar?)",
        )

    def test_settings_of_the_topology_that_cannot_be(self):
        for key, value in (
            ("topology.tick.tuple.freq.ms", "often"),
            ("topology.tick.tuple.freq.secs", "-1"),
        ):
            with self.subTest(key):
                process, _ = self.run_component(self.plan(component_config={key: value}), "echo")
                self.assert_fails(
                    process, f"the topology sets {key} to '{value}'; it must be a positive whole number"
                )


class CommandLine(InstanceCase):
    def test_options_that_cannot_be(self):
        plan = self.plan()
        for changed, message in (
            ({"task_id": "x"}, "option -task_id must be a number from 0 to 2147483647, not 'x'"),
            ({"stmgr_port": "70000"}, "option -stmgr_port must be a number from 0 to 65535, not '70000'"),
            ({"topology_name": None}, "option -topology_name is missing"),
            ({"unheard": "1"}, "unknown option '-unheard'"),
        ):
            with self.subTest(message):
                errors = self.assert_exits(self.start(plan, "numbers", **changed), 2)
                self.assertEqual(errors, f"HeronInstance: {message}\n")

    def test_files_that_cannot_be_used(self):
        plan = self.plan()
        (self.folder / "bad.yaml").write_text("heron.logging.maximum.files: 5\n- no map: [\n")
        (self.folder / "list.yaml").write_text("- 1\n")
        (self.folder / "words.yaml").write_text("heron.logging.maximum.files: many\n")
        (self.folder / "file").touch()
        (self.folder / "logs.yaml").write_text("heron.logging.directory: file\n")
        for changed, message in (
            ({"system_config_file": "gone.yaml"}, "cannot read configuration file gone.yaml: "),
            ({"override_config_file": "bad.yaml"}, "configuration file bad.yaml: "),
            ({"system_config_file": "list.yaml"}, "configuration file list.yaml is not a map of keys to values"),
            ({"override_config_file": "words.yaml"}, "words.yaml: heron.logging.maximum.files must be a positive"),
            ({"override_config_file": "logs.yaml"}, "cannot write log file file/container_1_numbers_1.log.0: "),
        ):
            with self.subTest(message):
                errors = self.assert_exits(self.start(plan, "numbers", **changed), 1)
                self.assertTrue(errors.startswith(f"container_1_numbers_1: {message}"), errors)
                self.assertEqual(errors.count(os.linesep), 1, errors)


if __name__ == "__main__":
    unittest.main()
