"""A topology program that does not do what it should.

    misbehaving.py fails | hangs | silent | corrupt | oversized | renamed | foreign
"""
import os
import subprocess
import sys


def folder():
    """The folder in which a definition is expected."""
    options = dict(pair.split("=", 1) for pair in os.environ["HERON_OPTIONS"].replace("%%%%", " ").split(","))
    return options["cmdline.topologydefn.tmpdirectory"]


def write(name, data):
    """Writes a file where a definition is expected."""
    with open(os.path.join(folder(), name), "wb") as file:
        file.write(data)


def hang():
    """Waits for ever, with a process of its own that does the same and ignores a polite end."""
    child = subprocess.Popen(["sh", "-c", "trap '' TERM; echo waiting; while :; do sleep 1; done"])
    child.wait()


def rename():
    """Writes the definition of one topology as that of another."""
    # Only this needs heronpy, and the other cases are to be quick.
    from heronpy.proto import topology_pb2

    topology = topology_pb2.Topology(id="right-1", name="right", state=topology_pb2.RUNNING)
    write("wrong.defn", topology.SerializeToString())


def oversize():
    """Writes a file larger than any definition, which takes no room on the disk."""
    with open(os.path.join(folder(), "large.defn"), "wb") as file:
        file.truncate(65 << 20)


def fail():
    """Fails as programs do."""
    raise ValueError("no source is configured")


CASES = {
    "fails": fail,
    "hangs": hang,
    "silent": lambda: None,
    "corrupt": lambda: write("corrupt.defn", b"\xff\xff\xff not a message"),
    "oversized": oversize,
    "renamed": rename,
    "foreign": lambda: write("notes.txt", b"not a definition"),
}

if __name__ == "__main__":
    CASES[sys.argv[1]]()
