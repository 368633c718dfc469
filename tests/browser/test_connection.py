"""A line that is cut, falls silent or leads to a server started anew: said at once, healed with every setting kept."""

from __future__ import annotations

import re
import time

import pytest
from browsing import Visitor
from forwarder import Forwarder
from running import run_of
from served_desk import SEED, TRIALS, Served, free_port
from tiles import tiles_in, tiles_of

from changji_sim.scenario_file.draft import Draft

NOTICE = "dialog.connection-lost"
SOON = 2.0  # seconds until the notice stands there
HEALED = 5.0  # seconds until the settings are back, or twice what a plain reload takes on a busy machine
SHORT = "from changji_sim.desk.server import server; server.TOKEN_LIFETIME, server.LIFETIME = 20, 15_000"
OF_A_CUT = ("Failed to load resource", "WebSocket connection", "bokeh")  # what a browser says of it, to its console


class Line:
    """A visitor whose browser reaches a desk over a line that can be cut, with one number changed."""

    def __init__(self, chromium, folder):
        self.folder, self.port = folder, free_port()
        self.forwarder = Forwarder(self.port)
        self.desk = self.start()
        self.visitor = Visitor(chromium, f"{self.forwarder.url}?envelopes.total=9000")
        self.visitor.open()
        began = time.monotonic()
        self.visitor.reload()
        self.load = time.monotonic() - began
        draft = Draft("baseline")
        changes = {"envelopes.total.value": 9000, "envelopes.total.source": None, "envelopes.total.mark": None}
        self.right = tiles_of(*(run_of(draft.scenario(given), TRIALS, SEED) for given in (changes, {})))
        self.visitor.settle()

    def start(self) -> Served:
        known = f"localhost:{self.forwarder.port}"
        return Served(self.folder, "baseline", "--known-as", known, before=SHORT, port=self.port)

    def stop(self) -> None:
        self.visitor.context.close()
        self.forwarder.stop()
        self.desk.stop()

    def tiles(self) -> list[str]:
        return tiles_in([one["text"] for one in self.visitor.texts() if re.search(r"\btile\b", one["within"])])

    def is_noticed(self) -> float:
        """Seconds until the notice stands there."""
        began = time.monotonic()
        self.visitor.page.wait_for_selector(NOTICE, timeout=10_000)
        return time.monotonic() - began

    def healed(self) -> float:
        """Seconds until the page is back."""
        began = time.monotonic()
        is_back = f"!document.querySelector('{NOTICE}') && window.look?.shows('page-overview')"
        self.visitor.page.wait_for_function(is_back, polling=50)
        return time.monotonic() - began

    def unmarked(self) -> list[str]:
        """Texts of the page that do not lie below the notice and what it lays over the page, or can be clicked."""
        return self.visitor.page.evaluate(
            """(notice) => {
              const dialog = document.querySelector(notice), marks = getComputedStyle(dialog, "::backdrop");
              const isMarked = dialog.matches(":modal") && marks.backgroundImage.includes("svg")
                && marks.backdropFilter.includes("grayscale");
              return look.texts().filter(({rects}) => rects.some(({x0, x1, y0, y1}) => {
                const top = document.elementFromPoint((x0 + x1) / 2, (y0 + y1) / 2);
                return top && !(isMarked && dialog.contains(top));
              })).map((one) => one.text);
            }""",
            NOTICE,
        )


@pytest.fixture(scope="module")
def line(chromium, tmp_path_factory):
    made = Line(chromium, tmp_path_factory.mktemp("line"))
    yield made
    made.stop()


def check_healed(line) -> None:
    """After the way is free: as a fresh run of the settings has it, and nothing went wrong but the line."""
    assert line.healed() < max(HEALED, 2 * line.load)
    line.visitor.settle()
    assert line.tiles() == line.right
    assert line.visitor.page.url.endswith("?envelopes.total=9000")
    assert [error for error in line.visitor.errors if not any(known in error for known in OF_A_CUT)] == []
    assert line.visitor.outside == [] and line.desk.faults() == ""


@pytest.mark.parametrize(
    ("how", "seconds"), [("cut", 1), ("silence", 30)], ids=["cut for a second", "silent until session and token expire"]
)
def test_a_lost_line_is_said_at_once_and_healed(line, how, seconds):
    """A reset connection, and a line that carries nothing for longer than the server keeps the session."""
    assert line.tiles() == line.right
    slider = line.visitor.page.locator("input[type=range][aria-label*='总额度']").first
    slider.focus()
    getattr(line.forwarder, how)()
    began = time.monotonic()
    assert line.is_noticed() < SOON
    assert line.unmarked() == [] and line.tiles() == line.right
    line.visitor.page.keyboard.press("ArrowRight")
    line.visitor.page.keyboard.press("Escape")
    line.visitor.page.keyboard.press("Escape")
    assert line.visitor.page.locator(NOTICE).is_visible(), "Escape does not end it"
    assert slider.input_value() == "9000", "the keyboard reaches no control"
    time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    line.forwarder.mend()
    check_healed(line)


def test_a_server_started_anew_has_the_settings_again(line):
    line.desk.stop()
    assert line.is_noticed() < SOON
    line.desk = line.start()
    check_healed(line)
