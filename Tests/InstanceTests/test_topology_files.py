"""Topology files: running their programs, and running their components."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile

from heronpy.proto import topology_pb2

from InstanceTests.support.case import InstanceCase, data_set
from InstanceTests.support.core import REPOSITORY, TOPOLOGIES, build_pex, run_main

EXAMPLES = REPOSITORY / "Examples"


class FileCase(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="heron-topology-file-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_program(self, file, class_path="-", *arguments, options=None):
        """The definitions that a program writes, by name."""
        finished = run_main(file, class_path, *arguments, folder=self.folder, options=options)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        found = {}
        for path in self.folder.glob("*.defn"):
            topology = topology_pb2.Topology.FromString(path.read_bytes())
            self.assertEqual(path.stem, topology.name)
            found[topology.name] = topology
        return found

    def run_failing(self, file, class_path="-", *arguments, options=None):
        """What a program that fails prints to stderr."""
        finished = run_main(file, class_path, *arguments, folder=self.folder, options=options)
        self.assertEqual(finished.returncode, 1, finished.stderr)
        return finished.stderr

    def source(self, name, text):
        """A file of Python."""
        path = self.folder / name
        path.write_text(text)
        return path


class Programs(FileCase):
    def test_a_python_file_runs_under_its_own_name(self):
        topology = self.run_program(EXAMPLES / "word_count.py", "-", "Words", "50")["Words"]
        self.assertEqual(topology.spouts[0].comp.class_name, "word_count.WordSpout")
        self.assertEqual(topology.bolts[0].comp.class_name, "word_count.CountBolt")

    def test_a_pex_runs_by_its_entry_point(self):
        topology = self.run_program(EXAMPLES / "word_count.pex", "-", "Words")["Words"]
        self.assertEqual(topology.spouts[0].comp.class_name, "word_count.WordSpout")

    def test_options_of_the_submitter(self):
        options = f"cmdline.topologydefn.tmpdirectory={self.folder},cmdline.topology.initial.state=PAUSED"
        topology = self.run_program(EXAMPLES / "word_count.py", options=options)["WordCount"]
        self.assertEqual(topology.state, topology_pb2.PAUSED)

    def test_a_class_is_written(self):
        class_path = "multi_spout_exclamation.MultiSpoutExclamation"
        self.assertIn(
            "MultiSpoutExclamation", self.run_program(EXAMPLES / "multi_spout_exclamation.py", "MultiSpoutExclamation")
        )
        for file, name in (("multi_spout_exclamation.py", "One"), ("multi_spout_exclamation.pex", "And Two")):
            component = self.run_program(EXAMPLES / file, class_path, name)[name].bolts[0].comp
            self.assertEqual(component.class_name, "multi_spout_exclamation.ExclamationBolt")

    def test_a_file_without_a_guard(self):
        text = (EXAMPLES / "word_count.py").read_text().replace('if __name__ == "__main__":', "if True:")
        self.assertIn("WordCount", self.run_program(self.source("unguarded.py", text)))

    def test_a_program_decides_its_exit_status(self):
        finished = run_main(self.source("leave.py", "import sys; sys.exit(7)"), "-", folder=self.folder)
        self.assertEqual(finished.returncode, 7)

    def test_a_program_sees_its_own_arguments(self):
        source = self.source("arguments.py", "import sys\nif __name__ == '__main__': print(sys.argv[1:])")
        finished = run_main(source, "-", "a", "-", "--b=c d", folder=self.folder)
        self.assertEqual(finished.stdout, "['a', '-', '--b=c d']\n")

    def test_nothing_is_left_behind(self):
        with tempfile.TemporaryDirectory() as scratch:
            options = f"cmdline.topologydefn.tmpdirectory={self.folder}"
            command = ["env", f"TMPDIR={scratch}", f"HERON_OPTIONS={options}"]
            runner = REPOSITORY / "Instances/python/heron_topology_main.py"
            python = REPOSITORY / ".venv/bin/python"
            for class_path in ("-", "multi_spout_exclamation.MultiSpoutExclamation"):
                subprocess.run(
                    [*command, python, runner, EXAMPLES / "multi_spout_exclamation.pex", class_path], check=True
                )
            self.assertEqual(list(pathlib.Path(scratch).iterdir()), [])


class Mistakes(FileCase):
    def test_errors_name_the_file_and_what_is_wrong(self):
        module = EXAMPLES / "word_count.py"
        for file, class_path, message in (
            (self.folder / "gone.py", "-", "gone.py does not exist"),
            (self.source("text.txt", "hello"), "-", "is neither a .pex nor a .py file"),
            (self.source("text.pex", "hello"), "-", "text.pex is not a pex archive"),
            (self.source("my-topology.py", ""), "-", "'my-topology' is not a Python module name; rename the file"),
            (self.source("json.py", ""), "-", "there is a Python module 'json' already; rename the file"),
            (self.source("heronpy.py", ""), "-", "there is a Python module 'heronpy' already; rename the file"),
            (module, "word_count.Nothing", "module 'word_count' of"),
            (module, "elsewhere.Nothing", "has no module 'elsewhere' (for class elsewhere.Nothing)"),
            (module, "CountBolt", "is not a topology: it has no write()"),
        ):
            with self.subTest(message):
                errors = self.run_failing(file, class_path)
                self.assertIn(message, errors)
                self.assertEqual(len(errors.splitlines()), 1, errors)

    def test_exceptions_come_with_the_users_traceback_and_one_line(self):
        source = self.source("broken.py", "def define():\n    raise KeyError('words')\ndefine()\n")
        errors = self.run_failing(source)
        self.assertIn(f'File "{source}", line 2, in define', errors)
        self.assertNotIn("heron_topology_main.py", errors)
        self.assertNotIn("topology_file.py", errors)
        self.assertEqual(errors.splitlines()[-1], f"heron: topology program {source} failed: KeyError: 'words'")

    def test_syntax_errors(self):
        errors = self.run_failing(self.source("unclosed.py", "x = (\n"))
        self.assertIn("line 1", errors)
        self.assertIn("unclosed.py failed: SyntaxError", errors.splitlines()[-1])
        self.assertNotIn("ast.py", errors)

    def test_modules_beside_a_python_file_are_not_submitted(self):
        self.source("helpers.py", "")
        errors = self.run_failing(self.source("several.py", "import helpers\n"))
        self.assertIn("(a .py is submitted alone; put a topology of several modules into a .pex)", errors)

    def test_without_the_submitters_options(self):
        errors = self.run_failing(EXAMPLES / "word_count.py", options="cmdline.topology.initial.state=RUNNING")
        self.assertIn("RuntimeError: Topology definition temp directory not specified", errors)

    def test_wrong_usage(self):
        finished = run_main(EXAMPLES / "word_count.py", "-", folder=self.folder)
        self.assertEqual(finished.returncode, 0)
        runner = REPOSITORY / "Instances/python/heron_topology_main.py"
        finished = subprocess.run([REPOSITORY / ".venv/bin/python", runner, "x.py"], capture_output=True, text=True)
        self.assertEqual(finished.returncode, 2)
        self.assertIn("usage:", finished.stderr)


class Components(InstanceCase):
    """Instances that find their classes in all kinds of files."""

    def check(self, file):
        """A spout and a bolt of `probe`, in `file`, run."""
        plan = self.plan(file=file)
        process, connection = self.run_component(plan, "numbers", file=file)
        chosen = [list(item.dest_task_ids) for item in self.raw_tuples(connection, 10)]
        self.assertEqual(chosen, [[4], [5]] * 5)
        self.assert_stops(process)
        process, connection = self.run_component(plan, "echo", file=file)
        connection.send(data_set([["module"]]))
        self.assertEqual(self.tuples(connection, 1), [[["probe", "probe", "probe.py"]]])
        self.assert_stops(process)

    def test_a_pex_with_an_entry_function(self):
        file = self.folder / "built" / "probe-1.0.pex"
        build_pex(TOPOLOGIES / "probe.py", file, ["--entry-point", "probe:main"])
        self.check(file)
        unpacked = [path.name for path in (self.folder / ".pex").iterdir()]
        self.assertEqual(len(unpacked), 2, unpacked)  # The archive's content, and a place for definitions.

    def test_a_pex_that_runs_its_module_as_main(self):
        # The definition then names the classes `__main__.…`, and the grouping is pickled by value as a whole.
        file = self.folder / "built" / "as_main.pex"
        build_pex(TOPOLOGIES / "probe.py", file, ["--entry-point", "probe"])
        self.assertEqual(self.plan(file=file).topology.spouts[0].comp.class_name, "__main__.NumberSpout")
        self.check(file)

    def test_a_pex_that_the_executor_has_unpacked(self):
        file = EXAMPLES / "multi_spout_exclamation.pex"
        with zipfile.ZipFile(file) as archive:
            archive.extractall(self.folder)
        plan = self.plan(file=file)
        process, connection = self.run_component(plan, "word0", file=file)
        self.assertEqual(self.tuples(connection, 1)[0], ["heron"])
        self.assert_stops(process)
        self.assertEqual([path.name for path in (self.folder / ".pex").iterdir()], ["definitions"])

    def test_a_topology_class_in_the_file_of_its_components(self):
        file = EXAMPLES / "multi_spout_exclamation.py"
        process, connection = self.run_component(self.plan(file=file), "exclaim1", file=file)
        connection.send(data_set([["heron"]], component="word0"))
        self.assertEqual(self.tuples(connection, 1), [["heron!!!"]])
        self.assert_stops(process)


if __name__ == "__main__":
    unittest.main()
