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
from typing import Any

from desk_moves import Slider
from desk_served import desk
from earlier import THIS, Build

from changji_sim.adjustable import WHOLE
from changji_sim.scenario_file.draft import Draft
from changji_sim.wording.labels import label

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
WATCH = (Path(__file__).parent / "watch_pixels.js").read_text(encoding="utf-8")
PATIENCE = 120_000  # ms: the first start compiles
REST = 400  # ms between two moves
NO_GUIDE = "try { localStorage.setItem('changji-visited', '1'); } catch {}"  # whose dialog covers a first visit


def pixel_milliseconds(
    sliders: Sequence[Slider], trials: int, moves: int, build: Build = THIS
) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of each move to the first new picture and to the last, by slider.

    Raises:
        RuntimeError: there is no browser or no playwright; a move changed no picture.
    """
    taken: dict[str, list[tuple[float, float]]] = {}
    for scenario in dict.fromkeys(slider.scenario for slider in sliders):
        with desk(scenario, trials, build) as address, browser() as window:
            for slider in sliders:
                if slider.scenario == scenario:
                    taken[slider.what] = list(_moved(window, address, slider, trials, moves))
    return taken


@contextmanager
def browser() -> Iterator[Any]:
    """The system's chromium, without a window."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        found = None
    if found is None:
        raise RuntimeError("no chromium or no playwright: pip install 'changji-sim[test]', and the system's chromium")
    with sync_playwright() as started:
        window = started.chromium.launch(executable_path=found, args=list(QUIET))
        yield window
        window.close()


def _moved(window: Any, address: str, slider: Slider, trials: int, moves: int) -> Iterator[tuple[float, float]]:
    """One slider, moved step by step on a page of its own; the first move warms up and does not count."""
    page = window.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(PATIENCE)
    page.add_init_script(NO_GUIDE)
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector(".picture-card canvas")
    draft = Draft(slider.scenario)
    widget = _go_to(page, slider, draft)
    for step, value in enumerate(slider.values(draft, moves + 1)):
        page.wait_for_timeout(REST)
        move = widget.evaluate("(slider, asked) => moveSlider(slider, asked)", {"value": value, "trials": trials})
        if not (move["pictures"] and move["of_all"]):
            raise RuntimeError(f"moving {slider.what} to {value} did not show new pictures of all trials: {move}")
        if step:
            yield move["first"], move["ms"]
    page.close()


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
