"""Copies of pictures for pages: each is what drawing anew would give, whatever was drawn first."""

from __future__ import annotations

import numpy as np
import pytest
from every_day import some_are_slow

pytest.importorskip("panel")

from changji_sim import load_scenario, views
from changji_sim.desk.widgets import figures
from changji_sim.desk.widgets.live_picture import LivePicture, PictureTheme
from changji_sim.views.picture_text import PictureTranslator
from changji_sim.views.plot_frame import Frame, finish
from changji_sim.views.shapes import draw_cells

THEMES = [PictureTheme(), PictureTheme(1.35, is_dark=True)]
PICTURES = {
    "fan": lambda result: views.fan.drawing(result),
    "structure": lambda result: views.structure.drawing(result),
    "shortage": lambda result: views.shortage.drawing(result),
    "binding": lambda result: views.binding.drawing(result),
    "waterfall": lambda result: views.waterfall.drawing(result, year=2026),
    "counted": lambda result: views.counted.drawing(result, year=2028),
    "demand": lambda result: views.demand.drawing(result, "exchange"),
    "calendar": lambda result: views.calendar.drawing(result, "exchange"),
    "exhaustion": lambda result: views.exhaustion.drawing(result, "exchange"),
    "raised": lambda result: views.raised.drawing(result, "exchange"),
}


@pytest.fixture(scope="module")
def results():
    """Few futures of plenty of money, and many of little: other rows, other scales, chances that are all alike."""
    rich, poor = load_scenario("baseline"), load_scenario("tight_budget")
    return rich.run(trials=40), poor.run(trials=400, seed=3)


@pytest.fixture(autouse=True)
def nothing_drawn(monkeypatch):
    monkeypatch.setattr(figures, "_drawn", {})
    monkeypatch.setattr(figures, "kept_figure", lambda shape: None)
    monkeypatch.setattr(figures, "keep_figure", lambda shape, figure: None)


def cells(chances):
    """A picture of nothing but cells."""
    place = np.arange(len(chances), dtype=float)
    boxes = {"x0": place, "y0": place, "x1": place + 1, "y1": place + 1}
    texts = np.array([f"{one:.0%}" for one in chances], object)
    layers = draw_cells(boxes, place, place, np.array(chances), texts, 1, [("", "@probability")])
    return finish(
        layers,
        Frame("", PictureTranslator("zh"), value_axis=""),
        xlim=(0, 9),
        ylim=(0, 9),
        xticks=[(0.0, "a")],
        yticks=[(0.0, "b")],
    )


def seen(picture):
    """All that a reader sees of a picture on a page."""
    figure = picture.pane.object
    marks = []
    for renderer in figure.renderers:
        glyph, data = renderer.glyph, renderer.data_source.data
        look = {name: str(getattr(glyph, name)) for name in glyph.properties() if "color" in name or "alpha" in name}
        used = {str(named.field) for named in glyph.properties_with_values().values() if hasattr(named, "field")}
        marks.append((type(glyph).__name__, look, {name: np.asarray(data[name]).tolist() for name in sorted(used)}))
    axes = [(axis.start, axis.end) for axis in (figure.x_range, figure.y_range)]
    ticks = [
        (list(getattr(axis.ticker, "ticks", [])), dict(axis.major_label_overrides), axis.axis_label)
        for axis in (figure.xaxis[0], figure.yaxis[0])
    ]
    sizes = sorted(str(axis.major_label_text_font_size) for axis in (*figure.xaxis, *figure.yaxis))
    return marks, axes, ticks, sizes, figure.height, picture._legend.object


@pytest.mark.parametrize(
    "theme",
    [pytest.param(THEMES[0], id="usual"), pytest.param(THEMES[1], id="large and dark", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("name", some_are_slow(PICTURES, ("fan",)))
def test_a_copy_filled_anew_is_what_drawing_would_give(results, name, theme):
    first, second = map(PICTURES[name], results)
    picture = LivePicture(first)
    picture.set_theme(theme)
    picture.show(second)
    figures._drawn.clear()
    alone = LivePicture(second)
    alone.set_theme(theme)
    assert seen(picture) == seen(alone)
    assert name == "structure" or seen(picture) != seen(LivePicture(first))


@pytest.mark.parametrize("alike", [0.0, 1.0])
def test_cells_that_were_all_alike_tell_later_ones_apart(alike):
    picture = LivePicture(cells([alike] * 4))
    picture.show(cells([0.1, 0.4, 0.6, 0.9]))
    figure = picture.pane.object
    strength = figure.renderers[0].glyph.fill_alpha
    assert len(set(figure.renderers[0].data_source.data[strength.field])) == 4


def test_two_copies_share_no_model_and_no_numbers(results):
    drawing = PICTURES["fan"](results[0])
    one, other = figures.figure_of(drawing), figures.figure_of(drawing)
    assert not {model.id for model in one.references()} & {model.id for model in other.references()}
    one.renderers[0].data_source.data = {}
    assert other.renderers[0].data_source.data


@pytest.mark.slow
def test_only_so_many_kinds_are_kept(monkeypatch):
    monkeypatch.setattr(figures, "MOST", 2)
    for number in range(5):
        drawing = cells([0.5] * 3)
        layers = [*drawing.layers, *drawing.layers[:number]]
        figures.figure_of(finish(layers, Frame("", PictureTranslator("zh"), value_axis=""), xlim=(0, 9), ylim=(0, 9)))
        assert len(figures._drawn) <= 2


def test_a_drawing_without_ticks_is_of_another_shape():
    with_ticks = cells([0.5])
    without = finish(with_ticks.layers, Frame("", PictureTranslator("zh"), value_axis=""), xlim=(0, 9), ylim=(0, 9))
    assert with_ticks.shape != without.shape


def test_a_figure_holds_lists_which_go_within_one_message(results):
    """Every array would be two more messages of its own, hundreds for a page."""
    figure = figures.figure_of(views.fan.drawing(results[0]))
    columns = [values for renderer in figure.renderers for values in renderer.data_source.data.values()]
    assert columns and all(isinstance(values, list) for values in columns)
