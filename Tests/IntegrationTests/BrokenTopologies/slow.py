"""A topology that is defined at once, and whose instances never come up."""
import os
import time

from heronpy.api.bolt.bolt import Bolt
from heronpy.api.spout.spout import Spout
from heronpy.api.stream import Grouping
from heronpy.api.topology import TopologyBuilder

# Only the program that defines the topology has this; an instance imports the file without it.
if "HERON_OPTIONS" not in os.environ:
    time.sleep(3600)


class Source(Spout):
    """Emits nothing."""

    outputs = ["value"]

    def next_tuple(self):
        pass


class Sink(Bolt):
    """Does nothing."""

    def process(self, tup):
        pass


if __name__ == "__main__":
    builder = TopologyBuilder(name="Slow")
    source = builder.add_spout("source", Source, par=1)
    builder.add_bolt("sink", Sink, par=1, inputs={source: Grouping.SHUFFLE})
    builder.build_and_submit()
