"""A desk whose runs take as long as a test wants: what a page says meanwhile, and that everybody else goes on."""

from __future__ import annotations

import re
from threading import Timer

import pytest
from browsing import Visitor, visiting
from running import run_of
from served_desk import SEED, TRIALS, Served
from tiles import tiles_in, tiles_of

from changji_sim.adjustable import adjustables
from changji_sim.scenario_file.draft import Draft

LATE = 4  # seconds that a run takes at least while a test waits for a page
GATED = """
import pathlib, time
from changji_sim.desk.state.observations import Observations
gate, run = pathlib.Path({gate!r}), Observations.run
def run_late(*given, **more):
    while gate.exists():
        time.sleep(0.05)
    return run(*given, **more)
Observations.run = run_late
"""


class SlowDesk:
    """A desk that runs nothing while its gate is closed."""

    def __init__(self, folder):
        self.gate = folder / "closed"
        self.desk = Served(folder, "baseline", before=GATED.format(gate=str(self.gate)))
        self.draft = Draft("baseline")
        self.total = next(one for one in adjustables(self.draft) if one.key == "envelopes.total")

    def close(self) -> None:
        self.gate.touch()

    def open(self) -> None:
        self.gate.unlink(missing_ok=True)

    def tiles(self, value: float) -> list[str]:
        """What the tiles say of a run from nothing with the total at a value."""
        in_file = run_of(self.draft.scenario(), TRIALS, SEED)
        return tiles_of(run_of(self.draft.scenario(self.total.change(value)), TRIALS, SEED), in_file)


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    made = SlowDesk(tmp_path_factory.mktemp("slow"))
    yield made
    made.desk.stop()


@pytest.fixture(autouse=True)
def opened_in_the_end(slow):
    yield
    slow.open()


def shown(visitor: Visitor) -> list[str]:
    return tiles_in([one["text"] for one in visitor.texts() if re.search(r"\btile\b", one["within"])])


def test_an_address_says_that_it_computes_and_holds_nobody_up(chromium, slow):
    """Its numbers were computed within the request, while the server answered nobody."""
    slow.close()
    with visiting(chromium, slow.desk) as one, visiting(chromium, slow.desk) as another:
        one.page.goto(f"{slow.desk.url}?envelopes.total=9000")
        one.wait_until(lambda: "正在计算" in one.text(), True)
        another.open()
        assert shown(another) == slow.tiles(slow.total.value), "whoever comes meanwhile need not wait"
        assert shown(one) == [] and one.page.locator("canvas").count() == 0, "there is no number but of the address"
        assert "正在计算" in one.text() and one.page.get_by_role("slider", name="总额度").input_value() == "9000"
        slow.open()
        one.arrive()
        assert shown(one) == slow.tiles(9000) and "正在计算" not in one.text()


def test_settle_waits_for_a_server_that_is_slow(chromium, slow):
    """It returned at once, and whoever looked then saw the numbers before the move."""
    with visiting(chromium, slow.desk) as one:
        one.open()
        before = shown(one)
        slow.close()
        slider = one.page.get_by_role("slider", name="总额度")
        slider.press("ArrowLeft")
        Timer(LATE, slow.open).start()
        one.settle()
        after = shown(one)
        assert before != after == slow.tiles(float(slider.input_value()))
