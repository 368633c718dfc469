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
PICTURE = "baseline.run(trials=200).fan()"

# How many different colours a canvas shows: one, of nothing, until it is painted.
COLOURS = """canvas => {
  const {width, height} = canvas;
  if (!width || !height) return 0;
  const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, width, height).data.buffer);
  return new Set(pixels).size;
}"""
PIXELS = "canvas => canvas.toDataURL()"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    with notebook_in_lab(tmp_path_factory.mktemp("lab"), [DESK, PICTURE]) as (page, trouble):
        output = run_cell(page, 0)
        yield page, trouble, output
        page.screenshot(path="/tmp/books-lab2.png")


def painted(output: Any) -> Any:
    """The first canvas with a drawing on it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for canvas in output.locator("canvas").all():
            if canvas.is_visible() and canvas.evaluate(COLOURS) > 5:
                return canvas
        time.sleep(0.3)
    raise AssertionError("no picture was painted")


def changed(read: Any, before: Any, seconds: float = 60) -> Any:
    """What is read once it is another than before."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        now = read()
        if now != before:
            return now
        time.sleep(0.2)
    raise AssertionError(f"it stayed as it was: {str(before)[:200]}")


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
    numbers_now = changed(tiles.inner_text, numbers)
    assert re.search(r"额度\s*8,\d+", numbers_now), "the first year's envelope is the one that was set"
    assert not re.search(r"额度\s*8,000\b", numbers_now)
    changed(lambda: painted(output).evaluate(PIXELS), pixels)
    assert not trouble, "\n".join(dict.fromkeys(trouble))


def test_icons_are_pictures_not_words(book):
    page, trouble, output = book
    icon = output.locator(".material-icons", has_text="undo").first
    icon.wait_for()
    assert page.evaluate("document.fonts.check('24px \"Material Icons\"')")
    box = icon.bounding_box()
    assert box and box["width"] == pytest.approx(box["height"], abs=2)
    drawn = icon.evaluate("icon => { const r = document.createRange(); r.selectNodeContents(icon);"
                          " return r.getBoundingClientRect().width }")  # fmt: skip
    assert drawn <= 1.2 * box["width"], "the name of an icon instead of its picture"


def test_every_page_opens(book):
    _, trouble, output = book
    entries = output.get_by_role("button").filter(has_text=re.compile("^.*(上限|台账)$"))
    for name in ("上限", "台账", "总览"):
        entries = output.locator(".MuiListItemButton-root", has_text=name)
        entries.first.click()
        painted(output)
    assert not trouble, "\n".join(dict.fromkeys(trouble))


def test_one_live_picture(book):
    page, trouble, _ = book
    canvas = painted(run_cell(page, 1))
    canvas.hover(position={"x": 300, "y": 150})
    assert not trouble, "\n".join(dict.fromkeys(trouble))
