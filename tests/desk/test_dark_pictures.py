"""Pictures on a dark page."""

from __future__ import annotations

import pytest

pytest.importorskip("panel")

from changji_sim import load_scenario
from changji_sim.desk.widgets.dark import ON_DARK, in_theme
from changji_sim.desk.widgets.live_picture import LivePicture, PictureTheme
from changji_sim.views import DARK, fan, load_backends, structure


def colours(picture: LivePicture) -> list[str]:
    """Every colour that is drawn with, in order."""
    found = []
    for renderer in picture._figure.renderers:
        for name in ("fill_color", "line_color", "text_color"):
            value = getattr(renderer.glyph, name, None)
            found.append(str(getattr(value, "value", value)))
    return found


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


def test_colours_go_there_and_back():
    assert len(set(ON_DARK.values())) == len(ON_DARK)
    for colour in ON_DARK:
        assert in_theme(in_theme(colour, True), False) == colour
