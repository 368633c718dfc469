"""A moved slider in a browser: from the key that moves it to the frame in which every picture shows the new numbers.

Measured in the page, by its own clock. A move is over in the first frame after every picture in sight has painted its
canvas with the last numbers that the move brought; they are the last if the page is no longer busy, says that it shows
all trials, and nothing comes for a while. That canvases really look different is seen from their pixels.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from desk_moves import Slider
from desk_served import Served, desk
from earlier import THIS, Build

from changji_sim.adjustable import WHOLE
from changji_sim.scenario_file.draft import Draft
from changji_sim.wording.labels import label

try:
    from playwright.sync_api import Error as BrowserError
    from playwright.sync_api import sync_playwright
except ImportError:
    BrowserError, sync_playwright = RuntimeError, None

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
WATCH = (Path(__file__).parent / "watch_pixels.js").read_text(encoding="utf-8")
PATIENCE = 120_000  # ms: the first start compiles
REST = 400  # ms between two moves
NO_GUIDE = "try { localStorage.setItem('changji-visited', '1'); } catch {}"  # whose dialog covers a first visit


class Move(NamedTuple):
    """Milliseconds of a move: to the first new picture and to the last; CPU time of the desk and of the browser."""

    first: float
    last: float
    of_desk: float
    of_browser: float


class Moves(NamedTuple):
    """The moves of a slider; ``fault`` says why there are none."""

    moves: list[Move]
    fault: str = ""


def pixel_milliseconds(sliders: Sequence[Slider], trials: int, moves: int, build: Build = THIS) -> dict[str, Moves]:
    """The moves of each slider, by what it is called; one that cannot be measured costs no other.

    Raises:
        RuntimeError: there is no browser or no playwright; a desk did not start.
    """
    taken: dict[str, Moves] = {}
    for scenario in dict.fromkeys(slider.scenario for slider in sliders):
        with desk(scenario, trials, build) as served, browser() as window:
            for slider in sliders:
                if slider.scenario == scenario:
                    taken[slider.what] = _moves(window, served, slider, trials, moves)
    return taken


def _moves(window: Any, served: Served, slider: Slider, trials: int, moves: int) -> Moves:
    try:
        return Moves(list(_moved(window, served, slider, trials, moves)))
    except (RuntimeError, BrowserError) as error:
        return Moves([], str(error).splitlines()[0])


@contextmanager
def browser(*options: str) -> Iterator[Any]:
    """The system's chromium, without a window."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None or sync_playwright is None:
        raise RuntimeError("no chromium or no playwright: pip install 'changji-sim[test]', and the system's chromium")
    with sync_playwright() as started:
        window = started.chromium.launch(executable_path=found, args=[*QUIET, *options])
        yield window
        window.close()


def _moved(window: Any, served: Served, slider: Slider, trials: int, moves: int) -> Iterator[Move]:
    """One slider, moved step by step on a page of its own; the first move warms up and does not count."""
    page = window.new_page(viewport={"width": 1440, "height": 1000})
    try:
        page.set_default_timeout(PATIENCE)
        page.add_init_script(NO_GUIDE)
        page.add_init_script(WATCH)
        page.goto(served.address)
        page.wait_for_selector(".picture-card canvas")
        draft = Draft(slider.scenario)
        widget = _go_to(page, slider, draft)
        scale = _scale(widget, slider.adjustable(draft).value)
        for step, value in enumerate(slider.values(draft, moves + 1)):
            page.wait_for_timeout(REST)
            move = _move(page, widget, served, round(value * scale, 6), trials)
            if step:
                yield move
    finally:
        page.close()


def _scale(widget: Any, value: float) -> int:
    """How many times its value a slider shows: rates are shown in percent.

    Raises:
        RuntimeError: it shows something else.
    """
    shown = float(widget.input_value())
    for scale in (1, 100):
        if abs(shown - scale * value) < 1e-6:
            return scale
    raise RuntimeError(f"a slider shows {shown:g}, and its number is {value:g}")


def _move(page: Any, widget: Any, served: Served, value: float, trials: int) -> Move:
    """One move of a slider.

    Raises:
        RuntimeError: it did not end with new pictures of all trials.
    """
    page.evaluate("() => lookAtPictures()")
    used = served.milliseconds(), served.milliseconds_of_browsers()
    move = widget.evaluate("(slider, asked) => moveSlider(slider, asked)", {"value": value, "trials": trials})
    of_desk, of_browser = served.milliseconds() - used[0], served.milliseconds_of_browsers() - used[1]
    move["pictures"] = page.evaluate("() => newPictures()")
    if not (move["changed"] and move["pictures"] and move["of_all"]) or move["is_busy"]:
        raise RuntimeError(f"moved to {value:g}, it did not show new pictures of all trials: {move}")
    return Move(move["first"], move["ms"], of_desk, of_browser)


def _go_to(page: Any, slider: Slider, draft: Draft) -> Any:
    """Open the page on which a slider is, and find it there."""
    if slider.page != "overview":
        page.get_by_text(label(slider.page, "zh", "pages"), exact=True).first.click()
        page.locator(f".page-{slider.page} .picture-card canvas").first.wait_for()
    if slider.group not in ("", WHOLE):
        title = next(item.title for item in draft.original.items if item.key == slider.group)
        page.get_by_text(title, exact=True).first.click()
    widget = page.get_by_role("slider", name=slider.adjustable(draft).title).last  # the sidebar comes first
    widget.wait_for(state="attached")
    page.wait_for_timeout(2_000)
    return widget
