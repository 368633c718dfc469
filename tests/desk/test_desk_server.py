"""The desk's server without a browser: who gets in, what goes with every answer, what it refuses."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from urllib.parse import urljoin

import pytest
from bokeh.document import Document
from bokeh.document.callbacks import invoke_with_curdoc
from bokeh.io import doc as bokeh_doc
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.web import Application
from tornado.websocket import websocket_connect

from changji_sim.base.faults import FaultyInput
from changji_sim.cli import FAULTY_INPUT, run_cli
from changji_sim.desk.server import login
from changji_sim.desk.server.guard import Guard, has_port, known_hosts, read_proxies
from changji_sim.desk.server.headers import policy
from changji_sim.desk.server.login import (
    LONGEST,
    MOST_WAITING,
    PAUSE,
    SHARED_NAME,
    TRIES,
    Passwords,
    Patience,
    login_page,
    read_passwords,
)
from changji_sim.desk.server.server import DeskServer, names_of
from changji_sim.desk.state.desk_state import desk_state_from
from changji_sim.desk.state.observations import Observations

IN_TIME = {"connect_timeout": 120, "request_timeout": 120}  # seconds: the machine may be busy
SMALL = "?page=measure"  # the page that is made most quickly
PASSWORD = "开门-2026-开门"


@contextmanager
def serving(**more):
    """A desk on a thread of its own; gives its address."""
    started: list[DeskServer] = []
    is_up = threading.Event()

    def run() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        server = DeskServer(desk_state_from(["baseline"], trials=20), 0, **more)
        started.append(server)
        server._server.io_loop.add_callback(is_up.set)
        server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert is_up.wait(120)
    try:
        yield started[0]
    finally:
        started[0].stop()
        thread.join(60)
    assert not thread.is_alive()


def ask(server, path="", host="localhost", **more):
    """One request, redirects not followed."""

    async def fetch():
        address = f"http://{host}:{server.port}/{path}"
        request = HTTPRequest(address, follow_redirects=False, **IN_TIME, **more)
        return await SimpleAsyncHTTPClient(force_instance=True).fetch(request, raise_error=False)

    return asyncio.run(fetch())


def token_in(page) -> str:
    return re.search(r'"token":"([^"]+)"', page.body.decode()).group(1)


def open_socket(server, token, origin=None, cookie="", path="ws", **more):
    """Open the page's socket; gives the first message, or the code it was refused with. ``more`` are headers."""

    async def connect():
        headers = {"Origin": origin or f"http://localhost:{server.port}", "Cookie": cookie, **more}
        request = HTTPRequest(f"ws://localhost:{server.port}/{path}", headers=headers, **IN_TIME)
        try:
            connection = await websocket_connect(request, subprotocols=["bokeh", token])
        except HTTPClientError as error:
            return error.code
        message = await connection.read_message()
        connection.close()
        return message

    return asyncio.run(connect())


@pytest.fixture(scope="module")
def desk():
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def first_page(desk):
    """As it is sent."""
    return ask(desk, decompress_response=False)


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    path = tmp_path_factory.mktemp("locked") / "password"
    path.write_text(PASSWORD + "\n", encoding="utf-8")
    path.chmod(0o600)
    with serving(password_file=path) as server:
        yield server


def test_a_callback_that_raises_leaves_no_document_behind(desk):
    """It stayed on bokeh's stack of current documents, and blanked the pages of other sessions once it was dead."""
    document = Document()

    def failing():
        raise ValueError("an error of a callback")

    with pytest.raises(ValueError, match="an error of a callback"):
        invoke_with_curdoc(document, failing)
    assert not bokeh_doc._PATCHED_CURDOCS


# --- what goes with every answer --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "static/js/bokeh.min.js", "favicon.ico", "nowhere", "metadata", "autoload.js"])
def test_every_answer_carries_the_headers(desk, first_page, path):
    headers = (ask(desk, path) if path else first_page).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    rules = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == rules["script-src-attr"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe-inline" not in rules["script-src"]
    assert f"ws://localhost:{desk.port}" in rules["connect-src"]
    assert not any("http:" in rule or "https:" in rule or "*" in rule for rule in rules.values())
    assert "Access-Control-Allow-Origin" not in headers and "Server" not in headers


@pytest.mark.slow
def test_scripts_of_the_page_carry_its_number_and_every_page_another(desk, first_page):
    one, other = first_page, ask(desk, SMALL)
    numbers = [re.search("'nonce-([^']+)'", page.headers["Content-Security-Policy"]).group(1) for page in (one, other)]
    assert numbers[0] != numbers[1]
    scripts = re.findall(r"<script[^>]*>", one.body.decode())
    assert scripts and all(f'nonce="{numbers[0]}"' in script for script in scripts)
    assert int(one.headers["Content-Length"]) == len(one.body)


def test_scripts_go_compressed_to_browsers_that_take_that(desk):
    packed = ask(desk, "static/js/bokeh.min.js", headers={"Accept-Encoding": "gzip"}, decompress_response=False)
    assert packed.headers["Content-Encoding"] == "gzip" and len(packed.body) < 400_000
    assert gzip.decompress(packed.body) == ask(desk, "static/js/bokeh.min.js", decompress_response=False).body


def test_a_host_that_is_no_name_does_not_reach_the_policy():
    assert "evil" not in policy("evil; script-src *", "n")
    assert "ws://desk.kjj:5006" in policy("desk.kjj:5006", "n")


def test_a_page_names_nothing_of_another_machine(first_page):
    body = first_page.body.decode()
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//[^"']*""", body) == []
    assert "<title>昌吉州科技专项资金" in body


@pytest.mark.parametrize("path", ["rest/session_info", "admin", "liveness", "components/this/a/b/c"])
def test_what_nobody_needs_is_not_there(desk, path):
    assert ask(desk, path).code == 404


def test_a_page_does_not_repeat_the_cookies_of_its_request(desk):
    page = ask(desk, SMALL, headers={"Cookie": "changji_desk=stolen"})
    from bokeh.util.token import get_token_payload

    payload = get_token_payload(token_in(page))
    assert payload["cookies"] == {} and "Cookie" not in payload["headers"]


def test_a_body_that_is_too_large_is_refused(desk):
    assert ask(desk, "login", method="POST", body=b"x" * 100_000).code in (400, 413, 599)


# --- sockets ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_socket_is_for_pages_of_this_server_alone(desk):
    token = token_in(ask(desk, SMALL))
    assert open_socket(desk, token, "http://evil.example") == 403
    assert open_socket(desk, token, f"http://localhost:{desk.port + 1}") == 403
    assert "ACK" in open_socket(desk, token)


def test_messages_go_compressed_to_browsers_that_take_that(desk):
    token = token_in(ask(desk, SMALL))

    async def extensions():
        headers = {"Origin": f"http://localhost:{desk.port}"}
        request = HTTPRequest(f"ws://localhost:{desk.port}/ws", headers=headers, **IN_TIME)
        socket = await websocket_connect(request, subprotocols=["bokeh", token], compression_options={})
        said = socket.headers.get("Sec-WebSocket-Extensions", "")
        socket.close()
        return said

    assert "permessage-deflate" in asyncio.run(extensions())


@pytest.mark.slow
def test_a_browser_that_was_slow_takes_its_styles_from_here(desk):
    """Its session had ended before the socket was opened: one made for the socket asked another machine for styles."""
    page = ask(desk, SMALL)
    ends = desk._server._tornado._applications["/"]._discard_session
    for session in desk._server.get_sessions("/"):
        desk._server.io_loop.add_callback(ends, session, lambda _: True)
    until = time.monotonic() + IN_TIME["request_timeout"]
    while desk._server.get_sessions("/") and time.monotonic() < until:
        time.sleep(0.05)
    assert not desk._server.get_sessions("/")
    document = asyncio.run(pulled(desk, token_in(page)))
    assert "static/extensions/panel/css/loading.css" in document and "https://cdn" not in document


@pytest.mark.slow
def test_an_address_with_settings_is_answered_before_its_numbers_are_there(desk, monkeypatch):
    """They were computed within the request, while the loop answered nobody."""
    is_open, run = threading.Event(), Observations.run

    def run_late(*given, **more):
        assert is_open.wait(300)
        return run(*given, **more)

    monkeypatch.setattr(Observations, "run", run_late)
    try:
        document = asyncio.run(pulled(desk, token_in(ask(desk, "?envelopes.total=9000"))))
        assert json.dumps("正在计算")[1:-1] in document and 'class=\\"tile' not in document
        assert ask(desk, "alive?busy").code == 204
    finally:
        is_open.set()


async def pulled(server, token) -> str:
    """What a browser is sent of its page over the socket."""
    headers = {"Origin": f"http://localhost:{server.port}"}
    request = HTTPRequest(f"ws://localhost:{server.port}/ws", headers=headers, **IN_TIME)
    connection = await websocket_connect(request, subprotocols=["bokeh", token])
    greeting = [await connection.read_message() for _ in range(3)]
    assert "ACK" in str(greeting[0])
    for part in ({"msgid": "1", "msgtype": "PULL-DOC-REQ"}, {}, {}):
        await connection.write_message(json.dumps(part))
    head, _, document = [str(await connection.read_message()) for _ in range(3)]
    connection.close()
    assert "PULL-DOC-REPLY" in head
    return document


def test_nobody_makes_a_session_of_a_name_of_their_choice(desk):
    from bokeh.util.token import generate_jwt_token

    assert open_socket(desk, generate_jwt_token("mine")) is None  # closed without a word
    assert ask(desk, "?bokeh-session-id=mine").code == 403


# --- names and proxies ------------------------------------------------------------------------------------------------

UNKNOWN = "rebound.example"  # a name that was made to lead to this machine


@pytest.mark.parametrize("path", ["", "static/js/bokeh.min.js", "nowhere", "metadata", "alive"])
def test_a_page_under_an_unknown_name_is_refused(desk, path):
    answer = ask(desk, path, headers={"Host": f"{UNKNOWN}:{desk.port}"})
    assert answer.code == 421 and "--known-as" in answer.body.decode() and "本机" in answer.body.decode()
    assert answer.headers["X-Frame-Options"] == "DENY" and answer.headers["Content-Type"].startswith("text/plain")
    assert ask(desk, path or SMALL, headers={"Host": f"LocalHost:{desk.port}"}).code != 421


@pytest.mark.parametrize("more", [{}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_socket_under_an_unknown_name_is_refused(desk, more):
    """To tornado it is of the same origin, and bokeh's list of origins is not asked."""
    token, host = token_in(ask(desk, SMALL)), f"{UNKNOWN}:{desk.port}"
    assert open_socket(desk, token, f"http://{host}", Host=host, **more) == 421
    assert "ACK" in open_socket(desk, token, **more)


def test_a_name_that_is_given_is_known_with_its_port_or_the_usual_ones():
    hosts = known_hosts(["localhost"], ["desk.KJJ", "other:8443", "[::1]:9"], 5006)
    assert hosts == {
        "localhost:5006", "desk.kjj:5006", "desk.kjj", "desk.kjj:80", "desk.kjj:443", "other:8443", "[::1]:9",
    }  # fmt: skip
    assert has_port("[::1]:9") and not has_port("[::1]") and not has_port("::1")


def asked_of_guard(proxies, address, **headers):
    """A request from an address, as the guard leaves it."""
    guard = Guard(Application(), frozenset(), read_proxies(proxies))
    line = RequestStartLine("GET", "/", "HTTP/1.1")
    request = HTTPServerRequest(start_line=line, headers=HTTPHeaders({"Host": "localhost:5006", **headers}))
    request.remote_ip, request.protocol = address, "http"
    guard.find_handler(request)
    return request.remote_ip, request.protocol, request.host


def test_what_stands_behind_a_second_question_mark_is_left_out():
    guard = Guard(Application(), frozenset())
    line = RequestStartLine("GET", "/?page=caps&language=en?page=caps", "HTTP/1.1")
    request = HTTPServerRequest(start_line=line, headers=HTTPHeaders({"Host": "localhost:5006"}))
    request.remote_ip = "127.0.0.1"
    guard.find_handler(request)
    assert request.uri == "/?page=caps&language=en" and request.arguments == {"page": [b"caps"], "language": [b"en"]}


FORWARDED = {"X-Forwarded-For": "6.6.6.6, 10.9.9.9, 10.0.0.2", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "k"}


@pytest.mark.parametrize(
    ("proxies", "address", "found"),
    [
        ([], "127.0.0.1", ("127.0.0.1", "http", "localhost:5006")),
        (["127.0.0.1"], "10.1.1.1", ("10.1.1.1", "http", "localhost:5006")),
        (["127.0.0.1"], "127.0.0.1", ("10.0.0.2", "https", "k")),
        (["127.0.0.1", "10.0.0.0/24"], "127.0.0.1", ("10.9.9.9", "https", "k")),
    ],
)
def test_what_is_forwarded_is_believed_of_named_proxies_alone(proxies, address, found):
    assert asked_of_guard(proxies, address, **FORWARDED) == found


def test_a_proxy_that_is_no_address_is_a_sentence():
    with pytest.raises(FaultyInput, match="IP address"):
        read_proxies(["nginx"])


@pytest.mark.parametrize("is_busy", [False, True])
def test_it_says_that_it_is_there_while_its_loop_is_held(desk, is_busy):
    """A page that is being made holds the loop; whoever asks then is answered by a thread, and nothing else is lost."""
    if is_busy:
        desk._server.io_loop.add_callback(time.sleep, 2)
        time.sleep(0.1)
    began = time.monotonic()
    assert ask(desk, "alive").code == 204
    assert time.monotonic() - began < 1
    assert ask(desk, "alive?busy").code == 204 and ask(desk, "favicon.ico").code == 200
    assert not is_busy or time.monotonic() - began > 1, "its loop answers when it is free again"


def test_a_thread_refuses_unknown_names_as_the_loop_does(desk):
    """It answered everybody that the desk is there. What it does not answer waits for the loop, which refuses it."""
    is_held, is_free = threading.Event(), threading.Event()

    def hold():
        is_held.set()
        is_free.wait(IN_TIME["request_timeout"])

    desk._server.io_loop.add_callback(hold)
    assert is_held.wait(IN_TIME["request_timeout"])
    try:
        with socket.create_connection(("127.0.0.1", desk.port), IN_TIME["connect_timeout"]) as unknown:
            unknown.sendall(f"GET /alive HTTP/1.1\r\nHost: {UNKNOWN}:{desk.port}\r\n\r\n".encode())
            assert ask(desk, "alive", host="127.0.0.1").code == 204  # after the thread has taken the other
            is_free.set()
            assert unknown.recv(1000).startswith(b"HTTP/1.1 421 ")
    finally:
        is_free.set()


@pytest.mark.parametrize("proxies", [[], ["127.0.0.1"]])
@pytest.mark.parametrize(
    ("host", "forwarded", "of_server", "of_proxy"),
    [
        ("localhost:5006", None, True, True),
        ("LocalHost:5006", None, True, True),
        (UNKNOWN, None, False, False),
        (None, None, False, False),
        ("localhost:5006", UNKNOWN, True, False),
        (UNKNOWN, f"{UNKNOWN}, desk.kjj", False, True),
    ],
)
def test_a_name_is_known_as_it_was_asked_for_at_the_proxy(proxies, host, forwarded, of_server, of_proxy):
    guard = Guard(Application(), known_hosts(["localhost"], ["desk.kjj"], 5006), read_proxies(proxies))
    given = {"Host": host, "X-Forwarded-Host": forwarded}
    headers = HTTPHeaders({name: text for name, text in given.items() if text})
    assert guard.is_known_host(headers, "127.0.0.1") == (of_proxy if proxies else of_server)
    assert guard.is_known_host(headers, "10.1.1.1") == of_server


# --- below a path -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def below(tmp_path_factory):
    path = tmp_path_factory.mktemp("below") / "password"
    path.write_text(PASSWORD + "\n", encoding="utf-8")
    path.chmod(0o600)
    with serving(password_file=path, prefix="/office/desk/", known_as=["desk.kjj"], proxies=["127.0.0.1"]) as server:
        yield server


@pytest.mark.slow
def test_the_login_works_below_a_path(below):
    """Whether the proxy hands the path on or not, every address leads to what stands beside it."""
    assert below.urls[0] == f"http://desk.kjj:{below.port}/office/desk/"
    for path in ("office/desk/?x=1", "office/desk/metadata", "office/desk"):
        to = ask(below, path).headers["Location"]
        assert urljoin(f"http://x/{path}", to).startswith("http://x/office/desk/login?next="), path
    assert 'action="login"' in ask(below, "office/desk/login").body.decode()
    answer = ask(below, "office/desk/login", method="POST", body=f"password={PASSWORD}&next=/office/desk/?page=caps")
    assert (answer.code, answer.headers["Location"]) == (302, "./?page=caps")
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    page = ask(below, f"office/desk/{SMALL}", headers={"Cookie": cookie})
    assert page.code == 200
    assert "ACK" in open_socket(below, token_in(page), cookie=cookie, path="office/desk/ws")
    assert ask(below, "office/desk/alive").code == 204
    assert ask(below, "office/desk/logout").headers["Location"] == "login"


def test_behind_a_proxy_cookies_are_for_https_where_the_page_is(below):
    def cookies(**headers):
        body = f"password={PASSWORD}"
        answer = ask(below, "office/desk/login", method="POST", body=body, headers=headers)
        return answer.headers.get_list("Set-Cookie")

    https = cookies(**{"Host": "desk.kjj", "X-Forwarded-Proto": "https"})
    assert len(https) == 2 and all("Secure" in cookie and "HttpOnly" in cookie for cookie in https)
    assert not any("Secure" in cookie for cookie in cookies())


# --- a password -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "?theme=dark", "metadata", "autoload.js?bokeh-autoload-element=1"])
def test_without_the_password_one_gets_to_the_login_page(locked, path):
    answer = ask(locked, path)
    assert answer.code == 302
    assert urljoin("http://x/", answer.headers["Location"]).startswith("http://x/login?next=")


def test_without_the_password_there_is_no_socket(locked):
    from bokeh.util.token import generate_jwt_token

    assert open_socket(locked, generate_jwt_token("x")) == 403
    assert open_socket(locked, generate_jwt_token("x"), cookie="changji_desk=2|1:0|made|up") == 403


def test_the_login_page_fetches_nothing(locked):
    body = ask(locked, "login").body.decode()
    assert "密码" in body and "Password" in body
    assert re.findall(r"""(?:src|href)=["']([^"']*)""", body) == ["favicon.ico"]
    assert "<script" not in body


def test_the_password_opens_page_and_socket(locked):
    wrong = ask(locked, "login", method="POST", body="password=sesame")
    assert wrong.code == 403 and "Set-Cookie" not in wrong.headers
    right = ask(locked, "login", method="POST", body=f"password={PASSWORD}&next=/?theme=dark")
    assert (right.code, right.headers["Location"]) == (302, "./?theme=dark")
    assert "HttpOnly" in right.headers["Set-Cookie"] and "SameSite" in right.headers["Set-Cookie"]
    cookie = right.headers["Set-Cookie"].split(";")[0]
    page = ask(locked, SMALL, headers={"Cookie": cookie})
    assert page.code == 200
    assert "ACK" in open_socket(locked, token_in(page), cookie=cookie)
    assert open_socket(locked, token_in(page)) == 403
    assert ask(locked, "logout", headers={"Cookie": cookie}).headers["Location"] == "login"


@pytest.mark.parametrize(
    "then", ["//evil.example", "http://evil.example/?x=1", "/\t/evil.example", "javascript:x", "\\\\e"]
)
def test_nobody_is_sent_elsewhere_after_the_login(locked, then):
    from urllib.parse import quote

    answer = ask(locked, "login", method="POST", body=f"password={PASSWORD}&next={quote(then)}")
    assert answer.headers["Location"] in ("./", "./?x=1")


def test_after_wrong_passwords_there_is_a_pause_and_nobody_is_shut_out():
    now = [0.0]
    patience = Patience(lambda: now[0])
    pauses = []
    for _ in range(TRIES + 6):
        pauses.append(patience.pause("10.0.0.9 "))
        patience.note_wrong("10.0.0.9 ")
    assert pauses == [0.0] * TRIES + [1, 2, 4, LONGEST, LONGEST, LONGEST]
    assert patience.pause("10.0.0.8 ") == patience.pause("10.0.0.9 wang") == 0
    now[0] = 61.0
    assert patience.pause("10.0.0.9 ") == 0


def test_only_so_many_tries_wait_at_a_time():
    patience = Patience()
    with ExitStack() as stack:
        assert all(stack.enter_context(patience.waiting("x")) for _ in range(MOST_WAITING))
        assert not stack.enter_context(patience.waiting("x")) and stack.enter_context(patience.waiting("y"))
    with patience.waiting("x") as is_heard:
        assert is_heard


def test_a_whole_office_behind_one_address_gets_in(locked, monkeypatch):
    """Somebody tried many times from there: the right password waits and is taken, a browser known before waits not."""
    waited = []

    async def sleep(seconds):
        waited.append(seconds)

    def log_in(password, cookie=""):
        return ask(locked, "login", method="POST", body=f"password={password}", headers={"Cookie": cookie})

    known = next(c for c in log_in(PASSWORD).headers.get_list("Set-Cookie") if c.startswith("changji_desk_known="))
    patience = locked._server._tornado.auth_provider.patience
    monkeypatch.setattr(login, "sleep", sleep)
    for _ in range(TRIES + 4):
        patience.note_wrong("127.0.0.1 ")
    assert log_in("sesame").code == 403 and waited == [LONGEST, PAUSE]
    assert log_in(PASSWORD).code == 302 and waited[2:] == [LONGEST]
    assert log_in(PASSWORD, known.split(";")[0]).code == 302 and waited[3:] == [0.0]


def test_what_somebody_typed_is_text_on_the_login_page():
    assert "<script" not in login_page("wrong", True, '"><script>x</script>', "en")


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (f"{PASSWORD}\n", {SHARED_NAME: PASSWORD}),
        ("# ours\n\nlong enough: no\n", {"long enough": "no"}),
        ("wang:rain and wind\nli:wind and rain\n", {"wang": "rain and wind", "li": "wind and rain"}),
        ("", None),
        ("two passwords\nin one file\n", None),
        ("short\n", None),
    ],
)
def test_a_password_file_is_read_or_refused(tmp_path, text, known):
    path = tmp_path / "passwords"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    if known is None or min(map(len, known.values())) < 8:
        with pytest.raises(FaultyInput, match="password"):
            read_passwords(path)
    else:
        assert read_passwords(path) == known


@pytest.mark.skipif(os.name != "posix", reason="files have no such modes there")
def test_a_password_that_others_may_read_is_none(tmp_path):
    path = tmp_path / "passwords"
    path.write_text(PASSWORD, encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(FaultyInput, match="chmod 600"):
        read_passwords(path)
    with pytest.raises(FaultyInput, match="cannot be read"):
        read_passwords(tmp_path / "nowhere")


def test_who_is_who():
    alone, two = Passwords({SHARED_NAME: PASSWORD}), Passwords({"wang": "rain and wind", "li": "wind and rain"})
    assert alone.who("whatever", PASSWORD) == SHARED_NAME
    assert alone.who("", "x") is None
    assert two.who("li", "wind and rain") == "li"
    assert two.who("li", "rain and wind") is two.who("", "rain and wind") is None


# --- the command ------------------------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_a_sentence(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        arguments = ["desk", "--port", str(port), "--address", "127.0.0.1", "--no-open", "--trials", "10"]
        assert run_cli(arguments) == FAULTY_INPUT
    err = capsys.readouterr().err
    assert f"--port {port}: another program uses this port already" in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "there is no scenario 'nowhere'"),
        (["baseline", "baseline"], "given already"),
        (["--address", "no.such.name.invalid"], "cannot listen there"),
        (["--save-to", "nowhere"], "no such folder"),
        (["--password-file", "nowhere"], "cannot be read"),
        (["--trials", "0"], "--trials"),
        (["--language", "de"], "--language"),
    ],
)
def test_what_the_command_is_given_wrongly_is_a_sentence(capsys, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert run_cli(["desk", "--no-open", "--port", "0", *arguments]) == FAULTY_INPUT
    err = capsys.readouterr().err
    assert said in err and "Traceback" not in err


def test_without_the_desk_s_libraries_there_is_a_sentence(capsys, monkeypatch):
    import sys

    for name in [name for name in sys.modules if name.startswith("changji_sim.desk")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "panel", None)
    assert run_cli(["desk", "--no-open"]) == FAULTY_INPUT
    assert 'pip install -c constraints.txt ".[desk]"' in capsys.readouterr().err


def test_a_server_for_all_knows_the_names_of_its_machine():
    assert names_of("localhost") == ["localhost", "127.0.0.1"]
    assert names_of("10.1.2.3") == ["10.1.2.3"]
    assert {"localhost", socket.gethostname().lower()} <= set(names_of("0.0.0.0"))
