"""How the desk looks: fonts, colours, print."""

from __future__ import annotations

from panel.theme.base import Design

from ...views import (
    CATEGORY_COLOURS,
    CHANGED,
    DARK,
    FONTS,
    INK,
    LINE,
    OTHER_CATEGORY,
    OVER,
    PALE,
    PART_COLOURS,
    REFORM,
)
from ...views.executed import COLOURS as EXECUTED
from ...views.theme import LEAST, colour_ramp
from ...views.two_numbers import REGIMES
from .dark import ON_PAPER


class Plain(Design):
    """Boxes and texts have no style sheets of a design, which a browser would read for each of hundreds of them."""


PRIMARY = "#1F4E79"
# `OVER` in words: as light as the ink around them asks for, dark on a light page and on paper, light on a dark page.
OVER_IN_WORDS = "hsl(from currentColor 24 100% calc(38 + l / 5) / 1)"
# A tooltip hangs in the box of its button: it is as wide as its words need, and below, where it covers no other button.
_TOOLTIP = {
    "defaultProps": {"disableInteractive": True},
    "styleOverrides": {
        "tooltip": {"position": "relative", "width": "max-content", "maxWidth": "18rem", "fontSize": ".8rem"},
        "arrow": {"display": "none"},
        "popper": {
            "pointerEvents": "none",
            '&[data-popper-placement*="right"] .MuiTooltip-tooltip': {"top": 38, "left": "calc(-50% - 28px)"},
            '&[data-popper-placement*="left"] .MuiTooltip-tooltip': {"top": 38, "left": "calc(50% + 28px)"},
        },
    },
}
_SHAPE = {
    "components": {"MuiTooltip": _TOOLTIP},
    "typography": {"fontFamily": FONTS, "button": {"textTransform": "none"}},
    "shape": {"borderRadius": 6},
}
THEME = {
    "light": {"palette": {"primary": {"main": PRIMARY}, "secondary": {"main": REFORM}}, **_SHAPE},
    "dark": {
        "palette": {
            "primary": {"main": "#6BA3D6", "contrastText": "#0B1722"},
            "secondary": {"main": "#B98CF5"},
            "default": {"main": "#E6EBF0", "contrastText": "#0B1722"},  # the library's own looks switched off
        },
        **_SHAPE,
    },
}
WHITE = {"color": "#fff"}  # of icons on the header, which is as dark in either theme
AS_WORDS = {"& .MuiIconButton-root": {"color": "inherit"}}  # icons of a card: the library's are dark on a dark page
SWITCH = {  # the languages on the header: the one that is not chosen can be read, too
    "& .MuiToggleButton-root": {"color": "#fff", "borderColor": "rgba(255,255,255,.55)", "padding": "3px 10px"},
    "& .MuiToggleButton-root.Mui-selected, & .MuiToggleButton-root.Mui-selected:hover": {
        "color": f"{PRIMARY} !important",
        "backgroundColor": "#fff !important",
    },
}
ON_PRIMARY = {  # what stands on the header of a cell, as a page's own header has it
    "palette": {
        "primary": {"main": "#fff", "contrastText": PRIMARY},
        "default": {"main": "#fff"},
        "background": {"default": PRIMARY, "paper": PRIMARY},
        "text": {"primary": "#fff"},
        "action": {"active": "#fff"},
    }
}

# A legend's marks take their colour from a class: text on the page may carry no styles of its own.
MOST_SHADES = 9  # of one colour, for years of promise
_SHADES = {shade for count in range(2, MOST_SHADES + 1) for shade in colour_ramp(PART_COLOURS["carried"], LEAST, count)}
_COLOURS = sorted(
    {
        *_SHADES,
        *CATEGORY_COLOURS.values(),
        *PART_COLOURS.values(),
        *EXECUTED.values(),
        *REGIMES,
        OTHER_CATEGORY,
        OVER,
        INK,
        PALE,
        LINE,
        DARK,
        *ON_PAPER,
    }
)
_KEYS = "\n".join(
    [f".colour-{c.lstrip('#')} {{background: {c}; border-color: {c};}}" for c in _COLOURS]
    + [f".strength-{n} {{opacity: {n / 10};}}" for n in range(10)]
)

STYLE = f"""
:host {{font-size: 1rem; --over: {OVER};}}
/* An amount is one word in English: 万元 stays with its number, and whole. */
:host(:lang(en)) {{word-break: keep-all; overflow-wrap: break-word;}}
@supports (color: {OVER_IN_WORDS}) {{:host {{--over: {OVER_IN_WORDS};}}}}
.tiles {{display: flex; flex-wrap: wrap; gap: 12px;}}
.tile {{flex: 1 1 150px; padding: 12px 16px; border: 1px solid rgba(128,128,128,.3); border-radius: 6px;
  word-break: keep-all; overflow-wrap: anywhere;}}
.tile .when {{opacity: .75; font-size: .9rem;}}
.tile .much {{font-size: 1.9rem; font-weight: 600; font-variant-numeric: tabular-nums;}}
.tile .chance {{font-size: 1rem;}}
.about {{opacity: .8; font-size: .88rem;}}
.tile .about {{opacity: .8; font-size: .85rem;}}
.tile .whole {{display: inline-block;}}
.over {{border-left: 4px solid var(--over); padding-left: 6px; font-weight: 600;}}
.much.over {{border-left: 0; padding-left: 0; color: var(--over);}}
.warn {{border-left: 4px double currentColor; padding-left: 6px;}}
b.changed, b.beyond {{color: #fff; padding: 0 7px; border-radius: 9px; font-weight: 500; print-color-adjust: exact;}}
b.changed {{background: {CHANGED};}}
b.beyond {{background: {REFORM};}}
.certificate {{font-size: .75rem; opacity: .75; line-height: 1.35; text-wrap: pretty;}}
.key {{display: inline-block; width: 1.3em; height: .8em; margin: 0 .35em 0 1em; vertical-align: middle;}}
.key.solid, .key.dashed, .key.dotted {{height: 0; border-top-width: .22em; background: none !important;}}
.key.dot {{width: .65em; height: .65em; border-radius: 50%;}}
.key.solid {{border-top-style: solid;}}
.key.dashed {{border-top-style: dashed;}}
.key.dotted {{border-top-style: dotted;}}
.key-text {{font-size: .85rem; vertical-align: middle; white-space: nowrap;}}
{_KEYS}
.first {{display: flex; flex-wrap: wrap; gap: 8px 36px; align-items: center;}}
.first-words {{flex: 1 1 480px;}}
.first-words p {{font-size: 2.1rem; line-height: 1.5; font-weight: 600; margin: 4px 0;}}
.first-words p.over {{border-left: 0; padding-left: 0; color: var(--over);}}
.first-number {{flex: 0 1 auto;}}
.first-number .of {{font-size: 1.05rem; font-weight: 600;}}
.first-number .much {{font-size: 3.2rem; line-height: 1.25; font-weight: 700; font-variant-numeric: tabular-nums;}}
.headline {{font-size: 1.25rem; line-height: 1.6; font-weight: 500; margin: 4px 0 10px 0;}}
.effect {{font-size: 1.05rem; line-height: 1.6; margin: 0 0 8px 0; padding-left: 10px;
  border-left: 4px solid {CHANGED};}}
.effect.beyond {{border-left-color: {REFORM};}}
.effect.waiting {{opacity: .7;}}
.sentence {{font-size: 1.02rem; line-height: 1.65; margin: 2px 0;}}
table {{border-collapse: collapse; font-size: .88rem;}}
th, td {{padding: 3px 10px; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap;}}
th, td {{border-bottom: 1px solid rgba(128,128,128,.25);}}
thead th {{white-space: normal; word-break: keep-all; vertical-align: bottom;}}
th:first-child, td:first-child {{text-align: left;}}
td.words, th.words {{text-align: left; white-space: normal;}}
td.words.whole {{white-space: nowrap;}}
.faults {{border-left: 4px double currentColor; padding: 8px 8px 8px 28px; margin: 4px 0;}}
.refused {{border-left: 4px double currentColor; padding-left: 6px; margin: 2px 0; font-size: .8rem; line-height: 1.4;}}
.status {{white-space: nowrap; font-size: .9rem; color: #fff;}}
@media (max-width: 899px) {{.status {{white-space: normal; line-height: 1.2;}}}}
.status .changed, .status .beyond {{border: 1px solid rgba(255,255,255,.7);}}
.wide {{overflow-x: auto;}}
table.numbers {{border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums;}}
.numbers th, .numbers td {{padding: 3px 6px; text-align: left; vertical-align: top; white-space: normal;}}
.numbers th {{font-weight: 600; white-space: nowrap; border-bottom: 2px solid rgba(128,128,128,.5);}}
.numbers td {{border-bottom: 1px solid rgba(128,128,128,.2);}}
.numbers .number {{text-align: right; white-space: nowrap;}}
.numbers .about {{opacity: .85; font-size: .8rem;}}
.numbers .interval {{opacity: .8; font-size: .75rem; white-space: nowrap;}}
.numbers .over-all {{padding-top: 10px;}}
.numbers .name {{display: inline-block; min-width: 5em; max-width: 9em; vertical-align: top;}}
.place {{display: inline-block;
  min-width: 1.3em; text-align: center; border: 1px solid; border-radius: 9px; opacity: .7;}}
.law-text {{border-left: 4px solid {LINE}; padding: 2px 12px; margin: 4px 0; line-height: 1.7; max-width: 60em;
  word-break: normal;}}
.law-text p {{margin: 2px 0;}}
li {{line-height: 1.6;}}
.law-text .own {{background: rgba(74,134,191,.16); margin: 0 -6px; padding: 2px 6px;}}
.fine {{border-left: 4px solid {LINE}; padding: 6px 12px; margin: 4px 0;}}
h3 {{margin: 4px 0; font-size: 1.05rem;}}
"""

# For the page itself: printed on paper there is no sidebar, and no picture is broken in two.
PAGE_STYLE = (
    f"""
.MuiAppBar-root {{background-color: {PRIMARY} !important; background-image: none !important;}}
.MuiAppBar-root .title {{white-space: nowrap;}}
.MuiAppBar-root, .MuiAppBar-root .MuiIconButton-root {{color: #fff;}}
"""
    + """
/* A narrow window, or a usual one at 200%: what the header holds stands in rows of its own. */
@media screen and (max-width: 1279px) {
  .MuiAppBar-root > .MuiToolbar-root { flex-wrap: wrap; }
  .MuiAppBar-root > .MuiToolbar-root > .MuiBox-root:has(> *:nth-child(3)) { order: 9; flex-basis: 100%; }
  .MuiToolbar-root { min-height: 92px !important; align-content: flex-start; }
}
@media screen and (max-width: 899px) { .MuiToolbar-root { min-height: 124px !important; } }
@media print {
  nav, .sidebar, header, .MuiDrawer-root, .MuiAppBar-root, .MuiToolbar-root { display: none !important; }
  .main { margin: 0 !important; width: 100% !important; }
  .main, .main > div, .main-content { overflow: visible !important; height: auto !important; }
  .picture-card { break-inside: avoid; box-shadow: none; }
  @page { size: A4 landscape; margin: 12mm; }
}
"""
)

CARD = """
:host(.picture-card) {
  border: 1px solid rgba(128,128,128,.22); border-radius: 6px; padding: 6px; box-sizing: border-box;
  box-shadow: 0 1px 2px rgba(0,0,0,.12); break-inside: avoid;
}
"""
