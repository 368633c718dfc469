"""One port for several processes of a desk, where each browser stays with one process (session affinity).

Python runs one thread of a process at a time, so a desk of one process leaves most of a second core to others. Here one
process alone listens. It reads of each connection which process the browser was with before, from a cookie, and hands
the connection on to it; who comes for the first time is given to each process in turn. A page of one process and its
socket at another would be two sessions. The listening process also says whether the server is there, as long as the
process that was asked about runs; one that has ended is started anew.
"""

from __future__ import annotations

import json
import logging
import os
import re
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

from ...base.messages import message, text_of
from .liveness import ANSWER, END, IsKnownHost, asks_alive

MOST_HEAD = 64 * 2**10  # bytes of a request that are looked at: tornado takes no longer ones
FIRST_REQUEST_TIMEOUT = 30.0  # seconds for a connection to send its first request: browsers open some in advance
BETWEEN_LOOKS = 0.01  # seconds until a request that is not whole yet is looked at again
PROCESS_CHECK = 0.5  # seconds between checks whether all processes still run
RESTART_PAUSE = 5.0  # least seconds between two starts of a process
END_IN_TIME = 10.0  # seconds for the processes to end
CAN_SHARE = sys.platform == "linux" and hasattr(socket, "send_fds")
Serve = Callable[[int, socket.socket], None]


def cookie_name(port: int) -> str:
    """The cookie that names a browser's process: browsers send it to all ports of a host, so it says for which."""
    return f"changji_desk_process_{port}"


class _Process(NamedTuple):
    """A process that serves: its number among all, its id, and the control socket on which it receives connections."""

    number: int
    id: int
    control: socket.socket


class _Waiting(NamedTuple):
    """A connection that has not said what it wants."""

    connection: socket.socket
    address: Any
    until: float


class SharedPort:
    """Listens, and hands each connection on to one of its processes.

    Args:
        sockets: listening ones.
        number: how many processes there are. They are copies of this one, which may have no other thread until `run`
            ends: one that has ended is started anew at any time.
        serve: called in each with its number and its control socket (see `received_connection`), until that is closed.
        is_known_host: the known-host check: of a request's headers and the address that it comes from.
        cookie: see `cookie_name`.
    """

    def __init__(
        self, sockets: Sequence[socket.socket], number: int, serve: Serve, is_known_host: IsKnownHost, cookie: str
    ):
        self._sockets, self._serve, self._is_known_host = list(sockets), serve, is_known_host
        self._cookie = re.compile(rb"\r\ncookie:[^\r]*\b" + cookie.encode() + rb"=(\d{1,3})\b", re.IGNORECASE)
        self._processes: dict[int, _Process] = {}
        self._started = [0.0] * number
        self._turn = 0
        self._selector = selectors.DefaultSelector()
        self._partial: list[_Waiting] = []
        self._is_ended = threading.Event()

    def start(self) -> None:
        """Start the processes."""
        sys.stdout.flush()
        sys.stderr.flush()
        for number in range(len(self._started)):
            self._start_one(number)

    def run(self) -> None:
        """Hand connections on until `stop`, or until interrupted; then the processes end."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda *_: self.stop())
        for listener in self._sockets:
            listener.setblocking(False)
            self._selector.register(listener, selectors.EVENT_READ, listener)
        try:
            while not self._is_ended.is_set():
                self._once()
        except KeyboardInterrupt:
            pass
        finally:
            self._end()

    def stop(self) -> None:
        """End `run`, from any thread."""
        self._is_ended.set()

    def _start_one(self, number: int) -> None:
        """Start a process; where the system refuses, that is logged, and it is tried again after `RESTART_PAUSE`."""
        self._started[number] = time.monotonic()
        ends: Sequence[socket.socket] = ()
        try:
            ours, theirs = ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            found = os.fork()
        except OSError as error:
            for end in ends:
                end.close()
            refused = message(
                "a server process could not be started and will be tried again: {why}",
                why=error.strerror or str(error),
            )
            logging.getLogger(__name__).error("%s", text_of(refused))
            return
        if not found:
            _be_process(self._serve, number, theirs, [ours, *self._open()])
        theirs.close()
        ours.setblocking(False)
        self._processes[number] = _Process(number, found, ours)

    def _once(self) -> None:
        for key, _ in self._selector.select(BETWEEN_LOOKS if self._partial else PROCESS_CHECK):
            if isinstance(key.data, _Waiting):
                self._selector.unregister(key.fileobj)
                self._look(key.data)
            else:
                self._accept(key.data)
        partial, self._partial = self._partial, []
        for one in partial:
            self._look(one)
        self._look_after_processes()
        now = time.monotonic()
        for key in list(self._selector.get_map().values()):
            if isinstance(key.data, _Waiting) and key.data.until < now:
                self._selector.unregister(key.fileobj)
                key.data.connection.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # gone already
            connection, address = listener.accept()
            connection.setblocking(False)
            waiting = _Waiting(connection, address, time.monotonic() + FIRST_REQUEST_TIMEOUT)
            self._selector.register(connection, selectors.EVENT_READ, waiting)

    def _look(self, one: _Waiting) -> None:
        """Hand a connection on if what it wants is said in whole, or too long."""
        try:
            head = one.connection.recv(MOST_HEAD, socket.MSG_PEEK)
        except OSError:
            head = b""
        if not head:
            one.connection.close()
        elif END not in head and len(head) < MOST_HEAD and time.monotonic() < one.until:
            self._partial.append(one)
        else:
            self._hand_on(one, head)
            one.connection.close()  # here; another process has it

    def _hand_on(self, one: _Waiting, head: bytes) -> None:
        number = self._number_of(head)
        process = self._processes.get(number)
        if process is None:  # it is being started anew: the browser will ask again
            return
        with suppress(OSError):  # as where it is too busy to take any more
            if asks_alive(head, one.address[0], self._is_known_host):
                one.connection.recv(MOST_HEAD)  # unread bytes would take the answer back
                one.connection.sendall(ANSWER)
            else:
                socket.send_fds(process.control, [json.dumps(one.address[:2]).encode()], [one.connection.fileno()])

    def _number_of(self, head: bytes) -> int:
        """The process that a request goes to."""
        found = self._cookie.search(head[: head.find(END) + 2])
        if found and int(found[1]) < len(self._started):
            return int(found[1])
        self._turn = (self._turn + 1) % len(self._started)
        return self._turn

    def _look_after_processes(self) -> None:
        """Start those anew that have ended, each at most once in `RESTART_PAUSE`."""
        for process in list(self._processes.values()):
            if _has_ended(process.id):
                process.control.close()
                del self._processes[process.number]
        for number, started in enumerate(self._started):
            if number not in self._processes and time.monotonic() > started + RESTART_PAUSE:
                self._start_one(number)

    def _end(self) -> None:
        """End all processes: one whose control socket is closed stops serving."""
        for process in self._processes.values():
            process.control.close()
        until = time.monotonic() + END_IN_TIME
        for process in self._processes.values():
            while not _has_ended(process.id):
                if time.monotonic() > until:
                    os.kill(process.id, signal.SIGKILL)
                time.sleep(BETWEEN_LOOKS)
        for one in self._open():
            one.close()

    def _open(self) -> list[Any]:
        """All that this process alone has to do with."""
        waiting = [key.fileobj for key in self._selector.get_map().values() if isinstance(key.data, _Waiting)]
        controls = [process.control for process in self._processes.values()]
        return [*self._sockets, *controls, *waiting, *(one.connection for one in self._partial), self._selector]


def _be_process(serve: Serve, number: int, control: socket.socket, others: Sequence[socket.socket]) -> None:
    """Serve until the control socket is closed; never returns."""
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that listens, which then ends the others
        for one in others:
            one.close()
        serve(number, control)
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _has_ended(process: int) -> bool:
    try:
        return os.waitpid(process, os.WNOHANG)[0] == process
    except ChildProcessError:
        return True


def received_connection(control: socket.socket) -> tuple[socket.socket, Any] | None:
    """The next connection that came on a control socket, with its address; None where the socket was closed."""
    address, sockets, _, _ = socket.recv_fds(control, 1024, 1)
    if not address:
        return None
    return socket.socket(fileno=sockets[0]), tuple(json.loads(address))


def session_affinity(number: int, cookie: str, prefix: str = "") -> type[OutputTransform]:
    """Has browsers come back to the process of this number.

    Args:
        cookie: see `cookie_name`.
        prefix: of the desk's addresses, without slashes around it.
    """

    class SessionAffinity(OutputTransform):
        """Adds the cookie where a browser has none, or another."""

        def __init__(self, request: HTTPServerRequest):
            found = request.cookies.get(cookie)
            self._is_known = found is not None and found.value == str(number)
            self._about = "; Secure" if request.protocol == "https" else ""

        def transform_first_chunk(
            self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
        ) -> tuple[int, HTTPHeaders, bytes]:
            if not self._is_known:
                headers.add("Set-Cookie", f"{cookie}={number}; Path=/{prefix}; HttpOnly; SameSite=Lax{self._about}")
            return status_code, headers, chunk

    return SessionAffinity
