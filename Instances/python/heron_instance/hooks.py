"""The task hooks of a component: user objects that are told what it does."""
from typing import Any, List

from heronpy.api.task_hook import (
    BoltAckInfo,
    BoltExecuteInfo,
    BoltFailInfo,
    EmitInfo,
    ITaskHook,
    SpoutAckInfo,
    SpoutFailInfo,
)

__all__ = [
    "BoltAckInfo",
    "BoltExecuteInfo",
    "BoltFailInfo",
    "EmitInfo",
    "SpoutAckInfo",
    "SpoutFailInfo",
    "TaskHooks",
]


class TaskHooks:
    """The hooks, called in the order in which they were added. False without any, so that calls can be left out."""

    def __init__(self):
        self._hooks: List[ITaskHook] = []

    def __bool__(self) -> bool:
        return bool(self._hooks)

    def add(self, hook: ITaskHook) -> None:
        """Raises TypeError for an object that is no hook."""
        if not isinstance(hook, ITaskHook):
            raise TypeError(f"a task hook must be an ITaskHook, not {type(hook).__name__}")
        self._hooks.append(hook)

    def call(self, method: str, *arguments: Any) -> None:
        """Calls `method` of each hook."""
        for hook in self._hooks:
            getattr(hook, method)(*arguments)
