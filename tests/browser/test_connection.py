"""A line that is cut, falls silent or leads to a server started anew: said at once, healed with every setting kept.

Seconds are those of the page's own clock, which the tests put on by hand: how busy the machine is does not count, and
ten minutes are over at once. That a session has ended is waited for; here a session outlives its tab by 15 seconds.
"""

from __future__ import annotations

import re
import time
from types import SimpleNamespace

import pytest
from browsing import Visitor
from forwarder import Forwarder
from running import run_of
from served_desk import ENDED, SAYS_ENDS, SEED, TRIALS, Served, free_port
from tiles import tiles_in, tiles_of

from changji_sim.scenario_file.draft import Draft

NOTICE = "dialog.connection-lost"
SOON = 2_000  # ms until the notice stands there
HEALED = 3_500  # ms that the page waits of itself once the way is free, before it loads anew; a load takes its own time
STEP = 100  # ms that the clock is put on at a time
LATE = 1_400  # ms after which an answer of a server that is busy still is in time
PATIENCE = 120  # seconds until a session has ended, on a busy machine
ON_ITS_WAY = 20  # seconds that an answer may need to arrive over a line that carries
SETTING = {"envelopes.total": "9000"}
SHORT = f"""{SAYS_ENDS}
from changji_sim.desk.server import server
server.TOKEN_LIFETIME, server.LIFETIME, server.CHECK = 20, 15_000, 500
"""
OF_A_CUT = ("Failed to load resource", "WebSocket connection", "bokeh")  # what a browser says of it, to its console


class Line:
    """A visitor whose browser reaches a desk over a line that can be cut; one number is changed and can be undone."""

    def __init__(self, chromium, folder):
        self.folder, self.port = folder, free_port()
        self.forwarder = Forwarder(self.port)
        self.desk = self.start()
        try:
            self._begin(chromium)
        except BaseException:  # no fixture would end the desk's process
            self.desk.stop()
            self.forwarder.stop()
            raise

    def _begin(self, chromium) -> None:
        """Come to the desk, and change the number."""
        self.visitor = Visitor(chromium, self.forwarder.url)
        self.clock = self.visitor.context.clock
        self.clock.install()
        self.fresh = self.visitor.open(**SETTING).text()
        self.visitor.leave()
        self.page = self.visitor.page
        self.asked: set[object] = set()  # questions on their way whether the server is there
        self.page.on("request", lambda request: self.asked.add(request) if request.url.endswith("/alive") else None)
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, lambda request: self.asked.discard(request))
        self.page.on("domcontentloaded", lambda _: self.asked.clear())
        self.visitor.open()
        field = self.page.get_by_role("textbox", name="总额度（万元）").first
        field.click()
        self.visitor.settle()
        field.fill("9000")
        field.press("Enter")
        self.visitor.wait_until(lambda: self.page.url, f"{self.forwarder.url}?envelopes.total=9000")
        self.visitor.settle()
        draft = Draft("baseline")
        changes = {"envelopes.total.value": 9000, "envelopes.total.source": None, "envelopes.total.mark": None}
        self.right = tiles_of(*(run_of(draft.scenario(given), TRIALS, SEED) for given in (changes, {})))

    def start(self) -> Served:
        known = f"localhost:{self.forwarder.port}"
        return Served(self.folder, "baseline", "--known-as", known, before=SHORT, port=self.port)

    def stop(self) -> None:
        self.visitor.context.close()
        self.forwarder.stop()
        self.desk.stop()

    def tiles(self) -> list[str]:
        return tiles_in([one["text"] for one in self.visitor.texts() if re.search(r"\btile\b", one["within"])])

    def mend(self) -> None:
        """The line carries again, but not what was sent before."""
        self.forwarder.mend()
        self.asked.clear()

    def undo(self):
        return self.page.get_by_role("button", name="撤销", exact=True)

    # --- the page's clock ---------------------------------------------------------------------------------------------

    def halt(self) -> None:
        """Stop the page's clock right after the server has said that it is there."""
        from playwright.sync_api import Error

        ahead = STEP  # on a busy machine the page's clock may be further on before it is told where to stop
        while True:
            try:
                self.clock.pause_at((self.page.evaluate("Date.now()") + ahead) / 1000)
                break
            except Error as error:
                assert "to the past" in str(error) and ahead < 60 * STEP, error
                ahead *= 2
        answered = []
        self.page.on("requestfinished", lambda request: answered.append(request.url.endswith("/alive")))
        self.put_on_until(lambda: any(answered))

    def hear(self) -> None:
        """What the browser was sent meanwhile arrives before the clock goes on: on a busy machine the page's time would
        else be over before an answer that is on its way over a line that carries.
        """
        self.page.wait_for_timeout(30)
        until = time.monotonic() + ON_ITS_WAY
        while self.asked and self.forwarder.carries and time.monotonic() < until:
            self.page.wait_for_timeout(30)

    def put_on(self, ms: int) -> None:
        """Put the clock on so many ms, step by step."""
        for _ in range(0, ms, STEP):
            self.hear()
            self.clock.run_for(STEP)

    def put_on_until(self, is_so, most: int = 60_000) -> int:
        """Put the clock on step by step, at most so far; gives the ms it took."""
        for passed in range(0, most, STEP):
            self.hear()
            if is_so():
                return passed
            self.clock.run_for(STEP)
        assert is_so(), f"not after {most} ms of the page's clock"
        return most

    def is_noticed(self) -> bool:
        return self.page.locator(NOTICE).count() > 0

    # --- what is seen -------------------------------------------------------------------------------------------------

    def unmarked(self) -> list[str]:
        """Texts of the page that do not lie below the notice and what it lays over the page, or can be clicked."""
        return self.page.evaluate(
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

    def check_noticed(self) -> None:
        """All numbers are marked, and neither mouse nor keyboard reaches a control."""
        slider = self.page.locator("input[type=range][aria-label*='总额度']").first
        assert self.unmarked() == [] and self.tiles() == self.right
        assert "恢复后页面自动更新，设置保留" in self.page.locator(NOTICE).inner_text()
        for key in ("ArrowRight", "Escape", "Escape"):
            self.page.keyboard.press(key)
        assert self.page.locator(NOTICE).is_visible(), "Escape does not end it"
        assert slider.input_value() == "9000", "the keyboard reaches no control"

    def check_back(self) -> None:
        """Every text is that of a fresh run of the settings, which can be undone as before."""
        assert not self.is_noticed() and self.tiles() == self.right
        assert self.visitor.text_in_time(self.fresh) == self.fresh
        assert self.page.url.endswith("?envelopes.total=9000")
        self.visitor.wait_until(self.undo().is_enabled, True)
        assert [error for error in self.visitor.errors if not any(known in error for known in OF_A_CUT)] == []
        assert self.visitor.outside == [] and self.desk.faults() == ""

    def check_healed(self) -> None:
        """The page waits a little of itself, and loads anew."""
        anew = []
        self.page.on("domcontentloaded", lambda _: anew.append(True))
        assert self.put_on_until(lambda: any(anew)) <= HEALED
        self.clock.resume()
        self.visitor.arrive()
        self.check_back()


@pytest.fixture(scope="module")
def line(chromium, tmp_path_factory):
    made = Line(chromium, tmp_path_factory.mktemp("line"))
    yield made
    made.stop()


def test_a_line_that_cannot_be_set_up_leaves_no_desk_behind(tmp_path, monkeypatch):
    """Its process ran on after the tests, at the cost of all that came after it."""
    stopped = []

    class Desk:
        url = "http://localhost:1/"

        def stop(self):
            stopped.append(self)

    def new_context(**_):
        raise RuntimeError("the browser has gone")

    monkeypatch.setattr(Line, "start", lambda line: Desk())
    with pytest.raises(RuntimeError, match="has gone"):
        Line(SimpleNamespace(new_context=new_context), tmp_path)
    assert len(stopped) == 1


def ended(desk) -> int:
    """How many sessions the server has ended."""
    return desk.log.read_text(encoding="utf-8").count(ENDED)


@pytest.mark.parametrize(
    ("how", "seconds", "is_ended"),
    [("cut", 1, False), ("cut", 30, True), ("cut", 600, True), ("silence", 30, False), ("forsake", 600, True)],
    ids=[
        "cut for a second",
        "cut until the session has ended",
        "cut for ten minutes",
        "silent",
        "silent for ten minutes, session ended",
    ],
)
def test_a_lost_line_is_said_at_once_and_healed(line, how, seconds, is_ended):
    """A reset connection, and one that carries nothing, for less time and for more than the server keeps a session."""
    line.visitor.settle()
    assert line.tiles() == line.right
    before = ended(line.desk)
    line.page.locator("input[type=range][aria-label*='总额度']").first.focus()
    line.halt()
    getattr(line.forwarder, how)()
    assert line.put_on_until(line.is_noticed) <= SOON
    line.check_noticed()
    until = time.monotonic() + PATIENCE
    while is_ended and ended(line.desk) == before and time.monotonic() < until:
        line.page.wait_for_timeout(200)
    assert not is_ended or ended(line.desk) > before
    line.clock.fast_forward(1000 * seconds)
    assert line.is_noticed() and line.unmarked() == []
    line.mend()
    line.check_healed()


def test_a_server_started_anew_has_the_settings_again(line):
    line.halt()
    line.desk.stop()
    assert line.put_on_until(line.is_noticed) <= SOON
    line.check_noticed()
    line.desk = line.start()
    line.check_healed()


def test_a_server_that_is_busy_is_not_taken_for_lost(line):
    """An answer that is late is waited for; one that is later still ends the notice, and the page stays as it is."""
    line.page.evaluate("window.isSame = true")
    line.halt()
    line.forwarder.silence()
    line.put_on(LATE)
    assert not line.is_noticed()
    line.forwarder.resume()
    line.put_on(SOON)
    assert not line.is_noticed()
    line.forwarder.silence()
    line.put_on_until(line.is_noticed)
    line.clock.fast_forward(20_000)  # a page that had no time itself, either
    line.check_noticed()
    line.forwarder.resume()
    line.put_on_until(lambda: not line.is_noticed())
    line.clock.resume()
    line.visitor.settle()
    assert line.page.evaluate("window.isSame"), "it was not loaded anew"
    line.check_back()
    line.undo().click()
    line.visitor.wait_until(lambda: line.page.url, line.forwarder.url)
