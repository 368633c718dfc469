"""How pictures look: colours, fonts, and one look under each backend that draws."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, cast

import holoviews as hv

# Okabe and Ito's colours, which differ for people who see few colours too.
CATEGORY_COLOURS = {
    "industry": "#0072B2",
    "transfer": "#009E73",
    "environment": "#56B4E9",
    "regional": "#CC79A7",
    "special": "#F0E442",
}
OTHER_CATEGORY = "#E69F00"
OVER = "#C44E00"  # orange-red: beyond the envelope, nothing else
CHANGED = "#603018"  # brown: another value than the file's, nothing else
REFORM = "#7818D8"  # violet: beyond the law, nothing else
INK = "#34495E"  # totals, medians, bands: what belongs to no category
PALE = "#AEBBC7"
LINE = "#6B6B6B"  # readable on a light and on a dark page
DARK = "#020406"  # nearly black: so that it or white can be read on every colour
WHITE = "#FFFFFF"
PART_COLOURS = {"arrears_before": "#5E6E7D", "carried": "#2F4558", "policy": "#8196A9", "new": "#CBD5DE"}
LEAST, MOST = "#EDF2F7", "#123F66"  # probability 0 and 1
ON_PALE = "#010203"  # words on a cell of low probability: all but `DARK`, for on a dark page they turn light

FONTS = '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei", sans-serif'
FONT_NAMES = ("Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei", "Noto Sans CJK JP")
WIDTH = 800  # pixels on a page; a hundred to the inch on paper


def colour_of(category: str) -> str:
    """The colour of a category, the same in every picture."""
    return CATEGORY_COLOURS.get(category, OTHER_CATEGORY)


@cache
def colour_ramp(low: str, high: str, steps: int = 256) -> list[str]:
    """Colours from one to the other."""
    ends = [[int(colour[n : n + 2], 16) for n in (1, 3, 5)] for colour in (low, high)]
    mix = [[round(a + (b - a) * n / (steps - 1)) for a, b in zip(*ends, strict=True)] for n in range(steps)]
    return ["#" + "".join(f"{part:02x}" for part in colour) for colour in mix]


def luminance(colour: str) -> float:
    """How light a colour is to the eye, 0 to 1 (relative luminance of WCAG 2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """How much one colour stands out from another: 1 not at all, 21 at most (contrast ratio of WCAG 2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(background: str) -> str:
    """Nearly black or white, whichever is easier to read on a colour."""
    return max((DARK, WHITE), key=lambda ink: contrast(ink, background))


@cache
def load_backends() -> None:
    """Load bokeh, and matplotlib where it is installed, silently; bokeh draws unless another was chosen."""
    chosen = hv.Store.current_backend if hv.Store.loaded_backends() else "bokeh"
    importlib.import_module("holoviews.plotting.bokeh")
    if importlib.util.find_spec("matplotlib"):
        importlib.import_module("holoviews.plotting.mpl")
    hv.Store.set_current_backend(chosen)


def looks_of(element: str, bokeh: Mapping[str, Any], matplotlib: Mapping[str, Any]) -> list[hv.Options]:
    """The look of one kind of element under every backend that is loaded."""
    load_backends()
    looks = {"bokeh": bokeh, "matplotlib": matplotlib}
    make = getattr(hv.opts, element)
    return [make(**look, backend=name) for name, look in looks.items() if name in hv.Store.loaded_backends()]


def paper_style() -> dict[str, Any]:
    """matplotlib's settings for one picture; the program's own are left alone."""
    font = cjk_font()
    return {
        "font.family": [font, "DejaVu Sans"] if font else ["DejaVu Sans"],
        "font.size": 10,
        "axes.titlesize": 12.5,
        "axes.unicode_minus": False,
        "figure.facecolor": "white",
    }


def write_chinese() -> None:
    """Give pictures drawn with matplotlib by other code our fonts, from now on."""
    from matplotlib import rcParams

    style = {name: value for name, value in paper_style().items() if name.startswith(("font", "axes.unicode"))}
    cast(Any, rcParams).update(style)  # its keys are typed as one literal each


@cache
def cjk_font() -> str:
    """An installed font that has Chinese characters, by name; empty if there is none, which a warning says once."""
    from matplotlib import font_manager

    found = _font_among(font_manager.fontManager.ttflist)
    if not found:  # matplotlib keeps a list of the fonts that it once found
        _add_new_fonts()
        found = _font_among(font_manager.fontManager.ttflist)
    if not found:
        warnings.warn(
            f"no Chinese font is installed ({', '.join(FONT_NAMES)}): Chinese characters in PNG pictures are boxes; "
            "install one, or draw with language='en'",
            stacklevel=2,
        )
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # the sentence above says it once
    return found


def _font_among(fonts: Iterable[Any]) -> str:
    """The first of our fonts that is among some; empty if none is."""
    names = {font.name for font in fonts}
    return next((name for name in FONT_NAMES if name in names), "")


def _add_new_fonts() -> None:
    """Tell matplotlib of fonts that were installed after it made its list, which it keeps for good."""
    from matplotlib import font_manager

    known = {font.fname for font in font_manager.fontManager.ttflist}
    for path in sorted({*font_manager.findSystemFonts()} - known):
        with suppress(Exception):  # as matplotlib does: a file of a font that it cannot read
            font_manager.fontManager.addfont(path)
