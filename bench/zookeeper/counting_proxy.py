"""A proxy between a ZooKeeper client and its server that counts requests by kind and delays every byte."""
import asyncio
import collections
import contextlib
import threading

# The numbers of ZooKeeper's protocol, `ZooDefs.OpCode`.
KINDS = {
    1: "create", 2: "delete", 3: "exists", 4: "get", 5: "set", 8: "children", 9: "sync", 12: "children", 13: "check",
    14: "multi", 18: "remove watches", 101: "set watches",
}
PING, CLOSE = 11, -11


class CountingProxy:
    """Runs on a thread of its own, on a free port of the loopback."""

    def __init__(self, server_port):
        # Seconds; may be changed while nothing is under way.
        self.round_trip = 0
        self.counts = collections.Counter()
        self._server_port = server_port
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._run, args=(ready,), daemon=True).start()
        ready.wait()

    def _run(self, ready):
        async def start():
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()

        self._loop.create_task(start())
        self._loop.run_forever()

    async def _serve(self, reader, writer):
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        await asyncio.gather(
            self._pass_on(reader, up_writer, self._counter()),
            self._pass_on(up_reader, writer, lambda data: None),
        )

    async def _pass_on(self, reader, writer, look):
        # The end of a session may reset the connection.
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(1 << 20):
                look(data)
                self._loop.call_later(self.round_trip / 2, writer.write, data)
        self._loop.call_later(self.round_trip / 2, writer.close)

    def _counter(self):
        """What counts the requests in a stream of bytes: each is its length, a number, its kind, and the rest."""
        buffer = bytearray()
        is_first = True

        def look(data):
            nonlocal is_first
            buffer.extend(data)
            while len(buffer) >= 4 and len(buffer) >= 4 + (length := int.from_bytes(buffer[:4], "big")):
                kind = int.from_bytes(buffer[8:12], "big", signed=True)
                # The first one starts the session, and has another form.
                if not is_first and kind not in (PING, CLOSE):
                    self.counts[KINDS.get(kind, str(kind))] += 1
                is_first = False
                del buffer[: 4 + length]

        return look
