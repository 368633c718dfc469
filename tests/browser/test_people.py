"""Many people at one desk: nobody sees another's changes, and who has gone leaves nothing behind."""

from __future__ import annotations

import re
import time

import psutil
from browsing import finished, pages
from served_desk import ENDED, SAYS_ENDS, Served
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

FIRST = 6  # sessions after which the server grows no more
SESSIONS = 8
MOST_LEFT_MB = 16  # of some 9 MB a session holds while it is open
LIFE = 2  # seconds that a session outlives its tab here; elsewhere 15
SHORT_LIVED = f"""{SAYS_ENDS}
from changji_sim.desk.server import server
server.LIFETIME, server.CHECK = {1000 * LIFE}, 500
"""
PATIENCE = 60  # seconds until a session has ended or memory is back, on a busy machine


def tiles(visitor) -> list[str]:
    return [one["text"] for one in visitor.texts() if re.search(r"\btile\b", one["within"])]


def turn(visitor, presses: int) -> None:
    """Move a slider, and wait until the numbers moved."""
    before = tiles(visitor)
    slider = visitor.page.get_by_role("slider", name="总额度")
    slider.focus()
    for _ in range(presses):
        slider.press("ArrowRight")
    visitor.wait_until(lambda: tiles(visitor) != before, True)
    visitor.settle()


def test_two_people_do_not_see_each_other(visitor, another):
    first, second = visitor.open(), another.open()
    as_in_file = tiles(first)
    assert tiles(second) == as_in_file
    turn(first, 20)
    assert tiles(first) != as_in_file
    assert tiles(second) == as_in_file
    first.page.close()
    turn(second, 5)
    assert tiles(second) != as_in_file
    for key in pages():
        second.go(key)
    second.undo_all()
    second.go(pages()[0])
    second.wait_until(lambda: tiles(second), as_in_file)
    second.check()


def test_sessions_leave_no_memory_behind(tmp_path):
    """Eight people come and go, each once the one before has gone; soon the server is as large as after the first."""
    desk = Served(tmp_path, "baseline", before=SHORT_LIVED)
    try:
        process = psutil.Process(desk.process.pid)
        come_and_go(desk, FIRST)
        before = process.memory_info().rss
        come_and_go(desk, SESSIONS)
        until = time.monotonic() + PATIENCE
        while (left := (process.memory_info().rss - before) / 2**20) >= MOST_LEFT_MB and time.monotonic() < until:
            time.sleep(LIFE)
            come_and_go(desk, 1)  # so that there is reason to collect what nobody holds
        assert left < MOST_LEFT_MB, f"{SESSIONS} sessions left {left:.0f} MB"
        assert desk.faults() == ""
    finally:
        assert desk.stop() == 0, "Ctrl-C ends it quietly"


def come_and_go(desk: Served, number: int) -> None:
    """Open the page, take its socket, hear the server's greeting, go, and wait until the session has ended; so many
    times. Sessions that were there at once would leave the server larger, which a busy machine decides.
    """
    for _ in range(number):
        before = ends_of(desk)
        finished(greeting(desk.url))
        until = time.monotonic() + PATIENCE
        while ends_of(desk) == before:
            assert time.monotonic() < until, "the session does not end"
            time.sleep(0.2)


def ends_of(desk: Served) -> int:
    """How many sessions have ended."""
    return desk.log.read_text(encoding="utf-8").count(ENDED)


async def greeting(url: str) -> None:
    page = await AsyncHTTPClient().fetch(url, request_timeout=120)
    token = re.search(r'"token":"([^"]+)"', page.body.decode()).group(1)
    request = HTTPRequest(url.replace("http", "ws") + "ws", headers={"Origin": url.rstrip("/")})
    connection = await websocket_connect(request, subprotocols=["bokeh", token])
    assert "ACK" in str(await connection.read_message())
    connection.close()
