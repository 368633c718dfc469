"""Pictures of a result (图): the frames of `results` drawn with HoloViews. No number is computed here.

Every picture is a HoloViews overlay that the bokeh backend shows live and the matplotlib backend as a PNG; its words
are Chinese, or English with ``language="en"``. A category has one colour everywhere; orange-red says "over", brown
"changed", violet "beyond the law", and nothing else.
"""

from .beside import beside
from .binding import binding
from .calendars import calendar, day_name, demand, exhaustion, raised
from .chances import chances
from .changes import differences
from .compared import compared
from .contributions import contributions
from .counted import counted
from .exactly import exactly
from .executed import executed
from .fitted import fitted
from .mid_lines import mid_lines
from .money_flow import fan, split, structure, tail, waterfall
from .paid_months import paid_months
from .picture_text import (
    LONGEST,
    PictureTranslator,
    category_title,
    envelope_title,
    flow_title,
    item_titles,
    scenario_title,
    tick,
)
from .plot_frame import png
from .pricing import pricing
from .promised import promised
from .shortages import shortage
from .sought import sought
from .stakes import stakes
from .stories import story
from .swept import swept
from .theme import (
    CATEGORY_COLOURS,
    CHANGED,
    DARK,
    FONTS,
    INK,
    LEAST,
    LINE,
    MOST,
    ON_PALE,
    OTHER_CATEGORY,
    OVER,
    PALE,
    PART_COLOURS,
    REFORM,
    cjk_font,
    colour_of,
    contrast,
    ink_on,
    load_backends,
    write_chinese,
)
from .tornado import tornado
from .touching import touching
from .two_numbers import two_numbers

__all__ = [
    "CATEGORY_COLOURS",
    "CHANGED",
    "DARK",
    "FONTS",
    "INK",
    "LEAST",
    "LINE",
    "LONGEST",
    "MOST",
    "ON_PALE",
    "OTHER_CATEGORY",
    "OVER",
    "PALE",
    "PART_COLOURS",
    "REFORM",
    "PictureTranslator",
    "beside",
    "binding",
    "calendar",
    "category_title",
    "chances",
    "cjk_font",
    "colour_of",
    "compared",
    "contrast",
    "contributions",
    "counted",
    "day_name",
    "demand",
    "differences",
    "envelope_title",
    "exactly",
    "executed",
    "exhaustion",
    "fan",
    "fitted",
    "flow_title",
    "ink_on",
    "item_titles",
    "load_backends",
    "mid_lines",
    "paid_months",
    "png",
    "pricing",
    "promised",
    "raised",
    "scenario_title",
    "shortage",
    "sought",
    "split",
    "stakes",
    "story",
    "structure",
    "swept",
    "tail",
    "tick",
    "tornado",
    "touching",
    "two_numbers",
    "waterfall",
    "write_chinese",
]
