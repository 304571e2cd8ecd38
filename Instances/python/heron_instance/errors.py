"""The errors that end an instance with one line, without a traceback."""


class InstanceError(Exception):
    """Something outside the user's code makes it impossible to run; the text says what, where and what to do."""
