"""How the values of tuples become bytes."""
import pickle
from typing import Any, Callable, Dict, Tuple

from heronpy.api.api_constants import TOPOLOGY_SERIALIZER_CLASSNAME
from heronpy.api.serializer import default_serializer

from heron_instance.topology_file import TopologyFile

Serialize = Callable[[Any], bytes]
Deserialize = Callable[[bytes], Any]

_PLAIN_TYPES = frozenset((str, bytes, int, float, bool, type(None)))


def serializer(config: Dict[str, Any], file: TopologyFile) -> Tuple[Serialize, Deserialize]:
    """The topology's serializer class, or heronpy's default: pickle."""
    name = config.get(TOPOLOGY_SERIALIZER_CLASSNAME)
    if name is None:
        return _pickle, pickle.loads
    custom = file.find_class(name)()
    custom.initialize(config)
    return custom.serialize, custom.deserialize


def _pickle(value: Any) -> bytes:
    """The bytes that heronpy's serializer makes.

    For plain values it need not be asked: cloudpickle treats them as pickle does, at eight times the price. The bytes
    must be the same, because fields grouping is by their hash.
    """
    if type(value) in _PLAIN_TYPES:
        return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return default_serializer.serialize(value)
