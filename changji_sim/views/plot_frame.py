"""What surrounds a drawing, alike under both backends: title, axes, ticks, legend; and a drawing as a PNG file."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import holoviews as hv

from ..base.faults import Fault, FaultyInput
from .drawing import Drawing, Layer
from .picture_text import PictureTranslator, tick
from .theme import FONTS, LINE, WIDTH, load_backends, paper_style


@dataclass(frozen=True)
class Frame:
    """What surrounds a drawing. ``value_axis`` is the axis of money (``x``, ``y`` or none); ``key`` the legend:
    (text, colour, opacity of an area, dash of a line or ``dot``); ``height`` of the drawing in pixels."""

    title: str
    say: PictureTranslator
    value_axis: str
    key: Sequence[tuple[str, str, Any]] = ()
    height: int = 400
    note: str = ""  # beside the name of the axis of money


def legend_columns(frame: Frame) -> int:
    """Columns of a legend that is no wider than its picture: one row, or two."""
    width = sum(sum(8 if letter.isascii() else 14 for letter in text) + 50 for text, _, _ in frame.key)
    return max(1, len(frame.key) if width < 0.9 * WIDTH else (len(frame.key) + 1) // 2)


def _legend_height(frame: Frame) -> int:
    """Pixels on a page."""
    return 14 + 26 * math.ceil(len(frame.key) / legend_columns(frame)) if frame.key else 0


def _surroundings(frame: Frame) -> int:
    """Pixels on a page above and below the drawing: title, ticks, the axis' name."""
    return 60 + (25 if frame.value_axis == "x" else 0)


def finish(layers: Sequence[Layer], frame: Frame, **axes: Any) -> Drawing:
    """Layers on one another, with title, axes and legend alike under both backends."""
    load_backends()  # before it is asked whether matplotlib is there: else the first picture has no Chinese font
    unit = frame.say.unit + (f" · {frame.note}" if frame.note else "")
    shared = {
        "title": frame.title.replace("{", "{{").replace("}", "}}"),
        "xlabel": unit if frame.value_axis == "x" else "",
        "ylabel": unit if frame.value_axis == "y" else "",
        **axes,
    }
    bokeh: dict[str, Any] = {
        "width": WIDTH, "height": frame.height + _surroundings(frame) + _legend_height(frame),
        "hooks": [PageHook(frame.value_axis, frame.say.language, _legend_height(frame))],
        "default_tools": ["save"],
        "show_legend": bool(frame.key), "legend_position": "bottom", "legend_cols": legend_columns(frame),
        "fontscale": 1.05,
    }  # fmt: skip
    matplotlib: dict[str, Any] = {
        "fig_inches": (WIDTH / 100, frame.height / 100), "fig_bounds": (0, 0, 1, 1), "aspect": None,
        "hooks": [_matplotlib_hook(frame)],
        "show_legend": False,
    }  # fmt: skip
    if "matplotlib" in hv.Store.loaded_backends():
        matplotlib["fig_rcparams"] = paper_style()
    alone = frame.height + _surroundings(frame) - (30 if frame.key else 10)  # without a title it needs less
    return Drawing(layers, {**shared, **bokeh}, {**shared, **matplotlib}, alone, frame.key)


@dataclass(frozen=True)
class PageHook:
    """Fonts, ticks and grid of a picture that HoloViews has drawn for a page."""

    value_axis: str
    language: str
    legend_height: int

    def __call__(self, plot: Any, _: Any) -> None:
        from bokeh.core.properties import value
        from bokeh.models import CustomJSTickFormatter, HoverTool, SaveTool
        from bokeh.models.glyph import Glyph

        figure = plot.state
        for model in figure.references():
            for name in model.properties():
                if name.endswith("text_font"):
                    setattr(model, name, value(FONTS) if isinstance(model, Glyph) else FONTS)
        for axis, grid, name in ((figure.xaxis, figure.xgrid, "x"), (figure.yaxis, figure.ygrid, "y")):
            grid.visible = name == self.value_axis
            grid.grid_line_color = LINE
            grid.grid_line_alpha = 0.2
            axis.major_tick_line_color = None
            axis.minor_tick_line_color = None
            axis.axis_line_color = None
            axis.axis_label_text_font_style = "normal"
            if name == self.value_axis:
                axis.formatter = CustomJSTickFormatter(code=_TICK_JS, args={"language": self.language})
        figure.outline_line_color = None
        figure.toolbar.logo = None
        figure.toolbar.tools = [tool for tool in figure.toolbar.tools if isinstance(tool, HoverTool | SaveTool)]
        for tool in figure.toolbar.tools:
            tool.visible = isinstance(tool, SaveTool)
        if self.legend_height:
            figure.min_border_bottom = 30 + self.legend_height
        for legend in figure.legend:
            legend.border_line_color = None
            legend.background_fill_alpha = 0
            legend.click_policy = "none"
            legend.spacing = 14  # pixels from an entry to the next, which would else seem to belong to it


# The same as `tick`.
_TICK_JS = """
const size = Math.abs(tick), sign = tick < 0 ? "−" : "";
if (language === "zh" && size >= 10000) return sign + parseFloat((size / 10000).toPrecision(6)) + "亿";
return sign + parseFloat(size.toPrecision(10)).toLocaleString("en-US", {maximumFractionDigits: 10});
"""


def _matplotlib_hook(frame: Frame) -> Callable[[Any, Any], None]:
    def hook(plot: Any, _: Any) -> None:
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch
        from matplotlib.ticker import FuncFormatter

        axes = plot.handles["axis"]
        axes.set_aspect("auto")
        axes.set_title(axes.get_title(), loc="left", pad=10)
        axes.set_title("")
        for side in axes.spines.values():
            side.set_visible(False)
        axes.tick_params(length=0)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_zorder(-10)  # its grid lies below every bar
        if frame.value_axis:
            axes.grid(axis=frame.value_axis, color="#D9DEE3", linewidth=0.8)
            axis = axes.xaxis if frame.value_axis == "x" else axes.yaxis
            axis.set_major_formatter(FuncFormatter(lambda amount, _: tick(amount, frame.say.language)))
        if frame.key:
            handles = [
                Line2D([], [], color=colour, marker="o", linestyle="none", label=text)
                if look == "dot"
                else Line2D([], [], color=colour, linestyle=cast(Any, look), linewidth=2.2, label=text)
                if isinstance(look, str)
                else Patch(facecolor=colour, alpha=look, label=text)
                for text, colour, look in frame.key
            ]
            below = -0.11 if not axes.get_xlabel() else -0.2
            place = {"loc": "upper center", "bbox_to_anchor": (0.5, below), "ncols": legend_columns(frame)}
            axes.legend(handles=handles, frameon=False, **place)

    return hook


def png(picture: Any, dots_an_inch: int = 110) -> bytes:
    """A picture as a PNG file, drawn by matplotlib without a browser: for documents and notebooks read elsewhere."""
    load_backends()
    if "matplotlib" not in hv.Store.loaded_backends():
        raise FaultyInput([Fault("", "a PNG needs matplotlib: pip install matplotlib")])
    from PIL import Image  # comes with matplotlib

    drawn, small = io.BytesIO(), io.BytesIO()
    hv.save(picture, drawn, fmt="png", backend="matplotlib", dpi=dots_an_inch)
    flat = Image.open(drawn).convert("RGB").quantize(256, dither=Image.Dither.NONE)  # a third of the bytes
    flat.save(small, "PNG", optimize=True)
    return small.getvalue()
