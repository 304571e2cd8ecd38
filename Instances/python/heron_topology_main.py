#!/usr/bin/env python3
"""Runs the program in a topology file, which writes the topology's definition.

    python3 heron_topology_main.py <file> <class> [argument ...]

Where to write it, and what else heronpy wants to know, is in the environment variable HERON_OPTIONS. A class is given
as `module.Class` (or just `Class` of the file's main module); its write() is called. With `-` the file is run itself:
a .pex by its own entry point, a .py with its `if __name__ == "__main__":` part. A .py is always imported under its own
name, so that its classes can be found again by the instances.

Exit status: that of the program; 1 if it fails; 2 for wrong arguments.
"""
import sys

# This file must compile on any Python, or the user sees a syntax error in place of this line.
if sys.version_info < (3, 8):
    version = "%d.%d" % sys.version_info[:2]
    sys.exit("heron: needs Python 3.8 or newer, %s is %s" % (sys.executable, version))

import ast  # noqa: E402
import importlib  # noqa: E402
import os  # noqa: E402
import tempfile  # noqa: E402
import traceback  # noqa: E402
from typing import NoReturn  # noqa: E402

from heron_instance.topology_file import PexFile, TopologyFile, TopologyFileError, open_topology_file  # noqa: E402

_OPTIONS = "HERON_OPTIONS"
_NAME_OPTION = "cmdline.topology.name="


def main():
    """Runs the program that the command line names and exits with its status."""
    if len(sys.argv) < 3:
        print("usage: heron_topology_main.py <file> <class>|- [argument ...]", file=sys.stderr)
        sys.exit(2)
    path, class_path, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
    # The program sees the command line that it would have if it had been started directly.
    sys.argv[:] = [path] + arguments
    try:
        file = open_topology_file(path)
        if class_path == "-" and isinstance(file, PexFile):
            _execute(file)
        with tempfile.TemporaryDirectory(prefix="heron-topology-") as scratch:
            if class_path == "-":
                file.run_as_program(scratch)
            else:
                _write_class(file, class_path, arguments, scratch)
    except TopologyFileError as error:
        sys.exit(f"heron: {error}")
    except Exception as error:
        _print_program_traceback(error)
        sys.exit(f"heron: topology program {path} failed: {type(error).__name__}: {error}{_hint(path, error)}")


def _write_class(file: TopologyFile, class_path: str, arguments: list, scratch: str) -> None:
    options = os.environ.get(_OPTIONS, "")
    if arguments and options and _NAME_OPTION not in options:
        os.environ[_OPTIONS] = f"{options},{_NAME_OPTION}{arguments[0]}".replace(" ", "%%%%")
    file.activate(scratch)
    topology = file.find_class(class_path)
    if not callable(getattr(topology, "write", None)):
        raise TopologyFileError(f"class {class_path} of {file.path} is not a topology: it has no write()")
    topology.write()


def _execute(file: PexFile) -> NoReturn:
    """Replaces this process by the archive's own program."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, file.path] + sys.argv[1:])


def _print_program_traceback(error: Exception) -> None:
    """Prints the traceback from the first line of the user's code on; what is before would only hide the mistake."""
    trace = traceback.TracebackException.from_exception(error)
    own = os.path.dirname(os.path.abspath(__file__)) + os.sep
    loaders = (os.path.abspath(__file__), os.path.join(own, "heron_instance", ""), ast.__file__, importlib.__file__)
    frames = list(trace.stack)
    while frames and frames[0].filename.startswith(loaders + ("<frozen ",)):
        del frames[0]
    trace.stack = traceback.StackSummary.from_list(frames)
    print("".join(trace.format()), end="", file=sys.stderr)


def _hint(path: str, error: Exception) -> str:
    name = getattr(error, "name", None)
    if isinstance(error, ModuleNotFoundError) and name:
        beside = os.path.join(os.path.dirname(os.path.abspath(path)), name.partition(".")[0])
        if os.path.exists(beside) or os.path.exists(beside + ".py"):
            return " (a .py is submitted alone; put a topology of several modules into a .pex)"
    return ""


if __name__ == "__main__":
    main()
