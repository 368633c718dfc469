"""The desk's pages in a browser: a visitor's first page, what it takes over the wire, and turning from page to page.

Measured in the page, by its own clock: from the click, or from where the address was asked for, to the frame after
every part of the page that was asked for stands in sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from desk_pixels import NO_GUIDE, PATIENCE, BrowserError, browser
from desk_served import desk
from desk_wire import wire_to
from earlier import THIS, Build

from changji_sim.wording.labels import label

WATCH = (Path(__file__).parent / "watch_pages.js").read_text(encoding="utf-8")
PAGES = ("overview", "assumptions", "caps", "scenarios", "ledger", "measure")  # that both builds have
VISITORS = 3
REST = 1_500  # ms between two pages


class Turned(NamedTuple):
    """Milliseconds of first pages, of pages opened for the first time, and of pages there already; bytes of a first
    page.
    """

    visits: list[float]
    bytes: int
    opened: list[float]
    again: list[float]


def turned(trials: int, rounds: int, build: Build = THIS) -> Turned:
    """What visitors wait for, the very first of the desk left out.

    Raises:
        RuntimeError: there is no browser or no playwright; the desk did not start; a page did not come.
    """
    with desk("baseline", trials, build) as served:
        try:
            with browser() as window:
                _visit(window, served.address)[0].close()
                visits, opened, again = [], [], []
                for number in range(VISITORS):
                    page, ms = _visit(window, served.address)
                    visits.append(ms)
                    if number == VISITORS - 1:
                        opened.extend(_turn(page, PAGES[1:]))
                        again.extend(_turn(page, PAGES * rounds))
                    page.close()
            return Turned(visits, _bytes(served.address), opened, again)
        except BrowserError as error:
            raise RuntimeError(str(error).splitlines()[0]) from None


def _visit(window: Any, address: str) -> tuple[Any, float]:
    """The first page, in a browser that has nothing of it: the page, and milliseconds."""
    page = window.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.set_default_timeout(PATIENCE)
    for script in (NO_GUIDE, WATCH):
        page.add_init_script(script)
    page.goto(address, wait_until="commit")
    ms = page.evaluate("(key) => standing(key, 0)", PAGES[0])
    page.wait_for_timeout(REST)
    return page, ms


def _bytes(address: str) -> int:
    """What the desk sends for a first page, files and messages, as they are on the wire."""
    with wire_to(address) as wire, browser(wire.rule) as window:
        _visit(window, address)
        return wire.sent


def _turn(page: Any, keys: Sequence[str]) -> list[float]:
    taken = []
    for key in keys:
        entry = page.get_by_text(label(key, "zh", "pages"), exact=True).first
        taken.append(entry.evaluate("(entry, key) => turnTo(entry, key)", key))
        page.wait_for_timeout(REST)
    return taken


if __name__ == "__main__":
    print(turned(10_000, 2))
