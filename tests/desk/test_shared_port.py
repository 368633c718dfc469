"""A desk of several processes at one port: each browser stays with one process, and what is saved is there for all."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from served_desk import Served
from tornado.httpclient import HTTPRequest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import websocket_connect

pytest.importorskip("panel")

from changji_sim.base.faults import FaultyInput
from changji_sim.base.messages import message, text_of
from changji_sim.desk.server import server, shared_port
from changji_sim.desk.server.server import DeskServer
from changji_sim.desk.server.shared_port import SharedPort, cookie_name, session_affinity
from changji_sim.desk.state.desk_state import DeskState, desk_state_from
from changji_sim.desk.state.shared_files import SharedFiles, digest_of
from changji_sim.scenario_file.draft import Draft
from changji_sim.scenario_file.load import find_scenario

pytestmark = pytest.mark.skipif(not shared_port.CAN_SHARE, reason="connections are handed on by Linux")
IN_TIME = {"connect_timeout": 120, "request_timeout": 120}  # seconds: the machine may be busy
PATIENCE = 120
SMALL = "?page=measure"  # the page that is made most quickly
NO_CHILD = 2**31 - 1  # the id of a process that there cannot be
TRIED_AGAIN = message(
    "a server process could not be started and will be tried again: {why}", why=os.strerror(errno.EAGAIN)
)
ICON = "favicon.ico"  # what is answered at once


def ask(url: str, cookie: str = ""):
    """One request, and what came of it."""

    async def fetch():
        request = HTTPRequest(url, headers={"Cookie": cookie} if cookie else None, **IN_TIME)
        return await SimpleAsyncHTTPClient(force_instance=True).fetch(request, raise_error=False)

    return asyncio.run(fetch())


def first_word(url: str, page, cookie: str) -> str:
    """What the socket of a page says first."""

    async def connect():
        token = re.search(r'"token":"([^"]+)"', page.body.decode()).group(1)
        headers = {"Origin": url.rstrip("/"), "Cookie": cookie}
        request = HTTPRequest(url.replace("http", "ws", 1) + "ws", headers=headers, **IN_TIME)
        connection = await websocket_connect(request, subprotocols=["bokeh", token])
        said = await connection.read_message()
        connection.close()
        return said

    return asyncio.run(connect())


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    served = Served(tmp_path_factory.mktemp("desk"), "baseline", "--processes", "2")
    processes = processes_of(served)
    yield served
    processes += processes_of(served)
    assert served.stop() == 0
    _, running = psutil.wait_procs(processes, PATIENCE)
    assert not running, "all processes end with the one that listens"


def processes_of(desk, ended=None):
    """Both processes that serve, once they are there, besides one that has ended."""
    until = time.monotonic() + PATIENCE
    while True:
        found = [process for process in psutil.Process(desk.process.pid).children() if process != ended]
        if len(found) == 2:
            return sorted(found, key=lambda process: process.pid)
        said = desk.log.read_text(encoding="utf-8", errors="replace")
        assert time.monotonic() < until, f"after {PATIENCE} s two processes were to serve, not {found}; log: {said!r}"
        time.sleep(0.1)


def given(page) -> str:
    """The cookie that a page gives."""
    return page.headers["Set-Cookie"].partition(";")[0]


def cookie_of(desk, number) -> str:
    """The cookie of a process."""
    return f"{cookie_name(port_of(desk))}={number}"


def port_of(desk) -> int:
    return int(desk.url.rstrip("/").rpartition(":")[2])


@pytest.mark.slow
def test_who_comes_is_given_to_each_process_in_turn_and_stays_there(desk):
    found = [given(ask(desk.url + ICON)) for _ in range(4)]
    assert found[:2] == found[2:] and sorted(found[:2]) == [cookie_of(desk, 0), cookie_of(desk, 1)]
    for cookie in found[:2]:
        page = ask(desk.url + SMALL, cookie)
        assert page.code == 200 and "Set-Cookie" not in page.headers
        assert '"ACK"' in first_word(desk.url, page, cookie)
    assert not desk.faults()


@pytest.mark.slow
def test_a_number_that_no_process_has_is_replaced(desk):
    own = [cookie_of(desk, number) for number in range(2)]
    for cookie in (*(cookie_of(desk, wrong) for wrong in ("2", "x", "")), f"other{own[1]}"):
        assert given(ask(desk.url + ICON, cookie)) in own


@pytest.mark.slow
def test_it_is_said_that_the_server_is_there_without_asking_a_process(desk):
    answer = ask(f"{desk.url}alive", cookie_of(desk, 1))
    assert answer.code == 204
    assert "Set-Cookie" not in answer.headers


@pytest.mark.slow
def test_a_connection_that_says_nothing_holds_up_nobody(desk):
    port = port_of(desk)
    with socket.create_connection(("localhost", port)) as silent, socket.create_connection(("localhost", port)) as slow:
        slow.sendall(b"GET /alive HTTP/1.1\r\nHost: loc")
        assert ask(f"{desk.url}alive").code == 204
        slow.sendall(f"alhost:{port}\r\n\r\n".encode())
        slow.settimeout(PATIENCE)
        assert slow.recv(100).startswith(b"HTTP/1.1 204")
        silent.close()


@pytest.mark.slow
def test_a_process_that_has_ended_is_started_anew(desk):
    one, other = processes_of(desk)
    os.kill(one.pid, signal.SIGKILL)
    assert other in processes_of(desk, ended=one)
    for number in range(2):
        assert ask(desk.url + ICON, cookie_of(desk, number)).code == 200


def test_desks_at_two_ports_of_a_host_have_cookies_of_their_own():
    """Browsers send a cookie to all ports of a host: that of one desk led astray at the other."""
    of_one, of_other = (SharedPort([], 4, None, None, cookie_name(port)) for port in (5006, 5007))
    head = f"GET / HTTP/1.1\r\nCookie: {cookie_name(5006)}=3; {cookie_name(5007)}=2\r\n\r\n".encode()
    assert [shared._number_of(head) for shared in (of_one, of_other)] == [3, 2]


@pytest.mark.parametrize(("prefix", "path"), [("", "/"), ("office/desk", "/office/desk")])
def test_the_cookie_is_for_the_desks_own_path(prefix, path):
    request = HTTPServerRequest(start_line=RequestStartLine("GET", path, "HTTP/1.1"), headers=HTTPHeaders(Host="kjj"))
    transform = session_affinity(1, cookie_name(5006), prefix)(request)
    _, headers, _ = transform.transform_first_chunk(200, HTTPHeaders(), b"", True)
    assert headers["Set-Cookie"] == f"changji_desk_process_5006=1; Path={path}; HttpOnly; SameSite=Lax"


@pytest.mark.parametrize(("where", "refused"), [("fork", os), ("socketpair", socket)])
def test_a_process_that_the_system_refuses_to_start_is_tried_again(monkeypatch, caplog, where, refused):
    def refuse(*_):
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    shared = SharedPort([], 1, serve=None, is_known_host=None, cookie="a")
    with monkeypatch.context() as patch:
        patch.setattr(refused, where, refuse)
        shared.start()
    assert caplog.messages == [text_of(TRIED_AGAIN)]
    assert shared._processes == {}
    monkeypatch.setattr(os, "fork", lambda: NO_CHILD)
    shared._look_after_processes()
    assert shared._processes == {}, "it is tried again only after a pause"
    monkeypatch.setattr(shared_port, "RESTART_PAUSE", 0)
    shared._look_after_processes()
    assert [process.id for process in shared._processes.values()] == [NO_CHILD]
    for each in shared._open():
        each.close()


def test_other_systems_are_told_that_they_can_have_one_process_only(monkeypatch):
    monkeypatch.setattr(server, "CAN_SHARE", False)
    with pytest.raises(FaultyInput, match="needs Linux"):
        DeskServer(desk_state_from(["baseline"], trials=20), 0, processes=2)


def test_what_is_saved_or_brought_at_one_process_is_there_at_the_others(tmp_path):
    paths = {"baseline": find_scenario("baseline")}
    shared = [SharedFiles(tmp_path) for _ in range(2)]
    one, other = (DeskState(paths, trials=20, shared_files=each) for each in shared)
    plan = tmp_path / "计划.yaml"
    plan.write_text("name: 计划\nextends: baseline\n", encoding="utf-8")
    one.keep_saved("计划", plan)
    assert other.known == {**paths, "计划": plan}
    assert other.draft("计划").original.name == "计划"
    digest = one.keep_brought(Draft(plan))
    assert other.brought_draft(digest).original.text == plan.read_text(encoding="utf-8")
    for wrong in ("0" * 24, f"../saved/{plan.stem}", "", ".", digest.upper() + "x"):
        assert other.brought_draft(wrong) is None


def test_of_files_that_are_brought_the_oldest_make_room(tmp_path):
    shared = SharedFiles(tmp_path)
    for number in range(4):
        shared.share_brought(tmp_path / "a.yaml", f"{number}", 3)
        os.utime(tmp_path / "brought" / digest_of(f"{number}"), ns=(number, number))
    assert [shared.brought(digest_of(f"{number}")) is not None for number in range(4)] == [False, True, True, True]


def test_a_file_that_another_process_has_forgotten_meanwhile_is_ignored(tmp_path):
    shared = SharedFiles(tmp_path)
    (tmp_path / "brought" / digest_of("gone")).symlink_to(tmp_path / "nowhere")  # is listed, but is not there
    shared.share_brought(tmp_path / "a.yaml", "text", 3)
    assert shared.brought(digest_of("text")) == (tmp_path / "a.yaml", "text")
    assert shared.brought(digest_of("gone")) is None


@pytest.mark.parametrize("content", ['["a.yaml", "other"]', "[", ""])
def test_a_file_whose_content_is_not_of_its_digest_is_not_there(tmp_path, content):
    (shared := SharedFiles(tmp_path)).share_brought(tmp_path / "a.yaml", "text", 3)
    (tmp_path / "brought" / digest_of("text")).write_text(content, encoding="utf-8")
    assert shared.brought(digest_of("text")) is None


def test_threads_that_share_files_at_the_same_time_do_not_disturb_each_other(tmp_path):
    shared = SharedFiles(tmp_path)
    texts = [f"{number % 10}" * 10_000 for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: shared.share_brought(tmp_path / "a.yaml", text, 10), texts))
    assert all(shared.brought(digest_of(text)) for text in texts)
    assert len(os.listdir(tmp_path / "brought")) == 10
