"""What the scenario's file says, shown behind what changed settings give."""

import numpy as np
import pytest

import changji_sim as cs
from changji_sim.base.text_width import PROPORTIONAL, text_width
from changji_sim.results import breakdown
from changji_sim.wording.amounts import percent, wan

pytest.importorskip("holoviews")
from changji_sim import views
from changji_sim.views.ghosts import AROUND, with_ghost

TRIALS, SEED = 60, 3
HIGH_WORDS = 13 / 300  # of a picture's height, a line of words
LINE_OF_10_POINTS = 23  # pixels, in Noto Sans CJK
PICTURES = {
    "fan": lambda r: views.fan.drawing(r),
    "structure": lambda r: views.structure.drawing(r),
    "waterfall": lambda r: views.waterfall.drawing(r, 2027, "exchange"),
    "shortage": lambda r: views.shortage.drawing(r),
    "binding": lambda r: views.binding.drawing(r),
    "demand": lambda r: views.demand.drawing(r, "exchange"),
    "calendar": lambda r: views.calendar.drawing(r, "exchange"),
    "exhaustion": lambda r: views.exhaustion.drawing(r, "exchange"),
    "raised": lambda r: views.raised.drawing(r, "exchange"),
}


@pytest.fixture(scope="module")
def results():
    baseline = cs.load_scenario("baseline")
    changed = baseline.with_({"envelopes.total": "-40%", "exchange.max_item_year_wan": 250})
    return [one.run(TRIALS, SEED) for one in (baseline, changed)]


def ghost(drawing):
    """The lines behind a picture, ``(lines, 4)``."""
    (layer,) = (one for one in drawing.layers if one.ghost == "before")
    return np.stack([layer.columns[name] for name in ("x0", "y0", "x1", "y1")], axis=1)


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_has_one_and_the_same_picture_has_none(results, name):
    before, now = map(PICTURES[name], results)
    shown = with_ghost(now, before)
    assert len(shown.layers) == len(now.layers) + 1
    has_words = any(layer.ghost == "words" for layer in now.layers)
    assert has_words != bool(len(ghost(shown)))
    assert (shown.key[-1][0] == "情景文件中的值") == (not has_words) if shown.key else has_words
    for same in (with_ghost(now, now), with_ghost(now, None)):
        assert not len(ghost(same)) and same.key == now.key and same.shape == shown.shape
        texts = [layer.columns["text"].tolist() for layer in same.layers if layer.kind == "Labels"]
        assert texts == [layer.columns["text"].tolist() for layer in now.layers if layer.kind == "Labels"]


def test_it_stands_where_the_file_has_it(results):
    before, now = results
    lines = ghost(with_ghost(*(PICTURES["fan"](one) for one in (now, before))))
    medians = breakdown.fan(before).p50_wan.to_numpy()
    assert lines[:3, 1].tolist() == medians[:3].tolist() and lines[:3, 3].tolist() == medians[1:].tolist()
    drawing = with_ghost(*(PICTURES["fan"](one) for one in (now, before)))
    assert drawing.bokeh["ylim"][1] >= PICTURES["fan"](before).bokeh["ylim"][1]


@pytest.mark.parametrize("total", ["-40%", "-10%", "-2%", "+3%", "+15%", "+60%"])
@pytest.mark.parametrize("name", ["structure", "split", "fan"])
def test_no_line_of_the_file_runs_through_the_words_above(results, name, total):
    """The totals of bars, and how likely money is short, could not be read where the file's line lay on them."""
    draw = {"split": lambda r: views.split.drawing(r), **PICTURES}[name]
    changed = cs.load_scenario("baseline").with_({"envelopes.total": total, "growth": "+10%"})
    now, before = draw(changed.run(TRIALS, SEED)), draw(results[0])
    shown = with_ghost(now, before)
    low, high = shown.bokeh["ylim"]
    (words,) = (layer for layer in shown.layers if layer.ghost == "above")
    assert len(words.columns["x"])
    for x, y in zip(words.columns["x"], words.columns["y"], strict=True):
        ends = y - 0.01 * (high - low), y + HIGH_WORDS * (high - low)
        for x0, y0, x1, y1 in ghost(shown):
            line = np.interp(x, [x0, x1], [y0, y1]) if x0 <= x <= x1 else -1
            assert not ends[0] < line < ends[1]
        assert ends[1] < high


@pytest.mark.parametrize("name", ["waterfall", "counted"])
def test_no_line_of_the_file_runs_through_the_words_beside_bars(results, name):
    draw = {
        "counted": lambda r: views.counted.drawing(r, 2027),
        "waterfall": lambda r: views.waterfall.drawing(r, 2027),
    }[name]
    for now, before in (results, results[::-1]):
        shown = with_ghost(draw(now), draw(before))
        lines, span = ghost(shown), shown.bokeh["xlim"][1]
        (words,) = (layer for layer in shown.layers if layer.ghost == "beside")
        for x, y, text in zip(*(words.columns[one] for one in ("x", "y", "text")), strict=True):
            there = lines[(lines[:, 0] == lines[:, 2]) & (lines[:, [1, 3]].min(1) < y) & (y < lines[:, [1, 3]].max(1))]
            right = x + 0.008 * span * len(text)
            assert not ((x <= there[:, 0]) & (there[:, 0] < right)).any(), text
            assert right < span


@pytest.mark.parametrize("name", ["structure", "tail"])
def test_words_inside_bars_cover_the_lines_of_the_file(results, name):
    draw = getattr(views, name).drawing
    before, now = map(draw, results)
    shown = with_ghost(now, before)
    kinds = [layer.ghost for layer in shown.layers]
    inside = [layer for layer in shown.layers if layer.ghost == "inside"]
    assert kinds.index("before") < kinds.index("inside")
    lines, span = ghost(shown), shown.bokeh["ylim"][1]
    covering = 0
    for layer in inside:
        assert layer.bokeh["background_fill_alpha"] == "hides" and layer.bokeh["background_fill_color"]
        for x, y, hides in zip(*(layer.columns[one] for one in ("x", "y", "hides")), strict=True):
            at = lines[(lines[:, 0] <= x) & (x <= lines[:, 2]), 1]
            assert hides == 1 or not (abs(at - y) < HIGH_WORDS / 2 * span).any()
            covering += hides == 1
    assert covering
    assert not any(layer.columns["hides"].any() for layer in now.layers if layer.ghost == "inside")


def test_bars_stand_in_the_rows_of_their_names(results):
    """A step that takes nothing has no row, so the same step stands in another row of another result."""
    before, now = (PICTURES["waterfall"](one) for one in results)
    rows = {name: place for place, name in now.bokeh["yticks"]}
    was = {name: place for place, name in before.bokeh["yticks"]}
    assert rows != was
    paid = next(name for name in rows if name.startswith("拨付"))
    lines = ghost(with_ghost(now, before))
    ends = lines[np.abs(lines[:, [1, 3]].mean(axis=1) - rows[paid]) < 0.1][:, 2]
    amount = breakdown.waterfall(results[0], 2027, "exchange").amount_wan.iloc[-1]
    assert ends.max() == pytest.approx(amount)


def test_cells_say_what_they_were(results):
    before, now = (PICTURES["shortage"](one) for one in results)
    texts = [
        text for layer in with_ghost(now, before).layers if layer.ghost == "words" for text in layer.columns["text"]
    ]
    old, new = (breakdown.shortfall(one) for one in results)
    row = (old.category == "*") & (old.year == 2026)
    first, was = new[row].iloc[0], old[row].iloc[0]
    assert (
        f"{percent(first.probability_short)}\n平均缺{wan(first.expected_short_wan)}\n"
        f"原{percent(was.probability_short)}\n平均缺{wan(was.expected_short_wan)}" in texts
    )


def test_lines_of_a_cell_fit_into_it(results):
    """Four lines stood in a cell that held three and a half: the first and the last were cut."""
    before, now = (PICTURES["shortage"](one) for one in results)
    drawing = with_ghost(now, before)
    low, high = drawing.bokeh["ylim"]
    (cells,) = (layer for layer in drawing.layers if layer.kind == "Rectangles")
    tall = (drawing.height - AROUND) * np.subtract(cells.columns["y1"], cells.columns["y0"]).min() / (high - low)
    texts = [text for layer in drawing.layers if layer.ghost == "words" for text in layer.columns["text"]]
    assert max(len(text.splitlines()) for text in texts) == 4 and tall >= 4 * LINE_OF_10_POINTS


@pytest.mark.parametrize(("language", "most"), [("zh", 10), ("en", 10)])
def test_what_a_narrow_cell_was_stands_behind_what_it_is(results, language, most):
    """On a sheet 36%（原17%） was wider than its cell, and was read as 6%."""
    before, now = (views.binding.drawing(one, language=language) for one in results)
    texts = [
        text for layer in with_ghost(now, before, language).layers if layer.ghost == "words"
        for text in layer.columns["text"]
    ]  # fmt: skip
    both = [text for text in texts if {"zh": "原", "en": "←"}[language] in text]
    assert both and max(text_width(text, PROPORTIONAL) for text in both) <= most and "\n" not in "".join(both)
