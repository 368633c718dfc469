"""The desk's pages in a browser: a visitor's first page, what it takes over the wire, and turning from page to page.

Measured in the page, by its own clock: from the click, or from where the address was asked for, to the frame after
every part of the page that was asked for stands in sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from desk_pixels import NO_GUIDE, PATIENCE, browser
from desk_served import desk
from earlier import THIS, Build

from changji_sim.wording.labels import label

WATCH = (Path(__file__).parent / "watch_pages.js").read_text(encoding="utf-8")
PAGES = ("overview", "assumptions", "caps", "scenarios", "ledger", "measure")  # that both builds have
VISITORS = 3
REST = 1_500  # ms between two pages


class Turned(NamedTuple):
    """Milliseconds of first pages, of pages opened for the first time, and of pages there already; bytes received."""

    visits: list[float]
    bytes: list[int]
    opened: list[float]
    again: list[float]


def turned(trials: int, rounds: int, build: Build = THIS) -> Turned:
    """What visitors wait for, the very first of the desk left out.

    Raises:
        RuntimeError: there is no browser or no playwright.
    """
    made = Turned([], [], [], [])
    with desk("baseline", trials, build) as address, browser() as window:
        _visit(window, address)[0].close()
        for number in range(VISITORS):
            page, ms, received = _visit(window, address)
            made.visits.append(ms)
            made.bytes.append(received)
            if number == VISITORS - 1:
                made.opened.extend(_turn(page, PAGES[1:]))
                made.again.extend(_turn(page, PAGES * rounds))
            page.close()
    return made


def _visit(window: Any, address: str) -> tuple[Any, float, int]:
    """The first page, in a browser that has nothing of it: the page, milliseconds, bytes of files and messages."""
    page = window.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.set_default_timeout(PATIENCE)
    for script in (NO_GUIDE, WATCH):
        page.add_init_script(script)
    received = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(_length(data))))
    page.goto(address, wait_until="commit")
    ms = page.evaluate("(key) => standing(key, 0)", PAGES[0])
    page.wait_for_timeout(REST)
    return page, ms, round(sum(received))


def _length(data: str | bytes) -> int:
    return len(data.encode() if isinstance(data, str) else data)


def _turn(page: Any, keys: Sequence[str]) -> list[float]:
    taken = []
    for key in keys:
        entry = page.get_by_text(label(key, "zh", "pages"), exact=True).first
        taken.append(entry.evaluate("(entry, key) => turnTo(entry, key)", key))
        page.wait_for_timeout(REST)
    return taken


if __name__ == "__main__":
    print(turned(10_000, 2))
