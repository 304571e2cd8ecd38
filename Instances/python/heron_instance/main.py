"""The entry point of the instance process: environment, signals and exit status."""
import logging
import os
import resource
import signal
import sys
from typing import List

from heron_instance import logs, options
from heron_instance.errors import InstanceError
from heron_instance.settings import Settings
from heron_instance.topology_file import open_topology_file

_log = logging.getLogger(__name__)


def main(arguments: List[str]) -> None:
    """Runs an instance and ends the process.

    Exit status: 0 after SIGTERM, 1 after an error, which is logged, 2 for a wrong command line.
    """
    chosen = options.parse(arguments)
    try:
        settings = Settings.load(chosen.config_file, chosen.override_config_file)
        logs.set_up(chosen.instance_id, settings)
    except InstanceError as error:
        sys.exit(f"heron-python-instance: {chosen.instance_id}: {error}")
    _exit(_run(chosen, settings))


def _run(chosen: options.Options, settings: Settings) -> int:
    try:
        # print() in user code should reach the executor's log when it happens.
        sys.stdout.reconfigure(line_buffering=True)
        _limit_memory(chosen.max_ram)
        scratch = os.environ.get("PEX_ROOT", os.path.abspath(".pex"))
        _set_topology_options(scratch)
        file = open_topology_file(chosen.topology_pex)
        file.activate(scratch)
        # Only now: it imports heronpy, and the topology's own copy comes first.
        from heron_instance.instance import Instance

        instance = Instance(chosen, settings, file)
        _stop_on_signal(instance, settings)
        instance.run()
        signal.setitimer(signal.ITIMER_REAL, 0)
        instance.send_rest()
        return 0
    except InstanceError as error:
        _log.critical("%s: %s", chosen.instance_id, error)
    except SystemExit as error:
        _log.critical("%s: code of the topology called sys.exit(%r)", chosen.instance_id, error.code)
    except BaseException as error:
        _log.critical("%s: %s: %s", chosen.instance_id, type(error).__name__, error, exc_info=True)
    return 1


def _limit_memory(max_ram: int) -> None:
    """Sets the limit that Heron sets. Linux accepts and ignores it; limits that hold are the container's."""
    try:
        resource.setrlimit(resource.RLIMIT_RSS, (max_ram, max_ram))
    except (ValueError, OSError) as error:
        _log.warning("cannot limit the memory to %d bytes: %s", max_ram, error)


def _set_topology_options(scratch: str) -> None:
    """Lets heronpy define topologies while the user's modules are imported, but nowhere that matters.

    A Topology class, or a program without `if __name__ == "__main__":`, does so on import, and needs these options.
    """
    folder = os.path.join(scratch, "definitions")
    os.makedirs(folder, exist_ok=True)
    os.environ["HERON_OPTIONS"] = f"cmdline.topologydefn.tmpdirectory={folder}".replace(" ", "%%%%")


def _stop_on_signal(instance, settings: Settings) -> None:
    """On SIGTERM, asks the instance to stop; ends the process if the user's code does not return in time."""
    timeout = settings.instance_force_exit_timeout_ms / 1000

    def stop(_signal, _frame) -> None:
        instance.request_stop()
        signal.setitimer(signal.ITIMER_REAL, timeout)

    def force(_signal, _frame) -> None:
        _log.critical("code of the topology did not return within %g s of SIGTERM; it was cut off", timeout)
        _exit(1)

    signal.signal(signal.SIGALRM, force)
    signal.signal(signal.SIGTERM, stop)


def _exit(status: int) -> None:
    """Ends the process even if the user's code has left threads running."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass  # Closed by the user's code, or nobody reads it.
    os._exit(status)
