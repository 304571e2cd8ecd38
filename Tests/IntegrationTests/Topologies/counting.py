"""A topology for the tests: numbers flow from spouts to bolts, which log every 0.2 s how many have come.

    counting.py <name> [containers] [spouts] [bolts] [grouping]
"""
import sys

from heronpy.api.bolt.bolt import Bolt
from heronpy.api.custom_grouping import ICustomGrouping
from heronpy.api.spout.spout import Spout
from heronpy.api.stream import Grouping
from heronpy.api.topology import TopologyBuilder


class NumberSpout(Spout):
    """Emits a number at each call, at most a few thousand a second."""

    outputs = ["number"]

    def initialize(self, config, context):
        self.next = 0

    def next_tuple(self):
        self.emit([self.next])
        self.next += 1


class CountBolt(Bolt):
    """Counts what it gets."""

    def initialize(self, config, context):
        self.count = 0
        self.bad = bool(config.get("counting.fails"))

    def process(self, tup):
        if self.bad:
            raise ValueError("this bolt always fails")
        self.count += 1

    def process_tick(self, tup):
        self.log(f"count {self.count}")


class EvenTask(ICustomGrouping):
    """Sends everything to the first task; defined here, in the topology's own file."""

    def prepare(self, context, component, stream, target_tasks):
        self.target_tasks = sorted(target_tasks)

    def choose_tasks(self, values):
        return [self.target_tasks[0]]


def grouping(name):
    """The grouping of heronpy that a test names."""
    return {
        "shuffle": Grouping.SHUFFLE,
        "fields": Grouping.fields("number"),
        "all": Grouping.ALL,
        "lowest": Grouping.LOWEST,
        "none": Grouping.NONE,
        "custom": Grouping.custom(EvenTask()),
    }[name]


def main():
    """Defines the topology."""
    arguments = sys.argv[1:] + ["Counting", "1", "1", "1", "shuffle"][len(sys.argv) - 1:]
    name, containers, spouts, bolts, kind = arguments[:5]
    fails = "fail" in arguments[5:]
    builder = TopologyBuilder(name=name)
    numbers = builder.add_spout("numbers", NumberSpout, par=int(spouts))
    builder.add_bolt(
        "counts",
        CountBolt,
        par=int(bolts),
        inputs={numbers: grouping(kind)},
        config={"topology.tick.tuple.freq.secs": 0.2, "counting.fails": fails},
    )
    builder.set_config({"topology.stmgrs": int(containers)})
    builder.build_and_submit()


if __name__ == "__main__":
    main()
