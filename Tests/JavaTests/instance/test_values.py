"""The values of tuples on the wire, and the topology's choice of how they are written there."""
import struct
import unittest

from InstanceTesting.case import tuple_set
from JavaTests.instance.support import jars
from JavaTests.instance.support.case import InstanceCase
from JavaTests.instance.support.failures import FailureCase

SERIALIZER = "topology.serializer.classname"
# As many as Samples.all() has.
SAMPLES = 48


class SampleCase(InstanceCase):
    def emitted(self, config=(), class_path=("probe.jar",)):
        """Every sample as a spout sends it."""
        process, connection = self.run_component(self.plan(config=config), "samples", class_path=class_path)
        values = [item.values[0] for item in self.raw_tuples(connection, SAMPLES)]
        self.assert_stops(process)
        return values

    def assert_received(self, values, config=(), class_path=("probe.jar",)):
        """A bolt gets equal values from these bytes."""
        process, connection = self.run_component(self.plan(config=config), "checker", class_path=class_path)
        connection.send(tuple_set([[value] for value in values], component="samples", source=2))
        self.wait_for_log(process, f"checked {len(values)} samples")
        self.assertEqual(self.printed("sample"), [])
        self.assert_stops(process)


class JavaSerialization(SampleCase):
    def test_is_what_java_writes_and_reads(self):
        # Named, as some topologies do, or by default.
        values = self.emitted({SERIALIZER: f"{self.api}.api.serializer.JavaSerializer"})
        file = self.folder / "values"
        file.write_bytes(b"".join(struct.pack(">I", len(value)) + value for value in values))
        checked = jars.run_java(jars.probe(self.api), "probe.Samples", file)
        self.assertEqual(checked, f"{SAMPLES} samples checked\n")
        self.assert_received(values)


class KryoCases:
    def test_of_herons_own(self):
        config = {SERIALIZER: f"{self.api}.api.serializer.KryoSerializer"}
        class_path = ["probe.jar", *jars.KRYO]
        values = self.emitted(config, class_path)
        # Kryo's number for texts, and the text, of which the last byte is marked.
        self.assertEqual(values[1], b"\x03hero" + bytes([ord("n") | 0x80]))
        self.assert_received(values, config, class_path)


class NewKryo(KryoCases, SampleCase):
    """With org.apache.heron.api."""


class OldKryo(KryoCases, SampleCase):
    """With com.twitter.heron.api."""

    api = jars.OLD_API


class Serializers(FailureCase):
    def test_one_of_the_topologys_own(self):
        plan = self.plan(config={SERIALIZER: "probe.HexSerializer", "hex.prefix": "hex:"})
        process, connection = self.run_component(plan, "echo")
        connection.send(tuple_set([[b"hex:" + b"data".hex().encode()]]))
        (answer,) = self.raw_tuples(connection, 1)
        self.assertTrue(answer.values[0].startswith(b"hex:"))
        self.assertEqual(bytes.fromhex(answer.values[0][4:].decode()), b"kept null")
        self.assert_stops(process)

    def test_kryo_that_is_missing(self):
        for name in (f"{self.api}.api.serializer.KryoSerializer", "probe.OwnKryoSerializer"):
            with self.subTest(name):
                process, _ = self.run_component(self.plan(config={SERIALIZER: name}), "echo")
                self.assert_fails(
                    process,
                    f"{SERIALIZER}: {name} needs Kryo, which is not in the topology's jar:"
                    " add com.esotericsoftware:kryo to it",
                )

    def test_a_class_that_is_none(self):
        for name, text in (
            ("probe.Missing", "class probe.Missing is not in the topology's jar"),
            ("probe.EchoBolt", f"probe.EchoBolt is not an {self.api}.api.serializer.IPluggableSerializer"),
        ):
            with self.subTest(name):
                process, _ = self.run_component(self.plan(config={SERIALIZER: name}), "echo")
                self.assert_fails(process, f"{SERIALIZER}: {text}")


if __name__ == "__main__":
    unittest.main()
