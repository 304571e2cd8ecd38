"""The event loop of an instance: sockets, timers and signals on one thread."""
import heapq
import itertools
import selectors
import signal
import socket
import time
from typing import Callable, List, Optional, Tuple

READABLE = selectors.EVENT_READ
WRITABLE = selectors.EVENT_WRITE


class Timer:
    """A call that is due at a time; cancelling it makes it a call to nothing."""

    def __init__(self, callback: Callable[[], None]):
        self._callback = callback

    def cancel(self) -> None:
        """Afterwards the callback is not called any more."""
        self._callback = None

    def fire(self) -> None:
        """Calls the callback unless cancelled."""
        if self._callback is not None:
            self._callback()


class EventLoop:
    """Waits for whatever comes first and calls back. Not thread-safe; create it on the main thread, once."""

    def __init__(self):
        self._selector = selectors.DefaultSelector()
        self._timers: List[Tuple[float, int, Timer]] = []
        self._order = itertools.count()
        # A signal does not by itself end a wait (PEP 475); the byte that Python writes here does.
        self._wake, wake_end = socket.socketpair()
        for end in (self._wake, wake_end):
            end.setblocking(False)
        self._wake_end = wake_end
        signal.set_wakeup_fd(wake_end.fileno(), warn_on_full_buffer=False)
        self.watch(self._wake, READABLE, self._drain_wake)

    def _drain_wake(self, _ready: int) -> None:
        self._wake.recv(4096)

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Calls `callback` once, `delay` seconds from now or later."""
        timer = Timer(callback)
        heapq.heappush(self._timers, (time.monotonic() + delay, next(self._order), timer))
        return timer

    def call_every(self, interval: float, callback: Callable[[], None]) -> None:
        """Calls `callback` every `interval` seconds for ever; the next interval begins when the call has returned."""

        def call() -> None:
            callback()
            self.call_later(interval, call)

        self.call_later(interval, call)

    def watch(self, file: socket.socket, events: int, callback: Callable[[int], None]) -> None:
        """Calls `callback` with the events that are there, whenever there are some; no events means to stop."""
        watched = file in self._selector.get_map()
        if not events:
            if watched:
                self._selector.unregister(file)
        elif watched:
            self._selector.modify(file, events, callback)
        else:
            self._selector.register(file, events, callback)

    def poll(self, timeout: Optional[float]) -> None:
        """Waits for at most `timeout` seconds (None: no limit) and calls back what is due."""
        if self._timers:
            until_timer = max(0.0, self._timers[0][0] - time.monotonic())
            timeout = until_timer if timeout is None else min(timeout, until_timer)
        for key, ready in self._selector.select(timeout):
            key.data(ready)
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            heapq.heappop(self._timers)[2].fire()
