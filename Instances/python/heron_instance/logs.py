"""Logging of the instance and of the user's code: `<directory>/<instance id>.log.0`, rotated."""
import logging
import logging.handlers
import os
import sys

from heron_instance.errors import InstanceError
from heron_instance.settings import Settings

_FORMAT = "[%(asctime)s] [%(levelname)s] [%(filename)s]: %(message)s"
_DATES = "%Y-%m-%d %H:%M:%S %z"


def set_up(instance_id: str, settings: Settings) -> None:
    """Sends every log record to the instance's file and errors to stderr too, where the executor records them.

    Older files are `.log.1`, `.log.2` and so on. Raises InstanceError if the file cannot be written.
    """
    path = os.path.join(settings.logging_directory, instance_id + ".log.0")
    try:
        os.makedirs(settings.logging_directory, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(
            path,
            maxBytes=settings.logging_maximum_size_mb * 1024 * 1024,
            # With no older file at all it would not rotate.
            backupCount=max(1, settings.logging_maximum_files - 1),
            encoding="utf-8",
        )
    except OSError as error:
        raise InstanceError(f"cannot write log file {path}: {error.strerror}") from error
    # The handler appends ".1" to the name; Heron counts up the number that is there.
    file.namer = lambda name: name.replace(".log.0.", ".log.")
    errors = logging.StreamHandler(sys.stderr)
    errors.setLevel(logging.ERROR)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in (file, errors):
        handler.setFormatter(logging.Formatter(_FORMAT, _DATES))
        root.addHandler(handler)
