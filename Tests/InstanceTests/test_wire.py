"""The instance's own encoding, compared with heronpy's protobuf classes."""
import logging
import pathlib
import pickle
import random
import sys
import tempfile
import unittest

import cloudpickle
from heronpy.proto import physical_plan_pb2, topology_pb2, tuple_pb2

from InstanceTests.support.case import data_set, definition, packet
from InstanceTests.support.core import REPOSITORY, TOPOLOGIES

sys.path.insert(0, str(REPOSITORY / "Instances/python"))

from heron_instance import logs, settings, tuples  # noqa: E402
from heron_instance.errors import InstanceError  # noqa: E402
from heron_instance.packets import MalformedPacket, PacketReader, encode_packet  # noqa: E402
from heron_instance.plan import PhysicalPlan  # noqa: E402
from heron_instance.protobuf import MalformedMessage, Message, int_field, varint  # noqa: E402


class Tuples(unittest.TestCase):
    def test_data_tuples(self):
        for roots, values, tasks in (
            ([], [], []),
            ([(1, 5)], [b""], [3]),
            ([(1, -1), (300, 1 << 62)], [b"a" * 127, b"b" * 128, b"c" * 70000], [1, 127, 128, 1 << 30]),
        ):
            expected = tuple_pb2.HeronDataTuple(key=0, values=values, dest_task_ids=tasks)
            for task, key in roots:
                expected.roots.add(taskid=task, key=key)
            encoded_roots = [tuples.encode_root(task, key) for task, key in roots]
            entry = tuples.encode_data_tuple(values, encoded_roots, tasks)
            tuple_set = tuple_pb2.HeronDataTupleSet.FromString(tuples.encode_stream("spout", "default") + entry)
            self.assertEqual(tuple_set.stream, topology_pb2.StreamId(id="default", component_name="spout"))
            self.assertEqual(list(tuple_set.tuples), [expected])
            expected.key = -42
            decoded = tuples.decode_data_tuple(expected.SerializeToString())
            self.assertEqual(decoded, (-42, encoded_roots, values))
            self.assertEqual([tuples.decode_root(root) for root in decoded[1]], roots)

    def test_acks(self):
        encoded = tuples.encode_ack([tuples.encode_root(7, -9)], -(1 << 63))
        expected = tuple_pb2.AckTuple(ackedtuple=-(1 << 63), roots=[tuple_pb2.RootId(taskid=7, key=-9)])
        self.assertEqual(tuple_pb2.AckTuple.FromString(encoded), expected)

    def test_every_truncated_set_and_tuple_is_refused_or_shorter(self):
        message = data_set([["hello", 1]], roots=[(1, 5)])
        whole = message.SerializeToString()
        item = message.data.tuples[0]
        for size in range(len(whole)):
            with self.assertRaises(MalformedMessage, msg=size):
                tuples.decode_tuple_set(whole[:size])
        for size in range(len(item)):
            try:
                self.assertLess(len(tuples.decode_data_tuple(item[:size])[2]), 2)
            except MalformedMessage:
                pass

    def test_random_bytes_are_refused_or_decoded(self):
        generator = random.Random(20)
        whole = data_set([["hello", 1]], roots=[(1, 5)]).SerializeToString()
        for _ in range(3000):
            data = bytearray(whole)
            for _ in range(generator.randrange(1, 5)):
                data[generator.randrange(len(data))] = generator.randrange(256)
            try:
                for item in tuples.decode_tuple_set(bytes(data)).tuples:
                    tuples.decode_data_tuple(item)
            except MalformedMessage:
                pass

    def test_plain_values_are_pickled_as_cloudpickle_does(self):
        # Fields grouping hashes these bytes.
        for value in ("heron", "", "\u00e4\U0001f426", 0, -1, 1 << 70, 1.5, float("inf"), True, None, b"", b"x" * 300):
            self.assertEqual(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), cloudpickle.dumps(value))


class Numbers(unittest.TestCase):
    def test_negative_and_large_numbers(self):
        for number in (0, 1, 127, 128, 300, (1 << 31) - 1, -1, -(1 << 31)):
            root = tuple_pb2.RootId(taskid=number, key=0)
            self.assertEqual(Message("RootId", root.SerializeToString()).integer(1), number)
            self.assertTrue(root.SerializeToString().startswith(int_field(1, number)))
        self.assertEqual(varint(1 << 63), b"\x80" * 9 + b"\x01")

    def test_overlong_numbers(self):
        with self.assertRaises(MalformedMessage):
            Message("m", b"\x08" + b"\x80" * 11)


class Plans(unittest.TestCase):
    def test_a_topology_of_heronpy(self):
        plan = physical_plan_pb2.PhysicalPlan(topology=definition(str(TOPOLOGIES / "probe.py")))
        info = physical_plan_pb2.InstanceInfo(task_id=3, component_index=0, component_name="echo")
        plan.instances.add(instance_id="container_1_echo_3", stmgr_id="stmgr-1", info=info)
        decoded = PhysicalPlan.decode(plan.SerializeToString())
        self.assertEqual((decoded.topology.id, decoded.topology.name), (plan.topology.id, "Probe"))
        self.assertEqual(decoded.topology.state, topology_pb2.RUNNING)
        components = {component.name: component for component in decoded.topology.components}
        self.assertEqual(list(components), ["numbers", "echo", "grouped"])
        self.assertEqual(components["numbers"].class_name, "probe.NumberSpout")
        self.assertEqual(
            {output.stream.id: output.fields for output in components["numbers"].outputs},
            {"default": ("number",), "events": ("what",)},
        )
        self.assertEqual(components["echo"].inputs[0].stream, ("default", "numbers"))
        self.assertEqual(
            {entry.key: entry.text for entry in decoded.topology.config},
            {entry.key: entry.value for entry in plan.topology.topology_config.kvs},
        )
        self.assertEqual(decoded.tasks, [("container_1_echo_3", 3, 0, "echo")])

    def test_missing_fields_are_named(self):
        with self.assertRaisesRegex(MalformedMessage, "PhysicalPlan: field 1 is missing"):
            PhysicalPlan.decode(b"")


class Packets(unittest.TestCase):
    # The example of the wire protocol's description: StrMgrHelloResponse with status OK.
    EXAMPLE = packet("heron.proto.stmgr.StrMgrHelloResponse", b"\x0a\x02\x08\x01")

    def test_encoding(self):
        self.assertEqual(len(self.EXAMPLE), 85)
        self.assertEqual(encode_packet("heron.proto.stmgr.StrMgrHelloResponse", b"\x0a\x02\x08\x01"), self.EXAMPLE)

    def test_pieces_of_every_size(self):
        stream = self.EXAMPLE * 3
        for size in range(1, len(stream) + 1):
            reader = PacketReader()
            packets = []
            for start in range(0, len(stream), size):
                packets += reader.feed(stream[start : start + size])
            self.assertEqual([item.body for item in packets], [b"\x0a\x02\x08\x01"] * 3)
            self.assertEqual(packets[0].type_name, "heron.proto.stmgr.StrMgrHelloResponse")

    def test_lengths_that_cannot_be(self):
        name_too_long = bytearray(self.EXAMPLE)
        name_too_long[7] = 255
        body_too_short = bytearray(self.EXAMPLE)
        body_too_short[-5] = 3
        for data in (b"\xff\xff\xff\xff", b"\0\0\0\0", bytes(name_too_long), bytes(body_too_short)):
            with self.assertRaises(MalformedPacket):
                PacketReader().feed(data)


class ConfigurationFiles(unittest.TestCase):
    def read(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "some.yaml")
            path.write_text(text)
            return {key: value.text for key, value in settings.read_flat_yaml(str(path)).items()}

    def test_scalars(self):
        self.assertEqual(
            self.read(
                "---\na.b: 5 # five\nc: 'it''s # this'\n\"d\": \"x\\\"y\"\n# no\n\n"
                "e:\nf: a:b\nlist:\n  - 1\n- 2\n{}\n"
            ),
            {"a.b": "5", "c": "it's # this", "d": 'x"y', "e": "", "f": "a:b", "list": ""},
        )

    def test_a_later_file_wins(self):
        with tempfile.TemporaryDirectory() as folder:
            first, second = pathlib.Path(folder, "1.yaml"), pathlib.Path(folder, "2.yaml")
            first.write_text("heron.logging.maximum.files: 5\nheron.logging.directory: logs\n")
            second.write_text("heron.logging.maximum.files: '7'\n")
            read = settings.Settings.load(str(first), str(second))
            self.assertEqual((read.logging_maximum_files, read.logging_directory), (7, "logs"))
            second.write_text("heron.logging.maximum.files: 0\n")
            with self.assertRaisesRegex(InstanceError, "2.yaml:1: heron.logging.maximum.files must be a positive"):
                settings.Settings.load(str(first), str(second))


class Logs(unittest.TestCase):
    def test_old_files_are_numbered_and_limited(self):
        root = logging.getLogger()
        level, handlers = root.level, list(root.handlers)
        with tempfile.TemporaryDirectory() as folder:
            limits = settings.Settings(logging_directory=folder, logging_maximum_size_mb=1, logging_maximum_files=3)
            try:
                logs.set_up("container_1_word_1", limits)
                for number in range(5):
                    root.info("%d%s", number, "x" * 900_000)
            finally:
                for handler in set(root.handlers) - set(handlers):
                    root.removeHandler(handler)
                    handler.close()
                root.setLevel(level)
            names = sorted(path.name for path in pathlib.Path(folder).iterdir())
            self.assertEqual(names, [f"container_1_word_1.log.{number}" for number in range(3)])
            self.assertIn("]: 4xxx", pathlib.Path(folder, names[0]).read_text())


if __name__ == "__main__":
    unittest.main()
