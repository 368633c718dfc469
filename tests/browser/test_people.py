"""Many people at one desk: nobody sees another's changes, and who has gone leaves nothing behind."""

from __future__ import annotations

import re
import time

import psutil
from browsing import finished, pages
from served_desk import Served
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

SESSIONS = 20
MOST_LEFT_MB = 40  # of some 9 MB a session holds while it is open
LIFE = 2  # seconds that a session outlives its tab here; elsewhere 15
SHORT_LIVED = f"from changji_sim.desk.server import server; server.LIFETIME, server.CHECK = {1000 * LIFE}, 500"
PATIENCE = 60  # seconds until memory is back, on a busy machine


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
    """Twenty people come and go, one after the other; soon the server is as large as after the first ten."""
    desk = Served(tmp_path, "baseline", before=SHORT_LIVED)
    try:
        process = psutil.Process(desk.process.pid)
        finished(come_and_go(desk.url, 10))
        time.sleep(2 * LIFE)
        finished(come_and_go(desk.url, 1))  # so that there is reason to collect what nobody holds
        before = process.memory_info().rss
        finished(come_and_go(desk.url, SESSIONS))
        until = time.monotonic() + PATIENCE
        while (left := (process.memory_info().rss - before) / 2**20) >= MOST_LEFT_MB and time.monotonic() < until:
            time.sleep(LIFE)
            finished(come_and_go(desk.url, 1))
        assert left < MOST_LEFT_MB, f"{SESSIONS} sessions left {left:.0f} MB"
        assert desk.faults() == ""
    finally:
        assert desk.stop() == 0, "Ctrl-C ends it quietly"


async def come_and_go(url: str, number: int) -> None:
    """Open the page, take its socket, hear the server's greeting, and go; so many times."""
    for _ in range(number):
        page = await AsyncHTTPClient().fetch(url, request_timeout=120)
        token = re.search(r'"token":"([^"]+)"', page.body.decode()).group(1)
        request = HTTPRequest(url.replace("http", "ws") + "ws", headers={"Origin": url.rstrip("/")})
        connection = await websocket_connect(request, subprotocols=["bokeh", token])
        assert "ACK" in str(await connection.read_message())
        connection.close()
