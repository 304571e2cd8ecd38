"""A topology whose components tell the test what happens to them, on the stream "events"."""
import os
import sys
import threading
import time

from heronpy.api.bolt.bolt import Bolt
from heronpy.api.custom_grouping import ICustomGrouping
from heronpy.api.serializer import IHeronSerializer
from heronpy.api.spout.spout import Spout
from heronpy.api.stream import Grouping, Stream
from heronpy.api.task_hook import ITaskHook
from heronpy.api.topology import TopologyBuilder


class NumberSpout(Spout):
    """Emits 0, 1, 2 … up to `last`, with ids if `with.ids`; hangs at the number `hang.at`."""

    outputs = [Stream(fields=["number"]), Stream(fields=["what"], name="events")]

    def initialize(self, config, context):
        self.config = config
        self.next_number = 0
        self.event(f"initialized as {context.get_component_id()} {context.get_task_id()}")

    def next_tuple(self):
        number = self.next_number
        if number > self.config.get("last", 9):
            return
        if number == self.config.get("hang.at"):
            print("hanging")
            time.sleep(3600)
        tup_id = f"id {number}" if self.config.get("with.ids") else None
        self.emit([number], tup_id=tup_id, direct_task=self.config.get("direct.task"))
        self.next_number += 1

    def event(self, what):
        self.emit([what], stream="events")

    def ack(self, tup_id):
        self.event(f"acked {tup_id}")

    def fail(self, tup_id):
        self.event(f"failed {tup_id}")

    def activate(self):
        self.event("activated")

    def deactivate(self):
        self.event("deactivated")

    def close(self):
        self.event("closed")


class EchoBolt(Bolt):
    """Answers what it is asked in the first value of a tuple; otherwise describes the tuple."""

    outputs = [Stream(fields=["answer"]), Stream(fields=["what"], name="events")]

    def initialize(self, config, context):
        self.config = config
        self.context = context
        self.log("ready")

    def process(self, tup):
        question = tup.values[0]
        if question == "raise":
            raise RuntimeError("boom, as asked")
        if question == "exit":
            sys.exit(0)
        if question == "thread and raise":
            threading.Thread(target=time.sleep, args=(3600,)).start()
            raise RuntimeError("boom, with a thread")
        if question == "fail":
            self.fail(tup)
            return
        if question == "print":
            print("printed by the bolt")
        if question == "undeclared":
            self.emit([1], stream="nowhere")
        if question == "large":
            self.emit(["x" * tup.values[1]])
            return
        self.emit([self.answer(question, tup)], anchors=[tup])
        self.ack(tup)

    def answer(self, question, tup):
        context = self.context
        if question == "config":
            return self.config[tup.values[1]]
        if question == "sources":
            return {tuple(stream): grouping for stream, grouping in context.get_this_sources().items()}
        if question == "tasks":
            return context.get_component_tasks(tup.values[1])
        if question == "module":
            return [type(self).__module__, __name__, os.path.basename(__file__)]
        return [tup.component, tup.stream, tup.task, tup.values]

    def process_tick(self, tup):
        self.emit([f"tick {tup.component} {self.is_tick(tup)}"], stream="events")
        self.ack(tup)

    def cleanup(self):
        self.emit(["cleaned up"], stream="events")


class ModuloGrouping(ICustomGrouping):
    """Chooses by the number. The function in it has no name: it must be pickled by value, with its code."""

    def __init__(self):
        self.choose = lambda number, tasks: tasks[number % len(tasks)]

    def prepare(self, context, component, stream, target_tasks):
        assert (component, stream) == ("numbers", "default")
        self.tasks = target_tasks

    def choose_tasks(self, values):
        return [self.choose(values[0], self.tasks)]


class HexSerializer(IHeronSerializer):
    """Writes numbers in hexadecimal."""

    def initialize(self, config):
        self.prefix = config["hex.prefix"]

    def serialize(self, obj):
        return f"{self.prefix}{obj!r}".encode().hex().encode()

    def deserialize(self, input_str):
        return bytes.fromhex(input_str.decode()).decode()


class NotingHook(ITaskHook):
    """Logs what it is told."""

    def prepare(self, conf, context):
        self.context = context
        print("hook prepare")

    def emit(self, emit_info):
        print("hook emit", emit_info.values, emit_info.stream_id)

    def bolt_execute(self, bolt_execute_info):
        print("hook execute", bolt_execute_info.heron_tuple.values)

    def bolt_ack(self, bolt_ack_info):
        print("hook ack", bolt_ack_info.heron_tuple.id)

    def spout_ack(self, spout_ack_info):
        print("hook spout ack", spout_ack_info.message_id)

    def clean_up(self):
        print("hook clean up")


def main():
    builder = TopologyBuilder(name="Probe")
    numbers = builder.add_spout("numbers", NumberSpout, par=1)
    builder.add_bolt("echo", EchoBolt, par=2, inputs={numbers: Grouping.fields("number")})
    builder.add_bolt("grouped", EchoBolt, par=2, inputs={numbers: Grouping.custom(ModuloGrouping())})
    builder.build_and_submit()


if __name__ == "__main__":
    main()
