"""Colours: each means one thing, to everybody, on the screen and on paper."""

from itertools import combinations, pairwise

import numpy as np
import pytest

pytest.importorskip("holoviews")
from changji_sim import views
from changji_sim.views.theme import WHITE, colour_ramp

MEANINGS = {**views.CATEGORY_COLOURS, "other": views.OTHER_CATEGORY, "over": views.OVER, "changed": views.CHANGED,
            "reform": views.REFORM, "total": views.INK}  # fmt: skip
SEEING = {  # how people see who lack one kind of cones (Machado, Oliveira and Fernandes, 2009), linear RGB
    "all": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
APART = 15  # of two colours in CIELAB; side by side 2 can be told


def lab(colour: str, seeing: str = "all") -> np.ndarray:
    """A colour in CIELAB, as seen."""
    part = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SEEING[seeing]) @ linear, 0, 1)
    x = np.array(TO_XYZ) @ seen / np.array([0.95047, 1, 1.08883])
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("seeing", SEEING)
def test_no_two_meanings_look_alike(seeing):
    apart = {pair: float(np.linalg.norm(lab(MEANINGS[pair[0]], seeing) - lab(MEANINGS[pair[1]], seeing)))
             for pair in combinations(MEANINGS, 2)}  # fmt: skip
    assert {pair: far for pair, far in apart.items() if far < APART} == {}


def test_neighbours_in_a_bar_are_told_apart_in_grey():
    for colours in (views.CATEGORY_COLOURS, views.PART_COLOURS):
        greys = [lab(colour)[0] for colour in colours.values()]
        assert all(abs(one - other) >= 8 for one, other in pairwise(greys)), greys


def test_words_on_every_colour_can_be_read():
    grounds = [*MEANINGS.values(), *views.PART_COLOURS.values(), *colour_ramp(views.LEAST, views.MOST)]
    assert min(views.contrast(ground, views.ink_on(ground)) for ground in grounds) >= 4.5
    for light in (views.CATEGORY_COLOURS["special"], views.CATEGORY_COLOURS["environment"]):
        assert views.ink_on(light) == views.DARK


def test_words_and_lines_in_a_colour_can_be_read_on_paper():
    for ink in (views.OVER, views.CHANGED, views.REFORM, views.INK, views.LINE, views.DARK):
        assert views.contrast(ink, WHITE) >= 4.5, ink
