"""Counts words: a spout that utters them at random, and a bolt that keeps the count of each.

    heron submit local word_count.pex - WordCount [words per second]
"""
import collections
import random
import sys
import time

from heronpy.api.bolt.bolt import Bolt
from heronpy.api.spout.spout import Spout
from heronpy.api.stream import Grouping
from heronpy.api.topology import TopologyBuilder

WORDS = ("heron", "stork", "crane", "egret", "ibis", "spoonbill", "bittern", "pelican")


class WordSpout(Spout):
    """Emits words at the rate `words.per.second`; as fast as it can if that is 0."""

    outputs = ["word"]

    def initialize(self, config, context):
        self.rate = config["words.per.second"]
        self.start = time.monotonic()
        self.emitted = 0

    def next_tuple(self):
        if self.rate and self.emitted >= (time.monotonic() - self.start) * self.rate:
            return
        self.emit([random.choice(WORDS)])
        self.emitted += 1

    def deactivate(self):
        self.log(f"paused after {self.emitted} words")

    def activate(self):
        self.start = time.monotonic()
        self.emitted = 0


class CountBolt(Bolt):
    """Counts the words that reach it, and logs all counts at each tick."""

    def initialize(self, config, context):
        self.counts = collections.Counter()

    def process(self, tup):
        self.counts[tup.values[0]] += 1
        self.ack(tup)

    def process_tick(self, tup):
        counts = ", ".join(f"{word} {count}" for word, count in sorted(self.counts.items()))
        self.log(f"{sum(self.counts.values())} words: {counts}")


def main():
    """Defines the topology; heronpy writes the definition to where HERON_OPTIONS says."""
    name = sys.argv[1] if len(sys.argv) > 1 else "WordCount"
    rate = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    builder = TopologyBuilder(name=name)
    words = builder.add_spout("word", WordSpout, par=1, config={"words.per.second": rate})
    builder.add_bolt(
        "count",
        CountBolt,
        par=2,
        inputs={words: Grouping.fields("word")},
        config={"topology.tick.tuple.freq.secs": 2},
    )
    builder.set_config({"topology.stmgrs": 1})
    builder.build_and_submit()


if __name__ == "__main__":
    main()
