"""A line between a browser and a server that can be cut, can fall silent, and can be mended."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset


class Forwarder:
    """Forwards every connection to its port to another port of this machine.

    Args:
        port: where it forwards to; may be changed later, as when the server was started anew.
    """

    def __init__(self, port: int):
        self.target = port
        self._loop = asyncio.new_event_loop()
        self._flows, self._takes = asyncio.Event(), True
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._to_server: set[asyncio.StreamWriter] = set()
        is_up = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(is_up.set,), daemon=True)
        self._thread.start()
        is_up.wait()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/"

    @property
    def carries(self) -> bool:
        """Whether what is sent from now on arrives."""
        return self._takes and self._flows.is_set()

    def cut(self) -> None:
        """Reset every connection, and each new one."""
        self._done(self._cut)

    def silence(self) -> None:
        """Take connections and carry nothing, as where a wireless network is lost."""
        self._done(self._flows.clear)

    def forsake(self) -> None:
        """As `silence`; the server, but not the browser, is told that it is over, as by a proxy that gives up."""
        self._done(self._forsake)

    def resume(self) -> None:
        """Carry what waited since the silence, as where a server that was busy answers late."""
        self._done(self._flows.set)

    def mend(self) -> None:
        """Carry again what comes from now on. Connections from before are forgotten, and nobody is told."""
        self._done(self._mend)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _done(self, change: Callable[[], None]) -> None:
        """Change something on the line's own thread, and wait until that is so."""
        is_done = threading.Event()

        def change_there() -> None:
            change()
            is_done.set()

        self._loop.call_soon_threadsafe(change_there)
        is_done.wait()

    # --- on its own thread --------------------------------------------------------------------------------------------

    def _run(self, is_up: Callable[[], None]) -> None:
        asyncio.set_event_loop(self._loop)
        self._line = 0
        server = self._loop.run_until_complete(asyncio.start_server(self._take, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        is_up()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    def _cut(self) -> None:
        self._takes = False
        for writer in list(self._writers):
            _reset(writer)

    def _forsake(self) -> None:
        self._flows.clear()
        for writer in self._to_server:
            writer.close()

    def _mend(self) -> None:
        if not self._flows.is_set():
            self._line += 1  # of those before, nothing arrives any more
        self._takes = True
        self._flows.set()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = self._line
        try:
            await self._flows.wait()
            assert self._takes
            there = await asyncio.open_connection("127.0.0.1", self.target)
        except (OSError, AssertionError, asyncio.CancelledError):
            _reset(writer)
            return
        self._writers |= {writer, there[1]}
        self._to_server.add(there[1])
        with suppress(asyncio.CancelledError):  # when it stops
            await asyncio.gather(self._carry(reader, there[1], line), self._carry(there[0], writer, line))
        self._writers -= {writer, there[1]}
        self._to_server.discard(there[1])

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: int) -> None:
        try:
            while data := await reader.read(65536):
                await self._flows.wait()
                if line != self._line:
                    await asyncio.Event().wait()  # neither carried nor closed
                writer.write(data)
                await writer.drain()
            await self._flows.wait()
        except OSError:
            pass
        finally:
            if line == self._line:
                writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
