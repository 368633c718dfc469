"""A line between a browser and a desk that counts the bytes the desk sends, as they are sent: files and messages."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

PIECE = 2**16


class Wire(socketserver.ThreadingTCPServer):
    """Carries every connection on to a port of this machine.

    Attributes:
        sent: bytes that came back so far.
    """

    daemon_threads = True

    def __init__(self, port: int):
        super().__init__(("127.0.0.1", 0), _Line)
        self.target, self.sent = port, 0
        self._lock = threading.Lock()

    def count(self, sent: int) -> None:
        with self._lock:
            self.sent += sent

    @property
    def rule(self) -> str:
        """The option of a browser that has it take this line to the desk, under the desk's own name."""
        return f"--host-resolver-rules=MAP localhost:{self.target} 127.0.0.1:{self.server_address[1]}"


class _Line(socketserver.BaseRequestHandler):
    server: Wire

    def handle(self) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.server.target)) as desk:
            asking = threading.Thread(target=_carry, args=(self.request, desk, lambda sent: None), daemon=True)
            asking.start()
            _carry(desk, self.request, self.server.count)


def _carry(source: socket.socket, target: socket.socket, count: Any) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            count(len(piece))
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def wire_to(address: str) -> Iterator[Wire]:
    """A line to the desk at an address."""
    port = urlsplit(address).port
    assert port is not None
    with Wire(port) as wire:
        threading.Thread(target=wire.serve_forever, daemon=True).start()
        try:
            yield wire
        finally:
            wire.shutdown()
