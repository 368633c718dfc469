"""Answers a page that asks whether the server is there, also while the server's loop is held by somebody's page."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from tornado.httputil import HTTPHeaders, HTTPInputError
from tornado.web import RequestHandler

from ..widgets.connection_watch import ALIVE

FIRST = 0.03  # seconds in which the server's own loop takes a connection if it is free
FIRST_REQUEST_TIMEOUT = 0.2  # seconds for a connection to send its first request
MOST_HEAD = 8192  # bytes of a request that are looked at
BETWEEN_LOOKS = 0.01  # seconds until a request that is not whole yet is looked at again
END = b"\r\n\r\n"  # of a request
ANSWER = b"HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"


class Alive(RequestHandler):
    """The answer of a free loop. No login is asked for: it says nothing."""

    def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_status(204)


IsKnownHost = Callable[[HTTPHeaders, str], bool]  # the known-host check


def asks_alive(head: bytes, address: str, is_known_host: IsKnownHost) -> bool:
    """Whether a request is a whole one for `ALIVE`, under a known name."""
    line, _, rest = head.partition(b"\r\n")
    if END not in head or not _asks(line):
        return False
    try:
        return is_known_host(HTTPHeaders.parse(rest.decode("latin-1")), address)
    except HTTPInputError:
        return False


class AliveThread:
    """Takes connections that the loop leaves waiting: it answers those that ask for `ALIVE` under a known name, and
    hands on the others, which the loop answers or refuses.

    Every request comes on a connection of its own (the server keeps none), so that a busy loop holds up no question.

    Args:
        sockets: that the server listens at.
        is_known_host: the known-host check: of a request's headers and the address that it comes from.
        hand_on: called with a connection and its address.
    """

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        is_known_host: IsKnownHost,
        hand_on: Callable[[socket.socket, Any], None],
    ):
        self._sockets, self._is_known_host, self._hand_on = list(sockets), is_known_host, hand_on
        self._is_ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=ALIVE, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End it, before the sockets are closed."""
        self._is_ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_ended.is_set():
            waiting, _, _ = select.select(self._sockets, [], [], 0.5)
            if not waiting:
                continue
            self._is_ended.wait(FIRST)
            for listener in waiting:
                try:
                    connection, address = listener.accept()
                except OSError:  # the loop has taken it
                    continue
                self._take(connection, address)

    def _take(self, connection: socket.socket, address: Any) -> None:
        try:
            connection.settimeout(FIRST_REQUEST_TIMEOUT)
            if not asks_alive(_seen(connection), address[0], self._is_known_host):
                self._hand_on(connection, address)
                return
            while END not in _head(connection, 0):  # unread bytes would take the answer back
                pass
            connection.sendall(ANSWER)
            connection.close()
        except OSError:  # it is gone, or says nothing yet
            self._hand_on(connection, address)


def _seen(connection: socket.socket) -> bytes:
    """A request as far as it has come; what asks for `ALIVE` is waited for until it is whole."""
    until = time.monotonic() + FIRST_REQUEST_TIMEOUT
    while _asks((head := _head(connection, socket.MSG_PEEK)).partition(b"\r\n")[0]) and END not in head:
        if len(head) >= MOST_HEAD or time.monotonic() > until:
            break
        time.sleep(BETWEEN_LOOKS)
    return head


def _head(connection: socket.socket, how: int) -> bytes:
    """What a connection says first; raises OSError where it says nothing more."""
    said = connection.recv(MOST_HEAD, how)
    if not said:
        raise ConnectionResetError
    return said


def _asks(line: bytes) -> bool:
    """Whether a request is for `ALIVE`, below whatever path. With a question mark it is one for the loop."""
    words = line.split(b" ", 2)
    return len(words) == 3 and words[0] == b"GET" and words[1].endswith(b"/" + ALIVE.encode())
