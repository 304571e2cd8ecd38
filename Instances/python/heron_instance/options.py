"""The instance's command line, as Heron's executor writes it."""
import argparse
from typing import List, NamedTuple


class Options(NamedTuple):
    """What the executor tells an instance; every option is required."""

    topology_name: str
    topology_id: str
    instance_id: str
    component_name: str
    task_id: int
    component_index: int
    stmgr_id: str
    stmgr_port: int
    metricsmgr_port: int
    config_file: str
    override_config_file: str
    topology_pex: str
    max_ram: int


_HELP = {
    "topology_name": "name of the topology",
    "topology_id": "id of the topology",
    "instance_id": "container_<container>_<component>_<task>",
    "component_name": "the spout or bolt to run",
    "task_id": "number of this instance, unique in the topology",
    "component_index": "number of this instance, from 0, within its component",
    "stmgr_id": "id of the stream manager",
    "stmgr_port": "port of the stream manager on this machine",
    "metricsmgr_port": "port of the metrics manager on this machine",
    "config_file": "heron_internals.yaml",
    "override_config_file": "override.yaml, whose values win over those of the configuration file",
    "topology_pex": "the topology's .pex or .py file",
    "max_ram": "resident memory limit in bytes",
}


def parse(arguments: List[str]) -> Options:
    """Reads the command line; prints usage and exits with status 2 if it is wrong."""
    parser = argparse.ArgumentParser(
        prog="heron-python-instance",
        description="Runs one instance of a Python spout or bolt. Started by heron-executor.",
        allow_abbrev=False,
    )
    for name, kind in Options.__annotations__.items():
        parser.add_argument("--" + name, type=kind, required=True, metavar=name.upper(), help=_HELP[name])
    return Options(**vars(parser.parse_args(arguments)))
