"""Serving the desk: one process for many users, without a request to another machine."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import os
import secrets
import socket
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import panel as pn
from bokeh.settings import settings as bokeh_settings
from panel.io.resources import LOCAL_DIST, patch_model_css
from tornado.ioloop import IOLoop
from tornado.iostream import IOStream
from tornado.netutil import bind_sockets
from tornado.web import Application, GZipContentEncoding, OutputTransform, RequestHandler
from tornado.websocket import WebSocketClosedError

from ...base.faults import Fault, FaultyInput
from ...base.messages import LANGUAGES, message, text_of
from ...views import load_backends
from ..app import Desk
from ..state.address import first_of_each
from ..state.desk_state import DeskState
from ..state.saving import begin
from ..state.shared_files import SharedFiles
from ..widgets.connection_watch import ALIVE
from ..widgets.desk_theme import Plain
from ..widgets.kept_references import keep_references
from ..widgets.page_making import make_ready
from ..widgets.written_ahead import write_from_ahead
from .component_files import keep_component_files
from .current_documents import keep_current_documents
from .guard import Guard, has_port, known_hosts, read_proxies
from .headers import SafeHeaders
from .light_messages import write_light_messages
from .liveness import Alive, AliveThread
from .login import LOGIN, Login, LoginHandler, Passwords, read_passwords
from .session_start import SessionStart
from .shared_port import CAN_SHARE, SharedPort, cookie_name, received_connection, session_affinity
from .stable_defaults import keep_stable_defaults
from .write_queue import leave_no_message

EXTENSIONS = ("tabulator",)  # panel's own widgets load of themselves; each other one costs the first page
LIFETIME, CHECK = 15_000, 5_000  # ms: how long a session outlives its tab, and how often that is checked
TOKEN_LIFETIME = 300  # seconds between a page and its socket
MOST_MESSAGE = 10 * 2**20  # bytes that a browser may send over its socket: a scenario file is a hundredth of it
SQUEEZE = 3  # of 9, how hard messages are compressed: a page's then takes 2 ms, and an eighth of its length
MOST_BODY = 64 * 2**10  # bytes of a form: only the login has one
EVERYWHERE = ("", "0.0.0.0", "::")
HERE = ("localhost", "127.0.0.1", "::1")
TAKEN = {errno.EADDRINUSE, 10048}  # on Windows 10048
TITLE = "昌吉州科技专项资金 · changji_sim"


class DeskServer:
    """A desk that holds its port already; `run` serves until interrupted.

    Args:
        desk_state: the scenarios, trials and seed.
        port: 0 takes any free one.
        address: which of this machine's addresses to listen on; ``0.0.0.0`` is all of them.
        password_file: see :func:`read_passwords`; without it every user who reaches the port gets access.
        known_as: names besides its own under which browsers reach this machine, each with its port where that is
            another one.
        language: the one that pages begin with.
        prefix: the path under which a proxy serves the desk.
        proxies: addresses of proxies whose forwarded headers are believed.
        processes: how many serve; each browser stays with one of them.

    Raises:
        FaultyInput: the port is taken, the address is none of this machine's, the password file or a proxy will not do;
            this system cannot have several processes.
    """

    def __init__(
        self,
        desk_state: DeskState,
        port: int = 5006,
        address: str = "localhost",
        password_file: str | os.PathLike[str] | None = None,
        known_as: Sequence[str] = (),
        language: str = "zh",
        prefix: str = "",
        proxies: Sequence[str] = (),
        processes: int = 1,
    ):
        if processes > 1 and not CAN_SHARE:
            raise FaultyInput(
                [Fault("--processes", message("a desk of several processes needs Linux; leave the option out"))]
            )
        self.desk_state, self.language, self.prefix = desk_state, language, prefix.strip("/")
        self._networks = read_proxies(proxies)
        login = Login(Passwords(read_passwords(password_file)), language) if password_file else None
        self.is_open_to_all = login is None and address not in HERE
        self.port, self.names = port, names_of(address)
        self._known_as = list(known_as)
        self._secrets: dict[str, Any] = {
            "cookie_secret": secrets.token_urlsafe(32),
            "secret_key": secrets.token_bytes(32),
        }
        self._login = login
        self._shared: SharedPort | None = None
        try:
            self.port = port or _free_port(address)
            self.hosts = known_hosts(self.names, known_as, self.port)
            if processes == 1:
                self._bind(self.port, address)
            else:
                self._folder = TemporaryDirectory(prefix="changji_desk_")
                self.desk_state = replace(desk_state, shared_files=SharedFiles(Path(self._folder.name)))
                is_known_host = Guard(Application(), self.hosts, self._networks).is_known_host
                sockets = bind_sockets(self.port, address)
                self._shared = SharedPort(
                    sockets, processes, self._serve_received, is_known_host, cookie_name(self.port)
                )
        except OSError as error:
            raise FaultyInput([_port_fault(error, address, self.port)]) from None
        logging.getLogger("bokeh.server.views.ws").addFilter(_in_our_words)
        logging.getLogger("asyncio").addFilter(_is_news)

    @property
    def urls(self) -> list[str]:
        """What to type into a browser, the likeliest first."""
        others = (name if has_port(name) else f"{name}:{self.port}" for name in self._known_as)
        hosts = [*others, *(f"{name}:{self.port}" for name in self.names)]
        return [f"http://{host}/{self._below}" for host in dict.fromkeys(hosts)]

    @property
    def local_url(self) -> str:
        """What this machine's own browser opens."""
        return f"http://{'localhost' if 'localhost' in self.names else self.names[0]}:{self.port}/{self._below}"

    @property
    def _below(self) -> str:
        return f"{self.prefix}/" if self.prefix else ""

    def start(self) -> None:
        """Start the processes where there are to be several; this one then has no other thread until `run` ends."""
        if self._shared is not None:
            gc.freeze()
            self._shared.start()

    def run(self) -> None:
        """Serve until interrupted (Ctrl-C), or until `stop`."""
        if self._shared is not None:
            with self._folder:
                self._shared.run()
        else:
            self._serve(list(self._server._http._sockets.values()))

    def _serve_received(self, number: int, control: socket.socket) -> None:
        """Serve the connections received on a control socket, which is closed when the desk ends."""
        asyncio.set_event_loop(asyncio.new_event_loop())
        self._bind(0, HERE[0], [session_affinity(number, cookie_name(self.port), self.prefix)])
        self._server._http.stop()  # the port is another process's

        def take(*_: Any) -> None:
            found = received_connection(control)
            if found is None:
                self._server.io_loop.stop()
            else:
                self._take(*found)

        self._server.io_loop.add_handler(control, take, IOLoop.READ)
        self._serve([])

    def _serve(self, sockets: Sequence[socket.socket]) -> None:
        self.desk_state.begin_runs(next(iter(self.desk_state.paths)))
        make_ready(load_backends)
        gc.freeze()  # what is there for all sessions: panel looks through what is not, on the loop, when one has ended
        self._server.start()
        alive = AliveThread(sockets, self._guard.is_known_host, self._hand_on)
        alive.start()
        try:
            self._server.io_loop.start()
        except KeyboardInterrupt:
            pass
        finally:
            alive.stop()
            self._server.stop()

    def stop(self) -> None:
        """End `run`, from any thread."""
        if self._shared is not None:
            self._shared.stop()
            return
        self._server.io_loop.add_callback(self._server.io_loop.stop)

    def _hand_on(self, connection: socket.socket, address: Any) -> None:
        """Give the loop a connection that it was too busy to take."""
        self._server.io_loop.add_callback(self._take, connection, address)

    def _take(self, connection: socket.socket, address: Any) -> None:
        connection.setblocking(False)
        self._server._http.handle_stream(IOStream(connection, max_buffer_size=MOST_MESSAGE), address)

    def _bind(self, port: int, address: str, more_headers: Sequence[type[OutputTransform]] = ()) -> None:
        """Make bokeh's server, which listens at a port."""
        keep_component_files()
        keep_current_documents()
        keep_stable_defaults()
        keep_references()
        write_from_ahead()
        leave_no_message()
        write_light_messages()
        pn.extension(*EXTENSIONS)  # no threads of panel's: HoloViews draws on one; runs have threads of their own
        bokeh_settings.perform_error_diagnostics = False  # of every callback's arguments, an eighth of a page's time
        pn.config.autoreload = False
        pn.config.design = Plain  # the component library's own parts have theirs
        login = self._login
        entry: dict[str, Any] = {"auth_provider": login} if login else {}
        _ensure_loop()
        server = pn.io.server.get_server(
            {"/": self._make_page},
            port=port,
            address=address,
            prefix=self.prefix,
            websocket_origin=sorted(self.hosts),
            title=TITLE,
            admin=False,
            start=False,
            show=False,
            sign_sessions=True,  # a browser cannot choose the name of a session
            include_headers=["Accept-Language"],  # what a page may know of a request: not its cookies
            include_cookies=[],
            session_token_expiration=TOKEN_LIFETIME,
            unused_session_lifetime_milliseconds=LIFETIME,
            check_unused_sessions_milliseconds=CHECK,
            websocket_max_message_size=MOST_MESSAGE,
            websocket_compression_level=SQUEEZE,
            http_server_kwargs={"max_body_size": MOST_BODY, "max_buffer_size": MOST_MESSAGE},
            extra_patterns=[
                (r"/components/(?!panel\.|panel_material_ui\.).*", NoComponent),
                (f"/{ALIVE}", Alive),
                *([(f"/{LOGIN}", LoginHandler)] if login else []),
            ],
            transforms=[SafeHeaders, *more_headers, GZipContentEncoding],  # the page's scripts are a third as long so
            **self._secrets,
            **entry,
        )
        for context in server._tornado._applications.values():
            SessionStart(context.application)
        self._server = server
        self._guard = Guard(server._tornado, self.hosts, self._networks)
        server._http.request_callback = self._guard

    def _make_page(self) -> Any:
        """The page of the address that is asked for."""
        query = asked_for()
        language = query.get("language", "")
        language = language if language in LANGUAGES else self.language
        session = begin(self.desk_state, query, is_waited_for=False)
        desk = Desk(self.desk_state, session, language, query.get("page", ""), self.language)
        return desk.page([take_own_styles] if is_made_by_socket() else [])


class NoComponent(RequestHandler):
    """Panel's server would import any module that an address names; ours imports none but panel's."""

    def prepare(self) -> None:
        self.send_error(404)


def serve(desk_state: DeskState, port: int = 5006, address: str = "localhost", **more: Any) -> None:
    """Serve the desk until interrupted; as :class:`DeskServer`, and say where."""
    server = DeskServer(desk_state, port, address, **more)
    print(f"{server.urls[0]}  (Ctrl-C)")
    server.start()
    server.run()


def names_of(address: str) -> list[str]:
    """Names and numbers under which a browser reaches a server at this address."""
    if address in HERE:
        return ["localhost", "127.0.0.1"]
    if address not in EVERYWHERE:
        return [address]
    return list(dict.fromkeys([*_own_numbers(), socket.gethostname().lower(), "localhost", "127.0.0.1"]))


def _own_numbers() -> list[str]:
    """This machine's addresses on networks like an office's. A datagram's socket that is given a destination knows
    its own address; nothing is sent.
    """
    found = []
    for network in ("10.255.255.254", "172.31.255.254", "192.168.255.254"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((network, 9))
            except OSError:  # this machine has no such network
                continue
            found.append(str(probe.getsockname()[0]))
    return [number for number in dict.fromkeys(found) if not number.startswith("127.")]


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind(("" if address in EVERYWHERE else address, 0))
        return int(probe.getsockname()[1])


def _port_fault(error: OSError, address: str, port: int) -> Fault:
    if error.errno in TAKEN:
        taken = message("another program uses this port already; try --port {port}", port=port + 1)
        return Fault(f"--port {port}", taken)
    if error.errno == errno.EACCES:
        rights = message("this port needs an administrator's rights; ports from 1024 on need none")
        return Fault(f"--port {port}", rights)
    why = message("the desk cannot listen there: {why}", why=error.strerror or str(error))
    return Fault(f"--address {address}", why)


def _in_our_words(record: logging.LogRecord) -> bool:
    """Name our own option in place of the one that bokeh's server names."""
    if str(record.msg).startswith("Refusing websocket connection") and isinstance(record.args, tuple):
        host = record.args[1]
        refused = message("refused a page opened as {host}; if that is this machine: --known-as {host}", host=host)
        record.msg, record.args = text_of(refused), ()
    return True


def _is_news(record: logging.LogRecord) -> bool:
    """False for the error that a tab was closed while a message was on its way to it."""
    return not (record.exc_info and isinstance(record.exc_info[1], WebSocketClosedError))


def _ensure_loop() -> None:
    """An event loop for this thread, as tornado wants one before it binds."""
    try:
        asyncio.get_event_loop_policy().get_event_loop()
    except RuntimeError:
        asyncio.set_event_loop(asyncio.new_event_loop())
    IOLoop.current()


def is_made_by_socket() -> bool:
    """Whether this session is made anew for a browser that took longer to load the page than its session was kept."""
    document: Any = pn.state.curdoc
    return str(document.session_context.request.path).endswith("/ws")


def take_own_styles(page: Any, root: Any, changed: Any, _: Any) -> None:
    """Have a page take its styles from here, as Panel does where a page is asked for. A hook of panel's."""
    document: Any = pn.state.curdoc
    if changed is page:
        document._template_variables["dist_url"] = LOCAL_DIST
        patch_model_css(root, LOCAL_DIST)


def asked_for() -> dict[str, str]:
    """The address of the page that is asked for, after its question mark."""
    return first_of_each(pn.state.session_args or {})
