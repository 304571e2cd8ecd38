"""The base of tests of instances that fail."""
from JavaTests.instance.support.case import InstanceCase, data_set


class FailureCase(InstanceCase):
    def assert_asked(self, question, *texts, **of_start):
        """Asks the bolt `echo` for something bad: the process ends with one line on stderr, and maybe a stack trace."""
        process, connection = self.run_component(self.plan(), "echo", **of_start)
        connection.send(data_set([[question]]))
        return self.assert_fails(process, "container_1_echo_5: ", *texts)

    def assert_fails(self, process, *texts):
        """The process ends with status 1 and says so once, in the log and on stderr."""
        errors = self.assert_exits(process, 1)
        lines = [line for line in errors.splitlines() if "[SEVERE]" in line]
        self.assertEqual(len(lines), 1, errors)
        for text in texts:
            self.assertIn(text, lines[0])
        self.assertIn(lines[0], self.log())
        return errors
