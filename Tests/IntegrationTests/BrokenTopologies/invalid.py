"""Writes a definition that may not be submitted, or, for `cycle` and `valid`, one that may.

    invalid.py valid | cycle | unknown-input | idle-instances | idle-containers | too-large | no-parts
    invalid.py name <topology name>

The definition is written without heronpy's builder, which would refuse most of these itself.
"""
import os
import sys

from heronpy.proto import topology_pb2


def component(part, name, parallelism=1):
    """Names a spout or bolt and sets how many instances it wants."""
    part.comp.name = name
    part.comp.spec = topology_pb2.PYTHON_CLASS_NAME
    part.comp.class_name = "invalid.Part"
    setting(part.comp.config, "topology.component.parallelism", parallelism)
    return part


def setting(config, key, value):
    """Sets a text in a topology's or component's configuration."""
    config.kvs.add(key=key, value=str(value), type=topology_pb2.STRING_VALUE)


def output(part):
    """Declares the default stream."""
    stream = part.outputs.add()
    stream.stream.id = "default"
    stream.stream.component_name = part.comp.name
    stream.schema.keys.add(key="value", type=topology_pb2.OBJECT)
    return part


def read(bolt, source):
    """Lets a bolt read a component's default stream."""
    stream = bolt.inputs.add(gtype=topology_pb2.SHUFFLE)
    stream.stream.id = "default"
    stream.stream.component_name = source
    return bolt


def definition(name):
    """One spout, and one bolt that reads it."""
    topology = topology_pb2.Topology(id=name + "-1", name=name, state=topology_pb2.RUNNING)
    output(component(topology.spouts.add(), "source"))
    read(output(component(topology.bolts.add(), "sink")), "source")
    setting(topology.topology_config, "topology.stmgrs", 1)
    return topology


def replace(config, key, value):
    """Sets a text in place of what is there."""
    for pair in [pair for pair in config.kvs if pair.key == key]:
        config.kvs.remove(pair)
    setting(config, key, value)


def spoil(topology, case):
    """Makes the definition what the case is about."""
    sink = topology.bolts[0]
    if case == "cycle":
        read(output(component(topology.bolts.add(), "echo")), "sink")
        read(sink, "echo")
    elif case == "unknown-input":
        read(sink, "nowhere")
    elif case == "idle-instances":
        replace(sink.comp.config, "topology.component.parallelism", 0)
    elif case == "idle-containers":
        replace(topology.topology_config, "topology.stmgrs", 5)
    elif case == "too-large":
        setting(topology.topology_config, "topology.container.ram.requested", 1 << 30)
        setting(topology.topology_config, "topology.component.rammap", f"sink:{4 << 30}")
    elif case == "no-parts":
        del topology.spouts[:]
        del topology.bolts[:]


def main():
    """Writes the definition where HERON_OPTIONS says."""
    options = dict(pair.split("=", 1) for pair in os.environ["HERON_OPTIONS"].replace("%%%%", " ").split(","))
    case = sys.argv[1]
    topology = definition(sys.argv[2] if case == "name" else "invalid")
    spoil(topology, case)
    # A file name cannot hold what some of the names have; the name inside is what counts.
    file = "topology" if case == "name" else topology.name
    path = os.path.join(options["cmdline.topologydefn.tmpdirectory"], file + ".defn")
    with open(path, "wb") as written:
        written.write(topology.SerializeToString())


if __name__ == "__main__":
    main()
