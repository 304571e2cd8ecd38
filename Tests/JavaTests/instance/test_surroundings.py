"""What surrounds the topology's code: its classes, its class loader, its log."""
import unittest

from JavaTests.instance.support import jars
from JavaTests.instance.support.case import InstanceCase, data_set


class Classes(InstanceCase):
    NAMES = [
        "com.google.protobuf.ByteString",
        "org.yaml.snakeyaml.Yaml",
        "org.apache.heron.instance.HeronInstance",
        "org.apache.heron.instance.component.BoltTask",
    ]

    def ask_for_classes(self, *class_path):
        process, connection = self.run_component(self.plan(), "echo", class_path=class_path)
        answers = self.answers(connection, *(f"class {name}" for name in self.NAMES), "loader", "pool", "grow", "hello")
        self.assert_stops(process)
        hello = "numbers default 1 [number] [hello] 1 true 0 [hello] default"
        self.assertEqual(answers[-4:], ["true platform true", "true", "[grow, more]", hello])
        return answers[:-4]

    def test_the_instances_are_not_seen(self):
        self.assertEqual(self.ask_for_classes("probe.jar"), ["not there"] * 4)

    def test_the_topologys_own_of_the_same_names_are_used(self):
        own = [f"the topology's {name.rpartition('.')[2]}" for name in self.NAMES]
        self.assertEqual(self.ask_for_classes("probe.jar", jars.others()), own)
        self.assertEqual(self.ask_for_classes(jars.others(), "probe.jar"), own)

    def test_two_apis_do_no_harm_to_each_other(self):
        self.ask_for_classes("probe.jar", jars.api_jar(jars.OLD_API))
        self.api = jars.OLD_API
        (self.folder / "probe.jar").unlink()
        (self.folder / "probe.jar").symlink_to(jars.probe(self.api))
        self.ask_for_classes(jars.api_jar(jars.NEW_API), "probe.jar")


class Logs(InstanceCase):
    def test_what_the_topology_prints_and_logs_is_there(self):
        process, connection = self.run_component(self.plan(), "echo")
        self.answers(connection, "print")
        output, errors = self.stop(process)
        self.assertEqual((output, errors), ("", ""))
        log = self.log()
        self.assertIn("] [INFO] [stdout]: printed by the bolt: \u00e4\n", log)
        self.assertIn("] [INFO] [stdout]: without an end\n", log)
        self.assertIn("] [INFO] [stderr]: complained by the bolt\n", log)
        self.assertIn("] [WARNING] [probe]: logged by the bolt: {0} '\n", log)

    def test_old_files_are_numbered_and_limited(self):
        (self.folder / "override.yaml").write_text("heron.logging.maximum.size.mb: 1\nheron.logging.maximum.files: 2\n")
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["chatter"]]))
        self.tuples(connection, 1)
        self.stop(process)
        names = sorted(path.name for path in (self.folder / "log-files").iterdir())
        self.assertEqual(names, ["container_1_echo_5.log.0", "container_1_echo_5.log.1"])

    def stop(self, process):
        """Returns what the process itself has printed."""
        process.terminate()
        return process.communicate(timeout=20)


if __name__ == "__main__":
    unittest.main()
