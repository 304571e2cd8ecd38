"""Three spouts that utter words, and two bolts that shout them: the first gets every word, the second what it said.

As a class that describes the topology (the name is optional, and the class's by default):

    heron submit local multi_spout_exclamation.pex multi_spout_exclamation.MultiSpoutExclamation [name]
"""
import itertools
import time

from heronpy.api.bolt.bolt import Bolt
from heronpy.api.spout.spout import Spout
from heronpy.api.stream import Grouping
from heronpy.api.topology import Topology


class WordSpout(Spout):
    """Emits some words again and again, about a hundred each second."""

    outputs = ["word"]

    def initialize(self, config, context):
        self.words = itertools.cycle(("heron", "stork", "crane", "egret"))

    def next_tuple(self):
        self.emit([next(self.words)])
        time.sleep(0.01)


class ExclamationBolt(Bolt):
    """Emits each word with exclamation marks."""

    outputs = ["word"]

    def initialize(self, config, context):
        self.shouted = 0

    def process(self, tup):
        word = tup.values[0] + "!!!"
        self.emit([word], anchors=[tup])
        self.ack(tup)
        self.shouted += 1
        if self.shouted % 1000 == 0:
            self.log(f"{self.shouted} exclamations, the last one was {word}")


class MultiSpoutExclamation(Topology):
    """The graph: three spouts into one bolt, and that into another."""

    word0 = WordSpout.spec(par=1)
    word1 = WordSpout.spec(par=1)
    word2 = WordSpout.spec(par=1)
    exclaim1 = ExclamationBolt.spec(
        par=2, inputs={word0: Grouping.SHUFFLE, word1: Grouping.SHUFFLE, word2: Grouping.SHUFFLE}
    )
    exclaim2 = ExclamationBolt.spec(par=1, inputs={exclaim1: Grouping.SHUFFLE})
    config = {"topology.stmgrs": 2}


def main():
    """Writes the definition to where HERON_OPTIONS says."""
    MultiSpoutExclamation.write()


if __name__ == "__main__":
    main()
