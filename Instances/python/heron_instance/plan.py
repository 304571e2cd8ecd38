"""The physical plan as a stream manager sends it: the topology's graph and where each task is."""
from typing import List, NamedTuple, Optional, Tuple

from heron_instance.protobuf import Message

# Values of Heron's enumerations (topology.proto).
PYTHON_CLASS_NAME = 3
CUSTOM_GROUPING = 7
PYTHON_OBJECT = 2
STRING_VALUE, PYTHON_SERIALIZED_VALUE = 1, 3
RUNNING = 1


class StreamId(NamedTuple):
    """A stream: its name and the component that emits it. The field names are heronpy's."""

    id: str
    component_name: str

    @classmethod
    def decode(cls, data: bytes) -> "StreamId":
        message = Message("StreamId", data)
        return cls(message.text(1), message.text(2))


class ConfigEntry(NamedTuple):
    """A key with its text or its serialized value."""

    key: str
    text: Optional[str]
    serialized: Optional[bytes]
    kind: int

    @classmethod
    def decode_all(cls, config: bytes) -> List["ConfigEntry"]:
        """The entries of a `Config` message."""
        entries = []
        for data in Message("Config", config).all_bytes(1):
            message = Message("Config.KeyValue", data)
            text = message.text(2) if 2 in message else None
            serialized = message.bytes(3) if 3 in message else None
            entries.append(cls(message.text(1), text, serialized, message.integer(4, STRING_VALUE)))
        return entries


class Input(NamedTuple):
    """A stream that a bolt consumes, and how it is grouped."""

    stream: StreamId
    grouping: int
    custom_grouping: bytes
    custom_grouping_type: int

    @classmethod
    def decode(cls, data: bytes) -> "Input":
        message = Message("InputStream", data)
        custom = message.bytes(4) if 4 in message else b""
        return cls(StreamId.decode(message.bytes(1)), message.integer(2), custom, message.integer(5, 0))


class Output(NamedTuple):
    """A stream that a component emits, and its fields."""

    stream: StreamId
    fields: Tuple[str, ...]

    @classmethod
    def decode(cls, data: bytes) -> "Output":
        message = Message("OutputStream", data)
        keys = Message("StreamSchema", message.bytes(2)).all_bytes(1)
        return cls(StreamId.decode(message.bytes(1)), tuple(Message("KeyType", key).text(1) for key in keys))


class Component(NamedTuple):
    """A spout or bolt of the topology."""

    name: str
    is_spout: bool
    class_name: str
    specification: int
    config: List[ConfigEntry]
    inputs: List[Input]
    outputs: List[Output]

    @classmethod
    def decode(cls, data: bytes, is_spout: bool) -> "Component":
        """Decodes a `Spout` or a `Bolt` message."""
        message = Message("Spout" if is_spout else "Bolt", data)
        component = Message("Component", message.bytes(1))
        return cls(
            name=component.text(1),
            is_spout=is_spout,
            class_name=component.text(2, ""),
            specification=component.integer(5, 0),
            config=ConfigEntry.decode_all(component.bytes(3)),
            inputs=[] if is_spout else [Input.decode(item) for item in message.all_bytes(2)],
            outputs=[Output.decode(item) for item in message.all_bytes(2 if is_spout else 3)],
        )


class Topology(NamedTuple):
    """The graph, its state and its configuration."""

    id: str
    name: str
    state: int
    components: List[Component]
    config: List[ConfigEntry]

    @classmethod
    def decode(cls, data: bytes) -> "Topology":
        message = Message("Topology", data)
        spouts = [Component.decode(item, True) for item in message.all_bytes(3)]
        bolts = [Component.decode(item, False) for item in message.all_bytes(4)]
        config = ConfigEntry.decode_all(message.bytes(6)) if 6 in message else []
        return cls(message.text(1), message.text(2), message.integer(5), spouts + bolts, config)


class Task(NamedTuple):
    """An instance of a component, somewhere in the topology."""

    instance_id: str
    task_id: int
    component_index: int
    component_name: str

    @classmethod
    def decode(cls, data: bytes) -> "Task":
        """Decodes an `Instance` message."""
        message = Message("Instance", data)
        info = Message("InstanceInfo", message.bytes(3))
        return cls(message.text(1), info.integer(1), info.integer(2), info.text(3))


class PhysicalPlan(NamedTuple):
    """The topology and all its tasks."""

    topology: Topology
    tasks: List[Task]

    @classmethod
    def decode(cls, data: bytes) -> "PhysicalPlan":
        """Raises MalformedMessage."""
        message = Message("PhysicalPlan", data)
        return cls(Topology.decode(message.bytes(1)), [Task.decode(item) for item in message.all_bytes(3)])
