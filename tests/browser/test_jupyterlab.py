"""The desk, and a single picture, live in a real JupyterLab: numbers follow a slider, and nothing is fetched."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from jupyterlab import notebook_in_lab, run_cell

DESK = """
import changji_sim as cs
cs.notebook("bokeh")
baseline = cs.load_scenario("baseline")
baseline.desk(trials=200)
"""
PATIENCE = 120  # seconds, on a busy machine
PICTURE = "baseline.run(trials=200).fan()"

# How many different colours a canvas shows: one, of nothing, until it is painted.
COLOURS = """canvas => {
  const {width, height} = canvas;
  if (!width || !height) return 0;
  const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, width, height).data.buffer);
  return new Set(pixels).size;
}"""
PIXELS = "canvas => canvas.toDataURL()"
DRAWN = """icon => {
  const text = document.createRange();
  text.selectNodeContents(icon);
  return text.getBoundingClientRect().width;
}"""


@pytest.fixture(scope="module")
def book(chromium, tmp_path_factory):
    with notebook_in_lab(chromium, tmp_path_factory.mktemp("lab"), [DESK, PICTURE]) as (page, trouble):
        yield page, trouble, run_cell(page, 0)


def painted(output: Any, what: str = "overview") -> Any:
    """The first canvas with a drawing on it, as wide as one can read."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for canvas in output.locator("canvas").all():
            if canvas.is_visible() and canvas.evaluate(COLOURS) > 5:
                assert canvas.evaluate("canvas => canvas.width") > 300
                return canvas
        time.sleep(0.3)
    raise AssertionError(f"no picture was painted: {what}")


def wait_until(read: Any, is_so: Any) -> None:
    """Until what is read is as it is to be, or until patience ends."""
    until = time.monotonic() + PATIENCE
    while not is_so(now := read()):
        assert time.monotonic() < until, f"it stayed so: {str(now)[:200]}"
        time.sleep(0.2)


def has_envelope_that_was_set(tiles: str) -> bool:
    """Whether the first year's envelope is no longer that of the file."""
    return bool(re.search(r"控制数\s*8,\d+", tiles)) and not re.search(r"控制数\s*8,000\b", tiles)


def test_a_slider_moves_the_numbers_and_the_picture(book):
    page, trouble, output = book
    canvas = painted(output)
    tiles = output.locator(".tiles")
    numbers, pixels = tiles.inner_text(), canvas.evaluate(PIXELS)
    envelope = output.locator("input[type=range]").first
    assert float(envelope.get_attribute("aria-valuenow") or envelope.input_value()) == 8000
    envelope.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    wait_until(tiles.inner_text, lambda now: now != numbers and has_envelope_that_was_set(now))
    wait_until(lambda: canvas.evaluate(PIXELS), lambda now: now != pixels)
    assert not trouble, "\n".join(dict.fromkeys(trouble))


def test_icons_are_pictures_not_words(book):
    _, _, output = book
    icon = output.locator(".material-icons", has_text="undo").first
    icon.wait_for()
    wait_until(lambda: icon.evaluate(DRAWN), lambda width: width == pytest.approx(24, abs=3))  # else it is its name


def test_every_page_opens_in_either_language(book):
    _, trouble, output = book
    entry = output.locator(".MuiListItemButton-root")
    for name in ("假设", "上限", "情景", "台账"):
        entry.get_by_text(name, exact=True).click()
        painted(output, name)
    output.get_by_text("English").click()
    for name in ("Caps", "Overview"):
        entry.get_by_text(name, exact=True).click()
        painted(output, name)
    assert not trouble, "\n".join(dict.fromkeys(trouble))


def test_one_live_picture(book):
    page, trouble, _ = book
    painted(run_cell(page, 1), "picture")
    assert not trouble, "\n".join(dict.fromkeys(trouble))
