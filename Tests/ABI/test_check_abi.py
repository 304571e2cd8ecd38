"""scripts/check-abi.py lets additions pass and finds what would break plugins that were built before."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class CheckABI(unittest.TestCase):
    def check(self, header, old, new):
        """What the check says of the present headers with one text replaced in one of them; "" if it is content."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "Sources/PluginABI/include/heron", f"{folder}/heron")
            path = pathlib.Path(folder, "heron", header)
            text = path.read_text()
            self.assertIn(old, text)
            path.write_text(text.replace(old, new, 1))
            run = subprocess.run([ROOT / "scripts/check-abi.py", folder], capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode != 0, bool(run.stderr), run.stderr)
            return run.stderr

    def broken(self, header, old, new, message):
        self.assertRegex(self.check(header, old, new), re.escape(message))

    def test_a_member_behind_the_last_one_may_be_added(self):
        last = "const void *(*get_extension)(heron_scheduler *scheduler, const char *id);"
        self.assertEqual(self.check("scheduler.h", last, f"{last} void (*more)(void);"), "")

    def test_constants_and_types_may_be_added(self):
        self.assertEqual(self.check("status.h", "#endif", "#define HERON_MORE 99\ntypedef int32_t heron_more;\n#endif"), "")

    def test_another_major_version_may_be_different(self):
        self.assertEqual(self.check("abi.h", "HERON_ABI_MAJOR 1", "HERON_ABI_MAJOR 2"), "")

    def test_a_member_must_not_go(self):
        self.broken("scheduler.h", "heron_status (*on_kill)(heron_scheduler *scheduler, heron_bytes request);", "",
                    "struct heron_scheduler: where there was 'heron_status (*on_kill)")

    def test_a_member_must_not_come_in_between(self):
        self.broken("scheduler.h", "heron_status (*close)", "void (*more)(void); heron_status (*close)",
                    "is 'void (*more)(void)'")

    def test_a_member_keeps_its_type(self):
        self.broken("containers.h", "int32_t pid;", "int64_t pid;", "'int32_t pid' is 'int64_t pid'")

    def test_a_function_keeps_its_parameters(self):
        self.broken("host.h", "int32_t level, heron_string message", "int64_t level, heron_string message",
                    "struct heron_host: where there was 'void (*log)")

    def test_a_struct_without_a_size_must_not_grow(self):
        self.broken("types.h", "heron_string value;", "heron_string value; int32_t more;",
                    "struct heron_pair does not begin with its size")

    def test_types_keep_their_meaning(self):
        self.broken("status.h", "typedef int32_t heron_status", "typedef int64_t heron_status",
                    "'typedef int32_t heron_status' is gone")

    def test_the_entry_keeps_its_parameters(self):
        self.broken("entry.h", "uint32_t host_minor)", "uint64_t host_minor)", "heron_plugin_entry(uint32_t")

    def test_constants_keep_their_values(self):
        self.broken("status.h", "HERON_TIMEOUT 10", "HERON_TIMEOUT 12", "constant HERON_TIMEOUT was 10, is 12")

    def test_a_released_version_gets_no_additions(self):
        self.broken("abi.h", "HERON_ABI_MINOR 2", "HERON_ABI_MINOR 1", "ABI 1.1 was released")


if __name__ == "__main__":
    unittest.main()
