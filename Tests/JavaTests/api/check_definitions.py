"""Checks the definitions that the example topologies have written, with heronpy's own message classes.

    check_definitions.py <folder of definitions> <package of the examples>

Every definition must be whole and name the package's classes. Those that HERON_GOLDEN, the folder of golden data, has
from Heron's Java API must be equal to them but for ids, teams, and what is in serialized objects.
"""
import os
import sys

from heronpy.proto import topology_pb2

GOLDEN = ["MultiSpoutExclamationTopology", "WordCountTopology", "CustomGroupingTopology"]
OTHERS = ["AckingTopology", "TaskHookTopology", "ComponentJVMOptionsTopology"]
IGNORED_SETTINGS = {"topology.team.name", "topology.team.environment", "topology.name"}
JAVA_STREAM = bytes.fromhex("aced0005")


def read(path):
    """The definition in a file; fails if a required field is missing."""
    with open(path, "rb") as file:
        topology = topology_pb2.Topology()
        topology.ParseFromString(file.read())
    return topology


def settings(config):
    """Settings by key: the value's type, and the value itself unless it is a serialized object."""
    return {setting.key: (setting.type, setting.value) for setting in config.kvs if setting.key not in IGNORED_SETTINGS}


def streams(outputs):
    """Fields and their types by stream."""
    return {output.stream.id: [(key.key, key.type) for key in output.schema.keys] for output in outputs}


def structure(topology):
    """All of a definition that two programs building the same topology have in common, in the order it is in."""
    spouts = [(spout.comp.name, spout.comp.spec, settings(spout.comp.config), streams(spout.outputs))
              for spout in topology.spouts]
    bolts = [(bolt.comp.name, bolt.comp.spec, settings(bolt.comp.config), streams(bolt.outputs),
              [(one.stream.component_name, one.stream.id, one.gtype, one.type, one.HasField("custom_grouping_object"),
                [(key.key, key.type) for key in one.grouping_fields.keys]) for one in bolt.inputs])
             for bolt in topology.bolts]
    return {"state": topology.state, "spouts": spouts, "bolts": bolts, "settings": settings(topology.topology_config)}


def problems(folder, package, name):
    """What is wrong with an example's definition, one line each."""
    topology = read(os.path.join(folder, name + ".defn"))
    if topology.name != name or not topology.id.startswith(name):
        yield f"{name}: the name is {topology.name}, the id {topology.id}"
    for component in [one.comp for one in list(topology.spouts) + list(topology.bolts)]:
        written = component.serialized_object
        if not written.startswith(JAVA_STREAM) or package.encode() not in written[:200]:
            yield f"{name}: {component.name} is not an object of {package}"
    golden = os.environ.get("HERON_GOLDEN")
    if golden and name in GOLDEN:
        expected = structure(read(os.path.join(golden, "topologies", name + ".defn")))
        actual = structure(topology)
        for part, value in expected.items():
            if actual[part] != value:
                yield f"{name}: {part} differ\n    expected {value}\n    got      {actual[part]}"


def main():
    folder, package = sys.argv[1:]
    if not os.environ.get("HERON_GOLDEN"):
        print(f"skipped: {package}: comparison with Heron's definitions; HERON_GOLDEN is not set")
    found = [problem for name in GOLDEN + OTHERS for problem in problems(folder, package, name)]
    for problem in found:
        print("FAILED " + problem)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
