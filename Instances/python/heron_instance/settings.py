"""The keys of heron_internals.yaml and override.yaml that concern an instance."""
import re
from typing import Dict, NamedTuple

from heron_instance.errors import InstanceError


class Settings(NamedTuple):
    """Limits and intervals; the defaults are those of Heron's own `local` configuration."""

    logging_directory: str = "log-files"
    logging_maximum_size_mb: int = 100
    logging_maximum_files: int = 5
    metrics_export_interval_sec: int = 60
    instance_network_options_maximum_packetsize_bytes: int = 10485760
    instance_set_data_tuple_capacity: int = 10240
    instance_set_data_tuple_size_bytes: int = 1310720
    instance_set_control_tuple_capacity: int = 1024
    instance_emit_batch_time_ms: int = 160
    instance_emit_batch_size_bytes: int = 327680
    instance_execute_batch_time_ms: int = 16
    instance_acknowledgement_nbuckets: int = 10
    instance_force_exit_timeout_ms: int = 2000
    instance_reconnect_streammgr_interval_sec: int = 5
    instance_reconnect_streammgr_times: int = 60

    @classmethod
    def load(cls, config_file: str, override_file: str) -> "Settings":
        """Reads both files. Raises InstanceError for a file that cannot be read or a value of the wrong kind."""
        values = read_flat_yaml(config_file)
        values.update(read_flat_yaml(override_file))
        known = {}
        for name, kind in cls.__annotations__.items():
            key = "heron." + name.replace("_", ".")
            if key in values:
                known[name] = _converted(key, values[key], kind)
        return cls(**known)


def _converted(key: str, value: "Scalar", kind: type):
    if kind is str:
        return value.text
    try:
        number = int(value.text)
    except ValueError:
        number = 0
    if number <= 0:
        raise InstanceError(f"{value.place}: {key} must be a positive whole number, not '{value.text}'")
    return number


class Scalar(NamedTuple):
    """A value of a configuration file and where it stands."""

    text: str
    place: str


_ENTRY = re.compile(r"""([^\s:#'"][^:]*|'[^']+'|"[^"]+")\s*:(?:\s+(.*))?$""")
_QUOTED = re.compile(r"""(?:'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)")\s*(?:\#.*)?$""")


def read_flat_yaml(path: str) -> Dict[str, Scalar]:
    """The `key: value` lines of a YAML file that is one flat map, as Heron's configuration files are.

    Values stay text. Nested blocks (lists, maps) belong to keys that no instance reads, and are passed over. Raises
    InstanceError, with file and line, for a line that is none of these.
    """
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InstanceError(f"cannot read configuration file {path}: {error}") from error
    values = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line[0] in " \t-#" or line.strip() in ("{}", "---", "..."):
            continue
        entry = _ENTRY.match(line.rstrip())
        if entry is None:
            raise InstanceError(f"{path}:{number}: expected 'key: value', found '{line}'")
        place = f"{path}:{number}"
        values[entry.group(1).strip().strip("'\"")] = Scalar(_scalar(entry.group(2) or ""), place)
    return values


def _scalar(text: str) -> str:
    quoted = _QUOTED.match(text)
    if quoted is None:
        return re.sub(r"(^|\s)#.*$", "", text).strip()
    single, double = quoted.groups()
    return single.replace("''", "'") if single is not None else re.sub(r"\\(.)", r"\1", double)
