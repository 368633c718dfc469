"""The lines of a tile are broken in a narrow one, but never within a range."""

from __future__ import annotations

import pytest

pytest.importorskip("panel_material_ui", reason="needs the extra 'desk'")

from changji_sim.desk.widgets.tiles import beside, tile
from changji_sim.desk.widgets.ui_text import PictureTranslator
from changji_sim.wording.amounts import wan_range


@pytest.mark.parametrize(("language", "words"), [("zh", "八成在"), ("en", "8 in 10:")])
def test_a_range_and_that_of_the_file_are_kept_on_one_line(language, words):
    """Without the word joiner, chromium ends a line behind the dash."""
    line = beside(words, wan_range(6400, 9700), wan_range(6355, 9659), PictureTranslator(language))
    made = tile("2026", "8,000", [line, "其他 – 无"])
    assert made.count("\u00a0–\u2060\u00a0") == 2 and made.count(" – ") == 1
    assert f"{words} 6,400\u00a0–\u2060\u00a09,700" in made and "6,355\u00a0–\u2060\u00a09,659" in made
    assert made.count('<span class="whole">') == 1  # all of what the file has
