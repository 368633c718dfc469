"""Pictures on a dark page."""

from __future__ import annotations

import colorsys
import re

import pytest

pytest.importorskip("panel")

from changji_sim import load_scenario
from changji_sim.desk.widgets.dark import ON_DARK, in_theme
from changji_sim.desk.widgets.desk_theme import OVER_IN_WORDS, STYLE
from changji_sim.desk.widgets.live_picture import LivePicture, PictureTheme
from changji_sim.views import (
    DARK,
    INK,
    LINE,
    MOST,
    ON_PALE,
    OVER,
    PART_COLOURS,
    contrast,
    fan,
    ink_on,
    load_backends,
    structure,
)
from changji_sim.views.executed import COLOURS
from changji_sim.views.two_numbers import REGIMES


def colours(picture: LivePicture) -> list[str]:
    """Every colour that is drawn with, in order."""
    found = []
    for renderer in picture._figure.renderers:
        for name in ("fill_color", "line_color", "text_color"):
            value = getattr(renderer.glyph, name, None)
            found.append(str(getattr(value, "value", value)))
    return found


@pytest.mark.slow
def test_ink_is_light_on_a_dark_page_and_dark_again_on_paper():
    load_backends()
    result = load_scenario("baseline").run(20, 1)
    for draw in (fan, structure):
        picture = LivePicture(draw.drawing(result))
        before, legend = colours(picture), picture._legend.object
        picture.set_theme(PictureTheme(is_dark=True))
        dark = colours(picture)
        inks = {colour for colour in dark if colour in ON_DARK}
        assert inks <= {DARK}  # words on something light stay dark
        assert any(colour in ON_DARK.values() for colour in dark)
        assert picture._legend.object != legend
        picture.show(draw.drawing(result))
        assert colours(picture) == dark
        picture.set_theme(PictureTheme())
        assert (colours(picture), picture._legend.object) == (before, legend)


def test_marks_of_every_legend_have_their_colour():
    """A legend's mark takes its colour from a class of the page's style."""
    for colour in (*COLOURS.values(), *REGIMES):
        assert f".colour-{colour.lstrip('#')} {{" in STYLE, colour


def test_colours_go_there_and_back():
    assert len(set(ON_DARK.values())) == len(ON_DARK)
    for colour in ON_DARK:
        assert in_theme(in_theme(colour, True), False) == colour


def test_words_can_be_read_on_a_dark_page_and_on_its_bars():
    for ink in (INK, LINE, DARK, ON_PALE, OVER):
        assert min(contrast(ON_DARK[ink], paper) for paper in ("#121212", "#1E1E1E")) >= 4.5, ink
    for light, dark in ON_DARK.items():
        if light in PART_COLOURS.values():
            assert contrast(ink_on(light), dark) >= 4.5, light
    assert contrast("#FFFFFF", ON_DARK[MOST]) >= 4.5


def over_beside(lightness: int) -> str:
    """The colour that says "over" in words, where the ink around them is so light, 0 to 100."""
    hue, saturation, base, parts = map(int, re.findall(r"\d+", OVER_IN_WORDS)[:4])
    rgb = colorsys.hls_to_rgb(hue / 360, (base + lightness / parts) / 100, saturation / 100)
    return "#" + "".join(f"{round(255 * part):02X}" for part in rgb)


def test_words_that_say_over_can_be_read_in_either_theme():
    assert contrast(over_beside(0), "#FFFFFF") >= 4.5
    assert min(contrast(over_beside(100), paper) for paper in ("#121212", "#1E1E1E")) >= 4.5
    gaps = [abs(int(over_beside(0)[n : n + 2], 16) - int(OVER[n : n + 2], 16)) for n in (1, 3, 5)]
    assert max(gaps) <= 3, "the orange-red of the pictures"
