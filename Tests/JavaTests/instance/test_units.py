"""Runs the tests of single classes, which are written in Java."""
import os
import unittest

from JavaTests.instance.support import jars


class Units(unittest.TestCase):
    def test_all(self):
        own = sorted(jars.instance().glob("*.jar"))
        classes = jars.compile_java(jars.HERE / "unit", own)
        class_path = os.pathsep.join(str(entry) for entry in [classes, *own])
        self.assertEqual(jars.run_java(class_path, "org.apache.heron.instance.UnitTests"), "passed\n")


if __name__ == "__main__":
    unittest.main()
